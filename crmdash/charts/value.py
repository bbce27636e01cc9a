"""What customers are worth and what they think: means by group, one against its peers, give and take, the iceberg."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

import plotly.graph_objects as go

from crmdash.charts.palette import AMBER, BLUE, FAINT, GRID, SLATE, TEAL, axis_title, legend, title
from crmdash.charts.picture_words import PictureWords
from crmdash.charts.purchases import amount_ticks

HEIGHT: Final = 300
ROW: Final = 34
"""Pixels of one row where rows lie one below the other."""

FULL: Final = 100.0
_NARROWEST: Final = 2.0
"""Points of 10."""
_SIDE: Final = 8
_HEAD: Final = 60
_FOOT: Final = 44
_MARGIN: Final = {"l": _SIDE, "r": 16, "t": _HEAD, "b": _SIDE}


@dataclass(frozen=True)
class Series:
    """One group of a picture: its name, its colour, its values (None: not known), and the pointer's words for each."""

    name: str
    colour: str
    values: tuple[float | None, ...]
    hovers: tuple[str, ...]


def means_figure(labels: Sequence[str], groups: Sequence[Series], words: PictureWords, top: float) -> go.Figure:
    """Draw bars side by side for every label, one of each group; the axis reaches from 0 to `top`."""
    figure = go.Figure(layout=_layout(words))
    places = list(range(len(labels)))
    for group in groups:
        figure.add_trace(
            go.Bar(
                x=places, y=list(group.values), name=group.name, marker={"color": group.colour},
                hovertext=list(group.hovers), hoverinfo="text",
            )
        )  # fmt: skip
    figure.update_xaxes(tickvals=places, ticktext=list(labels), showgrid=False)
    figure.update_yaxes(range=[0, top])
    figure.update_layout(bargap=0.25, showlegend=len(groups) > 1)
    return figure


def against_peers_figure(labels: Sequence[str], own: Series, peers: Series, words: PictureWords) -> go.Figure:
    """Draw a bar for each of a customer's indicators (0-100), and a line where its peers stand on average."""
    places = list(range(len(labels)))
    figure = go.Figure(layout=_layout(words, _HEAD + _FOOT + ROW * len(labels)))
    figure.add_trace(
        go.Bar(
            x=list(own.values), y=places, orientation="h", name=own.name, marker={"color": own.colour}, width=0.55,
            hovertext=list(own.hovers), hoverinfo="text",
        )
    )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=list(peers.values), y=places, mode="markers", name=peers.name, hovertext=list(peers.hovers),
            hoverinfo="text",
            marker={"symbol": "line-ns", "size": 20, "line": {"width": 3, "color": peers.colour}},
        )
    )  # fmt: skip
    figure.update_yaxes(tickvals=places, ticktext=list(labels), range=[len(labels) - 0.5, -0.5], showgrid=False)
    figure.update_xaxes(range=[0, FULL])
    return figure


@dataclass(frozen=True)
class Dots:
    """Customers of one group as dots: what they get and give (0-100), and the pointer's words for each."""

    name: str
    colour: str
    gets: tuple[float, ...]
    gives: tuple[float, ...]
    hovers: tuple[str, ...]


def balance_figure(groups: Sequence[Dots], corners: Sequence[str], line: float, words: PictureWords) -> go.Figure:
    """Draw what customers get against what they give, with the two lines that part much from little.

    `corners` name the four fields: under-served (top left), balanced (top right), neglected and over-served below.
    """
    figure = go.Figure(layout=_layout(words, 380))
    for group in groups:
        figure.add_trace(
            go.Scatter(
                x=list(group.gets), y=list(group.gives), mode="markers", name=group.name,
                marker={"color": group.colour, "size": 7, "opacity": 0.75}, hovertext=list(group.hovers),
                hoverinfo="text",
            )
        )  # fmt: skip
    figure.add_vline(x=line, line={"color": FAINT, "width": 1.5})
    figure.add_hline(y=line, line={"color": FAINT, "width": 1.5})
    for text, place in zip(corners, ((0, 1), (1, 1), (0, 0), (1, 0)), strict=True):
        figure.add_annotation(
            x=place[0], y=place[1], xref="paper", yref="paper", text=f"<b>{text}</b>", showarrow=False,
            xanchor="right" if place[0] else "left", yanchor="top" if place[1] else "bottom",
            font={"size": 12, "color": words.ink}, bgcolor=words.ground,
        )  # fmt: skip
    figure.update_xaxes(range=[-1, FULL + 1])
    figure.update_yaxes(range=[-1, FULL + 1])
    return figure


