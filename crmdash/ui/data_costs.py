"""What only the measures can tell: findings of the summary, and the cost of an hour where the data does not say it."""

import streamlit as st

from crmdash.i18n import Wording
from crmdash.ingest.dataset import Dataset
from crmdash.issues import Issue
from crmdash.ui import state
from crmdash.ui.cache import summarised

PATH = "period.hourly_cost"


def findings(dataset: Dataset) -> tuple[Issue, ...]:
    """Return what reading and measuring noticed about the data."""
    if not dataset.usable:
        return dataset.issues
    summary = summarised(state.Opened(dataset, is_sample=False), state.settings().period)
    return (*dataset.issues, *summary.issues)


def hourly_cost(_: Wording, issues: tuple[Issue, ...]) -> None:
    """Ask what an hour of staff costs, where contacts have minutes and nobody says what they cost."""
    chosen = state.settings().period.hourly_cost
    asked = next((issue for issue in issues if issue.code == "hourly_cost_missing"), None)
    if asked is None and chosen is None:
        return
    proposed = asked.values["proposed"] if asked is not None else chosen
    with st.container(border=True, horizontal=True, vertical_alignment="bottom", key="data.hourly_cost"):
        if asked is not None:
            st.text(_.issue(asked))
        st.number_input(
            _.term("settings", f"{PATH}.label"), min_value=0.0, value=float(proposed or 0), key="data.hour",
            help=_.term("settings", f"{PATH}.help"), width=160,
        )  # fmt: skip
        st.button(_("Use this cost"), key="data.hour.use", on_click=state.take_number, args=("data.hour", PATH))
        if chosen is not None:
            st.button(_("Leave it unknown"), key="data.hour.drop", on_click=state.change, args=(PATH, None))
