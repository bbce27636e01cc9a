"""Kinds of customer in pictures: shares of customers, value and profit side by side, and maps of cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import plotly.graph_objects as go

from crmdash.charts.matrix import Cell, matrix_figure
from crmdash.charts.palette import GRID, axis_title, legend, tint, title

_BAR: Final = 13
_GROUP: Final = 12
_FRAME: Final = 96
_TITLED: Final = 34
"""Pixels that the name of an axis of a map takes."""


@dataclass(frozen=True)
class Series:
    """One share of every kind: its name, its colour, fractions in the order of the kinds, the pointer's words."""

    name: str
    colour: str
    shares: Sequence[float | None]
    hover: Sequence[str]


@dataclass(frozen=True)
class Words:
    """What a picture says: title, names of its axes, and the colour of its text."""

    title: str
    x_axis: str
    y_axis: str = ""
    ink: str | None = None


def shares_figure(kinds: Sequence[str], series: Sequence[Series], words: Words) -> go.Figure:
    """Draw for every kind one bar per share (%), the first kind on top."""
    height = _FRAME + len(kinds) * (_BAR * len(series) + _GROUP)
    axis = {"tickfont": {"size": 12, "color": words.ink}, "automargin": True, "fixedrange": True}
    figure = go.Figure(
        layout={
            "title": title(words.title),
            "font": {"color": words.ink},
            "height": height,
            "margin": {"l": 8, "r": 18, "t": 52, "b": 8},
            "barmode": "group",
            "bargap": 0.25,
            "dragmode": False,
            "hovermode": "closest",
            "legend": legend(words.ink, height),
            "xaxis": axis | {"title": axis_title(words.x_axis, words.ink), "ticksuffix": "%", "gridcolor": GRID,
                             "zerolinecolor": GRID},
            "yaxis": axis | {"title": axis_title(words.y_axis, words.ink), "autorange": "reversed", "showgrid": False},
        }
    )  # fmt: skip
    for one in series:
        percent = [None if share is None else round(share * 100, 2) for share in one.shares]
        figure.add_trace(
            go.Bar(x=percent, y=list(kinds), orientation="h", name=one.name, marker={"color": one.colour},
                   hovertext=list(one.hover), hoverinfo="text")
        )  # fmt: skip
    return figure


def map_figure(
    cells: Sequence[Cell],
    rows: Sequence[tuple[str, str]],
    columns: Sequence[tuple[str, str]],
    words: Words,
    strongest: float | None = None,
) -> go.Figure:
    """Draw cells of two criteria, `rows` (code, words) from the top, the ground stronger with the share of value.

    Parameters
    ----------
    strongest : the share that has the strongest ground, where several maps are to be compared; else the largest one.
    """
    figure = matrix_figure(cells, rows, columns, words.ink)
    if strongest:
        for ground, cell in zip(figure.layout.shapes, cells, strict=True):
            ground.fillcolor = tint(cell.share / strongest)
    height, margin = figure.layout.height, figure.layout.margin
    figure.update_layout(
        title=title(words.title),
        height=height + 2 * _TITLED,
        margin={"l": margin.l, "r": margin.r, "t": margin.t + 2 * _TITLED - 4, "b": margin.b + 4},
        xaxis={"title": axis_title(words.x_axis, words.ink)},
        yaxis={"title": axis_title(words.y_axis, words.ink)},
    )
    return figure
