"""The tier x stage matrix: customers, value and strategy of every cell."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from crmdash.charts.palette import FAINT, tint, warning_tint

ROW_HEIGHT = 51
"""Pixels: three lines of text."""


@dataclass(frozen=True)
class Cell:
    """One cell: its codes, the lines of text in it, what the pointer shows, and its share of what the ground shows."""

    tier: str
    stage: str
    lines: tuple[str, ...]
    hover: str
    share: float
    empty: bool


def matrix_figure(
    cells: Sequence[Cell],
    tiers: Sequence[tuple[str, str]],
    stages: Sequence[tuple[str, str]],
    ink: str | None = None,
    chosen: tuple[str, str] | None = None,
    *,
    warning: bool = False,
) -> go.Figure:
    """Draw the matrix, tiers down and stages across; every cell is a point that can be clicked.

    `tiers` and `stages` are (code, words) in order, `ink` is the colour of text. The ground of a cell grows
    stronger with its share; shares count beside each other only. A point's `customdata` is ``tier|stage``. The `chosen`
    cell (tier, stage) has a frame. With `warning` the grounds are of the colour of alerts.
    """
    rows = {code: place for place, (code, _) in enumerate(tiers)}
    columns = {code: place for place, (code, _) in enumerate(stages)}
    strongest = max((cell.share for cell in cells), default=0) or 1
    ground = warning_tint if warning else tint
    # One by one, Plotly would check all shapes again with each that is added.
    grounds = [
        {
            "type": "rect", "layer": "below", "fillcolor": ground(cell.share / strongest),
            **_edges(columns[cell.stage], rows[cell.tier]),
            "line": {"width": 2.5 if (cell.tier, cell.stage) == chosen else 0, "color": ink or FAINT},
        }
        for cell in cells
    ]  # fmt: skip
    figure = go.Figure(layout=_layout(tiers, stages, ink) | {"shapes": grounds})
    figure.add_trace(_points(cells, rows, columns, ink))
    return figure


def _edges(x: int, y: int) -> dict[str, float]:
    return {"x0": x - 0.48, "x1": x + 0.48, "y0": y - 0.47, "y1": y + 0.47}


def _points(cells: Sequence[Cell], rows: dict[str, int], columns: dict[str, int], ink: str | None) -> go.Scatter:
    return go.Scatter(
        x=[columns[cell.stage] for cell in cells],
        y=[rows[cell.tier] for cell in cells],
        mode="markers+text",
        text=["<br>".join(cell.lines) for cell in cells],
        textfont={"size": 12, "color": ink},
        hovertext=[cell.hover for cell in cells],
        hoverinfo="text",
        customdata=[f"{cell.tier}|{cell.stage}" for cell in cells],
        marker={"size": 42, "symbol": "square", "opacity": 0.0},
        selected={"marker": {"opacity": 0.0}, "textfont": {}},
        unselected={"marker": {"opacity": 0.0}, "textfont": {}},
    )


def _layout(tiers: Sequence[tuple[str, str]], stages: Sequence[tuple[str, str]], ink: str | None) -> dict[str, object]:
    return {
        "font": {"color": ink},
        "height": 24 + ROW_HEIGHT * len(tiers),
        "margin": {"l": 4, "r": 4, "t": 22, "b": 2},
        "showlegend": False,
        "dragmode": False,
        "xaxis": {
            "tickfont": {"color": ink, "size": 12},
            "tickvals": list(range(len(stages))), "ticktext": [words for _, words in stages], "side": "top",
            "showgrid": False, "zeroline": False, "fixedrange": True, "range": [-0.5, len(stages) - 0.5],
        },
        "yaxis": {
            "tickfont": {"color": ink, "size": 12},
            "tickvals": list(range(len(tiers))), "ticktext": [words for _, words in tiers], "automargin": True,
            "showgrid": False, "zeroline": False, "fixedrange": True, "range": [len(tiers) - 0.5, -0.5],
        },
    }  # fmt: skip
