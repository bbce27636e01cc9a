"""From nothing to the first picture, from page to page, from language to language.

Usage: ``python -m benchmarks.opening [--rounds N]``; prints JSON. Beside our app, on its sample, an app of two pages
with one figure each, under the same options: its start and its change of pages are what any app takes. Ours changes
from the page of data back to the board, the other from its second page back to its first.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page

from benchmarks.browser import chromium, open_page, settled
from benchmarks.results import Measured, as_tree, compared, middle
from benchmarks.rounds import Times
from tests.browser.server import running_server

PART: Final = "opening"
START: Final = "start of the server to the first picture"
PAGES: Final = "change of page"
LANGUAGE: Final = "change of language"
SCRIPTS: Final = {"crmdash": "app.py", "one figure": "benchmarks/apps/one_figure.py"}
PLOT: Final = ".js-plotly-plot .main-svg, .live-edge"
"""A curve that is drawn, by Plotly or by the board itself."""
PROMISED: Final = 1.5

Click = tuple[str, str]
"""A link's words, and what stands only on the page that it leads to."""
THERE_AND_BACK: Final[dict[str, tuple[Click, Click]]] = {
    "crmdash": (("Data", "[data-testid=stFileUploader]"), ("Board", ".live-edge")),
    "one figure": (("Second", ".st-key-second .main-svg"), ("First", ".st-key-first .main-svg")),
}


def measure(browser: Browser, rounds: int) -> list[Measured]:
    """Start both apps in turn, and change pages and languages on each while it runs."""
    times: dict[str, Times] = {what: {name: [] for name in SCRIPTS} for what in (START, PAGES, LANGUAGE)}
    for _ in range(rounds):
        for name, script in SCRIPTS.items():
            with started(browser, script) as (page, seconds):
                times[START][name].append(seconds)
                times[PAGES][name].append(there_and_back(page, *THERE_AND_BACK[name]))
                if name == "crmdash":
                    times[LANGUAGE][name].append(switch_language(page))
    own = times[LANGUAGE]["crmdash"]
    return [
        compared(PART, START, None, times[START], "crmdash", "one figure", PROMISED),
        compared(PART, PAGES, None, times[PAGES], "crmdash", "one figure"),
        Measured(PART, LANGUAGE, None, middle(own)),
    ]


@contextmanager
def started(browser: Browser, script: str) -> Iterator[tuple[Page, float]]:
    """Start an app, and yield its page with the seconds from the start of its server to its first picture."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        with running_server(Path(folder), script) as server:
            page = open_page(browser, server.url)
            page.locator(PLOT).first.wait_for()
            seconds = time.perf_counter() - began
            settled(page, PLOT)
            yield page, seconds
            page.context.close()


def there_and_back(page: Page, there: Click, back: Click) -> float:
    """Return the seconds of the second of two ways back: pages are compiled and data are there by then."""
    for _ in range(2):
        follow(page, there)
        seconds = follow(page, back)
    return seconds


def follow(page: Page, click: Click) -> float:
    """Follow a link of the top bar, and return the seconds until what it leads to is drawn."""
    link, goal = click
    began = time.perf_counter()
    page.get_by_role("link", name=link, exact=True).first.click()
    page.locator(goal).first.wait_for()
    seconds = time.perf_counter() - began
    settled(page, goal)
    return seconds


def switch_language(page: Page) -> float:
    """Switch the board to simplified Chinese, and return the seconds until the curve is named in it."""
    began = time.perf_counter()
    page.get_by_role("radio", name="简体").click()
    page.locator(".live-title", has_text="客户").first.wait_for()
    return time.perf_counter() - began


def main() -> None:
    """Measure and print it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with chromium() as browser:
        print(json.dumps(as_tree(measure(browser, options.rounds))))


if __name__ == "__main__":
    main()
