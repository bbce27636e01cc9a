"""Lines over each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import plotly.graph_objects as go

from crmdash.charts.layout import plain_layout, with_legend
from crmdash.charts.palette import FAINT, legend
from crmdash.charts.picture_words import PictureWords

HEIGHT: Final = 260


@dataclass(frozen=True)
class Line:
    """One line: its name and colour, its points, the pointer's words; `dash` as Plotly names it."""

    name: str
    colour: str
    x: Sequence[float]
    y: Sequence[float | None]
    point: str
    dash: str = "solid"


def lines_figure(
    lines: Sequence[Line], words: PictureWords, *, mark: float | None = None, percent: bool = True
) -> go.Figure:
    """Draw lines over each other; at `mark` a thin line stands upright. With `percent` both axes are of 0-100 %."""
    figure = go.Figure(layout=plain_layout(words, with_legend(HEIGHT, len(lines))))
    for line in lines:
        figure.add_trace(
            go.Scatter(
                x=list(line.x),
                y=list(line.y),
                name=line.name,
                mode="lines",
                hovertemplate=line.point,
                line={"color": line.colour, "width": 2.5, "dash": line.dash},
                connectgaps=False,
            )
        )
    if mark is not None:
        figure.add_vline(x=mark, line={"dash": "dot", "width": 1.5, "color": words.ink or FAINT})
    if percent:
        figure.update_xaxes(ticksuffix="%")
        figure.update_yaxes(ticksuffix="%")
    return figure.update_layout(showlegend=len(lines) > 1, legend=legend(words.ink, figure.layout.height))
