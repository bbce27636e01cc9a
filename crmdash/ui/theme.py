"""What figures need to know of the reader's theme."""

from typing import Final

import streamlit as st

_INK: Final = {"light": "#1d2733", "dark": "#e6eaee"}
"""The text colours of the two themes in `.streamlit/config.toml`."""


def ink() -> str:
    """Return the colour of text in figures, which Streamlit would draw too faint to read on a projector."""
    return _INK["dark" if st.context.theme.type == "dark" else "light"]
