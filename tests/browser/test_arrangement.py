"""The board stands as drawn on a projector, nothing scrolls sideways on a phone, every page in every language."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from crmdash.i18n import Wording
from tests.browser import board
from tests.browser.conftest import OpenPage
from tests.browser.server import Server
from tests.browser.test_accessibility import WHOLE

READERS = {"en-US": Wording("en"), "zh-CN": Wording("zh_Hans"), "zh-TW": Wording("zh_Hant")}
SLIDERS = (
    "tiers.shares.platinum", "tiers.shares.gold", "tiers.shares.iron", "lifecycle.cooling_silence",
    "lifecycle.lapsed_silence",
)  # fmt: skip


def edges(part: Locator) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom."""
    box = part.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


@pytest.mark.parametrize("locale", READERS)
def test_at_1280_by_720_everything_stands_in_its_place(server: Server, open_page: OpenPage, locale: str):
    page = open_page(server.url, locale=locale)
    board.wait_for_board(page)
    for path in SLIDERS:
        left, top, right, bottom = edges(page.locator(f".st-key-{path.replace('.', '-')}").first)
        assert left >= 0 and right <= 264 and top >= 50 and bottom <= 720, path
    assert edges(page.locator(".st-key-more_rules").first)[3] <= 720
    strip = edges(page.locator(".st-key-strip").first)
    curve, matrix = (edges(page.locator(key).first) for key in (".live-curve-part", "table.live-matrix"))
    tiers = edges(page.locator("table.live-tiers"))
    strategies = edges(page.locator("[class*=st-key-strategies-table]").first)
    lists = edges(page.locator(".st-key-below").first)
    assert strip[1] >= 50 and strip[3] <= 136
    assert strip[3] <= curve[1] and curve[3] <= 392 and curve[2] <= 845
    assert curve[3] <= matrix[1] and matrix[3] <= 655 and matrix[2] <= 845
    assert tiers[0] >= 800 and tiers[1] >= strip[3] and tiers[3] <= 350 and tiers[2] <= 1280
    assert strategies[0] >= 800 and strategies[1] >= tiers[3] and strategies[3] <= 680
    assert lists[1] >= matrix[3] and lists[3] <= 720
    assert page.locator("[data-testid=stMetric]").count() == 5
    assert not scrolls_sideways(page)


def scrolls_sideways(page: Page) -> bool:
    return bool(
        page.evaluate(
            """() => [document.documentElement, document.querySelector('.stMain')]
                .some(box => box.scrollWidth > box.clientWidth)"""
        )
    )


@pytest.mark.parametrize("locale", READERS)
def test_every_page_without_sections_in_every_language_and_on_a_phone(server: Server, open_page: OpenPage, locale: str):
    _ = READERS[locale]
    page = open_page(server.url, locale=locale)
    board.wait_for_board(page)
    for entry in WHOLE:  # the others are walked section by section
        page.get_by_role("link", name=entry.title(_), exact=True).first.click()
        expect(page).to_have_title(_("{page} · Customer tiers", page=entry.title(_)))
        expect(page.locator("[data-testid=stMain] [data-testid=stElementContainer]").first).to_be_attached()
        board.settle(page)
        assert not page.locator("[data-testid=stException]").count()
        page.set_viewport_size({"width": 390, "height": 844})
        page.wait_for_timeout(500)
        assert not scrolls_sideways(page), entry.address
        page.set_viewport_size({"width": 1280, "height": 720})


def test_a_phone_folds_the_pictures_and_keeps_the_sliders_in_a_drawer(server: Server, open_page: OpenPage):
    page = open_page(server.url, size=(390, 844))
    expect(page.locator("table.live-tiers")).to_be_visible(timeout=60_000)
    board.settle(page)
    expect(page.locator(".live-plot")).to_be_hidden()
    expect(page.locator("table.live-matrix")).to_be_hidden()
    assert edges(page.locator("table.live-tiers"))[1] < edges(page.locator(".st-key-below").first)[1]
    page.get_by_text("Show the curve").click()
    expect(page.locator(board.CURVE_WORDS).first).to_be_visible()
    line = page.locator(".st-key-tiers-shares-platinum").first
    expect(line).not_to_be_in_viewport()
    page.get_by_test_id("stExpandSidebarButton").click()
    expect(line).to_be_in_viewport()


