"""The interactions that matter, in a real browser, each against the engine's own figures."""

import csv
import io
import zipfile
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import polars as pl
import pytest
from playwright.sync_api import Page, ViewportSize, expect

from crmdash.adjusting import with_value
from crmdash.evaluate import Evaluation, evaluate
from crmdash.i18n import Wording
from crmdash.lines import ledger, losing_at_the_top
from crmdash.reason_line import reason_line
from crmdash.scope import Scope
from crmdash.settings import Settings
from crmdash.summary import Summary, Tables, summarise
from crmdash.systems.evidence import Evidence
from crmdash.systems.registry import gather
from crmdash.ui.as_at import days_to_stand_at
from crmdash.ui.cache import sample
from crmdash.ui.hit_rates import shares_told
from tests.browser import board
from tests.browser.conftest import OpenPage
from tests.browser.server import Server

EN = Wording("en")
TALL: ViewportSize = {"width": 1280, "height": 1500}


@pytest.fixture(scope="module")
def tables() -> Tables:
    return sample().tables


@pytest.fixture(scope="module")
def summary(tables: Tables) -> Summary:
    return summarise(tables)


@pytest.fixture
def tall(page: Page) -> Page:
    """The board in a window that shows the lists too."""
    page.set_viewport_size(TALL)
    board.wait_for_board(page)
    return page


def expect_tiers(page: Page, evaluation: Evaluation) -> None:
    board.expect_tiers(page, [EN.integer(count) for count in evaluation.tiers["customers"]])


def pick(page: Page, key: str, text: str) -> None:
    """Pick an entry of a box that can be typed into."""
    box = page.locator(f".st-key-{key} input").first
    box.click()
    box.fill(text)
    page.get_by_role("option", name=text, exact=True).first.click()
    board.settle(page)


def test_1_who_crosses_the_platinum_line_by_name_and_undo(tall: Page, summary: Summary):
    board.press(tall, "tiers.shares.platinum", "ArrowRight", times=5)
    before, now = evaluate(summary), evaluate(summary, with_value(Settings(), "tiers.shares.platinum", 55))
    moved = ledger(before, now)
    expect(board.metric(tall, 3)).to_have_text(EN.integer(moved.customers))
    hours = EN.signed(moved.hours_wanted, 0)
    expect(tall.locator(".st-key-strip")).to_contain_text(f"{EN.compact_money(moved.value)} · {hours} visit hours")
    tall.get_by_role("radio", name="Who moved").click()
    board.settle(tall)
    board.expect_column(tall, "moves-table", 1, moved.moves["name"].to_list()[:10])
    board.expect_column(tall, "moves-table", 2, ["Gold"] * 5)
    board.expect_column(tall, "moves-table", 3, ["Platinum"] * 5)
    tall.get_by_role("button", name="Undo").click()
    expect(board.metric(tall, 3)).to_have_text("0")
    expect_tiers(tall, before)


def test_2_revenue_is_not_profit(tall: Page, summary: Summary):
    opened = evaluate(summary)
    losing = losing_at_the_top(opened)
    lost = EN.compact_money(int(losing["customer_profit"].sum()))
    note = f"Revenue is not profit: {len(losing)} Platinum customers lose money, {lost} together."
    expect(tall.get_by_text(note)).to_be_visible()
    tall.get_by_role("button", name="By profit").click()
    whale = opened.whale
    assert whale is not None
    title = f"{EN.integer(whale.loss_makers)} customers lose {EN.compact_money(-whale.profit_destroyed)}"
    expect(tall.locator(".live-title")).to_have_text(title)
    board.expect_column(tall, "losses-table", 0, losing["customer_id"].to_list()[:10])
    expect_tiers(tall, evaluate(summary, with_value(Settings(), "tiers.measure", "customer_profit")))


def test_3_a_cell_narrows_the_list_and_a_chip_widens_it(tall: Page, summary: Summary):
    board.click_cell(tall, "platinum", "deterioration")
    expect(board.chips(tall)).to_have_count(2)
    found = evaluate(summary).customers
    inside = found.filter((pl.col("tier") == "platinum") & (pl.col("stage") == "deterioration"))
    board.expect_column(tall, "customers-table", 0, inside["customer_id"].to_list()[:10])
    held = f"{len(inside)} customers, {EN.compact_money(int(inside['value'].sum()))}"
    expect(tall.locator(".st-key-filters")).to_contain_text(held)
    board.chips(tall).nth(1).click()
    expect(board.chips(tall)).to_have_count(1)
    platinum = found.filter(pl.col("tier") == "platinum")
    board.expect_column(tall, "customers-table", 0, platinum["customer_id"].to_list()[:10])


