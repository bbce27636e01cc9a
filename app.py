"""The entry of the dashboard: `streamlit run app.py`, or `make run`.

The server imports this file once, as it starts, and gets ready while the browser still loads its own scripts; every
visit then runs it as a script. Only inside functions may it import crmdash: the server would answer later.
"""

import asyncio
import ctypes
import gc
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from streamlit.cli_util import open_browser
from streamlit.web.server import server_util

IMPORTING = "crmdash-importing"
BROWSER_SECONDS = 0.5
M_ARENA_MAX = -8
"""The number by which `mallopt` of the GNU C library knows how many arenas there may be."""


def share_one_arena() -> None:
    """Have all threads take memory from one place, where the C library can be told so.

    Otherwise each keeps up to 64 MB of what it freed: after large data was taken away, half as much again as before.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)


def get_ready() -> None:
    """Import what the board is made of; then, beside the first visit, begin with the sample."""
    gc.disable()  # Until everything is there: nearly all of it stays, and looking through it takes a fifth of the time.
    from crmdash.ui import ahead  # noqa: PLC0415

    ahead.import_board()
    threading.Thread(target=ahead.sum_up_sample, daemon=True).start()


@asynccontextmanager
async def getting_ready(_: st.App) -> AsyncIterator[None]:
    """Get ready beside the server, and open the browser where somebody sits before this machine."""
    threading.Thread(target=get_ready, name=IMPORTING, daemon=True).start()
    if not st.get_option("server.headless"):
        url = server_util.get_url(st.get_option("server.address") or "localhost")
        asyncio.get_running_loop().call_later(BROWSER_SECONDS, open_browser, url)
    yield


def visit() -> None:
    """Run the page that is asked for, as soon as everything is imported."""
    for thread in threading.enumerate():
        if thread.name == IMPORTING:
            thread.join()
    from crmdash.ui.navigation import open_app  # noqa: PLC0415

    open_app()


if __name__ == "__main__":
    visit()
else:
    share_one_arena()
    app = st.App(__file__, lifespan=getting_ready)