def test_the_tiles_of_a_row_stand_in_line_whatever_letters_they_hold(server: Server, open_page: OpenPage):
    page = open_page(f"{server.url}/data", locale="zh-TW")
    values, notes = (page.locator(f"[data-testid=stMetric{part}]") for part in ("Value", "Delta"))
    expect(values).to_have_count(4, timeout=60_000)
    board.settle(page)
    assert "萬" in values.nth(1).inner_text()
    for row in (values, notes):
        assert len({(top, bottom) for _, top, _, bottom in map(edges, row.all())}) == 1


def test_notes_in_large_type_show_whole(server: Server, open_page: OpenPage):
    page = open_page(f"{server.url}/?tiers.measure=customer_profit", locale="zh-CN")
    board.wait_for_board(page)
    page.locator(".st-key-presenting label").click()
    expect(page.locator(".st-key-present_panel")).to_be_visible()
    board.settle(page)
    cut = "notes => notes.some(note => note.scrollWidth > note.clientWidth)"
    assert not page.locator("[data-testid=stMetricDelta] [data-testid=stMarkdownContainer]").evaluate_all(cut)


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_a_notice_covers_no_button_that_was_just_used_and_goes_under_the_mouse(
    server: Server, open_page: OpenPage, size: tuple[int, int]
):
    page = open_page(server.url, size=size)
    expect(page.locator(".live-tiers tbody td").first).to_be_visible()
    page.locator(".st-key-presenting label").click()
    board.settle(page)
    page.get_by_role("button", name="Begin again").click()
    notice = page.get_by_text("The board is as it was when it opened.")
    expect(notice).to_be_visible()
    left, top, right, bottom = edges(notice)
    assert size[1] / 2 < top and bottom <= size[1]
    page.mouse.move((left + right) / 2, (top + bottom) / 2)
    expect(notice).to_have_count(0, timeout=8_000)


def test_a_notice_leaves_the_buttons_of_a_phones_drawer_free(server: Server, open_page: OpenPage):
    page = open_page(server.url, size=(390, 844))
    expect(page.locator(".live-tiers tbody td").first).to_be_visible()
    page.get_by_test_id("stExpandSidebarButton").click()
    pin = page.get_by_role("button", name="Pin")
    pin.click()
    notice = page.get_by_text("Changes are counted from here on.")
    expect(notice).to_be_visible()
    assert edges(notice)[3] < edges(pin)[1] - 100


def test_every_page_of_a_list_can_be_reached(server: Server, open_page: OpenPage):
    page = open_page(f"{server.url}/lifecycle")
    page.get_by_text("Tiers over time", exact=True).first.click()
    pages = page.locator(".stPagination button:not([aria-label$=page])")
    expect(pages).to_have_text(["1", "2"])
    page.goto(server.url)
    board.wait_for_board(page)
    page.locator(".st-key-presenting label").click()
    page.get_by_role("radio", name="Lists").click()
    expect(pages).to_have_text(["1", "2", "3", "65"])


def test_question_marks_are_small_again_after_present_mode(page: Page):
    mark = page.locator("[data-testid=stTooltipIcon] svg").first
    board.wait_for_board(page)
    page.locator(".st-key-presenting label").click()
    board.settle(page)
    page.get_by_role("link", name="Warnings").click()
    expect(page.locator(".st-key-warnings_head")).to_be_visible()
    page.get_by_role("link", name="Board").click()
    board.wait_for_board(page)
    expect(mark).to_have_css("width", re.compile(r"18\.\d+px"))
    page.locator(".st-key-presenting label").click()
    expect(mark).to_have_css("width", "14px")
