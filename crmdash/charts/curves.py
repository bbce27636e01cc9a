"""The Pareto curve and the whale curve, with the tier lines on them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from crmdash.charts.palette import FAINT, GRID, RUST, title
from crmdash.model.concentration import Curve

HEIGHT = 212
LABEL_STEP = 14
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
    even = {"x": [0, 100], "y": [0, 100], "mode": "lines", "line": {"dash": "dot", "width": 1, "color": FAINT}}
    drawing = _Drawing([go.Scatter(**even, hoverinfo="skip")])
    _add_tiers(drawing, curve, size, whole, lines, words)
    ends = _percent(np.array([line.customers for line in earlier]), size)
    drawing.shapes += [_upright(float(end), line.colour, 1, "dot") for line, end in zip(earlier, ends, strict=True)]
    return drawing.figure(words, {"range": [0, 104], "ticksuffix": "%"})


def whale_figure(
    curve: Curve, size: int, whole: int, lines: Sequence[TierLine], words: CurveWords, peak: tuple[int, int]
) -> go.Figure:
    """Draw cumulative customer profit over cumulative share of customers, most profitable first.

    `whole` is the net total profit; where it is not positive, y is in currency units instead of per cent.
    `peak` is the number of customers at the peak and the profit reached there (ten-thousandths).
    """
    drawing = _Drawing([])
    _add_tiers(drawing, curve, size, whole, lines, words)
    scaled = _scaled(curve.value, whole)
    low, top = min(0.0, float(scaled.min())), max(1.0, float(scaled.max()))
    axis: dict[str, Any] = {"range": [low * 1.1, top * 1.16]}
    if whole > 0:
        drawing.shapes.append(_level(100))
        axis["ticksuffix"] = "%"
    x, y = _percent(np.array([peak[0]]), size), _scaled(np.array([peak[1]]), whole)
    drawing.traces.append(go.Scatter(x=x, y=y, mode="markers", marker={"size": 9, "color": RUST}, hoverinfo="skip"))
    drawing.notes.append(
        {
            "x": x[0], "y": y[0], "text": words.note, "showarrow": False, "yshift": 12, "xanchor": "right",
            "font": {"size": 12},
        }
    )  # fmt: skip
    return drawing.figure(words, axis)


@dataclass
class _Drawing:
    """Parts of a figure, handed over at once: one by one, Plotly would check all of them again with each."""

    traces: list[go.Scatter]
    shapes: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)

    def figure(self, words: CurveWords, y_axis: dict[str, Any]) -> go.Figure:
        """Put the parts together."""
        layout = _layout(words)
        layout["yaxis"] |= y_axis
        return go.Figure(data=self.traces, layout=layout | {"shapes": self.shapes, "annotations": self.notes})


def _upright(x: float, colour: str, width: float, dash: str | None = None) -> dict[str, Any]:
    line = {"color": colour, "width": width} | ({} if dash is None else {"dash": dash})
    return {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "xref": "x", "yref": "y domain", "line": line}


def _level(y: float) -> dict[str, Any]:
    line = {"dash": "dot", "width": 1, "color": FAINT}
    return {"type": "line", "x0": 0, "x1": 1, "y0": y, "y1": y, "xref": "x domain", "yref": "y", "line": line}


def _percent(customers: NDArray[Any], size: int) -> NDArray[np.float64]:
    return np.round(customers * 100 / max(size, 1), 3)


def _scaled(value: NDArray[Any], whole: int) -> NDArray[np.float64]:
    return np.round(value * 100 / whole, 3) if whole > 0 else np.round(value / 10_000, 2)


def _layout(words: CurveWords) -> dict[str, Any]:
    return {
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


def _add_tiers(
    drawing: _Drawing, curve: Curve, size: int, whole: int, lines: Sequence[TierLine], words: CurveWords
) -> None:
    """Fill the part of the curve that each tier holds, and draw its line with its words."""
    x, y = _percent(curve.customers, size), _scaled(curve.value, whole)
    start = 0.0
    for line in lines:
        end = float(_percent(np.array([line.customers]), size)[0])
        inside = (x > start) & (x < end)
        xs = np.concatenate([[start], x[inside], [end]])
        ys = np.round(np.interp(xs, x, y), 3)
        drawing.traces.append(
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
            drawing.shapes.append(_upright(end, line.colour, 1.5))
        start = end
    ends = _percent(np.array([line.customers for line in lines]), size)
    drawing.notes += _labels(lines, ends, (x, y), words.ground)


def _labels(
    lines: Sequence[TierLine], ends: NDArray[Any], path: tuple[NDArray[Any], NDArray[Any]], ground: str | None
) -> list[dict[str, Any]]:
    """Label every line below the point where it meets the curve: there the picture is empty; none covers another."""
    free, found = inf, []
    for line, end in zip(reversed(lines[:-1]), reversed(ends[:-1]), strict=True):
        if line.label:
            free = max(min(free - LABEL_STEP, float(np.interp(end, *path)) - 1), 2 * LABEL_STEP)
            found.append(_label(line, float(end), free, ground))
    if lines[-1].label:
        found.append(_label(lines[-1], 100.0, LABEL_STEP, ground))
    return found


def _label(line: TierLine, end: float, height: float, ground: str | None) -> dict[str, Any]:
    left = end < 62
    return {
        "x": end + 0.8 if left else end - 0.8, "y": height, "text": line.label, "showarrow": False,
        "xanchor": "left" if left else "right", "yanchor": "top", "font": {"size": 12}, "bgcolor": ground,
        "borderpad": 1,
    }  # fmt: skip


def _faded(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.16)"
