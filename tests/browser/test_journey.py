"""From the first request to the reader's own data on the board, in a real browser."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Page, expect

from crmdash.adjusting import with_value
from crmdash.evaluate import evaluate
from crmdash.i18n import Wording
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.raw import Source
from crmdash.settings import Settings
from crmdash.summary import Summary, Tables, summarise
from tests.browser import board
from tests.browser.conftest import OpenPage
from tests.browser.server import Server
from tests.conftest import ROOT

EN = Wording("en")
ANSWER_MS = 500


def packaged_cdnow() -> Path:
    """The CDNOW purchases of 23,570 customers that the lifetimes wheel ships (never imported: it warns)."""
    spec = find_spec("lifetimes")
    assert spec is not None and spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "datasets" / "CDNOW_master.txt"


def own_file() -> Path:
    """superstore.csv where the shared data sets lie beside the repository, else the packaged CDNOW file."""
    superstore = ROOT.parent / "shared" / "datasets" / "superstore" / "superstore.csv"
    return superstore if superstore.is_file() else packaged_cdnow()


def summary_of(file: Path) -> Summary:
    data = open_dataset([Source.from_path(file)])
    return summarise(Tables.of(data.transactions, data.customers, data.contacts, data.staff))


def upload(page: Page, files: Sequence[Path]) -> None:
    page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(files, timeout=60_000)
    expect(page.get_by_role("button", name="Use this data")).to_be_visible(timeout=60_000)
    board.settle(page)


def use(page: Page) -> None:
    page.get_by_role("button", name="Use this data").click()
    expect(page.get_by_text("The board shows your data.")).to_be_visible()
    page.get_by_role("link", name="Board", exact=False).first.click()
    board.wait_for_board(page)


def test_a_deep_link_is_the_first_request(fresh_server: Server, open_page: OpenPage):
    page = open_page(f"{fresh_server.url}/data")
    expect(page.locator("[data-testid=stFileUploader]")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Board", exact=False).first.click()
    board.wait_for_board(page)


def test_the_board_has_an_address_of_its_own(fresh_server: Server, open_page: OpenPage):
    page = open_page(f"{fresh_server.url}/board")
    board.wait_for_board(page)
    assert "Page not found" not in page.locator("body").inner_text()


def test_own_orders_from_upload_to_a_moved_line(server: Server, open_page: OpenPage):
    file = own_file()
    summary = summary_of(file)
    page = open_page(f"{server.url}/data")
    upload(page, [file])
    use(page)
    expect(page.locator("[data-testid=stSidebar]")).to_contain_text("Your data")
    opened = evaluate(summary)
    expect(board.metric(page, 0)).to_have_text(EN.percent(opened.concentration.top20_share))
    board.press(page, "tiers.shares.gold", "ArrowLeft", times=4)
    moved = evaluate(summary, with_value(Settings(), "tiers.shares.gold", 76))
    gold = EN.integer(moved.tiers["customers"][1])
    expect(page.locator(".live-labels")).to_contain_text(f"Gold: {gold}, ")
    board.settle(page)
    board.expect_tiers(page, [EN.integer(count) for count in moved.tiers["customers"]])
    page.get_by_role("radio", name="简体").click()
    simplified = Wording("zh_Hans")
    expect(page.locator("[data-testid=stMetricLabel]").first).to_contain_text(simplified("Top 20% make"))
    expect(board.slider(page, "tiers.shares.gold")).to_have_value("76")
    page.get_by_role("link", name=simplified("Data"), exact=False).first.click()
    expect(page.get_by_text(file.name).first).to_be_visible()


def test_two_readers_never_see_each_others_data(server: Server, open_page: OpenPage):
    mine = open_page(f"{server.url}/data")
    upload(mine, [own_file()])
    other = open_page(f"{server.url}/data")
    expect(other.locator("[data-testid=stFileUploader]")).to_be_visible(timeout=60_000)
    board.settle(other)
    assert own_file().name not in other.locator("body").inner_text()


@pytest.mark.quiet
@pytest.mark.parametrize("data", ["sample", "cdnow"])
def test_a_key_press_is_answered_within_half_a_second(server: Server, open_page: OpenPage, data: str):
    page = open_page(server.url if data == "sample" else f"{server.url}/data")
    if data == "cdnow":
        upload(page, [packaged_cdnow()])
        use(page)
    board.wait_for_board(page)
    board.slider(page, "tiers.shares.platinum").focus()
    times = [_answer(page, "ArrowRight") for _ in range(20)]
    print(f"slider to changed text, {data}: median {median(times):.0f} ms of {[round(time) for time in times]}")
    assert median(times) <= ANSWER_MS


def _answer(page: Page, key: str) -> float:
    """Press a key and return the milliseconds until the words on the curve have changed."""
    page.evaluate(
        """() => {
            const words = () => [...document.querySelectorAll('.live-labels text')]
                .map(text => text.textContent).join('|');
            const before = words();
            window.answered = new Promise(resolve => {
                document.addEventListener('keydown', () => {
                    const start = performance.now();
                    const look = () => words() && words() !== before
                        ? resolve(performance.now() - start) : requestAnimationFrame(look);
                    look();
                }, {once: true, capture: true});
            });
        }"""
    )
    page.keyboard.press(key)
    taken = float(page.evaluate("() => window.answered"))
    board.settle(page)
    return taken
