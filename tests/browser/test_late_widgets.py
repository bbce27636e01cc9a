"""A reader who clicks before the browser has loaded all widgets: none of them may report what nobody chose."""

from playwright.sync_api import Route, expect

from tests.browser import board
from tests.browser.conftest import OpenPage
from tests.browser.server import Server

SLIDERS = "**/Slider.*.js"


def test_sliders_that_come_late_show_the_settings_and_leave_them(open_page: OpenPage, server: Server):
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page = open_page(server.url, size=(1280, 1500))
    board.wait_for_board(page)
    page.route(SLIDERS, hold)
    page.reload()
    board.wait_for_board(page)
    before = page.locator(".live-tiers tbody .live-customers").all_text_contents()
    page.get_by_role("button", name="As at").click()
    board.settle(page)
    assert held
    expect(board.slider(page, "tiers.shares.platinum")).to_have_count(0)
    for route in held:
        route.continue_()
    for tier, share in {"platinum": "50", "gold": "80", "iron": "95"}.items():
        expect(board.slider(page, f"tiers.shares.{tier}")).to_have_value(share)
    page.get_by_role("radio", name="Who moved").click()
    board.settle(page)
    board.expect_tiers(page, before)
