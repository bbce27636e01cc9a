"""Figures for the back row: everything written grows, and the figure with it."""

from typing import Any

import plotly.graph_objects as go

USUAL_SIZE = 12


def enlarged(figure: go.Figure, factor: float, taller: float = 1.0) -> go.Figure:
    """Return the figure with its text, height and margins `factor` times as large, its height `taller` times more."""
    if factor == taller == 1:
        return figure
    layout = figure.to_dict()["layout"]
    figure.update_layout(
        height=round(layout["height"] * factor * taller),
        font={"size": USUAL_SIZE * factor},
        margin={side: round(width * factor) for side, width in layout["margin"].items()},
    )
    figure.update_layout(_grown(layout, factor))
    figure.update_traces(textfont_size=USUAL_SIZE * factor, selector=_is_written)
    return figure


def _is_written(trace: Any) -> bool:
    # Only lines and points have a mode; bars and cells are written on where they have a text, flows always.
    return (
        trace.type == "sankey"
        or "text" in (getattr(trace, "mode", None) or "")
        or getattr(trace, "texttemplate", None) is not None
    )


def _grown(layout: dict[str, Any], factor: float) -> dict[str, Any]:
    """Return the parts of a layout that name a size of their own, grown."""
    grown: dict[str, Any] = {}
    if size := layout.get("title", {}).get("font", {}).get("size"):
        grown["title"] = {"font": {"size": size * factor}}
    for axis in ("xaxis", "yaxis"):
        size = layout.get(axis, {}).get("tickfont", {}).get("size", USUAL_SIZE) * factor
        grown[axis] = {"tickfont": {"size": size}, "title": {"font": {"size": size}}}
    if size := layout.get("legend", {}).get("font", {}).get("size"):
        grown["legend"] = {"font": {"size": size * factor}}
    if notes := layout.get("annotations"):
        grown["annotations"] = [
            note | {"font": {**note.get("font", {}), "size": note.get("font", {}).get("size", USUAL_SIZE) * factor}}
            for note in notes
        ]
    return grown
