"""A tier line under the hand at a million customers, and the board as it was before lines could be dragged.

Usage: ``python -m benchmarks.drag SIZE [--rounds N]``; prints JSON.

frames    how often the browser draws while a real mouse drags a line, and what then goes over the socket
keys      a line moved by the keyboard: from the key press until everything that follows it is painted
release   from letting go until the rest of the page is recomputed and nothing changes any more
before    the last board with Plotly figures (commit `BEFORE`), in the same run, pressed in turn with ours: key press on
          the slider of the same line to the last changed picture
"""

import argparse
import io
import json
import subprocess
import tarfile
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page

from benchmarks.browser import IDLE, QUIET_MS, chromium, holds, open_page, press, settled
from benchmarks.processes import ROOT
from benchmarks.results import Measured, as_tree, compared, middle
from benchmarks.rounds import Times
from benchmarks.slider import FOLLOWING, PLOTS
from tests.browser.server import running_server

PART: Final = "drag"
BEFORE: Final = "94a8c0a3ee9b79c9b55ef7131d6e07189577bd11"
"""The last commit whose board draws its curve and its matrix with Plotly."""
PEER: Final = "Plotly board before"
MODULE: Final = "benchmarks.apps.board"

LINE: Final = ".live-line[data-tier=platinum]"
GRIP: Final = f"{LINE} .live-grip"
FRAMES: Final = 55
KEY_MS: Final = 20
RELEASE_MS: Final = 400
MOVES: Final = 180
REACH: Final = 120
"""Pixels that the mouse goes to the right and back."""
TIRED: Final = 0.95
"""The quantile of the key presses that is promised."""
KEY_PAUSE_MS: Final = 40

_COUNT: Final = """
window.traffic = 0;
const bytes = data => data.byteLength ?? data.size ?? data.length;
const Plain = window.WebSocket;
window.WebSocket = class extends Plain {
    constructor(...given) {
        super(...given);
        this.addEventListener('message', ({data}) => { window.traffic += bytes(data); });
    }
    send(data) { window.traffic += bytes(data); super.send(data); }
};
window.beginFrames = () => {
    window.frames_ = [];
    window.painting = true;
    window.traffic = 0;
    const count = time => { window.frames_.push(time); if (window.painting) requestAnimationFrame(count); };
    requestAnimationFrame(count);
};
window.endFrames = () => { window.painting = false; return [window.frames_, window.traffic]; };
"""
"""Runs before the page's own scripts: count bytes on the socket, and frames while asked."""

_KEY: Final = """
selectors => {
    const words = () => selectors.map(selector => document.querySelector(selector).textContent);
    const before = words();
    const painted = new MessageChannel();
    window.repainted = new Promise((resolve, fail) => {
        document.addEventListener('keydown', event => {
            painted.port1.onmessage = () => {
                const took = performance.now() - event.timeStamp, after = words();
                const still = selectors.filter((selector, place) => after[place] === before[place]);
                still.length ? fail(new Error(`unchanged: ${still}: ${after}`)) : resolve(took);
            };
            requestAnimationFrame(() => painted.port2.postMessage(0));
        }, {once: true, capture: true});
    });
}
"""
"""Resolve `window.repainted` with the milliseconds from the next key press until its frame is painted."""

_RELEASE: Final = """
quiet => {
    let let_go = null, changed = null, ran = false;
    const app = document.querySelector('[data-testid=stApp]');
    const observer = new MutationObserver(mutations => {
        if (app.dataset.testScriptState !== 'notRunning') ran = true;
        if (mutations.some(({target}) => app.contains(target) && target !== app)) changed = performance.now();
    });
    observer.observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true,
        attributeFilter: ['data-test-script-state', 'd', 'aria-label']});
    document.addEventListener('pointerup', event => { let_go = event.timeStamp; }, {once: true, capture: true});
    window.recomputed = new Promise(resolve => {
        const look = () => {
            const idle = app.dataset.testScriptState === 'notRunning';
            if (let_go && ran && idle && performance.now() - changed > quiet) {
                observer.disconnect();
                resolve(changed - let_go);
            } else setTimeout(look, 20);
        };
        look();
    });
}
"""
"""Resolve `window.recomputed` with the milliseconds from letting go until the last change of the page that follows."""


