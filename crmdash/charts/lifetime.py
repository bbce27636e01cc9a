"""What a model of purchases expected, and what came: over time, and by how often customers had bought."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go

from crmdash.charts.palette import AMBER, BLUE, FAINT, GRID, axis_title, legend, title

HEIGHT: Final = 280


@dataclass(frozen=True)
class FitWords:
    """What a picture says: title, axis names, names of both lines, words of a point under the pointer, a note.

    `point` takes Plotly's placeholders; `ink` and `ground` are the colours of text and of what stands behind it.
    """

    title: str
    x_axis: str
    y_axis: str
    actual: str
    expected: str
    point: str
    note: str = ""
    ink: str | None = None
    ground: str | None = None


def tracking_figure(
    weeks: Sequence[float], actual: Sequence[float], expected: Sequence[float], fitted_until: float, words: FitWords
) -> go.Figure:
    """Draw cumulative purchases by week; a line stands where the fit ended and the model was left alone."""
    figure = go.Figure(layout=_layout(words))
    figure.add_trace(_line(weeks, actual, words.actual, BLUE, words.point))
    figure.add_trace(_line(weeks, expected, words.expected, AMBER, words.point, dash="dash"))
    figure.add_vline(x=fitted_until, line={"color": FAINT, "width": 1.5, "dash": "dot"})
    figure.add_annotation(
        x=fitted_until, y=0.03, yref="paper", text=words.note, showarrow=False, yanchor="bottom",
        xanchor="right" if fitted_until > 0.35 * max(weeks) else "left", xshift=-4 if fitted_until > 0.35 * max(weeks)
        else 4, font={"size": 12, "color": words.ink}, bgcolor=words.ground,
    )  # fmt: skip
    figure.update_xaxes(range=[0, max(weeks)])
    figure.update_yaxes(rangemode="tozero", tickformat=",d")
    return figure


def conditional_figure(
    groups: Sequence[str], actual: Sequence[float], expected: Sequence[float], words: FitWords
) -> go.Figure:
    """Draw the mean purchases after the fit of customers with so many repeat purchases before it."""
    figure = go.Figure(layout=_layout(words))
    places = list(range(len(groups)))
    for values, name, colour in ((actual, words.actual, BLUE), (expected, words.expected, AMBER)):
        bars = go.Bar(x=places, y=list(values), name=name, hovertemplate=words.point, marker={"color": colour})
        figure.add_trace(bars)
    figure.update_xaxes(tickvals=places, ticktext=list(groups), showgrid=False)
    return figure


def _line(
    x: Sequence[float], y: Sequence[float], name: str, colour: str, point: str, dash: str = "solid"
) -> go.Scatter:
    line = {"color": colour, "width": 2.5, "dash": dash}
    return go.Scatter(x=list(x), y=list(y), name=name, mode="lines", line=line, hovertemplate=point)


def _layout(words: FitWords) -> dict[str, Any]:
    axis = {"tickfont": {"color": words.ink, "size": 12}, "fixedrange": True, "automargin": True, "gridcolor": GRID}
    return {
        "title": title(words.title),
        "font": {"color": words.ink},
        "height": HEIGHT,
        "margin": {"l": 8, "r": 12, "t": 58, "b": 8},
        "dragmode": False,
        "hovermode": "closest",
        "barmode": "group",
        "legend": legend(words.ink, HEIGHT),
        "xaxis": axis | {"title": axis_title(words.x_axis, words.ink), "zeroline": False},
        "yaxis": axis | {"title": axis_title(words.y_axis, words.ink), "zerolinecolor": GRID},
    }
