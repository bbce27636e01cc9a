"""The board in a real browser: what moves when a line moves, checked against the engine."""

import pytest
from playwright.sync_api import Page, expect

from crmdash.adjusting import with_value
from crmdash.evaluate import Evaluation, evaluate
from crmdash.i18n import Wording
from crmdash.settings import Settings
from crmdash.summary import Summary, Tables, summarise
from crmdash.ui.cache import sample
from tests.browser import board
from tests.browser.conftest import OpenPage
from tests.browser.server import Server

EN = Wording("en")


@pytest.fixture(scope="module")
def summary() -> Summary:
    data = sample()
    return summarise(Tables.of(data.transactions, data.customers, data.contacts, data.staff))


def tiers_of(evaluation: Evaluation) -> list[str]:
    return [EN.integer(count) for count in evaluation.tiers["customers"]]


def expect_tiers(page: Page, evaluation: Evaluation) -> None:
    board.expect_tiers(page, tiers_of(evaluation))


def test_the_board_opens_on_the_sample(page: Page, summary: Summary):
    board.wait_for_board(page)
    expect(page.locator("[data-testid=stSidebar]")).to_contain_text("Sample")
    figures = evaluate(summary)
    expect(board.metric(page, 0)).to_have_text(EN.percent(figures.concentration.top20_share))
    expect_tiers(page, figures)


def test_a_slider_moved_by_keyboard_moves_everything(page: Page, summary: Summary):
    board.wait_for_board(page)
    board.press(page, "tiers.shares.platinum", "ArrowRight", times=3)
    moved = evaluate(summary, with_value(Settings(), "tiers.shares.platinum", 53))
    platinum = moved.tiers["customers"][0]
    expect(page.locator(".live-labels")).to_contain_text(f"Platinum: {platinum}, ")
    board.settle(page)
    expect_tiers(page, moved)
    cell = moved.matrix.filter((moved.matrix["tier"] == "platinum") & (moved.matrix["stage"] == "stable")).row(
        0, named=True
    )
    expect(board.cell(page, "platinum", "stable")).to_contain_text(EN.integer(cell["customers"]))
    board.expect_column(page, "strategies-table", 1, [EN.integer(count) for count in moved.strategies["customers"]])
    page.get_by_role("button", name="Defaults").click()
    started = evaluate(summary).tiers["customers"][0]
    expect(page.locator(".live-labels")).to_contain_text(f"Platinum: {started}, ")
    board.settle(page)
    expect_tiers(page, evaluate(summary))


def test_cooling_moves_customers_between_stages(page: Page, summary: Summary):
    board.wait_for_board(page)
    before = evaluate(summary).stages
    board.press(page, "lifecycle.cooling_silence", "ArrowRight", times=5)
    moved = evaluate(summary, with_value(Settings(), "lifecycle.cooling_silence", 2.5))
    falling = moved.stages.filter(moved.stages["stage"] == "deterioration")["customers"][0]
    assert falling < before.filter(before["stage"] == "deterioration")["customers"][0]
    cell = moved.matrix.filter(tier="gold", stage="deterioration")
    expect(board.cell(page, "gold", "deterioration")).to_contain_text(EN.compact_money(cell["value"][0]))


def test_a_click_in_the_matrix_narrows_the_list_and_a_customer_is_explained(page: Page, summary: Summary):
    page.set_viewport_size({"width": 1280, "height": 1400})
    board.wait_for_board(page)
    board.click_cell(page, "platinum", "deterioration")
    expect(board.chips(page)).to_have_count(2)
    found = evaluate(summary).customers
    inside = found.filter((found["tier"] == "platinum") & (found["stage"] == "deterioration"))
    board.expect_column(page, "customers-table", 0, inside["customer_id"].to_list()[:5])
    grid = page.locator("[class*=st-key-customers-table] canvas").first.bounding_box()
    assert grid is not None
    page.mouse.click(grid["x"] + 30, grid["y"] + 50)
    expect(page.get_by_text("Stage: Deterioration")).to_be_visible()
    expect(page.locator(".st-key-customer_card")).to_contain_text("cooling from ×2.0")
    board.chips(page).first.click()
    expect(board.chips(page)).to_have_count(1)


def test_the_whale_curve_names_loss_makers(page: Page, summary: Summary):
    board.wait_for_board(page)
    page.get_by_role("radio", name="Profit (whale)").click()
    whale = evaluate(summary).whale
    assert whale is not None
    title = f"{EN.integer(whale.loss_makers)} customers lose {EN.compact_money(-whale.profit_destroyed)}"
    expect(page.locator(".live-title")).to_have_text(title)


def test_the_language_is_the_browsers_and_can_be_switched(server: Server, open_page: OpenPage):
    page = open_page(server.url, locale="zh-TW")
    board.wait_for_board(page)
    taiwan = Wording("zh_Hant")
    expect(page.locator("[data-testid=stMetricLabel]").first).to_contain_text(taiwan("Top 20% make"))
    page.get_by_role("radio", name="English").click()
    expect(page.locator("[data-testid=stMetricLabel]").first).to_contain_text("Top 20% make")


def test_sliders_stand_where_they_stood_on_every_page(page: Page):
    board.wait_for_board(page)
    board.press(page, "tiers.shares.platinum", "ArrowRight", times=2)
    for name in ("Kinds", "Warnings", "Customers", "Board", "Value", "Board"):
        page.get_by_role("link", name=name, exact=True).first.click()
        expect(page.get_by_role("link", name=name, exact=True).first).to_have_attribute("aria-current", "page")
        board.settle(page)
        expect(board.slider(page, "tiers.shares.platinum")).to_have_value("52")
        expect(board.slider(page, "lifecycle.cooling_silence")).to_have_value("2")
