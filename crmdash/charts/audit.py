"""Pictures of the audit: a bridge from one period's revenue to the next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

import plotly.graph_objects as go

from crmdash.charts.palette import BLUE, GRID, RUST, TEAL, axis_title, title
from crmdash.charts.picture_words import PictureWords
from crmdash.charts.purchases import amount_ticks

BRIDGE_HEIGHT: Final = 300


@dataclass(frozen=True)
class BridgeStep:
    """One column of a bridge: its name, the amount in ten-thousandths, what is written on it, the pointer's words.

    Attributes
    ----------
    whole : the column stands on the ground; every other one stands where the one before ended.
    """

    label: str
    amount: int
    text: str
    hover: str
    whole: bool = False


def bridge_figure(steps: Sequence[BridgeStep], words: PictureWords, amount: Callable[[int], str]) -> go.Figure:
    """Draw the way from the first whole to the last, gains up and losses down."""
    figure = go.Figure(layout=_layout(words))
    places = list(range(len(steps)))
    figure.add_trace(
        go.Waterfall(
            x=places,
            y=[step.amount for step in steps],
            measure=["absolute" if step.whole else "relative" for step in steps],
            text=[step.text for step in steps],
            textposition="outside",
            textfont={"size": 12, "color": words.ink},
            cliponaxis=False,
            hovertext=[step.hover for step in steps],
            hoverinfo="text",
            width=0.66,
            connector={"line": {"color": GRID, "width": 1}},
            totals={"marker": {"color": BLUE}},
            increasing={"marker": {"color": TEAL}},
            decreasing={"marker": {"color": RUST}},
        )
    )
    _colour_wholes(figure, steps)
    low, high = _extent(steps)
    marks = amount_ticks(low, high)
    room = max(1, round((high - low) * 0.14))
    figure.update_xaxes(tickvals=places, ticktext=[step.label for step in steps], showgrid=False)
    figure.update_yaxes(
        tickvals=marks, ticktext=[amount(mark) for mark in marks], range=[low - (room if low < 0 else 0), high + room]
    )
    return figure.update_layout(showlegend=False)


def _colour_wholes(figure: go.Figure, steps: Sequence[BridgeStep]) -> None:
    """Paint the first column as a whole: a waterfall takes what stands on the ground for a rise."""
    for place, step in enumerate(steps):
        if step.whole:
            figure.add_trace(
                go.Bar(x=[place], y=[step.amount], width=0.66, marker={"color": BLUE}, hoverinfo="skip")
            )  # fmt: skip


def _extent(steps: Sequence[BridgeStep]) -> tuple[int, int]:
    ends = list(accumulate(0 if step.whole else step.amount for step in steps))
    start = next((step.amount for step in steps if step.whole), 0)
    heights = [start + end for end in ends] + [step.amount for step in steps if step.whole]
    return min(0, *heights), max(1, *heights)


def _layout(words: PictureWords) -> dict[str, Any]:
    axis = {"tickfont": {"color": words.ink, "size": 12}, "gridcolor": GRID, "automargin": True, "fixedrange": True}
    return {
        "title": title(words.title),
        "font": {"color": words.ink},
        "height": BRIDGE_HEIGHT,
        "margin": {"l": 8, "r": 12, "t": 40, "b": 8},
        "dragmode": False,
        "hovermode": "closest",
        "barmode": "overlay",
        "xaxis": axis | {"title": axis_title(words.x_axis, words.ink)},
        "yaxis": axis | {"title": axis_title(words.y_axis, words.ink), "zerolinecolor": GRID},
    }
