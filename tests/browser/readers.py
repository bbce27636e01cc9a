"""Readers with a locale and a colour scheme, who open tabs: a browser window each, kept from test to test."""

from typing import Any, Final
from urllib.parse import urljoin

from playwright.sync_api import Browser, BrowserContext, Page

FORGET: Final = "() => { localStorage.clear(); sessionStorage.clear(); }"


class Readers:
    """The windows of a browser, one for each kind of reader.

    Reading Streamlit's and Plotly's code takes a browser longer than drawing a page. Tabs of one window share a
    process (``--process-per-site``) and what it has read, as long as one of them is open: hence a resting tab in each.
    A tab leaves nothing behind: cookies and storage are emptied when it closes.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._windows: dict[tuple[tuple[str, Any], ...], BrowserContext] = {}

    def new_tab(self, url: str, **reader: Any) -> Page:
        """Return an empty tab of a reader, described as Playwright describes a context, who will open the address."""
        kind = tuple(sorted(reader.items()))
        if kind not in self._windows:
            self._windows[kind] = self._browser.new_context(timezone_id="UTC", **reader)
            self._windows[kind].new_page().goto(urljoin(url, "/_stcore/health"))
        return self._windows[kind].new_page()

    def close_tab(self, tab: Page) -> None:
        """Close a tab and forget what the app had the browser remember."""
        tab.evaluate(FORGET)
        tab.context.clear_cookies()
        tab.close()
