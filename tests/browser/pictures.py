"""Take the pictures by which the app is looked at: every page, three sizes, light and dark, three languages.

``python -m tests.browser.pictures`` writes them to ``pictures/`` (not kept), and the one of the README to ``docs/``.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import LAUNCH_ARGUMENTS, find_or_install
from tests.browser.server import ROOT, running_server

Scheme = Literal["light", "dark"]
SIZES: Final = ((1280, 720), (1920, 1080), (390, 844))
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")
LOCALES: Final = ("en-US", "zh-CN", "zh-TW")
PAGES: Final = {
    "board": ".live-tiers tbody td",
    "customers": "[data-testid=stMain] canvas",
    "lifecycle": ".st-key-lifecycle_head",
    "value": ".st-key-value_head",
    "kinds": ".st-key-kinds_head",
    "warnings": ".st-key-warnings_head",
    "what_if": ".st-key-what_if_head",
    "audit": ".st-key-audit_head",
    "claims": ".st-key-claims_head",
    "data": "[data-testid=stFileUploader]",
    "learn": "[data-testid=stExpander]",
}
"""Pages by address, and what shows that each is drawn."""

README_PICTURE: Final = ROOT / "docs" / "board.png"


class View(NamedTuple):
    """One picture: page, window, theme and reader."""

    page: str
    size: tuple[int, int]
    scheme: Scheme
    locale: str

    @property
    def name(self) -> str:
        return f"{self.page}-{self.size[0]}-{self.scheme}-{self.locale}.png"


def views() -> Iterator[View]:
    """Yield every picture to take."""
    for page in PAGES:
        for size in SIZES:
            for scheme in SCHEMES:
                for locale in LOCALES:
                    yield View(page, size, scheme, locale)


def open_view(browser: Browser, url: str, view: View) -> Page:
    """Open a page as its reader does, and wait until it is drawn."""
    context = browser.new_context(
        viewport={"width": view.size[0], "height": view.size[1]}, color_scheme=view.scheme, locale=view.locale
    )
    page = context.new_page()
    page.goto(f"{url}/{view.page}")
    page.locator(PAGES[view.page]).first.wait_for(timeout=60_000)
    page.locator("[data-testid=stStatusWidget]").wait_for(state="detached", timeout=60_000)
    page.wait_for_timeout(1_000)
    return page


def take(folder: Path, *, full: bool) -> None:
    """Take every picture, and the README's."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, running_server(Path(home)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_or_install(playwright), args=LAUNCH_ARGUMENTS)
        for view in views():
            page = open_view(browser, server.url, view)
            if full:
                _show_all(page, view)
            page.screenshot(path=folder / view.name)
            page.context.close()
        take_readme_picture(browser, server.url)
        browser.close()


def _show_all(page: Page, view: View) -> None:
    """Make the window as high as the page, so that what lies below is in the picture too."""
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": view.size[0], "height": max(view.size[1], int(height))})
    page.wait_for_timeout(800)


def take_readme_picture(browser: Browser, url: str) -> None:
    """Take the README's picture: the board as it opens."""
    page = open_view(browser, url, View("board", (1280, 720), "light", "en-US"))
    page.screenshot(path=README_PICTURE)
    page.context.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "pictures")
    parser.add_argument("--full", action="store_true", help="whole pages instead of the first window")
    options = parser.parse_args()
    take(options.out, full=options.full)
