"""A headless Chromium that tells when the last changed picture of a page was drawn."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.browser.chromium import LAUNCH_ARGUMENTS, find_or_install

SIZE: Final[ViewportSize] = {"width": 1280, "height": 720}
TIMEOUT: Final = 120_000
IDLE: Final = "[data-testid=stApp][data-test-script-state=notRunning]"

_NOTE_MESSAGES: Final = """
window.received = [];
const Native = window.WebSocket;
window.WebSocket = class extends Native {
    constructor(...given) {
        super(...given);
        this.addEventListener('message', () => window.received.push(performance.timeOrigin + performance.now()));
    }
};
"""
"""Runs before the page's own scripts: note when each message of the server arrives."""

_WATCH: Final = """
([selector, wanted, quiet]) => {
    const now = () => performance.timeOrigin + performance.now();
    const words = () => [...document.querySelectorAll(selector)].map(figure => figure.textContent);
    const inside = mutation => (mutation.target.closest ?? mutation.target.parentElement?.closest) &&
        (mutation.target.closest ? mutation.target : mutation.target.parentElement).closest(selector) ||
        [...mutation.addedNodes].some(node => node.matches?.(selector) || node.querySelector?.(selector));
    const before = words();
    let pressed = null, drawn = null;
    const observer = new MutationObserver(mutations => { if (mutations.some(inside)) drawn = now(); });
    observer.observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
    document.addEventListener('keydown', () => { pressed = now(); window.received.length = 0; },
        {once: true, capture: true});
    window.answered = new Promise(resolve => {
        const look = () => {
            const state = document.querySelector('[data-testid=stApp]')?.dataset.testScriptState;
            const after = words();
            const changed = after.filter((text, place) => text && text !== before[place]).length;
            if (pressed && drawn && state === 'notRunning' && changed >= wanted && now() - drawn > quiet) {
                observer.disconnect();
                resolve(JSON.stringify({pressed, drawn, changed, received: Math.max(...window.received.filter(
                    time => time <= drawn))}));
            } else setTimeout(look, 25);
        };
        look();
    });
}
"""
"""Resolve `window.answered` when `wanted` figures show other words, no script runs, and nothing is drawn any more."""

QUIET_MS: Final = 300


@dataclass(frozen=True)
class Answer:
    """One key press: seconds since 1970 of the press, of the last message before the last change, of that change."""

    pressed: float
    received: float
    drawn: float

    @property
    def seconds(self) -> float:
        """From the key press to the last changed picture."""
        return self.drawn - self.pressed


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_or_install(playwright), args=LAUNCH_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def open_page(browser: Browser, url: str, *scripts: str) -> Page:
    """Open an address as a reader of its own, and note the server's messages; `scripts` run before the page's own."""
    context = browser.new_context(locale="en-US", viewport=SIZE, timezone_id="UTC")
    for script in (_NOTE_MESSAGES, *scripts):
        context.add_init_script(script)
    page = context.new_page()
    page.set_default_timeout(TIMEOUT)
    page.goto(url)
    return page


def holds(page: Page, customers: int) -> None:
    """Wait until the board says that it holds so many customers: a benchmark of other data would measure nothing."""
    page.locator("[data-testid=stSidebar]").get_by_text(f"{customers:,} customers").first.wait_for()


def settled(page: Page, selector: str) -> None:
    """Wait until something stands there and no script runs."""
    page.locator(selector).first.wait_for()
    page.locator(IDLE).wait_for()


def press(page: Page, handle: str, figures: str, changing: int) -> Answer:
    """Press the right arrow on a slider and wait until so many of the figures changed, and none changes any more."""
    page.bring_to_front()
    page.locator(handle).first.focus()
    page.evaluate(_WATCH, [figures, changing, QUIET_MS])
    page.keyboard.press("ArrowRight")
    told: dict[str, Any] = json.loads(page.evaluate("() => window.answered"))
    return Answer(told["pressed"] / 1000, told["received"] / 1000, told["drawn"] / 1000)
