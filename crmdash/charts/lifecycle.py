"""The lifecycle in pictures: stages as bars, flows between periods, the map of moves, and what followed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go

from crmdash.charts.bars import Bar
from crmdash.charts.palette import AMBER, BLUE, FAINT, GRID, MAUVE, RUST, SLATE, TEAL, axis_title, legend, tint, title

PHASE_COLOURS: Final = {
    "before": SLATE,
    "early": MAUVE,
    "growing": TEAL,
    "steady": BLUE,
    "falling": AMBER,
    "gone": RUST,
}
"""One colour per phase: stages of different models that share a phase share its colour."""

_BAR: Final = 34
_LEGEND_TOP: Final = 62
_LONG_LEGEND: Final = 36
_RATES_HEIGHT: Final = 250
_FLOWS_HEIGHT: Final = 300
_CELL: Final = 46
_THIN: Final = 0.35
_LEFT, _RIGHT = 0.001, 0.999
"""Plotly takes a place of exactly 0 or 1 for none."""


@dataclass(frozen=True)
class Words:
    """What a picture says: title, names of its axes, and the colour of its text."""

    title: str
    x_axis: str = ""
    y_axis: str = ""
    ink: str | None = None


@dataclass(frozen=True)
class Share:
    """One part of a row: the row's name, its phase, its length (0-1), the pointer's words."""

    row: str
    phase: str
    part: float
    hover: str


@dataclass(frozen=True)
class Node:
    """Where customers stand at one step: its place from the left and from the top (0-1), its words and colour."""

    label: str
    x: float
    y: float
    colour: str


@dataclass(frozen=True)
class Flow:
    """Customers who went from one node to another: places in the list of nodes, how many, the pointer's words."""

    source: int
    target: int
    customers: int
    hover: str


@dataclass(frozen=True)
class MapCell:
    """Customers who stood in one tier (row) and stand in another (column): what is written, the pointer's words."""

    row: int
    column: int
    text: str
    hover: str
    strength: float
    colour: str


def stage_bars_figure(
    customers: Sequence[Bar], value: Sequence[Bar], names: tuple[str, str], words: Words
) -> go.Figure:
    """Draw two lengths per stage, first at the top: its share of the customers, and fainter its share of the value.

    `names` says what the full and what the faint bars are; a share below zero has no length.
    """
    figure = go.Figure(layout=_layout(words, _bars_height(len(customers), 2), top=_LEGEND_TOP))
    for bars, name, opacity in ((customers, names[0], 1.0), (value, names[1], _THIN)):
        figure.add_trace(_lying(bars, name, opacity))
    longest = max((bar.length for bar in (*customers, *value)), default=1) or 1
    figure.update_layout(barmode="group", bargap=0.28, showlegend=True, legend=legend(words.ink, figure.layout.height))
    figure.update_xaxes(range=[0, longest * 1.45], tickformat=".0%")
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure


def _lying(bars: Sequence[Bar], name: str, opacity: float) -> go.Bar:
    return go.Bar(
        x=[max(0.0, bar.length) for bar in bars], y=[bar.label for bar in bars], orientation="h", name=name,
        text=[bar.text for bar in bars], texttemplate="%{text}", textposition="outside", cliponaxis=False,
        textfont={"size": 12}, hovertext=[bar.hover for bar in bars], hoverinfo="text",
        marker={"color": [_faded(bar.colour, opacity) for bar in bars], "line": {"width": 0}},
    )  # fmt: skip


def _bars_height(bars: int, each: int) -> int:
    return 112 + round(bars * _BAR * (1 + 0.25 * (each - 1)))


def rates_figure(bars: Sequence[Bar], usual: float | None, usual_words: str, words: Words) -> go.Figure:
    """Draw one standing bar per group, each a share of 0-1, with a line at the share of all of them."""
    figure = go.Figure(layout=_layout(words, _RATES_HEIGHT))
    figure.add_trace(
        go.Bar(
            x=[bar.label for bar in bars],
            y=[bar.length for bar in bars],
            text=[bar.text for bar in bars],
            texttemplate="%{text}",
            textposition="outside",
            cliponaxis=False,
            textfont={"size": 12},
            hovertext=[bar.hover for bar in bars],
            hoverinfo="text",
            marker={"color": [bar.colour for bar in bars], "line": {"width": 0}},
        )
    )
    if usual is not None:
        figure.add_hline(y=usual, line={"dash": "dot", "width": 1.5, "color": FAINT})
        figure.add_annotation(
            x=1, xref="paper", y=usual, text=usual_words, showarrow=False, xanchor="right", yanchor="bottom",
            font={"size": 12, "color": words.ink},
        )  # fmt: skip
    figure.update_yaxes(range=[0, 1.12], tickformat=".0%", dtick=0.25)
    figure.update_xaxes(type="category", showgrid=False)
    figure.update_layout(showlegend=False)
    return figure


