"""Nobody is kept out: every page against axe, in both themes, on a projector and a phone, folded parts included."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from crmdash.i18n import Wording
from crmdash.ui.document import TAGS
from crmdash.ui.navigation import PAGES, PageEntry
from tests.browser import board
from tests.browser.axe import Finding, findings
from tests.browser.conftest import OpenPage
from tests.browser.server import Server

PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
READERS: Final = {"light": ("en-US", Wording("en")), "dark": ("zh-TW", Wording("zh_Hant"))}

STREAMLITS_OWN: Final[dict[tuple[str, str], str]] = {
    ("label", "textarea.gdg-input[disabled]"): "the box in which a table shows a whole cell; it comes without a name",
}
"""Findings inside Streamlit's markup that nothing on our side changes: (rule, selector) -> reason."""


def shown(page: Page) -> None:
    """Wait until a page is drawn and nothing moves any more."""
    expect(page.locator("[data-testid=stMain] [data-testid=stElementContainer]").first).to_be_attached(timeout=60_000)
    board.settle(page)
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)
    assert "encountered an error" not in page.locator("body").inner_text()
    still(page)


def still(page: Page) -> None:
    """Wait until nothing fades or moves: axe would read half-faded words."""
    page.wait_for_timeout(300)
    page.wait_for_function(
        """() => !document.querySelector('[data-stale=true]')
            && document.getAnimations().every(motion => motion.playState !== 'running')"""
    )


def failing(page: Page, where: str, part: str = "html") -> list[str]:
    """Return what keeps somebody out, and print the lesser findings."""
    kept = [finding for finding in findings(page, part) if not is_streamlits_own(page, finding)]
    lesser = {
        f"{where}: {finding.impact}: {finding.rule} at {finding.selector}" for finding in kept if not finding.fails
    }
    print(*sorted(lesser), sep="\n")
    return [f"{where}: {finding}" for finding in kept if finding.fails]


def is_streamlits_own(page: Page, finding: Finding) -> bool:
    return any(
        finding.rule == rule and page.locator(finding.selector).first.evaluate("(it, like) => it.matches(like)", like)
        for rule, like in STREAMLITS_OWN
    )


def unfold_rules(page: Page, _: Wording, _folder: Path) -> None:
    page.locator(".st-key-more_rules summary").click()


def click_a_customer(page: Page, _: Wording, _folder: Path) -> None:
    click_a_row(page, "[class*=st-key-customers-table] canvas", ".st-key-customer_card")


def click_a_row(page: Page, table: str, shown_by: str) -> None:
    """Click rows of a table until one has been taken: a table that is being drawn misses a press."""
    grid = page.locator(table).first
    grid.scroll_into_view_if_needed()
    still(page)
    box = grid.bounding_box()
    assert box is not None
    for row in range(4):
        page.mouse.click(box["x"] + 30, box["y"] + 50 + 30 * row, delay=100)
        page.wait_for_timeout(1_500)
        if page.locator(shown_by).count():
            break
    expect(page.locator(shown_by)).to_be_attached()


def present_to_a_group(page: Page, _: Wording, _folder: Path) -> None:
    page.locator(".st-key-presenting label").click()
    expect(page.locator(".st-key-present_panel")).to_be_visible()


def propose_lines(page: Page, _: Wording, _folder: Path) -> None:
    page.locator(".st-key-suggest button").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def choose_a_customer(page: Page, _: Wording, _folder: Path) -> None:
    click_a_row(page, "[data-testid=stMain] canvas", ".st-key-customers-back")


def upload_a_file(page: Page, _: Wording, folder: Path) -> None:
    orders = folder / "orders.csv"
    orders.write_text(
        "customer,date,amount,note\nA-1,2026-01-05,120.50,x\nA-2,2026-02-30,80,y\nA-3,2026-03-07,abc,z\n",
        encoding="utf-8",
    )
    page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(orders)
    expect(page.get_by_text(orders.name).first).to_be_visible()


WHOLE: Final = [entry for entry in PAGES if entry.address in ("home", "customers", "data", "learn")]
"""Pages without sections; the others are walked section by section."""

State = Callable[[Page, Wording, Path], None]
STATES: Final[dict[str, tuple[State, ...]]] = {
    "home": (unfold_rules, click_a_customer),
    "customers": (choose_a_customer,),
    "data": (upload_a_file,),
}
"""What is folded or comes by a click, by page; each state stays when the next one is made."""


