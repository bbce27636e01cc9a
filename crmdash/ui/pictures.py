"""How pictures are put on the screen, and said in words."""

import html
from collections.abc import Sequence
from typing import Any

import streamlit as st

from crmdash.charts.large_type import enlarged
from crmdash.charts.picture_words import PictureWords
from crmdash.i18n import Wording
from crmdash.ui.theme import CONFIG, ground, ink, type_size


def picture(figure: Any, key: str, alt: str) -> None:
    """Draw a figure at the present size of type; `alt` says in words what it shows."""
    st.plotly_chart(enlarged(figure, type_size()), key=key, config=CONFIG, alt=alt)


def written(title: str, x_axis: str, y_axis: str) -> PictureWords:
    """Return the words of a picture, of ours and without markup, in the colour of the reader's theme."""
    return PictureWords(html.escape(title), html.escape(x_axis), html.escape(y_axis), ink(), ground())


def told(_: Wording, title: str, parts: Sequence[str]) -> str:
    """Say in words what a picture shows."""
    return _("{title}: {parts}", title=title, parts=_.joined(parts))
