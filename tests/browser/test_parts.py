"""Parts of the board that are drawn by themselves: nothing may stand there from before."""

import re
from typing import Final

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from crmdash.adjusting import with_value
from crmdash.evaluate import Evaluation, evaluate
from crmdash.i18n import Wording
from crmdash.lines import losing_at_the_top, moved
from crmdash.settings import Settings
from crmdash.summary import Summary
from crmdash.ui.cache import sample
from crmdash.ui.customer_list import PAGE
from tests.browser import board

EN = Wording("en")
TALL: ViewportSize = {"width": 1280, "height": 1500}


@pytest.fixture(scope="module")
def summary() -> Summary:
    return sample().summarised()


@pytest.fixture
def tall(page: Page) -> Page:
    page.set_viewport_size(TALL)
    board.wait_for_board(page)
    return page


def at(summary: Summary, **lines: int) -> Evaluation:
    settings = Settings()
    for tier, share in lines.items():
        settings = with_value(settings, f"tiers.shares.{tier}", share)
    return evaluate(summary, settings)


def expect_board(page: Page, before: Evaluation, now: Evaluation) -> None:
    """Every part that tells where a line stands tells where it stands now."""
    board.expect_tiers(page, [EN.integer(count) for count in now.tiers["customers"]])
    expect(board.metric(page, 3)).to_have_text(EN.integer(moved(before, now).customers))
    board.expect_column(page, "strategies-table", 1, [EN.integer(count) for count in now.strategies["customers"]])
    lost = EN.compact_money(int(losing_at_the_top(now)["customer_profit"].sum()))
    expect(page.get_by_text("Revenue is not profit")).to_contain_text(lost)
    tiers = [str(tier).capitalize() for tier in now.customers["tier"][:5]]
    board.expect_column(page, "customers-table", 2, tiers)


def move(page: Page, path: str, times: int = 1) -> None:
    """Move a line step by step, each after the answer to the one before."""
    for _ in range(times):
        board.press(page, path, "ArrowRight")
        page.wait_for_timeout(150)
        board.settle(page)


STAY: Final = (".st-key-strip", ".live-line", "table.live-matrix", ".st-key-lists")
"""What a browser shows once, from the opening of the board on."""


def test_what_comes_and_goes_above_leaves_the_rest_where_it_is(tall: Page):
    top = "() => document.querySelector('.st-key-strip').getBoundingClientRect().top"
    before = tall.evaluate(top)
    tall.evaluate("drawn => drawn.forEach(one => { document.querySelector(one).mine = true; })", list(STAY))
    marked = "drawn => drawn.filter(one => !document.querySelector(one).mine)"
    move(tall, "tiers.shares.platinum")
    assert tall.evaluate(top) == before
    board.click_cell(tall, "platinum", "deterioration")
    expect(board.chips(tall)).to_have_count(2)
    tall.get_by_role("switch", name="Present").click(force=True)
    expect(tall.locator(".st-key-present_panel")).to_be_visible()
    assert tall.evaluate(marked, list(STAY)) == []


def test_moving_a_line_moves_every_part_that_shows_it(tall: Page, summary: Summary):
    tall.get_by_role("button", name="Link").click()
    address = tall.locator(".stCode")
    expect(address).to_be_visible()
    move(tall, "tiers.shares.platinum", 4)
    expect(address).to_contain_text("tiers.shares.platinum=54")
    tall.keyboard.press("Escape")
    expect_board(tall, at(summary), at(summary, platinum=54))
    undo = tall.get_by_role("button", name="Undo")
    while undo.is_enabled():
        undo.click()
        tall.wait_for_timeout(500)
        board.settle(tall)
    expect_board(tall, at(summary), at(summary))
    expect(board.slider(tall, "tiers.shares.platinum")).to_have_value("50")


def test_a_line_that_pushes_the_next_moves_its_slider_too(tall: Page, summary: Summary):
    board.press(tall, "tiers.shares.gold", "End")
    pushed = at(summary, gold=100)
    lines = pushed.settings.tiers.lines
    expect(board.slider(tall, "tiers.shares.gold")).to_have_value(f"{lines['gold']:.0f}")
    expect(board.slider(tall, "tiers.shares.iron")).to_have_value(f"{lines['iron']:.0f}")
    expect_board(tall, at(summary), pushed)


def test_a_list_keeps_its_page_and_its_choice_while_a_line_moves(tall: Page, summary: Summary):
    now = at(summary, platinum=53)
    tall.locator("[class*=st-key-customers-page] button").filter(has_text=re.compile("^2$")).click()
    board.settle(tall)
    move(tall, "tiers.shares.platinum", 3)
    ids = now.customers["customer_id"].to_list()
    board.expect_column(tall, "customers-table", 0, ids[PAGE : PAGE + 8])
    tall.get_by_role("radio", name="Nearest to a line").click()
    expect(tall.get_by_role("radio", name="Nearest to a line")).to_be_checked()
    board.settle(tall)
    move(tall, "tiers.shares.platinum")
    expect(tall.get_by_role("radio", name="Nearest to a line")).to_be_checked()
    expect(board.metric(tall, 3)).to_have_text(EN.integer(moved(at(summary), at(summary, platinum=54)).customers))


def test_what_is_clicked_in_a_part_narrows_the_whole_board(tall: Page, summary: Summary):
    move(tall, "tiers.shares.platinum", 2)
    board.click_cell(tall, "platinum", "deterioration")
    expect(board.chips(tall)).to_have_count(2)
    move(tall, "tiers.shares.platinum")
    now = at(summary, platinum=53)
    inside = now.customers.filter(tier="platinum", stage="deterioration")
    held = f"{len(inside)} customers, {EN.compact_money(int(inside['value'].sum()))}"
    expect(tall.locator(".st-key-filters")).to_contain_text(held)
    tall.get_by_role("radio", name="Who moved").click()
    expect(tall.locator(".st-key-filters")).not_to_contain_text(held)


def test_a_line_moved_on_another_page_draws_nothing_of_the_board(tall: Page):
    move(tall, "tiers.shares.platinum", 2)
    tall.get_by_role("link", name="Lifecycle", exact=True).click()
    expect(tall.locator(".st-key-lifecycle_head")).to_be_visible()
    move(tall, "tiers.shares.platinum", 2)
    expect(board.slider(tall, "tiers.shares.platinum")).to_have_value("54")
    expect(tall.locator(".st-key-lifecycle_head")).to_be_visible()
    expect(tall.locator(".st-key-lists, .st-key-strip [data-testid=stMetric]")).to_have_count(0)