def measure(browser: Browser, size: int, rounds: int) -> list[Measured]:
    """Drag and press our lines, and press the slider of the board before in turn with ours."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as servers:
        pages = {}
        for name, root in (("ours", ROOT), (PEER, earlier_source(Path(folder) / "source"))):
            home = Path(folder) / name.replace(" ", "_")
            home.mkdir()
            server = servers.enter_context(running_server(home, module=MODULE, root=root, CUSTOMERS=str(size)))
            pages[name] = open_page(browser, server.url, _COUNT)
        ours, theirs = pages["ours"], pages[PEER]
        for page, pictures in ((ours, LINE), (theirs, PLOTS)):
            settled(page, pictures)
            holds(page, size)
        drag(ours)
        press_before(theirs)
        times: Times = {"key": [], "release": [], PEER: []}
        frames, traffic = [], []
        for _ in range(rounds):
            drawn, sent, released = drag(ours)
            frames.append(drawn)
            traffic.append(sent)
            times["release"].append(released)
            times[PEER].append(press_before(theirs))
            times["key"].append(middle(keys(ours, 4)))
        pressed = keys(ours, 100)
    return rows(size, times, frames, traffic, pressed)


def rows(size: int, times: Times, frames: list[float], traffic: list[int], pressed: list[float]) -> list[Measured]:
    """Return what is promised of a line under the hand, and how the board before did."""
    worst = sorted(pressed)[round(TIRED * (len(pressed) - 1))]
    return [
        Measured(PART, "frames a second while a mouse drags a line", size, middle(frames), "fps", at_least=FRAMES),
        Measured(PART, "on the socket meanwhile", size, max(traffic), "bytes", at_most=0),
        Measured(PART, "key press to everything painted, 95 of 100", size, worst, at_most=KEY_MS / 1000),
        compared(PART, "key press to everything painted, median", size, times, "key", PEER),
        Measured(PART, "letting go to the recomputed page, median", size, middle(times["release"]),
                 at_most=RELEASE_MS / 1000),
        compared(PART, "letting go to the recomputed page", size, times, "release", PEER),
    ]  # fmt: skip


def earlier_source(folder: Path) -> Path:
    """Unpack the source of the board before, out of the history.

    Raises
    ------
    RuntimeError
        If the history does not reach back so far.
    """
    packed = subprocess.run(["git", "archive", BEFORE], cwd=ROOT, capture_output=True, check=False)
    if packed.returncode:
        raise RuntimeError(f"The board before is commit {BEFORE}: fetch the whole history (git fetch --unshallow).")
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as source:
        source.extractall(folder, filter="data")
    # What starts the board on invented customers is ours: it is no part of what is measured.
    (folder / "benchmarks/apps/board.py").write_bytes((ROOT / "benchmarks/apps/board.py").read_bytes())
    return folder


def drag(page: Page) -> tuple[float, int, float]:
    """Drag the first line to the right and back, let it go elsewhere; return frames a second, bytes, seconds after."""
    page.bring_to_front()
    page.locator(LINE).scroll_into_view_if_needed()
    box = page.locator(GRIP).bounding_box()
    assert box is not None, "the line is drawn"
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("() => window.beginFrames()")
    for move in range(1, MOVES + 1):
        # There and half of the way back, so that each round lets go in another place.
        part = move / MOVES
        page.mouse.move(x + REACH * (2 * part if part < 0.5 else 1.5 - part), y)
    times, traffic = page.evaluate("() => window.endFrames()")
    page.evaluate(_RELEASE, QUIET_MS)
    page.mouse.up()
    released = page.evaluate("() => window.recomputed") / 1000
    page.keyboard.press("Home")
    page.wait_for_timeout(2 * QUIET_MS)
    page.locator(IDLE).wait_for()
    page.wait_for_timeout(QUIET_MS)
    return (len(times) - 1) * 1000 / (times[-1] - times[0]), traffic, released


def keys(page: Page, presses: int) -> list[float]:
    """Move the first line to and fro by the keyboard; return the seconds of every press, then let it go."""
    page.bring_to_front()
    page.locator(LINE).focus()
    took = []
    for number in range(presses):
        page.evaluate(_KEY, list(FOLLOWING))
        page.keyboard.press("ArrowRight" if number < presses / 2 else "ArrowLeft")
        took.append(page.evaluate("() => window.repainted") / 1000)
        page.wait_for_timeout(KEY_PAUSE_MS)
    page.wait_for_timeout(2 * QUIET_MS)
    page.locator(IDLE).wait_for()
    return took


def press_before(page: Page) -> float:
    """Press a key on the slider of the board before; return the seconds to the last changed picture."""
    return press(page, ".st-key-tiers-shares-platinum input", PLOTS, 2).seconds


def main() -> None:
    """Measure one size and print it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("size", type=int)
    parser.add_argument("--rounds", type=int, default=11)
    options = parser.parse_args()
    with chromium() as browser:
        print(json.dumps(as_tree(measure(browser, options.size, options.rounds))))


if __name__ == "__main__":
    main()