def test_4_a_strategy_its_customers_with_reasons_and_the_workbook(tall: Page, summary: Summary, tmp_path: Path):
    opened = evaluate(summary)
    place = opened.strategies["strategy"].to_list().index("protect")
    click_row(tall, "strategies-table", place)
    expect(board.chips(tall)).to_have_count(1)
    protected = opened.customers.filter(pl.col("strategy") == "protect")
    board.expect_column(tall, "customers-table", 0, protected["customer_id"].to_list()[:10])
    reasons = [reason_line(row, opened.rulebook, EN) for row in protected.head(3).iter_rows(named=True)]
    board.expect_column(tall, "customers-table", 5, reasons)
    tall.get_by_role("button", name="Download", exact=True).click()
    with tall.expect_download() as waiting:
        tall.get_by_role("button", name="All tables as Excel").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    assert file.suffix == ".xlsx"
    assert {row[0] for row in first_sheet(file)[1:]} == set(protected["customer_id"])
    with tall.expect_download() as waiting:
        tall.get_by_role("button", name="This list as CSV").click()
    waiting.value.save_as(tmp_path / "list.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "list.csv").read_text("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == protected["customer_id"].to_list()


def test_5_a_customer_with_every_rule_and_the_way_out(tall: Page, summary: Summary):
    click_row(tall, "customers-table", 0)
    opened = evaluate(summary)
    first = opened.customers.filter(~pl.col("internal")).row(0, named=True)
    card = tall.locator(".st-key-customer_card")
    expect(card).to_contain_text(first["customer_id"])
    for label in ("Tier", "Stage", "Strategy"):
        words = EN.term("model", f"{label.lower()}.{first[label.lower()]}")
        expect(card).to_contain_text(f"{label}: {words}")
    tall.get_by_role("link", name="Customers", exact=True).first.click()
    expect(tall.locator(".stMain")).to_contain_text(first["customer_id"])
    expect(tall.locator(".stMain")).to_contain_text("Purchases")


def test_6_time_goes_back_and_customers_wander(tall: Page, tables: Tables, summary: Summary):
    days = days_to_stand_at(summary.clock, 3)
    tall.get_by_role("button", name="As at").click()
    handle = tall.locator(".st-key-as_at-day input").first
    handle.focus()
    for step in (2, 3):
        tall.keyboard.press("ArrowLeft")
        board.settle(tall)
        then = evaluate(summarise(tables, as_of=days[-step]))
        expect_tiers(tall, then)
        moved = ledger(evaluate(summary), then)
        expect(board.metric(tall, 3)).to_have_text(EN.integer(moved.customers))
    tall.keyboard.press("ArrowRight")
    tall.keyboard.press("ArrowRight")
    board.settle(tall)
    expect_tiers(tall, evaluate(summary))
    expect(board.metric(tall, 3)).to_have_text("0")


def gathered(tables: Tables, settings: Settings) -> Evidence:
    summary = summarise(tables)
    return gather(tables, summary, evaluate(summary, settings), lambda day: summarise(tables, as_of=day))


def test_7_what_followed_moves_with_the_cooling_limit(tall: Page, tables: Tables):
    beside = tall.locator(".st-key-hit_rates")
    told = {limit: shares_told(EN, gathered(tables, limited(limit))) for limit in (2.0, 3.0)}
    assert told[2.0] and told[3.0] and told[2.0] != told[3.0]
    expect(beside).to_contain_text(f"bought since: {told[2.0]}.")
    board.press(tall, "lifecycle.cooling_silence", "ArrowRight", times=10)
    expect(beside).to_contain_text(f"bought since: {told[3.0]}.")
    tall.get_by_role("button", name="Undo").click()
    expect(beside).to_contain_text(f"bought since: {told[2.0]}.")


def limited(cooling: float) -> Settings:
    return with_value(Settings(), "lifecycle.cooling_silence", cooling)


def test_8_what_remains_without_the_top_a_salesperson_or_a_tier(tall: Page, summary: Summary):
    tall.get_by_role("link", name="What if", exact=True).click()
    everybody = evaluate(summary).customers.filter("in_base")

    def remains(left: pl.DataFrame) -> None:
        expect(board.metric(tall, 0)).to_have_text(EN.integer(len(left)))
        expect(board.metric(tall, 1)).to_have_text(EN.compact_money(int(left["revenue"].sum())))
        expect(board.metric(tall, 2)).to_have_text(EN.compact_money(int(left["customer_profit"].sum())))
        largest = int(left["revenue"].sort(descending=True).head(-(-len(left) // 5)).sum())
        share = largest / int(left["revenue"].clip(lower_bound=0).sum())
        expect(board.metric(tall, 3)).to_have_text(EN.percent(share))

    remains(everybody.sort("revenue", descending=True)[5:])
    board.expect_column(tall, "what_if-taken", 0, everybody["customer_id"].to_list()[:5])
    tall.get_by_role("radio", name="An account manager’s").click()
    board.settle(tall)
    first = sorted(everybody["owner"].drop_nulls().unique())[0]
    remains(everybody.filter(pl.col("owner").is_null() | (pl.col("owner") != first)))
    tall.get_by_role("radio", name="A tier", exact=True).click()
    remains(everybody.filter(pl.col("tier") != "platinum"))


def test_9_filters_with_and_without_redrawing_the_lines(tall: Page, summary: Summary):
    tall.get_by_role("button", name="Filter").click()
    pick(tall, "scope-region", "North")
    scope = Scope(region=("North",))
    expect_tiers(tall, evaluate(summary, scope=scope))
    expect(tall.locator(".st-key-filters")).to_contain_text("lines drawn from all customers")
    tall.locator(".st-key-scope-redraw label").click()
    board.settle(tall)
    expect_tiers(tall, evaluate(summary, scope=Scope(region=("North",), redraw=True)))
    expect(tall.locator(".st-key-filters")).to_contain_text("lines drawn within this filter")
    tall.keyboard.press("Escape")
    board.chips(tall).first.click()
    expect_tiers(tall, evaluate(summary))


def test_10_guess_first_then_reveal(tall: Page, summary: Summary):
    tall.locator(".st-key-presenting label").click()
    board.settle(tall)
    tall.get_by_role("button", name="Hide figures").click()
    expect(board.metric(tall, 0)).to_have_text("?")
    share = evaluate(summary).concentration.top20_share
    assert share is not None
    expect(tall.locator("body")).not_to_contain_text(EN.percent(share), use_inner_text=True)
    expect(tall.locator(".live-part")).to_have_count(0)
    box = tall.locator(".st-key-guess-top20 input")
    box.fill("60")
    box.press("Enter")
    board.settle(tall)
    tall.get_by_role("button", name="Reveal").click()
    board.settle(tall)
    expect(board.metric(tall, 0)).to_have_text(EN.percent(share))
    expect(tall.get_by_text(f"guessed 60%: {EN.decimal(100 * share - 60, 1)} too low")).to_be_visible()
    board.press(tall, "tiers.shares.platinum", "ArrowRight")
    tall.get_by_role("button", name="Put away").click()
    expect(tall.get_by_text("guessed 60%")).to_have_count(0)
    expect(board.slider(tall, "tiers.shares.platinum")).to_have_value("51")
    tall.get_by_role("button", name="Begin again").click()
    expect(board.slider(tall, "tiers.shares.platinum")).to_have_value("50")
    expect(tall.get_by_text("guessed 60%")).to_have_count(0)


def test_answers_take_one_row_of_the_screen(page: Page):
    board.wait_for_board(page)
    page.locator(".st-key-presenting label").click()
    board.settle(page)
    page.get_by_role("button", name="Hide figures").click()
    for figure in ("top20", "for80", "losses", "falling"):
        box = page.locator(f".st-key-guess-{figure} input")
        box.fill("50")
        box.press("Enter")
        board.settle(page)
    page.get_by_role("button", name="Reveal").click()
    expect(page.locator(".st-key-guesses [data-testid=stMetric]")).to_have_count(4)
    row = page.locator(".st-key-guesses").bounding_box()
    assert row is not None and row["height"] <= 100


def test_a_link_opens_the_same_board_in_another_tab(server: Server, open_page: OpenPage, summary: Summary):
    page = open_page(server.url)
    board.wait_for_board(page)
    board.press(page, "tiers.shares.platinum", "ArrowRight", times=4)
    expect_tiers(page, evaluate(summary, with_value(Settings(), "tiers.shares.platinum", 54)))
    board.settle(page)
    page.get_by_role("button", name="Filter").click()
    pick(page, "scope-region", "East")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Link").click()
    address = page.locator("[data-testid=stCode] code").inner_text()
    assert "tiers.shares.platinum=54" in address and "region=East" in address
    expect(page.get_by_text("Not in it: what narrows the list below")).to_be_visible()
    other = open_page(address)
    board.wait_for_board(other)
    settings = with_value(Settings(), "tiers.shares.platinum", 54)
    expect_tiers(other, evaluate(summary, settings, Scope(region=("East",))))
    assert not urlsplit(other.url).query


def click_row(page: Page, key: str, place: int) -> None:
    """Click a row of a table by its place below the header."""
    grid = page.locator(f"[class*=st-key-{key}] canvas").first.bounding_box()
    assert grid is not None
    head, row = (32, 28) if key != "customers-table" else (35, 30)
    page.mouse.click(grid["x"] + 30, grid["y"] + head + row * (place + 0.5))
    board.settle(page)


def first_sheet(file: Path) -> list[list[str]]:
    """Return the cells of a workbook's first sheet as text."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(file) as book:
        shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        words = ["".join(part.text or "" for part in item.iter(f"{space}t")) for item in shared]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    rows = []
    for row in sheet.iter(f"{space}row"):
        cells = [(cell.get("t"), cell.findtext(f"{space}v") or "") for cell in row]
        rows.append([words[int(value)] if kind == "s" else value for kind, value in cells])
    return rows
