"""One key figure with its note: the same form wherever figures stand in a row."""

import streamlit as st


def key_figure(label: str, value: str, note: str, explained: str | None = None) -> None:
    """Show a figure with a quiet note below it, and what it means behind its question mark."""
    st.metric(label, value, delta=note, delta_color="off", delta_arrow="off", help=explained)
