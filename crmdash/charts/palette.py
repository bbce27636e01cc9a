"""Colours: one per tier, the same everywhere, apart for colour-blind eyes and readable on light and dark grounds."""

from typing import Any, Final

from crmdash.settings import SCHEMES, Scheme, Tier

BLUE: Final = "#2a7ab0"
AMBER: Final = "#bd8100"
SLATE: Final = "#7d8b99"
RUST: Final = "#b4543a"
TEAL: Final = "#30a878"
MAUVE: Final = "#90606c"

_BY_RANK: Final[dict[int, tuple[str, ...]]] = {
    2: (AMBER, SLATE),
    3: (BLUE, AMBER, SLATE),
    4: (BLUE, AMBER, SLATE, RUST),
    6: (BLUE, TEAL, AMBER, MAUVE, SLATE, RUST),
}
SERIES: Final = (BLUE, AMBER, TEAL, RUST, MAUVE, SLATE)
"""Colours of things that have none of their own, in order."""

GRID: Final = "rgba(128,138,148,0.25)"
FAINT: Final = "rgba(128,138,148,0.7)"
_UNDER_TITLE: Final = 25
"""Pixels from the upper edge of a figure."""


def tier_colour(tier: Tier, scheme: Scheme) -> str:
    """Return the colour of a tier: by its place in the scheme; heavy lead has one of its own."""
    if tier == "lead":
        return RUST
    codes = SCHEMES[scheme]
    return _BY_RANK[len(codes)][codes.index(tier)]


def tint(strength: float) -> str:
    """Return the ground of a cell for a strength of 0-1, faint enough for text of either theme."""
    return f"rgba(42,122,176,{0.04 + 0.5 * max(0.0, min(1.0, strength)):.3f})"


def warning_tint(strength: float) -> str:
    """Return the same in the colour of what is at risk."""
    return f"rgba(180,84,58,{0.04 + 0.5 * max(0.0, min(1.0, strength)):.3f})"


def axis_title(text: str, ink: str | None) -> dict[str, Any]:
    """Return the layout of an axis' name, as readable as its marks."""
    return {"text": text, "font": {"size": 12, "color": ink}}


def legend(ink: str | None, height: int) -> dict[str, Any]:
    """Return the layout of a legend under the title of a figure `height` pixels high.

    It is hung up by its top: on a phone, where it takes several rows, it pushes the picture down instead of the title.
    """
    return {
        "orientation": "h",
        "traceorder": "normal",
        "font": {"size": 12, "color": ink},
        "xref": "container",
        "x": 0,
        "xanchor": "left",
        "yref": "container",
        "y": 1 - _UNDER_TITLE / height,
        "yanchor": "top",
    }


def title(text: str) -> dict[str, Any]:
    """Return the layout of a figure's title: left, in the size of a small heading."""
    return {
        "text": text,
        "font": {"size": 14},
        "x": 0,
        "xref": "container",
        "xanchor": "left",
        "y": 0.985,
        "yanchor": "top",
    }
