"""Text of the user's own in a picture: Plotly takes some markup for its own, and this keeps it what it is."""

import html
from typing import Final

_LONGEST: Final = 80
_ISOLATE, _END = "\u2068", "\u2069"


def literal(text: str, longest: int = _LONGEST) -> str:
    """Return a text that Plotly shows as it stands, cut after `longest` characters.

    Tags and entities are written out (quotation marks stay: Plotly does not know their entity), and characters that
    turn the direction of writing reach no further than the text itself.

    Examples
    --------
    >>> literal("<b>A&B</b>").strip("\u2068\u2069")
    '&lt;b&gt;A&amp;B&lt;/b&gt;'
    """
    whole = text if len(text) <= longest else text[: longest - 1] + "…"
    return f"{_ISOLATE}{html.escape(whole, quote=False)}{_END}"
