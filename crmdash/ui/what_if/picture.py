"""How a picture of this page is put on the screen."""

import html
from typing import Any

import streamlit as st

from crmdash.charts.large_type import enlarged
from crmdash.charts.what_if import PictureWords
from crmdash.ui.curves import CONFIG
from crmdash.ui.theme import ink, type_size


def picture(figure: Any, key: str, alt: str) -> None:
    """Draw a figure at the present size of type; `alt` says in words what it shows."""
    st.plotly_chart(enlarged(figure, type_size()), key=f"what_if.{key}", config=CONFIG, alt=alt)


def written(title: str, x_axis: str, y_axis: str) -> PictureWords:
    """Return the words of a picture, of ours and without markup, in the colour of the reader's theme."""
    return PictureWords(html.escape(title), html.escape(x_axis), html.escape(y_axis), ink())
