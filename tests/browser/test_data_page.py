"""A file that leaves a question open: asked with both readings, answered, and what does not count taken home."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import board
from tests.browser.conftest import OpenPage
from tests.browser.server import Server
from tests.browser.test_journey import upload, use

ORDERS = (
    "customer,date,amount\nA,03/04/2024,100\nB,05/06/2024,50\n=1+1,someday,7\nA,03/04/2024,20\nC,07/08/2024,30\n"
    "Total,,200\n"
)


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, "utf-8")
    return path


def choose(page: Page, label: str, choice: str) -> None:
    """Open a box by its label and take one of its choices."""
    page.get_by_role("combobox", name=label).first.click()
    page.get_by_role("option", name=choice).click()
    board.settle(page)


def test_a_doubtful_date_is_asked_and_rows_set_aside_are_taken_home(
    server: Server, open_page: OpenPage, orders: Path, tmp_path: Path
):
    page = open_page(f"{server.url}/data", accept_downloads=True)
    upload(page, [orders])
    question = "[class*=st-key-data-readings-orders-csv-date_order]"
    expect(page.locator(f"{question} [data-testid=stDataFrame]")).to_be_visible()
    board.expect_column(page, "data-readings", 0, ["03/04/2024", "05/06/2024", "07/08/2024"])
    board.expect_column(page, "data-readings", 2, ["Apr 3, 2024", "Jun 5, 2024", "Aug 7, 2024"])
    board.expect_column(page, "data-readings", 3, ["Mar 4, 2024", "May 6, 2024", "Jul 8, 2024"])
    expect(board.metric(page, 3)).to_have_text("Jul 8, 2024")
    choose(page, "Dates are written", "Day, month, year")
    expect(board.metric(page, 3)).to_have_text("Aug 7, 2024")
    expect(page.locator(question)).to_have_count(0)
    expect(page.get_by_text("orders.csv: 6 rows in the file = 4 used + 2 set aside")).to_be_visible()
    board.expect_column(page, "data-aside", 1, ["date cannot be read as Date", "Total of other rows"])
    with page.expect_download() as download:
        page.locator("[class*=st-key-data-handout-set-aside-csv] button").click()
    taken = tmp_path / "taken.csv"
    download.value.save_as(taken)
    lines = taken.read_text("utf-8-sig").splitlines()
    assert [line.split(",")[:3] for line in lines[1:]] == [
        ['"orders.csv"', "4", '"date cannot be read as Date"'], ['"orders.csv"', "7", '"Total of other rows"'],
    ]  # fmt: skip
    assert lines[1].endswith('"\'=1+1,someday,7"')
    use(page)
    again = open_page(f"{server.url}/data")
    upload(again, [orders])
    expect(again.get_by_text("orders.csv: your mapping of this header is applied.")).to_be_visible()
    expect(board.metric(again, 3)).to_have_text("Aug 7, 2024")
    again.get_by_role("button", name="Forget it").click()
    expect(again.locator(question)).to_be_visible()


def test_the_server_keeps_no_second_copy_of_an_uploaded_file(server: Server, open_page: OpenPage, orders: Path):
    page = open_page(f"{server.url}/data")
    upload(page, [orders])
    metrics = page.request.get(f"{server.url}/_stcore/metrics").text()
    assert "cache_memory_bytes" in metrics
    assert "UploadedFileManager" not in metrics
