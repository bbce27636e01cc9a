"""A file that takes long to read: its progress, other pages meanwhile, cancelled, begun again, and used."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import board
from tests.browser.conftest import OpenPage
from tests.browser.server import Server
from tests.browser.test_journey import use

ROWS = 400_000
READ_MS = 120_000
DRAWN_MS = 60_000


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of some ten megabytes: 400,000 orders of 40,000 customers."""
    path = tmp_path_factory.mktemp("long") / "orders.csv"
    lines = (f"C{row % 40_000:05d},2024-{row % 12 + 1:02d}-{row % 28 + 1:02d},{row % 997}.50" for row in range(ROWS))
    path.write_text("customer_id,date,amount\n" + "\n".join(lines) + "\n", "utf-8")
    return path


def test_a_long_reading_leaves_the_pages_free_and_can_be_cancelled(server: Server, open_page: OpenPage, orders: Path):
    page = open_page(f"{server.url}/data")
    page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(orders, timeout=60_000)
    progress = page.locator(".st-key-data-reading")
    expect(progress).to_contain_text("so far. Other pages can be used meanwhile.")
    progress.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Reading was stopped.")).to_be_visible()
    page.get_by_role("button", name="Read again").click()
    expect(progress).to_be_visible()
    page.get_by_role("link", name="Board", exact=True).first.click()
    told = page.get_by_role("link", name=re.compile("Reading your files|Your files are read"))
    expect(told).to_be_visible(timeout=DRAWN_MS)
    board.wait_for_board(page)
    words = board.curve_words(page)
    board.press(page, "tiers.shares.platinum", "ArrowRight")
    page.wait_for_function(
        "before => [...document.querySelectorAll('.live-labels text')].map(e => e.textContent).join('|') !== before",
        arg=words,
        timeout=DRAWN_MS,
    )
    page.get_by_role("link", name="Data", exact=True).first.click()
    expect(page.get_by_role("button", name="Use this data")).to_be_visible(timeout=READ_MS)
    board.settle(page)
    expect(board.metric(page, 0)).to_have_text("40,000")
    use(page)
