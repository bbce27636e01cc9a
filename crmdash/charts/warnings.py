"""Lying bars: signals, causes, due days, barriers, people — one length each, with its words at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go

from crmdash.charts.palette import AMBER, BLUE, GRID, MAUVE, RUST, SLATE, TEAL, title

CAUSE_COLOURS: Final = {"ours": RUST, "theirs": AMBER, "market": BLUE, "other": MAUVE, "unknown": SLATE, None: SLATE}
"""One colour for each cause, the same in every picture; what tells no cause is grey like the unknown."""

DUE_COLOURS: Final = {"long_past": RUST, "month_past": AMBER, "week_past": TEAL, "to_come": BLUE}
FORM_COLOURS: Final = {"bond": TEAL, "lockin": RUST}

_BAR: Final = 27
_FRAME: Final = 84
_LEGEND: Final = 26
_ROOM: Final = 1.2
_ROOM_PER_LETTER: Final = 0.022
"""How much longer than the longest bar the axis is, so that the words at its end find room."""


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its length, what stands at its end, what the pointer shows, its colour."""

    label: str
    length: float
    text: str
    hover: str
    colour: str


@dataclass(frozen=True)
class BarWords:
    """Title, name of the axis with its unit, and the colour of text."""

    title: str
    x_axis: str
    ink: str | None = None


def bars_figure(bars: Sequence[Bar], words: BarWords) -> go.Figure:
    """Draw one lying bar each, the first on top."""
    figure = go.Figure(layout=_layout(words, len(bars)))
    figure.add_trace(_trace(bars))
    letters = max((len(bar.text) for bar in bars), default=0)
    return _ranged(figure, [bar.length for bar in bars], _ROOM + _ROOM_PER_LETTER * letters)


def stacked_figure(parts: Sequence[tuple[str, Sequence[Bar]]], words: BarWords) -> go.Figure:
    """Draw lying bars in parts: each part has a name for the legend, and a bar for every label."""
    labels = [bar.label for bar in parts[0][1]] if parts else []
    figure = go.Figure(layout=_layout(words, len(labels), legend=_LEGEND))
    for name, bars in parts:
        figure.add_trace(_trace(bars, name, inside=True))
    legend = {"traceorder": "normal", "orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"}
    font = {"size": 12, "color": words.ink}
    figure.update_layout(barmode="stack", showlegend=True, legend={**legend, "font": font})
    lengths = [[bar.length for bar in bars] for _, bars in parts]
    return _ranged(figure, [sum(whole) for whole in zip(*lengths, strict=True)])


def _trace(bars: Sequence[Bar], name: str | None = None, *, inside: bool = False) -> go.Bar:
    return go.Bar(
        x=[max(0.0, bar.length) for bar in bars], y=[bar.label for bar in bars], orientation="h", name=name,
        text=[bar.text for bar in bars], texttemplate="%{text}", textposition="inside" if inside else "outside",
        insidetextanchor="middle", textangle=0, cliponaxis=False, textfont={"size": 12},
        hovertext=[bar.hover for bar in bars], hoverinfo="text",
        marker={"color": [bar.colour for bar in bars], "line": {"width": 0}},
    )  # fmt: skip


def _ranged(figure: go.Figure, lengths: Sequence[float], room: float = _ROOM) -> go.Figure:
    figure.update_xaxes(range=[0, (max(lengths, default=0) or 1) * room])
    return figure


def _layout(words: BarWords, bars: int, legend: int = 0) -> dict[str, Any]:
    return {
        "title": title(words.title),
        "font": {"color": words.ink},
        "height": _FRAME + legend + _BAR * max(1, bars),
        "margin": {"l": 8, "r": 12, "t": 32 + legend, "b": 4},
        "showlegend": False,
        "bargap": 0.3,
        "dragmode": False,
        "xaxis": {"title": words.x_axis, "gridcolor": GRID, "automargin": True, "zerolinecolor": GRID},
        "yaxis": {"autorange": "reversed", "automargin": True, "showgrid": False, "type": "category"},
    }
