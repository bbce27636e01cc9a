"""A limit of the lifecycle under the hand, and what the live board says of tiers that nobody is in."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from crmdash.adjusting import with_value
from crmdash.evaluate import Evaluation, evaluate
from crmdash.i18n import Wording
from crmdash.settings import Settings
from crmdash.summary import Summary, summarise
from crmdash.ui.cache import sample
from tests.browser import board
from tests.browser.conftest import OpenPage
from tests.browser.server import Server
from tests.browser.test_journey import upload, use

EN = Wording("en")
COOLING = "lifecycle.cooling_silence"


@pytest.fixture(scope="module")
def summary() -> Summary:
    return summarise(sample().tables)


def try_limit(page: Page, label: str) -> None:
    """Choose a limit in the box beside the matrix."""
    page.locator(".st-key-limit_box button").first.click()
    board.settle(page)
    page.locator(".st-key-limit_tried input").click()
    page.get_by_role("option", name=label, exact=True).click()
    board.settle(page)
    page.keyboard.press("Escape")
    expect(page.locator(".live-limit")).to_be_visible()
    board.settle(page)


def expect_stages(page: Page, found: Evaluation) -> None:
    """Hold the row of all tiers and the matrix on the screen against an evaluation."""
    counts = [EN.integer(count) for count in found.stages["customers"]]
    expect(page.locator(".live-stages tbody td")).to_have_text(counts)
    for row in found.matrix.iter_rows(named=True):
        shown = EN.integer(row["customers"]) if row["customers"] else "–"
        assert board.cell(page, row["tier"], row["stage"]).locator("b").inner_text() == shown


def test_stages_follow_a_limit_and_letting_go_sets_it(page: Page, summary: Summary):
    board.wait_for_board(page)
    try_limit(page, EN.term("settings", f"{COOLING}.label"))
    expect_stages(page, evaluate(summary))
    handle = page.locator(".live-limit input")
    handle.focus()
    for presses, reached in ((3, 2.3), (4, 2.7)):
        for _ in range(presses):
            page.keyboard.press("ArrowRight")
        expect(page.locator(".live-limit output")).to_have_text(f"×{reached}")
        expect_stages(page, evaluate(summary, with_value(Settings(), COOLING, reached)))
    expect(board.slider(page, COOLING)).to_have_value("2.7")
    board.settle(page)
    expect_stages(page, evaluate(summary, with_value(Settings(), COOLING, 2.7)))
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".live-limit output")).to_have_text("×2.0")
    expect_stages(page, evaluate(summary))


def test_escape_takes_a_limit_back(page: Page, summary: Summary):
    board.wait_for_board(page)
    try_limit(page, EN.term("settings", f"{COOLING}.label"))
    page.locator(".live-limit input").focus()
    page.keyboard.press("End")
    page.keyboard.press("Escape")
    expect(page.locator(".live-limit output")).to_have_text("×2.0")
    page.wait_for_timeout(600)
    expect(board.slider(page, COOLING)).to_have_value("2")
    expect_stages(page, evaluate(summary))


def test_a_tier_that_equal_values_leave_empty_says_why(server: Server, open_page: OpenPage, tmp_path: Path):
    rows = ["customer,date,amount", *(f"c{number},2024-05-{1 + number % 28:02d},10" for number in range(60))]
    file = tmp_path / "equals.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    page = open_page(f"{server.url}/data")
    upload(page, [file])
    use(page)
    board.expect_tiers(page, ["60", "0", "0", "0"])
    expect(page.locator(".live-note")).to_contain_text("Gold is empty")
    expect(page.locator(".live-note")).to_contain_text("Iron is empty")
    expect(page.locator(".live-note")).not_to_contain_text("Platinum")
