"""What a tab held is let go: when other data takes its place, and a while after it was closed.

A closed tab is kept for two minutes, so that a short break of the line harms nobody. After that the server would forget
it only when the next one closes; with millions of customers in memory that is too late.

Python's search for cycles of objects, which the server would begin after every run and every look at a progress bar,
holds everybody up for a fifth of a second. Here it is done every now and then instead, and without the modules' own
quarter of a million objects, which stay anyway.
"""

import asyncio
import ctypes
import gc
import sys
from functools import cache
from threading import Thread
from time import sleep
from typing import Final

import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.caching import clear_session_data_cache, clear_session_resource_cache
from streamlit.runtime.scriptrunner import get_script_run_ctx

from crmdash.ui import state

_LEFT_SECONDS: Final = 110
"""A little less than the server keeps a closed tab: later it could not be found any more."""


_TIDY_SECONDS: Final = 10.0


@cache
def keep_tidy() -> Thread:
    """Look for cycles of objects from time to time, once for the whole process."""
    if not gc.get_freeze_count():
        gc.freeze()
    thread = Thread(target=_tidy, name="crmdash-tidy", daemon=True)
    thread.start()
    return thread


def _tidy() -> None:
    while True:
        sleep(_TIDY_SECONDS)
        gc.collect()
        _give_back()


def _give_back() -> None:
    """Have the C library return what was freed in the midst of its memory, where it can be told so."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def let_go() -> None:
    """Forget what was worked out for the data open in this tab, before other data takes its place."""
    opened, context = state.opened(), get_script_run_ctx()
    if opened is not None and opened.dataset.summary is not None:
        opened.dataset.summary.worked_out.clear()
    if context is not None:
        clear_session_data_cache(context.session_id)
        clear_session_resource_cache(context.session_id)


def watch_tab() -> None:
    """Have this tab's memory freed some time after it is closed."""
    keep_tidy()
    context = get_script_run_ctx()
    if context is not None:
        _tab(context.session_id)


def _left(session: str) -> None:
    """Come back later to a tab that was closed; where the tab itself empties its caches, nothing is to be done."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return
    loop.call_later(_LEFT_SECONDS, _close, session)


def _close(session: str) -> None:
    server = get_instance()
    if server.is_active_session(session):
        return
    # Emptied first: here and there the server holds a session beyond its end.
    kept = server._session_mgr.get_session_info(session)
    if kept is not None:
        state.empty(kept.session)
    server.close_session(session)
    gc.collect()


@st.cache_resource(scope="session", max_entries=1, show_spinner=False, on_release=_left)
def _tab(session: str) -> str:
    return session
