"""One customer's purchases over time: bars above zero, returns below, and a light mark for the next order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any, Final

import plotly.graph_objects as go

from crmdash.charts.palette import BLUE, GRID, RUST, title

HEIGHT: Final = 260
_FEWEST: Final = 6
"""The picture is at least so many bars wide, so that a single one does not become a wall."""
_NAMED: Final = 5
"""So many bars at most have their time written below them: as many as fit on a phone."""
_LIGHT: Final = "rgba(42,122,176,0.18)"


@dataclass(frozen=True)
class PurchaseBar:
    """One step of time in words, with amounts in ten-thousandths (returns zero or below) and the pointer's words."""

    label: str
    sold: int
    returned: int
    hover: str


@dataclass(frozen=True)
class Expected:
    """The next order: the place of the bar in which it is due, its amount in ten-thousandths, the pointer's words."""

    place: int
    amount: int
    hover: str


@dataclass(frozen=True)
class PurchaseWords:
    """What the picture says; `amount` puts ten-thousandths into words for the axis."""

    title: str
    x_axis: str
    y_axis: str
    sold: str
    returned: str
    expected: str
    amount: Callable[[int], str]
    ink: str | None = None


def purchases_figure(bars: Sequence[PurchaseBar], expected: Expected | None, words: PurchaseWords) -> go.Figure:
    """Draw the bars in order; the expected order stands on top of what was sold in its step."""
    figure = go.Figure(layout=_layout(bars, expected, words))
    places, hover = list(range(len(bars))), [bar.hover for bar in bars]
    figure.add_trace(_bars(places, [bar.sold for bar in bars], hover, words.sold, BLUE))
    if any(bar.returned for bar in bars):
        figure.add_trace(_bars(places, [bar.returned for bar in bars], hover, words.returned, RUST))
    if expected is not None:
        mark = _bars([expected.place], [expected.amount], [expected.hover], words.expected, _LIGHT)
        figure.add_trace(mark.update(marker={"line": {"color": BLUE, "width": 1.5}}))
    figure.update_layout(showlegend=len(figure.data) > 1)
    return figure


def _bars(places: Sequence[int], amounts: Sequence[int], hover: Sequence[str], name: str, colour: str) -> go.Bar:
    return go.Bar(
        x=list(places), y=list(amounts), width=0.72, name=name, marker={"color": colour, "line": {"width": 0}},
        hovertext=list(hover), hoverinfo="text",
    )  # fmt: skip


def _layout(bars: Sequence[PurchaseBar], expected: Expected | None, words: PurchaseWords) -> dict[str, Any]:
    step = max(1, ceil(len(bars) / _NAMED))
    named = range(0, len(bars), step)
    tops = [bar.sold for bar in bars]
    if expected is not None:
        tops[expected.place] += expected.amount
    marks = amount_ticks(min(bar.returned for bar in bars), max(tops))
    axis = {"tickfont": {"color": words.ink, "size": 12}, "fixedrange": True, "automargin": True}
    return {
        "title": title(words.title),
        "font": {"color": words.ink},
        "height": HEIGHT,
        "margin": {"l": 8, "r": 8, "t": 52, "b": 8},
        "barmode": "relative",
        "dragmode": False,
        "hovermode": "closest",
        "legend": {
            "orientation": "h",
            "font": {"size": 12, "color": words.ink},
            "x": 0,
            "xanchor": "left",
            "y": 1.02,
            "yanchor": "bottom",
        },
        "xaxis": axis
        | {
            "title": words.x_axis,
            "range": [-0.6, max(len(bars), _FEWEST) - 0.4],
            "tickvals": list(named),
            "ticktext": [bars[place].label for place in named],
            "tickangle": 0,
            "showgrid": False,
            "zeroline": False,
        },
        "yaxis": axis
        | {
            "title": words.y_axis,
            "tickvals": marks,
            "ticktext": [words.amount(mark) for mark in marks],
            "gridcolor": GRID,
            "zerolinecolor": words.ink,
        },
    }


def amount_ticks(low: int, high: int, steps: int = 5) -> list[int]:
    """Return round amounts from `low` to `high`, at most so many steps apart, with zero among them.

    Examples
    --------
    >>> amount_ticks(-300, 1900)
    [0, 500, 1000, 1500]
    """
    low, high = min(low, 0), max(high, 0)
    if low == high:
        return [0]
    rough = max(1.0, (high - low) / steps)
    power = 10 ** floor(log10(rough))
    step = next(int(power * factor) for factor in (1, 2, 5, 10) if power * factor >= rough)
    return [place * step for place in range(ceil(low / step), floor(high / step) + 1)]
