"""Pictures of what-ifs: lying bars, stacked columns, and lines, each with axes in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go

from crmdash.charts.palette import AMBER, BLUE, FAINT, GRID, MAUVE, RUST, SLATE, TEAL, axis_title, legend, title
from crmdash.charts.picture_words import PictureWords
from crmdash.charts.purchases import amount_ticks

SERIES: Final = (BLUE, AMBER, TEAL, RUST, MAUVE, SLATE)
"""Colours of things that have none of their own, in order."""

COLUMNS_HEIGHT: Final = 260
LINES_HEIGHT: Final = 260
_FEW_ENTRIES: Final = 4
_MORE_ROWS: Final = 36
"""Pixels for a long legend, which on a phone takes three rows."""

_BAR: Final = 30
_FRAME: Final = 92
_FEWEST_BARS: Final = 3
"""The picture is at least so many bars high, so that the name of its axis has room."""
_ROOM: Final = 1.22
"""Beyond the longest bar so much room is left for what is written at its end."""


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its length, what is written at its end, the pointer's words, its colour."""

    label: str
    length: float
    text: str
    hover: str
    colour: str = BLUE


@dataclass(frozen=True)
class Layer:
    """One layer of stacked columns: its name and colour, a height per column and the pointer's words for each."""

    name: str
    colour: str
    heights: Sequence[float]
    hovers: Sequence[str]


@dataclass(frozen=True)
class Line:
    """One line: its name and colour, its points, the pointer's words; `dash` as Plotly names it."""

    name: str
    colour: str
    x: Sequence[float]
    y: Sequence[float | None]
    point: str
    dash: str = "solid"


def bars_figure(
    bars: Sequence[Bar], words: PictureWords, *, mark: float | None = None, as_share: bool = False
) -> go.Figure:
    """Draw lying bars, the first at the top; at `mark` a thin line stands across them.

    `as_share` writes the axis in per cent.
    """
    figure = go.Figure(layout=_layout(words, _FRAME + _BAR * max(_FEWEST_BARS, len(bars))))
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
    figure.update_xaxes(range=[low * _ROOM, high * _ROOM], tickformat=".0%" if as_share else None, nticks=5)
    figure.update_yaxes(
        tickvals=places,
        ticktext=[bar.label for bar in bars],
        range=[max(_FEWEST_BARS, len(bars)) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
    )
    if mark is not None:
        figure.add_vline(x=mark, line={"dash": "dot", "width": 1.5, "color": words.ink or FAINT})
    return figure.update_layout(showlegend=False)


def columns_figure(
    columns: Sequence[str], layers: Sequence[Layer], words: PictureWords, amount: Callable[[int], str] | None = None
) -> go.Figure:
    """Draw stacked columns, the first layer at the bottom; `amount` puts heights into words for the axis."""
    figure = go.Figure(layout=_layout(words, _height(COLUMNS_HEIGHT, len(layers))))
    places = list(range(len(columns)))
    for layer in layers:
        figure.add_trace(
            go.Bar(
                x=places,
                y=list(layer.heights),
                name=layer.name,
                width=0.66,
                hovertext=list(layer.hovers),
                hoverinfo="text",
                marker={"color": layer.colour, "line": {"width": 0}},
            )
        )
    figure.update_xaxes(tickvals=places, ticktext=list(columns), showgrid=False, range=[-0.6, len(columns) - 0.4])
    if amount is not None:
        marks = _marks(layers)
        figure.update_yaxes(tickvals=marks, ticktext=[amount(mark) for mark in marks])
    return figure.update_layout(
        barmode="relative", showlegend=len(layers) > 1, legend=legend(words.ink, figure.layout.height)
    )


def _marks(layers: Sequence[Layer]) -> list[int]:
    """Return round heights between the lowest and the highest column."""
    stacked = list(zip(*(layer.heights for layer in layers), strict=True))
    highest = max((sum(max(height, 0) for height in column) for column in stacked), default=0)
    lowest = min((sum(min(height, 0) for height in column) for column in stacked), default=0)
    return amount_ticks(round(lowest), round(highest))


def lines_figure(
    lines: Sequence[Line], words: PictureWords, *, mark: float | None = None, percent: bool = True
) -> go.Figure:
    """Draw lines over each other; at `mark` a thin line stands upright. With `percent` both axes are of 0-100 %."""
    figure = go.Figure(layout=_layout(words, _height(LINES_HEIGHT, len(lines))))
    for line in lines:
        figure.add_trace(
            go.Scatter(
                x=list(line.x),
                y=list(line.y),
                name=line.name,
                mode="lines",
                hovertemplate=line.point,
                line={"color": line.colour, "width": 2.5, "dash": line.dash},
                connectgaps=False,
            )
        )
    if mark is not None:
        figure.add_vline(x=mark, line={"dash": "dot", "width": 1.5, "color": words.ink or FAINT})
    if percent:
        figure.update_xaxes(ticksuffix="%")
        figure.update_yaxes(ticksuffix="%")
    return figure.update_layout(showlegend=len(lines) > 1, legend=legend(words.ink, figure.layout.height))


def _height(usual: int, entries: int) -> int:
    return usual + _MORE_ROWS if entries > _FEW_ENTRIES else usual


def _layout(words: PictureWords, height: int) -> dict[str, Any]:
    axis = {"tickfont": {"color": words.ink, "size": 12}, "gridcolor": GRID, "automargin": True, "fixedrange": True}
    return {
        "title": title(words.title),
        "font": {"color": words.ink},
        "height": height,
        "margin": {"l": 8, "r": 12, "t": 56, "b": 8},
        "dragmode": False,
        "hovermode": "closest",
        "xaxis": axis | {"title": axis_title(words.x_axis, words.ink), "zerolinecolor": GRID},
        "yaxis": axis | {"title": axis_title(words.y_axis, words.ink), "zerolinecolor": GRID},
    }
