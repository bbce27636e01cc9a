"""One key figure with its note: the same form wherever figures stand in a row."""

from typing import Final

import streamlit as st

from crmdash.ui import state

CONCEALED: Final = "?"


def key_figure(label: str, value: str, note: str, explained: str | None = None) -> None:
    """Show a figure with a quiet note below it, and what it means behind its question mark.

    While a trainer hides the figures, a question mark stands in their place.
    """
    if state.presenting().hides:
        value, note = CONCEALED, CONCEALED
    st.metric(label, value, delta=note, delta_color="off", delta_arrow="off", help=explained)
