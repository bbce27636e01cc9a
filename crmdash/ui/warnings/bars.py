"""A picture of lying bars on the warnings page."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from crmdash.charts.bars import Bar, bars_figure, stacked_bars_figure
from crmdash.charts.large_type import enlarged
from crmdash.charts.literal import literal
from crmdash.charts.picture_words import PictureWords
from crmdash.columns import MONEY_SCALE
from crmdash.i18n import Wording
from crmdash.ui.theme import CONFIG, ink, type_size


def draw_bars(bars: Sequence[Bar], key: str, words: PictureWords, amount: Callable[[float], str] | None = None) -> None:
    """Draw one bar each; every word, also those of the data, is shown as it stands.

    Parameters
    ----------
    amount : puts lengths into words for the axis.
    """
    _drawn(bars_figure([_plain(bar) for bar in bars], _plainly(words), amount=amount), key, _told(words.title, bars))


def draw_parts(parts: Sequence[tuple[str, Sequence[Bar]]], key: str, words: PictureWords) -> None:
    """Draw bars in parts, each part with a name."""
    plain = [(literal(name), [_plain(bar) for bar in bars]) for name, bars in parts]
    told = _told(words.title, [bar for _, bars in parts for bar in bars])
    _drawn(stacked_bars_figure(plain, _plainly(words)), key, told)


def _plain(bar: Bar) -> Bar:
    return Bar(literal(bar.label, 36), bar.length, literal(bar.text), literal(bar.hover, 200), bar.colour)


def money_marks(_: Wording) -> Callable[[float], str]:
    """Return how amounts in currency units are written beside an axis."""
    return lambda amount: _.compact_money(round(amount * MONEY_SCALE))


def _plainly(words: PictureWords) -> PictureWords:
    return PictureWords(literal(words.title, 120), literal(words.x_axis), literal(words.y_axis), ink())


def _told(title: str, bars: Sequence[Bar]) -> str:
    """Return the picture in words for those who cannot see it."""
    return " · ".join([title, *(bar.hover for bar in bars if bar.length)])


def _drawn(figure: Any, key: str, alt: str) -> None:
    st.plotly_chart(enlarged(figure, type_size()), key=key, config=CONFIG, alt=alt)
