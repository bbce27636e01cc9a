"""The frame of plain pictures: title, both axes with their names, margins, and room for a legend."""

from typing import Any, Final

from crmdash.charts.palette import GRID, axis_title, title
from crmdash.charts.picture_words import PictureWords

_FEW_ENTRIES: Final = 4
_MORE_ROWS: Final = 36
"""Pixels for a long legend, which on a phone takes three rows."""


def plain_layout(words: PictureWords, height: int) -> dict[str, Any]:
    """Return the layout of a picture `height` pixels high, in the colour of text that `words` names."""
    axis = {"tickfont": {"color": words.ink, "size": 12}, "gridcolor": GRID, "automargin": True, "fixedrange": True}
    return {
        "title": title(words.title),
        "font": {"color": words.ink},
        "height": height,
        "margin": {"l": 8, "r": 12, "t": 56, "b": 8},
        "dragmode": False,
        "hovermode": "closest",
        "xaxis": axis | {"title": axis_title(words.x_axis, words.ink), "zerolinecolor": GRID},
        "yaxis": axis | {"title": axis_title(words.y_axis, words.ink), "zerolinecolor": GRID},
    }


def with_legend(usual: int, entries: int) -> int:
    """Return the height of a picture with so many entries in its legend."""
    return usual + _MORE_ROWS if entries > _FEW_ENTRIES else usual
