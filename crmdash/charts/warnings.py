"""Lying bars: signals, causes, due days, barriers, people — one length each, with its words at the end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

import plotly.graph_objects as go

from crmdash.charts.palette import AMBER, BLUE, GRID, MAUVE, RUST, SLATE, TEAL, axis_title, legend, title
from crmdash.charts.picture_words import PictureWords
from crmdash.charts.purchases import amount_ticks

CAUSE_COLOURS: Final = {"ours": RUST, "theirs": AMBER, "market": BLUE, "other": MAUVE, "unknown": SLATE, None: SLATE}
"""One colour for each cause, the same in every picture; what tells no cause is grey like the unknown."""

DUE_COLOURS: Final = {"long_past": RUST, "month_past": AMBER, "week_past": TEAL, "to_come": BLUE}
FORM_COLOURS: Final = {"bond": TEAL, "lockin": RUST}
_INSIDE: Final = {TEAL: "#10161d", RUST: "#ffffff"}
"""The colour of text on a bar: whichever is readable on it, in both themes."""

_BAR: Final = 27
_FRAME: Final = 84
_LEGEND: Final = 26
_MARKS: Final = 4
_ROOM: Final = 1.2
_ROOM_PER_LETTER: Final = 0.022
"""How much longer than the longest bar the axis is, so that the words at its end find room."""


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its length, what stands at its end, what the pointer shows, its colour."""

    label: str
    length: float
    text: str
    hover: str
    colour: str


def bars_figure(bars: Sequence[Bar], words: PictureWords, amount: Callable[[float], str] | None = None) -> go.Figure:
    """Draw one lying bar each, the first on top; `amount` puts lengths into words for the axis."""
    figure = go.Figure(layout=_layout(words, len(bars)))
    figure.add_trace(_trace(bars))
    letters = max((len(bar.text) for bar in bars), default=0)
    _ranged(figure, [bar.length for bar in bars], _ROOM + _ROOM_PER_LETTER * letters)
    if amount is not None:
        marks = amount_ticks(0, ceil(figure.layout.xaxis.range[1]), _MARKS)
        figure.update_xaxes(tickvals=marks, ticktext=[amount(mark) for mark in marks])
    return figure


def stacked_figure(parts: Sequence[tuple[str, Sequence[Bar]]], words: PictureWords) -> go.Figure:
    """Draw lying bars in parts: each part has a name for the legend, and a bar for every label."""
    labels = [bar.label for bar in parts[0][1]] if parts else []
    figure = go.Figure(layout=_layout(words, len(labels), _LEGEND))
    for name, bars in parts:
        figure.add_trace(_trace(bars, name, inside=True))
    figure.update_layout(barmode="stack", showlegend=True, legend=legend(words.ink, figure.layout.height))
    lengths = [[bar.length for bar in bars] for _, bars in parts]
    return _ranged(figure, [sum(whole) for whole in zip(*lengths, strict=True)])


def _trace(bars: Sequence[Bar], name: str | None = None, *, inside: bool = False) -> go.Bar:
    return go.Bar(
        x=[max(0.0, bar.length) for bar in bars], y=[bar.label for bar in bars], orientation="h", name=name,
        text=[bar.text for bar in bars], texttemplate="%{text}", textposition="inside" if inside else "outside",
        insidetextanchor="middle", textangle=0, cliponaxis=False, textfont={"size": 12},
        insidetextfont={"color": [_INSIDE.get(bar.colour) for bar in bars]} if inside else None,
        hovertext=[bar.hover for bar in bars], hoverinfo="text",
        marker={"color": [bar.colour for bar in bars], "line": {"width": 0}},
    )  # fmt: skip


def _ranged(figure: go.Figure, lengths: Sequence[float], room: float = _ROOM) -> go.Figure:
    figure.update_xaxes(range=[0, (max(lengths, default=0) or 1) * room])
    return figure


def _layout(words: PictureWords, bars: int, room: int = 0) -> dict[str, Any]:
    axis = {"tickfont": {"size": 12, "color": words.ink}, "automargin": True, "fixedrange": True}
    return {
        "title": title(words.title),
        "font": {"color": words.ink},
        "height": _FRAME + room + _BAR * max(1, bars),
        "margin": {"l": 8, "r": 12, "t": 32 + room, "b": 4},
        "showlegend": False,
        "bargap": 0.3,
        "dragmode": False,
        "hovermode": "closest",
        "xaxis": axis | {"title": axis_title(words.x_axis, words.ink), "gridcolor": GRID, "zerolinecolor": GRID},
        "yaxis": axis
        | {
            "title": axis_title(words.y_axis, words.ink),
            "autorange": "reversed",
            "showgrid": False,
            "type": "category",
        },
    }