def popovers(page: Page) -> list[str]:
    """Open every popover of the page, one after the other, and return what fails in each."""
    found = []
    for place, button in enumerate(page.locator("[data-testid=stPopoverButton]:visible").all()):
        button.click()
        expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
        board.settle(page)
        still(page)
        found += failing(page, f"popover {place + 1}", "[data-testid=stPopoverBody]")
        page.keyboard.press("Escape")
    return found


def narrow(page: Page) -> list[str]:
    """Hold a page as wide as a phone against axe, and see that nothing scrolls sideways."""
    page.set_viewport_size(PHONE)
    shown(page)
    for switch in page.locator("[class*=st-key-fold_] label:visible").all():
        switch.click()
        shown(page)
    sideways = page.evaluate(
        "() => Math.max(...[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(part => part.scrollWidth - part.clientWidth))"
    )
    too_wide = [f"390 x 844: the page scrolls sideways by {sideways} px"] if sideways > 0 else []
    return failing(page, "390 x 844") + too_wide


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("entry", WHOLE, ids=lambda entry: entry.address)
def test_axe_has_nothing_serious_against_a_page(
    server: Server, open_page: OpenPage, tmp_path: Path, entry: PageEntry, scheme: Literal["light", "dark"]
):
    locale, wording = READERS[scheme]
    address = "" if entry is PAGES[0] else entry.address
    page = open_page(f"{server.url}/{address}", locale=locale, scheme=scheme, reduced_motion="reduce")
    shown(page)
    found = failing(page, "1280 x 720")
    for state in STATES.get(entry.address, ()):
        state(page, wording, tmp_path)
        shown(page)
    if entry.address in STATES:
        found += failing(page, "unfolded and clicked")
    found += popovers(page) + narrow(page)
    assert not found, "\n\n".join(dict.fromkeys(found))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", [present_to_a_group, propose_lines])
def test_axe_has_nothing_serious_against_presenting_and_proposing(
    server: Server, open_page: OpenPage, tmp_path: Path, state: State, scheme: Literal["light", "dark"]
):
    locale, wording = READERS[scheme]
    page = open_page(server.url, locale=locale, scheme=scheme, reduced_motion="reduce")
    shown(page)
    state(page, wording, tmp_path)
    shown(page)
    found = failing(page, state.__name__)
    assert not found, "\n\n".join(dict.fromkeys(found))


def test_the_documents_language_follows_the_readers(server: Server, open_page: OpenPage):
    page = open_page(f"{server.url}/data", locale="zh-TW")
    shown(page)
    html = page.locator("html")
    expect(html).to_have_attribute("lang", TAGS["zh_Hant"])
    assert fonts_of(page, Wording("zh_Hant")("Data")) <= {
        "Noto Sans CJK TC",
        "Noto Sans TC",
        "PingFang TC",
        "Microsoft JhengHei",
    }
    for name, tag in (("简体", "zh-Hans"), ("English", "en"), ("繁體", "zh-Hant")):
        page.get_by_role("radio", name=name).click()
        expect(html).to_have_attribute("lang", tag)
    page.get_by_role("link", name=Wording("zh_Hant")("Board")).first.click()
    shown(page)
    expect(html).to_have_attribute("lang", TAGS["zh_Hant"])


def fonts_of(page: Page, words: str) -> set[str]:
    """Return the families that the browser has in fact drawn these words of the navigation with."""
    link = page.locator("header a, [data-testid=stTopNavLink]").filter(has_text=words).first
    text = link.get_by_text(words, exact=True).first
    text.evaluate("it => it.setAttribute('data-drawn', '')")
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": "[data-drawn]"})["nodeId"]
    return {font["familyName"] for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]}


REACHED: Final = """() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return null;
    let ringed = false;
    for (let part = focused, up = 0; part && up < 5; part = part.parentElement, up += 1) {
        const style = getComputedStyle(part);
        ringed ||= style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    }
    const words = focused.getAttribute('aria-label') || focused.textContent || focused.tagName;
    return {what: `${focused.tagName} ${words.trim().slice(0, 40)}`, ringed, canvas: focused.tagName === 'CANVAS'};
}"""


def test_the_keyboards_place_is_seen_on_every_control(page: Page):
    shown(page)
    reached = []
    for _ in range(45):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(REACHED))
    stops = [stop for stop in reached if stop]
    assert len({stop["what"] for stop in stops}) > 20
    # A table draws its own frame around the cell that has the focus.
    assert [stop["what"] for stop in stops if not stop["ringed"] and not stop["canvas"]] == []
