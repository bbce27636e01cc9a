"""Stacked columns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import plotly.graph_objects as go

from crmdash.charts.layout import plain_layout, with_legend
from crmdash.charts.palette import legend
from crmdash.charts.picture_words import PictureWords
from crmdash.charts.purchases import amount_ticks

HEIGHT: Final = 260


@dataclass(frozen=True)
class Layer:
    """One layer of stacked columns: its name and colour, a height per column and the pointer's words for each."""

    name: str
    colour: str
    heights: Sequence[float]
    hovers: Sequence[str]


def columns_figure(
    columns: Sequence[str], layers: Sequence[Layer], words: PictureWords, amount: Callable[[int], str] | None = None
) -> go.Figure:
    """Draw stacked columns, the first layer at the bottom; `amount` puts heights into words for the axis."""
    figure = go.Figure(layout=plain_layout(words, with_legend(HEIGHT, len(layers))))
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
