"""Lying bars: one length each, with its words at the end, or in parts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

import plotly.graph_objects as go

from crmdash.charts.layout import plain_layout
from crmdash.charts.palette import BLUE, FAINT, RUST, TEAL, legend
from crmdash.charts.picture_words import PictureWords
from crmdash.charts.purchases import amount_ticks

_BAR: Final = 28
_FRAME: Final = 92
_FEWEST_BARS: Final = 3
"""The picture is at least so many bars high, so that the name of its axis has room."""
_LEGEND: Final = 20
_NO_LEGEND: Final = 36
"""Pixels above the bars where no legend stands."""
_MARKS: Final = 4
_ROOM: Final = 1.2
_ROOM_PER_LETTER: Final = 0.022
"""Beyond the longest bar so much room is left for what is written at its end."""
_LETTER: Final = 0.035
"""The part of the picture's width that a letter takes on a phone; a part too short for its text goes without."""
_INSIDE: Final = {TEAL: "#10161d", RUST: "#ffffff"}
"""The colour of text on a bar: whichever is readable on it, in both themes."""


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its length, what is written at its end, the pointer's words, its colour."""

    label: str
    length: float
    text: str
    hover: str
    colour: str = BLUE


def bars_figure(
    bars: Sequence[Bar],
    words: PictureWords,
    *,
    mark: float | None = None,
    as_share: bool = False,
    amount: Callable[[float], str] | None = None,
) -> go.Figure:
    """Draw lying bars, the first at the top; at `mark` a thin line stands across them.

    `as_share` writes the axis in per cent; `amount` puts lengths into words for it.
    """
    figure = go.Figure(layout=plain_layout(words, _height(len(bars))))
    places = list(range(len(bars)))
    figure.add_trace(
        go.Bar(
            x=[bar.length for bar in bars],
            y=places,
            orientation="h",
            text=[bar.text for bar in bars],
            texttemplate="%{text}",
            textposition="outside",
            cliponaxis=False,
            textfont={"size": 12, "color": words.ink},
            hovertext=[bar.hover for bar in bars],
            hoverinfo="text",
            width=0.66,
            marker={"color": [bar.colour for bar in bars], "line": {"width": 0}},
        )
    )
    lengths = [bar.length for bar in bars] or [0.0]
    low, high = min(0.0, *lengths), max(0.0, *lengths, mark or 0.0) or 1.0
    room = _ROOM + _ROOM_PER_LETTER * max((len(bar.text) for bar in bars), default=0)
    figure.update_xaxes(range=[low * _ROOM, high * room], tickformat=".0%" if as_share else None, nticks=5)
    if amount is not None:
        marks = amount_ticks(0, ceil(high * room), _MARKS)
        figure.update_xaxes(tickvals=marks, ticktext=[amount(place) for place in marks])
    _named(figure, [bar.label for bar in bars])
    if mark is not None:
        figure.add_vline(x=mark, line={"dash": "dot", "width": 1.5, "color": words.ink or FAINT})
    return figure.update_layout(showlegend=False, margin_t=_NO_LEGEND, height=_height(len(bars)) - _LEGEND)


def stacked_bars_figure(parts: Sequence[tuple[str, Sequence[Bar]]], words: PictureWords) -> go.Figure:
    """Draw lying bars in parts: each part has a name for the legend, and a bar for every label."""
    labels = [bar.label for bar in parts[0][1]] if parts else []
    places = list(range(len(labels)))
    figure = go.Figure(layout=plain_layout(words, _height(len(labels))))
    wholes = [sum(whole) for whole in zip(*([bar.length for bar in bars] for _, bars in parts), strict=True)]
    reach = (max(wholes, default=0) or 1) * _ROOM
    for name, bars in parts:
        figure.add_trace(_part(places, bars, name, reach))
    figure.update_layout(barmode="stack", showlegend=True, legend=legend(words.ink, figure.layout.height))
    figure.update_xaxes(range=[0, reach])
    _named(figure, labels)
    return figure


def _part(places: Sequence[int], bars: Sequence[Bar], name: str, reach: float) -> go.Bar:
    texts = [bar.text if bar.length >= reach * _LETTER * len(bar.text) else "" for bar in bars]
    return go.Bar(
        x=[max(0.0, bar.length) for bar in bars], y=places, orientation="h", name=name, width=0.66,
        text=texts, texttemplate="%{text}", textposition="inside", insidetextanchor="middle",
        # Else Plotly makes the text so small that it stands off the edges of a flat bar.
        constraintext="none", textangle=0, cliponaxis=False, textfont={"size": 12},
        insidetextfont={"color": [_INSIDE.get(bar.colour) for bar in bars]},
        hovertext=[bar.hover for bar in bars], hoverinfo="text",
        marker={"color": [bar.colour for bar in bars], "line": {"width": 0}},
    )  # fmt: skip


def _named(figure: go.Figure, labels: Sequence[str]) -> None:
    """Write the name of every bar beside it, the first at the top."""
    figure.update_yaxes(
        tickvals=list(range(len(labels))), ticktext=list(labels), range=[max(_FEWEST_BARS, len(labels)) - 0.5, -0.5],
        showgrid=False, zeroline=False,
    )  # fmt: skip


def _height(bars: int) -> int:
    return _FRAME + _BAR * max(_FEWEST_BARS, bars)
