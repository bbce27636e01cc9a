"""What a tab remembers of its reader: language, small choices, and values given to widgets before they are drawn."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st
from streamlit.runtime.app_session import AppSession

from crmdash.i18n import LANGUAGES, Language, Wording, match_language


@contextmanager
def called_through_app() -> Iterator[None]:
    """Mark that the page runs below `app.py`."""
    st.session_state["_through_app"] = True
    try:
        yield
    finally:
        st.session_state["_through_app"] = False


def through_app() -> bool:
    """Return whether the running page was called by `app.py`."""
    return bool(st.session_state.get("_through_app", False))


def language() -> Language:
    """Return the tab's language: the chosen one, else the browser's."""
    if "_language" not in st.session_state:
        st.session_state["_language"] = match_language(st.context.locale)
    return st.session_state["_language"]


def wording() -> Wording:
    """Return the words of the tab's language."""
    return Wording(language())


def choose_language() -> None:
    """Take over the language picked in the language switch (the widget `language`)."""
    picked = st.session_state.get("language")
    if picked in LANGUAGES:
        st.session_state["_language"] = picked


def visit(page: str) -> None:
    """Note which page is drawn: widgets of another page are new to the browser, whatever their keys."""
    if st.session_state.get("_visited") != page:
        st.session_state["_visited"] = page
        st.session_state["_seeded"] = set()


def seed(key: str, value: Any) -> Any:
    """Give a widget its value before it is drawn, unless it shows that already.

    Set every time, a slider would jump back under a hand that is faster than the answer; not set on another page, it
    would stand at its least. The value is returned so that it becomes the widget's default too: where the browser loads
    the widget's code late, or draws it anew in the midst of runs that follow each other, it would else show the least,
    and the next message would report that as chosen. For the same reason it has ``persist_state``, which alone serves
    where no default may be given: a box with one could not be emptied.
    """
    seeded = st.session_state.setdefault("_seeded", set())
    if key not in seeded or key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
        seeded.add(key)
    return value


def seed_choice(key: str, code: Any) -> Any:
    """Give a box of words its code; after a switch of language anew, or the browser goes on showing the old word."""
    drawn = st.session_state.setdefault("_drawn_in", {})
    if drawn.get(key) == language():
        seed(key, code)
    else:
        st.session_state[key] = code
        drawn[key] = language()
    return code


def place_in(options: Iterable[Any], value: Any) -> int | None:
    """Return the place of a value among the options of a box; None where it is none of them."""
    return next((place for place, option in enumerate(options) if option == value), None)


def empty(session: AppSession) -> None:
    """Forget everything that a closed tab remembers."""
    session.session_state.clear()


def keep(key: str, value: Any) -> None:
    """Remember a small choice of the tab."""
    st.session_state[key] = value


def kept(key: str, default: Any) -> Any:
    """Return a small choice of the tab that is no setting (which curve, which order)."""
    return st.session_state.get(key, default)


def announce(event: str) -> None:
    """Remember something that just happened, to be said once when the page is drawn."""
    st.session_state["_event"] = event


def announced() -> str | None:
    """Return what happened since the page was last drawn, once."""
    return st.session_state.pop("_event", None)
