"""A browser, a running app, and pages that must end without an error in the console."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.browser.chromium import LAUNCH_ARGUMENTS, find_or_install
from tests.browser.readers import Readers
from tests.browser.server import Server, running_server

expect.set_options(timeout=20_000)

# Streamlit asks for these under the page's own path first, gets 404, and then asks at the root.
STREAMLITS_OWN = re.compile(r"/[^/?]+/_stcore/(health|host-config)$")

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = find_or_install(playwright)
        chromium = playwright.chromium.launch(executable_path=path, args=LAUNCH_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def readers(browser: Browser) -> Readers:
    """The readers who open pages, each with a locale and a colour scheme."""
    return Readers(browser)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app, shared by every test that does not care who came before."""
    with running_server(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Server]:
    """An app that nobody has asked for anything yet."""
    with running_server(tmp_path) as running:
        yield running


@pytest.fixture
def open_page(readers: Readers) -> Iterator[OpenPage]:
    """Return a function that opens an address as a reader with a certain locale, window and colour scheme.

    At the end of the test no page may have had an error in its console or an uncaught one.
    """
    pages: list[Page] = []
    errors: list[str] = []

    def open_at(
        url: str,
        locale: str = "en-US",
        size: tuple[int, int] = (1280, 720),
        scheme: Literal["light", "dark"] = "light",
        **options: Any,
    ) -> Page:
        page = readers.new_tab(url, locale=locale, color_scheme=scheme, **options)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.set_default_timeout(20_000)
        page.on("console", lambda message: errors.extend(_console_errors(message)))
        page.on("pageerror", lambda error: errors.append(f"uncaught: {error}"))
        page.goto(url)
        pages.append(page)
        return page

    yield open_at
    for page in pages:
        readers.close_tab(page)
    assert not errors, "\n".join(errors)


@pytest.fixture
def page(server: Server, open_page: OpenPage) -> Page:
    """The app as an English reader at 1280 x 720 sees it first."""
    return open_page(server.url)


def _console_errors(message: ConsoleMessage) -> Iterator[str]:
    address = message.location.get("url", "")
    if message.type == "error" and not ("404" in message.text and STREAMLITS_OWN.search(address)):
        yield f"console: {message.text} ({address})"
