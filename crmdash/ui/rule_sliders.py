"""Sliders of some settings beside the pictures that they move."""

from collections.abc import Sequence

import streamlit as st

from crmdash.adjusting import adjustables
from crmdash.i18n import Wording
from crmdash.ui import state
from crmdash.ui.sidebar import IN_SIDEBAR, setting_slider


def rule_sliders(_: Wording, paths: Sequence[str], *, columns: int = 3) -> None:
    """Draw the sliders of some settings, named by path, in columns."""
    known = {item.path: item for item in adjustables(state.settings())}
    with st.grid(columns, min_column_width=160, gap="small"):
        for path in (path for path in paths if path in known):
            section = path.partition(".")[0]
            # The sidebar draws a slider of its own for the same setting.
            key = f"rules.{path}" if section in IN_SIDEBAR else path
            setting_slider(_, known[path], key=key)


def rules_expander(_: Wording, page: str, paths: Sequence[str]) -> None:
    """Fold away the sliders of some settings."""
    folded = st.expander(_("Rules behind this"), key=f"{page}.rules", on_change="rerun", icon=":material/tune:")
    if folded.open:
        with folded:
            rule_sliders(_, paths)