def dumbbell_figure(labels: Sequence[str], expected: Series, experienced: Series, words: PictureWords) -> go.Figure:
    """Draw for every label two dots on a line: what was expected, and what was experienced (0-10)."""
    places = list(range(len(labels)))
    figure = go.Figure(layout=_layout(words, _HEAD + _FOOT + ROW * len(labels)))
    for place, ends in enumerate(zip(expected.values, experienced.values, strict=True)):
        if None not in ends:
            figure.add_shape(
                type="line", x0=ends[0], x1=ends[1], y0=place, y1=place, layer="below",
                line={"color": FAINT, "width": 4},
            )  # fmt: skip
    for series, symbol in ((expected, "circle-open"), (experienced, "circle")):
        figure.add_trace(
            go.Scatter(
                x=list(series.values), y=places, mode="markers", name=series.name, hovertext=list(series.hovers),
                hoverinfo="text",
                marker={"color": series.colour, "size": 13, "symbol": symbol,
                        "line": {"width": 3, "color": series.colour}},
            )
        )  # fmt: skip
    known = [value for value in (*expected.values, *experienced.values) if value is not None]
    figure.update_xaxes(range=_around(known))
    figure.update_yaxes(tickvals=places, ticktext=list(labels), range=[len(labels) - 0.5, -0.5], showgrid=False)
    return figure


def _around(known: Sequence[float]) -> list[float]:
    """Return the part of 0-10 that holds some scores, wide enough that tenths of a point do not look like a gulf."""
    if not known:
        return [0.0, 10.0]
    middle, half = (min(known) + max(known)) / 2, max(_NARROWEST, 1.2 * (max(known) - min(known))) / 2
    return [max(0.0, middle - half), min(10.0, middle + half)]


def iceberg_figure(labels: Sequence[str], above: Series, below: Series, words: PictureWords) -> go.Figure:
    """Draw who spoke above the water line and who kept silent below it."""
    figure = go.Figure(layout=_layout(words))
    places = list(range(len(labels)))
    for series, sign in ((above, 1), (below, -1)):
        heights = [None if value is None else sign * value for value in series.values]
        figure.add_trace(
            go.Bar(
                x=places, y=heights, name=series.name, marker={"color": series.colour}, width=0.6,
                text=["" if not value else f"{value:,.0f}" for value in series.values], textposition="outside",
                texttemplate="%{text}", textfont={"size": 12, "color": words.ink}, cliponaxis=False,
                hovertext=list(series.hovers), hoverinfo="text",
            )
        )  # fmt: skip
    high, deep = (max((value or 0 for value in series.values), default=0) for series in (above, below))
    room = 0.15 * max(high + deep, 1)
    figure.update_xaxes(tickvals=places, ticktext=list(labels), showgrid=False)
    # Counts below the water line are counts too: the axis would show them as negative.
    figure.update_yaxes(
        range=[-deep - room, high + room], showticklabels=False, zeroline=True, zerolinewidth=3, zerolinecolor=BLUE
    )
    figure.update_layout(barmode="relative", bargap=0.3)
    return figure


def ranked_figure(labels: Sequence[str], bars: Series, words: PictureWords, amount: Callable[[int], str]) -> go.Figure:
    """Draw bars one below the other, the first on top; `amount` puts lengths into words for the axis."""
    places = list(range(len(labels)))
    figure = go.Figure(layout=_layout(words, _HEAD + _FOOT + ROW * max(2, len(labels))))
    figure.add_trace(
        go.Bar(
            x=list(bars.values), y=places, orientation="h", name=bars.name, marker={"color": bars.colour}, width=0.6,
            hovertext=list(bars.hovers), hoverinfo="text",
        )
    )  # fmt: skip
    figure.update_yaxes(tickvals=places, ticktext=list(labels), range=[len(labels) - 0.5, -0.5], showgrid=False)
    marks = amount_ticks(0, ceil(max((value or 0 for value in bars.values), default=0)))
    figure.update_xaxes(tickvals=marks, ticktext=[amount(mark) for mark in marks])
    figure.update_layout(showlegend=False)
    return figure


SPOKE: Final = TEAL
SILENT: Final = SLATE
EXPECTED: Final = AMBER
EXPERIENCED: Final = BLUE


def _layout(words: PictureWords, height: int = HEIGHT) -> dict[str, Any]:
    axis = {"tickfont": {"color": words.ink, "size": 12}, "fixedrange": True, "automargin": True, "gridcolor": GRID,
            "zeroline": False}  # fmt: skip
    return {
        "title": title(words.title),
        "font": {"color": words.ink},
        "height": height,
        "margin": dict(_MARGIN),
        "barmode": "group",
        "dragmode": False,
        "hovermode": "closest",
        "showlegend": True,
        "legend": legend(words.ink, height),
        "xaxis": axis | {"title": axis_title(words.x_axis, words.ink)},
        "yaxis": axis | {"title": axis_title(words.y_axis, words.ink)},
    }  # fmt: skip
