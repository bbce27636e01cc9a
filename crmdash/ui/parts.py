"""Parts of a page that are drawn again by themselves, and what is clicked in them that concerns the whole page.

A part (a fragment, as Streamlit calls it) spares the rest of the page: where its own switches, pages and tables are
clicked, and where a tier line has moved, which most of the board does not show.
"""

from collections.abc import Callable
from functools import wraps
from typing import Final

import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import get_script_run_ctx

from crmdash.ui import state

SHOW_LINES: Final = ("live", "strip", "loss_note", "strategies", "link_popover", "live_accounts", "lists")
"""The parts of the board that show where tier lines stand, or who stands in which tier."""

UNFOLDED: Final = ("filter", "as_at", "limit_box", "more_rules")
"""What is drawn only while it is open, and is in none of those parts: the browser may tell both in one message."""

_WHOLE: Final = "_board_whole"
_OPEN: Final = "_board_open"


def whole_page(change: Callable[..., None]) -> Callable[..., None]:
    """Return a callback that makes a change and then has the whole page drawn, not only the part of its widget."""

    @wraps(change)
    def changed(*given: object) -> None:
        change(*given)
        st.rerun()

    return changed


def begin_page() -> None:
    """Note that a page is being drawn as a whole: until the end of the board its parts are not to be drawn alone."""
    state.keep(_WHOLE, False)


def end_whole_board(*, followed: bool) -> None:
    """Note that the whole board has been drawn.

    Parameters
    ----------
    followed : whether all that shows lines is a part; pictures by Plotly and a limit that is tried are none.
    """
    state.keep(_WHOLE, followed)
    state.keep(_OPEN, _unfolded())


def _unfolded() -> tuple[bool, ...]:
    return tuple(bool(state.kept(key, False)) for key in UNFOLDED)


def line_moved(path: str, key: str | None = None) -> None:
    """Take over the slider of a tier line, and draw again only what shows it, where nothing else has changed."""
    nothing_else = state.take_line(path, key) and state.kept(_OPEN, None) == _unfolded()
    if not nothing_else:
        # The next move may break off this run before the page begins: then it must not draw parts alone either.
        begin_page()
    elif state.kept(_WHOLE, False) and not state.filters().active and not state.presenting().on:
        _draw_again(*SHOW_LINES)


def _draw_again(*parts: str) -> None:
    """Draw only some parts again; where one of them is not on the page, the whole page."""
    if not _knows_pages():
        return
    try:
        st.rerun(parts)
    except StreamlitAPIException:
        return


def _knows_pages() -> bool:
    """Whether the pages are known that parts link to: where every run begins anew, whole runs alone know them."""
    context = get_script_run_ctx()
    return context is not None and len(context.pages_manager.get_pages()) > 1
