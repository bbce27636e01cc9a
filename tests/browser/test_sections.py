"""Every section of every page opens for a reader, keeps nobody out, and fits a phone."""

from itertools import cycle
from time import monotonic
from typing import Final, Literal

import pytest
from playwright.sync_api import Page, ViewportSize

from crmdash.i18n import Wording
from crmdash.ui import audit, claims, kinds, lifecycle, value, warnings, what_if
from crmdash.ui.sections import Section
from tests.browser import board
from tests.browser.conftest import OpenPage
from tests.browser.server import Server
from tests.browser.test_accessibility import failing, popovers, shown
from tests.browser.test_arrangement import READERS, scrolls_sideways

SECTIONS: Final[dict[str, tuple[Section, ...]]] = {
    "lifecycle": lifecycle.SECTIONS,
    "value": value.SECTIONS,
    "kinds": kinds.SECTIONS,
    "warnings": warnings.SECTIONS,
    "what_if": what_if.SECTIONS,
    "audit": audit.SECTIONS,
    "claims": claims.SECTIONS,
}
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
WALKS: Final = list(zip(SECTIONS, cycle(READERS), cycle(SCHEMES), strict=False))
"""Pages with the language and the ground on which each is looked at."""

SECONDS: Final = 5

WIDE: Final[ViewportSize] = {"width": 1280, "height": 720}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}


def open_section(page: Page, section: Section, _: Wording) -> None:
    page.get_by_role("radio", name=section.title(_), exact=True).first.click()
    board.settle(page)
    shown(page)
    assert not page.locator("[data-testid=stException]").count(), section.code


def soon_fits(page: Page) -> bool:
    """Say whether nothing scrolls sideways once the pictures have taken their new width."""
    deadline = monotonic() + SECONDS
    while scrolls_sideways(page) and monotonic() < deadline:
        page.wait_for_timeout(100)
    return not scrolls_sideways(page)


@pytest.mark.parametrize(("address", "locale", "scheme"), WALKS, ids=lambda part: part)
def test_every_section_opens_keeps_nobody_out_and_fits_a_phone(
    server: Server, open_page: OpenPage, address: str, locale: str, scheme: Literal["light", "dark"]
):
    _ = READERS[locale]
    page = open_page(f"{server.url}/{address}", locale=locale, scheme=scheme, reduced_motion="reduce")
    shown(page)
    found = []
    for section in SECTIONS[address]:
        open_section(page, section, _)
        found += failing(page, section.code)
        found += popovers(page) if section is SECTIONS[address][0] else []
        page.set_viewport_size(PHONE)
        found += [] if soon_fits(page) else [f"{section.code}: scrolls sideways on a phone"]
        page.set_viewport_size(WIDE)
    assert not found, "\n\n".join(dict.fromkeys(found))
