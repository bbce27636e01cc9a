"""A picture of lying bars on the warnings page."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from crmdash.charts.large_type import enlarged
from crmdash.charts.literal import literal
from crmdash.charts.warnings import Bar, BarWords, bars_figure, stacked_figure
from crmdash.ui.curves import CONFIG
from crmdash.ui.theme import ink, type_size


def draw_bars(bars: Sequence[Bar], key: str, title: str, x_axis: str) -> None:
    """Draw one bar each; every word, also those of the data, is shown as it stands."""
    _drawn(bars_figure([_plain(bar) for bar in bars], _words(title, x_axis)), key, _told(title, bars))


def draw_parts(parts: Sequence[tuple[str, Sequence[Bar]]], key: str, title: str, x_axis: str) -> None:
    """Draw bars in parts, each part with a name."""
    plain = [(literal(name), [_plain(bar) for bar in bars]) for name, bars in parts]
    _drawn(stacked_figure(plain, _words(title, x_axis)), key, _told(title, [bar for _, bars in parts for bar in bars]))


def _plain(bar: Bar) -> Bar:
    return Bar(literal(bar.label, 36), bar.length, literal(bar.text), literal(bar.hover, 200), bar.colour)


def _words(title: str, x_axis: str) -> BarWords:
    return BarWords(literal(title, 120), literal(x_axis), ink())


def _told(title: str, bars: Sequence[Bar]) -> str:
    """Return the picture in words for those who cannot see it."""
    return " · ".join([title, *(bar.hover for bar in bars if bar.length)])


def _drawn(figure: Any, key: str, alt: str) -> None:
    st.plotly_chart(enlarged(figure, type_size()), key=key, config=CONFIG, alt=alt)
