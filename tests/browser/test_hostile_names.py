"""Names that try to be something else, in a real browser: text, and nothing but text."""

from pathlib import Path
from typing import Final

from playwright.sync_api import Dialog, Page, expect

from tests.browser import board
from tests.browser.conftest import OpenPage
from tests.browser.server import Server
from tests.browser.test_journey import upload, use
from tests.unit.bad_inputs.files import ORDERS, csv

HOSTILE: Final = (
    '<img src=x onerror="window.hit=1;alert(1)">', "<script>window.hit=1</script>", "[x](javascript:alert(1))",
    ':material/home: :red[loud] $x$ <b id="planted">b</b>', '=HYPERLINK("http://example.com","click")',
    "abc\u202egnp.exe",
)  # fmt: skip


def orders_and_customers(folder: Path) -> list[Path]:
    ids = [f"C{place}" for place in range(len(HOSTILE))]
    orders = [(one, f"2024-{month:02}-05", str(900 - place)) for place, one in enumerate(ids) for month in range(1, 7)]
    files = {"orders.csv": csv(ORDERS, orders)}
    files["customers.csv"] = csv(("customer_id", "name", "region"), list(zip(ids, HOSTILE, HOSTILE, strict=True)))
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return [folder / name for name in files]


def told_dialogs(page: Page) -> list[str]:
    """Return the list to which every dialog's words will be added."""
    dialogs: list[str] = []

    def tell(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", tell)
    return dialogs


def nothing_was_made(page: Page) -> None:
    """Say that no element, no link and no script came out of a name."""
    assert page.evaluate("window.hit === undefined")
    assert page.locator("#planted, img[src='x'], a[href^='javascript'], a[href*='example.com']").count() == 0


def test_hostile_names_are_text_wherever_they_stand(fresh_server: Server, open_page: OpenPage, tmp_path: Path):
    page = open_page(f"{fresh_server.url}/data")
    dialogs = told_dialogs(page)
    upload(page, orders_and_customers(tmp_path))
    nothing_was_made(page)
    use(page)
    nothing_was_made(page)
    page.get_by_role("link", name="Customers", exact=False).first.click()
    query = page.get_by_role("searchbox", name="Search by number or name")
    expect(query).to_be_visible()
    for place, name in enumerate(HOSTILE):
        query.fill(f"C{place}")
        query.press("Enter")
        board.settle(page)
        board.expect_column(page, "customers", 1, [name])
        nothing_was_made(page)
    assert not dialogs


def test_a_customers_own_page_shows_its_name_literally(fresh_server: Server, open_page: OpenPage, tmp_path: Path):
    page = open_page(f"{fresh_server.url}/data")
    dialogs = told_dialogs(page)
    upload(page, orders_and_customers(tmp_path))
    use(page)
    page.get_by_role("link", name="Customers", exact=False).first.click()
    query = page.get_by_role("searchbox", name="Search by number or name")
    query.fill("C3")
    query.press("Enter")
    board.settle(page)
    board.expect_column(page, "customers", 1, [HOSTILE[3]])
    table = page.locator("[class*=st-key-customers] [data-testid=stDataFrame]").first
    table.click(position={"x": 60, "y": 52})
    heading = page.locator("h2.customer-name")
    expect(heading).to_have_text(f"{HOSTILE[3]} · C3")
    bar = page.locator(".st-key-customers-purchases .barlayer .point path").nth(2)
    bar.scroll_into_view_if_needed()
    board.settle(page)
    box = bar.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=5)
    expect(page.locator(".hoverlayer .hovertext").first).to_contain_text(HOSTILE[3])
    nothing_was_made(page)
    assert not dialogs
