"""What a reader sees and does on the board, for the journeys."""

import re
from collections.abc import Sequence
from time import monotonic

from playwright.sync_api import Locator, Page, expect

SECONDS = 20
CURVE_WORDS = ".live-labels text"


def wait_for_board(page: Page) -> None:
    """Wait until the board is drawn."""
    expect(page.locator(".live-matrix b").first).to_be_visible(timeout=60_000)
    settle(page)


def settle(page: Page) -> None:
    """Wait until no script runs."""
    app = page.locator("[data-testid=stApp]")
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=60_000)


def slider(page: Page, path: str) -> Locator:
    """Return the handle of a setting's slider."""
    return page.locator(f".st-key-{path.replace('.', '-')} input").first


def press(page: Page, path: str, key: str, times: int = 1) -> None:
    """Move a slider with the keyboard and wait for the answer."""
    handle = slider(page, path)
    handle.focus()
    for _ in range(times):
        page.keyboard.press(key)
    settle(page)


def column(page: Page, key: str, place: int) -> list[str]:
    """Return a column of a table as a screen reader gets it."""
    rows = page.locator(f"[class*=st-key-{key}] [data-testid=stDataFrame] table tbody tr")
    cells = [row.locator("td").all_text_contents() for row in rows.all()]
    return [row[place] for row in cells if len(row) > place]


def expect_column(page: Page, key: str, place: int, expected: list[str]) -> None:
    """Wait until a column of a table begins with the expected cells: tables are drawn after the script has ended."""
    deadline = monotonic() + SECONDS
    found: list[str] = []
    while monotonic() < deadline:
        found = column(page, key, place)[: len(expected)]
        if found == expected:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{key}, column {place}: {found} instead of {expected}")


def chips(page: Page) -> Locator:
    """Return the buttons that take filters away."""
    return page.locator("[class*=st-key-chip]").get_by_role("button")


def metric(page: Page, place: int) -> Locator:
    """Return the value of a key figure, counted from the left."""
    return page.locator("[data-testid=stMetricValue]").nth(place)


def curve_words(page: Page) -> str:
    """Return all words written on the value curve."""
    return "|".join(page.locator(CURVE_WORDS).all_text_contents())


def expect_tiers(page: Page, customers: Sequence[str]) -> None:
    """Wait until the tier table counts so many customers in each tier."""
    expect(page.locator(".live-tiers tbody .live-customers")).to_have_text(list(customers))


def line(page: Page, tier: str) -> Locator:
    """Return a tier line on the curve."""
    return page.locator(f".live-line[data-tier={tier}]")


def cell(page: Page, tier: str, stage: str) -> Locator:
    """Return a cell of the matrix."""
    return page.locator(f".live-matrix [data-tier={tier}] [data-stage={stage}] button")


def click_cell(page: Page, tier: str, stage: str) -> None:
    """Click a cell of the matrix."""
    cell(page, tier, stage).click()
    settle(page)


def number(text: str) -> int:
    """Return the whole number in a text such as "1,234"."""
    return int(re.sub(r"[^\d-]", "", text))
