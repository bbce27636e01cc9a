"""Parts of a page that are drawn again by themselves, and what they hold that concerns the whole page.

A part (a fragment, as Streamlit calls it) spares the rest of the page where its own switches, pages and tables are
clicked. What changes the board from within a part is marked here.
"""

from collections.abc import Callable
from functools import wraps

import streamlit as st


def whole_page(change: Callable[..., None]) -> Callable[..., None]:
    """Return a callback that makes a change and then has the whole page drawn, not only the part of its widget."""

    @wraps(change)
    def changed(*given: object) -> None:
        change(*given)
        st.rerun()

    return changed
