"""The Pareto curve and the whale curve, with the tier lines on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from crmdash.charts.palette import FAINT, GRID, RUST, title
from crmdash.model.concentration import Curve

HEIGHT = 212
LABEL_STEP = 10
"""Labels keep this distance on the y axis (per cent), so that none covers another."""


@dataclass(frozen=True)
class TierLine:
    """Where a tier ends on the curve: after so many customers; its colour, and its words beside the line."""

    customers: int
    colour: str
    label: str


@dataclass(frozen=True)
class CurveWords:
    """What a curve says: title, axis names, words of a point under the pointer, a note; colours of text and ground."""

    title: str
    x_axis: str
    y_axis: str
    point: str
    note: str = ""
    ink: str | None = None
    ground: str | None = None


def pareto_figure(
    curve: Curve,
    size: int,
    whole: int,
    lines: Sequence[TierLine],
    words: CurveWords,
    earlier: Sequence[TierLine] = (),
) -> go.Figure:
    """Draw cumulative share of value over cumulative share of customers, largest first.

    Parameters
    ----------
    size : number of customers, 100 % of the x axis.
    whole : what y is a share of, in ten-thousandths (the sum of positive values).
    lines : one per tier from the top; the last one ends at `size`.
    earlier : where lines stood at the baseline, drawn thin.
    """
    figure = _figure(words)
    even = go.Scatter(x=[0, 100], y=[0, 100], mode="lines", line={"dash": "dot", "width": 1, "color": FAINT})
    figure.add_trace(even.update(hoverinfo="skip"))
    _add_tiers(figure, curve, size, whole, lines, words)
    for line, end in zip(earlier, _percent(np.array([line.customers for line in earlier]), size), strict=True):
        figure.add_vline(x=float(end), line={"color": line.colour, "width": 1, "dash": "dot"})
    figure.update_yaxes(range=[0, 104], ticksuffix="%")
    return figure


def whale_figure(
    curve: Curve, size: int, whole: int, lines: Sequence[TierLine], words: CurveWords, peak: tuple[int, int]
) -> go.Figure:
    """Draw cumulative customer profit over cumulative share of customers, most profitable first.

    `whole` is the net total profit; where it is not positive, y is in currency units instead of per cent.
    `peak` is the number of customers at the peak and the profit reached there (ten-thousandths).
    """
    figure = _figure(words)
    _add_tiers(figure, curve, size, whole, lines, words)
    if whole > 0:
        figure.add_hline(y=100, line={"dash": "dot", "width": 1, "color": FAINT})
        figure.update_yaxes(ticksuffix="%")
    x, y = _percent(np.array([peak[0]]), size), _scaled(np.array([peak[1]]), whole)
    marker = {"size": 9, "color": RUST}
    figure.add_trace(go.Scatter(x=x, y=y, mode="markers", marker=marker, hoverinfo="skip"))
    figure.add_annotation(
        x=x[0], y=y[0], text=words.note, showarrow=False, yshift=12, xanchor="right", font={"size": 12}
    )
    top = max(1.0, float(_scaled(curve.value, whole).max()))
    figure.update_yaxes(range=[min(0.0, float(_scaled(curve.value, whole).min())) * 1.1, top * 1.16])
    return figure


def _percent(customers: NDArray[Any], size: int) -> NDArray[np.float64]:
    return np.round(customers * 100 / max(size, 1), 3)


def _scaled(value: NDArray[Any], whole: int) -> NDArray[np.float64]:
    return np.round(value * 100 / whole, 3) if whole > 0 else np.round(value / 10_000, 2)


def _figure(words: CurveWords) -> go.Figure:
    return go.Figure(
        layout={
            "title": title(words.title),
            "font": {"color": words.ink},
            "height": HEIGHT,
            "margin": {"l": 8, "r": 18, "t": 30, "b": 4},
            "showlegend": False,
            "hovermode": "closest",
            "xaxis": {
                "title": words.x_axis,
                "range": [0, 100],
                "ticksuffix": "%",
                "gridcolor": GRID,
                "automargin": True,
            },
            "yaxis": {"title": words.y_axis, "gridcolor": GRID, "automargin": True, "zerolinecolor": GRID},
            "dragmode": False,
        }
    )


def _add_tiers(
    figure: go.Figure, curve: Curve, size: int, whole: int, lines: Sequence[TierLine], words: CurveWords
) -> None:
    """Fill the part of the curve that each tier holds, and draw its line with its words."""
    x, y = _percent(curve.customers, size), _scaled(curve.value, whole)
    start = 0.0
    for line in lines:
        end = float(_percent(np.array([line.customers]), size)[0])
        inside = (x > start) & (x < end)
        xs = np.concatenate([[start], x[inside], [end]])
        ys = np.round(np.interp(xs, x, y), 3)
        figure.add_trace(
            go.Scatter(
                x=xs,
                y=ys,
                mode="lines",
                fill="tozeroy",
                name="",
                hovertemplate=words.point,
                line={"color": line.colour, "width": 2.5},
                fillcolor=_faded(line.colour),
            )
        )
        if line.customers < size:
            figure.add_vline(x=end, line={"color": line.colour, "width": 1.5})
        start = end
    _add_labels(figure, lines, _percent(np.array([line.customers for line in lines]), size), (x, y), words.ground)


def _add_labels(
    figure: go.Figure,
    lines: Sequence[TierLine],
    ends: NDArray[Any],
    path: tuple[NDArray[Any], NDArray[Any]],
    ground: str | None,
) -> None:
    """Label every line below the point where it meets the curve: there the picture is empty; none covers another."""
    free = inf
    for line, end in zip(reversed(lines[:-1]), reversed(ends[:-1]), strict=True):
        if line.label:
            free = max(min(free - LABEL_STEP, float(np.interp(end, *path)) - 1), 2 * LABEL_STEP)
            _add_label(figure, line, float(end), free, ground)
    if lines[-1].label:
        _add_label(figure, lines[-1], 100.0, LABEL_STEP, ground)


def _add_label(figure: go.Figure, line: TierLine, end: float, height: float, ground: str | None) -> None:
    left = end < 62
    figure.add_annotation(
        x=end + 0.8 if left else end - 0.8,
        y=height,
        text=line.label,
        showarrow=False,
        xanchor="left" if left else "right",
        yanchor="top",
        font={"size": 12},
        bgcolor=ground,
        borderpad=1,
    )


def _faded(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.16)"
