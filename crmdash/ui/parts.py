"""Parts of a page that are drawn again by themselves, and what is clicked in them that concerns the whole page.

A part (a fragment, as Streamlit calls it) spares the rest of the page: where its own switches, pages and tables are
clicked, and where a tier line has moved, which most of the board does not show.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import get_script_run_ctx

from crmdash.settings import get_value
from crmdash.ui import state
from crmdash.view import View

SHOW_LINES: Final = ("live", "strip", "loss_note", "strategies", "link_popover", "live_accounts", "lists")
"""The parts of the board that show where tier lines stand, or who stands in which tier."""

UNFOLDED: Final = ("filter", "as_at", "limit_box", "more_rules")
"""What is drawn only while it is open, and is in none of those parts."""

_SHOWN: Final = "_board_shown"


@dataclass(frozen=True)
class _Shown:
    """What the board on the screen was drawn for, beside what its parts show."""

    view: View
    ways_back: tuple[bool, bool, bool]
    unfolded: tuple[bool, ...]

    @classmethod
    def now(cls) -> "_Shown":
        """Return what the board would be drawn for now."""
        return cls(state.view(), state.ways_back(), tuple(bool(state.kept(key, False)) for key in UNFOLDED))

    def besides(self, path: str) -> tuple[Any, ...]:
        """Return all of it but one tier line."""
        return state.without_line(self.view, path), self.ways_back, self.unfolded


def whole_page(change: Callable[..., None]) -> Callable[..., None]:
    """Return a callback that makes a change and then has the whole page drawn, not only the part of its widget."""

    @wraps(change)
    def changed(*given: object) -> None:
        change(*given)
        st.rerun()

    return changed


def place_of_its_own() -> DeltaGenerator:
    """Return a place for what comes and goes, which is there whether anything stands in it or not.

    The browser knows parts of a page by their number: with one more or less above, it would make all below anew.
    """
    return st.container()


def begin_page() -> None:
    """Note that a page is being drawn as a whole: until the end of the board its parts are not to be drawn alone."""
    state.keep(_SHOWN, None)


def end_whole_board(*, followed: bool) -> None:
    """Note what the whole board has been drawn for.

    Parameters
    ----------
    followed : whether all that shows lines is a part; pictures by Plotly and a limit that is tried are none.
    """
    state.keep(_SHOWN, _Shown.now() if followed else None)


def line_moved(path: str, key: str | None = None) -> None:
    """Take over the slider of a tier line, and draw again only what shows it, where nothing else has changed.

    What counts is what the screen shows: a run that should have drawn a change may have been broken off, and something
    may have been opened in the same message. Neighbours may be pushed along, or the line held back at its end.
    """
    state.take_from_widget(path, key)
    shown, now = state.kept(_SHOWN, None), _Shown.now()
    taken = get_value(now.view.settings, path) == state.kept(key or path, None)
    alone = taken and shown is not None and shown.besides(path) == now.besides(path)
    if alone and not state.filters().active and not state.presenting().on:
        state.keep(_SHOWN, now)
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
