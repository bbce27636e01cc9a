"""Pages, their names and addresses, and the way every page begins."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import streamlit as st

from crmdash.i18n import Wording
from crmdash.ui import state
from crmdash.ui.data_reading import reading_elsewhere
from crmdash.ui.document import mark_language
from crmdash.ui.link_panel import follow_link
from crmdash.ui.parts import begin_page, place_of_its_own
from crmdash.ui.release import watch_tab
from crmdash.ui.top_bar import top_bar

ROOT: Final = Path(__file__).resolve().parents[2]
# A file of our own: the browser would ask a font server for a named icon.
ICON: Final = Path(__file__).with_name("icon.svg")
STYLE_SHEETS: Final = tuple(
    Path(__file__).with_name(name) for name in ("compact.css", "concepts.css", "accessible.css")
)
PRESENT: Final = Path(__file__).with_name("present.css")


@dataclass(frozen=True)
class PageEntry:
    """One page: its script, address, and its title in the reader's language.

    No icon: the browser would fetch a named icon as the tab's from a server outside.
    """

    script: str
    address: str
    title: Callable[[Wording], str]
    help: Callable[[Wording], str]


PAGES: Final = (
    PageEntry(
        "pages/board.py",
        "home",
        lambda _: _("Board"),
        lambda _: _("Curves, tiers, stages and strategies, following every slider"),
    ),
    PageEntry(
        "pages/customers.py",
        "customers",
        lambda _: _("Customers"),
        lambda _: _("Find one customer: labels with reasons, purchases, next order, gaps in the file"),
    ),
    PageEntry(
        "pages/lifecycle.py",
        "lifecycle",
        lambda _: _("Lifecycle"),
        lambda _: _("Four lifecycle models, flows between stages, tiers over time, and what followed"),
    ),
    PageEntry(
        "pages/value.py",
        "value",
        lambda _: _.term("model", "page.value"),
        lambda _: _("Lifetime value, five indicators, quality, balance, expectations and surveys"),
    ),
    PageEntry(
        "pages/kinds.py",
        "kinds",
        lambda _: _("Kinds"),
        lambda _: _("Nature, ten types, orientation, any two criteria, segment grids"),
    ),
    PageEntry(
        "pages/warnings.py",
        "warnings",
        lambda _: _("Warnings"),
        lambda _: _("Who is at risk and why, barriers, lost customers, due orders"),
    ),
    PageEntry(
        "pages/what_if.py",
        "what_if",
        lambda _: _("What if"),
        lambda _: _("Loss of the top, keep or win, price, cross-selling, sources, do tiers help"),
    ),
    PageEntry(
        "pages/audit.py",
        "audit",
        lambda _: _("Audit"),
        lambda _: _("The whole customer base: one period, two periods, cohorts, and claims tested on your data"),
    ),
    PageEntry(
        "pages/claims.py",
        "claims",
        lambda _: _("Claims"),
        lambda _: _("What the texts claim, tried on your data: what holds, what does not, what cannot be tested"),
    ),
    PageEntry(
        "pages/data.py",
        "data",
        lambda _: _("Data"),
        lambda _: _("Open your own files, check what was understood, or go back to the sample"),
    ),
    PageEntry(
        "pages/learn.py",
        "learn",
        lambda _: _("Learn"),
        lambda _: _("What every figure means, how it is counted, and the words in three languages"),
    ),
)


def open_app() -> None:
    """Set up the page, the language and the navigation, and run the page asked for."""
    wording = state.wording()
    follow_link()
    page = _navigation(wording)
    state.visit(page.url_path)
    begin_page()
    watch_tab()
    title = wording("{page} · Customer tiers", page=page.title)
    st.set_page_config(page_title=title, page_icon=str(ICON), layout="wide")
    st.html(_style(STYLE_SHEETS))
    if state.presenting().on:
        st.html(_style((PRESENT,)))
    mark_language(wording.language)
    top_bar(wording)
    with place_of_its_own():
        if page.url_path != "data":
            reading_elsewhere(wording)
    with state.called_through_app():
        page.run()


@cache
def _style(sheets: Sequence[Path]) -> str:
    """Return style sheets as one element: every element costs time in each run, at the server and in the browser."""
    told = "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    return f"<style>{told}</style>"


def enter() -> Wording:
    """Begin a page: return the reader's wording.

    Streamlit runs a page's script without `app.py` where the folder `pages/` lies beside it (a deep link as the first
    request, a page switch in a test); then the navigation is registered and the app begins again properly.
    """
    wording = state.wording()
    if not state.through_app():
        _navigation(wording)
        st.rerun()
    return wording


def _navigation(wording: Wording) -> Any:
    pages = [
        st.Page(
            ROOT / entry.script,
            title=entry.title(wording),
            url_path=entry.address,
            help=entry.help(wording),
            default=entry is PAGES[0],
        )
        for entry in PAGES
    ]
    pages.append(st.Page(_to_the_board, url_path="board", title=PAGES[0].title(wording), visibility="hidden"))
    return st.navigation(pages, position="top")


def _to_the_board() -> None:
    """Serve ``/board`` too: Streamlit gives the default page no address but the root."""
    st.switch_page(ROOT / PAGES[0].script)