def flows_figure(nodes: Sequence[Node], flows: Sequence[Flow], headings: Sequence[str], words: Words) -> go.Figure:
    """Draw how customers flow from step to step, left to right; a band is as wide as the customers in it are many.

    `headings` stand above the steps, evenly from left to right.
    """
    figure = go.Figure(layout=_layout(words, _FLOWS_HEIGHT, top=56))
    figure.add_trace(
        go.Sankey(
            arrangement="snap",
            textfont={"color": words.ink, "size": 12},
            node={
                "label": [node.label for node in nodes],
                "x": [_inside(node.x) for node in nodes],
                "y": [_inside(node.y) for node in nodes],
                "color": [node.colour for node in nodes],
                "pad": 10,
                "thickness": 14,
                "line": {"width": 0},
                "hovertemplate": "%{label}<extra></extra>",
            },
            link={
                "source": [flow.source for flow in flows],
                "target": [flow.target for flow in flows],
                "value": [flow.customers for flow in flows],
                "customdata": [flow.hover for flow in flows],
                "hovertemplate": "%{customdata}<extra></extra>",
                "color": [_faded(nodes[flow.source].colour) for flow in flows],
            },
        )
    )
    for place, heading in enumerate(headings):
        x = place / max(1, len(headings) - 1)
        anchor = "left" if place == 0 else "right" if place == len(headings) - 1 else "center"
        figure.add_annotation(
            x=x, y=1.0, xref="paper", yref="paper", text=heading, showarrow=False, xanchor=anchor, yanchor="bottom",
            font={"size": 12, "color": words.ink},
        )  # fmt: skip
    return figure


def phases_figure(shares: Sequence[Share], names: Mapping[str, str], words: Words) -> go.Figure:
    """Draw one row per model, divided into phases by their shares of the customers.

    `names` puts every phase into words, in their order.
    """
    rows = list(dict.fromkeys(share.row for share in shares))
    figure = go.Figure(layout=_layout(words, _bars_height(len(rows), 1) + _LONG_LEGEND, top=_LEGEND_TOP))
    for phase, name in names.items():
        here = [share for share in shares if share.phase == phase]
        figure.add_trace(
            go.Bar(
                x=[share.part for share in here],
                y=[share.row for share in here],
                orientation="h",
                name=name,
                hovertext=[share.hover for share in here],
                hoverinfo="text",
                marker={"color": PHASE_COLOURS[phase], "line": {"width": 0}},
            )
        )
    figure.update_layout(barmode="stack", bargap=0.35, showlegend=True, legend=legend(words.ink, figure.layout.height))
    figure.update_xaxes(range=[0, 1], tickformat=".0%")
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure


def _inside(place: float) -> float:
    return min(_RIGHT, max(_LEFT, place))


def move_map_figure(cells: Sequence[MapCell], rows: Sequence[str], columns: Sequence[str], words: Words) -> go.Figure:
    """Draw who went from which tier (down) to which (across); the ground of a cell grows with its customers."""
    grounds = [
        {
            "type": "rect", "layer": "below", "line": {"width": 0}, "fillcolor": _tinted(cell.colour, cell.strength),
            "x0": cell.column - 0.48, "x1": cell.column + 0.48, "y0": cell.row - 0.46, "y1": cell.row + 0.46,
        }
        for cell in cells
    ]  # fmt: skip
    figure = go.Figure(layout=_layout(words, 96 + _CELL * len(rows), top=64) | {"shapes": grounds})
    figure.add_trace(
        go.Scatter(
            x=[cell.column for cell in cells],
            y=[cell.row for cell in cells],
            mode="markers+text",
            text=[cell.text for cell in cells],
            textfont={"size": 12, "color": words.ink},
            hovertext=[cell.hover for cell in cells],
            hoverinfo="text",
            marker={"size": 36, "symbol": "square", "opacity": 0.0},
        )
    )
    figure.update_xaxes(
        tickvals=list(range(len(columns))), ticktext=list(columns), side="top", range=[-0.5, len(columns) - 0.5],
        showgrid=False, zeroline=False, title={"standoff": 4},
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(rows))), ticktext=list(rows), range=[len(rows) - 0.5, -0.5], showgrid=False,
        zeroline=False,
    )  # fmt: skip
    figure.update_layout(showlegend=False)
    return figure


def _tinted(colour: str, strength: float) -> str:
    return tint(strength) if colour == BLUE else _faded(colour, 0.06 + 0.44 * strength)


def _faded(colour: str, strength: float = 0.35) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{strength:.3f})"


def _layout(words: Words, height: int, top: int = 34) -> dict[str, Any]:
    axis = {"tickfont": {"color": words.ink, "size": 12}, "gridcolor": GRID, "automargin": True, "fixedrange": True}
    return {
        "title": title(words.title),
        "font": {"color": words.ink},
        "height": height,
        "margin": {"l": 8, "r": 12, "t": top, "b": 8},
        "dragmode": False,
        "hovermode": "closest",
        "xaxis": axis | {"title": axis_title(words.x_axis, words.ink), "zerolinecolor": GRID},
        "yaxis": axis | {"title": axis_title(words.y_axis, words.ink), "zerolinecolor": GRID},
    }
