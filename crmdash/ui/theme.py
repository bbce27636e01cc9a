"""What figures need to know of the reader's theme."""

from typing import Final

import streamlit as st

from crmdash.ui import state

_INK: Final = {"light": "#1d2733", "dark": "#e6eaee"}
"""The text colours of the two themes in `.streamlit/config.toml`."""


_GROUND: Final = {"light": "rgba(255,255,255,0.8)", "dark": "rgba(18,22,27,0.8)"}


def ground() -> str:
    """Return what stands behind words on a picture, so that no line runs through them."""
    return _GROUND["dark" if st.context.theme.type == "dark" else "light"]


def ink() -> str:
    """Return the colour of text in figures, which Streamlit would draw too faint to read on a projector."""
    return _INK["dark" if st.context.theme.type == "dark" else "light"]


LARGE_TYPE: Final = 1.35
"""By how much `present.css` enlarges a page; pictures are drawn that much larger instead."""


CONFIG: Final = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}
"""What a figure lets the reader do: nothing that would move the picture away."""

ROW_HEIGHT: Final = 28
"""Pixels of a row of the board's tables, at the usual size of type."""


def type_size() -> float:
    """Return by how much figures are to be enlarged."""
    return LARGE_TYPE if state.presenting().on else 1.0


def pixels(usual: int) -> int:
    """Return a width or height that is stated in pixels, at the present size of type."""
    return round(usual * type_size())
