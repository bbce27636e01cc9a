"""From a key press on a slider to the last changed picture: our board beside three other pages.

Usage: ``python -m benchmarks.slider SIZE [--rounds N]``, SIZE a number of customers or `sample`; prints JSON.

board          the product's board; the line of the platinum tier is moved
slider alone   an empty page with one slider
bare figures   a page that draws as many Plotly figures as change on the board, by nothing but the slider's value
pandas page    the board's pictures and tables on as many customers, written with pandas and Plotly

All run under the same options of the server, each in a process of its own. They are pressed in turn. The split of our
time: to the server (key press to the start of the script), engine (evaluating), figures (made, or what the live board
draws them from, and handed over), the rest of the script, to the browser (end of the script to its last message before
the last change), drawing (that message to that change).
"""

import argparse
import json
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page

from benchmarks.browser import Answer, chromium, open_page, press, settled
from benchmarks.processes import ROOT
from benchmarks.results import Measured, as_tree, compared, middle
from benchmarks.rounds import Times
from tests.browser.server import running_server

PART: Final = "slider"
SPLIT: Final = "split"
WHAT: Final = "key press to last changed picture"
SAMPLE: Final = 3_245
"""Customers of the sample: the pandas page gets as many."""
SPLIT_PARTS: Final = ("to the server", "engine", "figures", "rest of the script", "to the browser", "drawing")
PROMISED: Final = {
    ("bare figures", SAMPLE): 1.5,
    ("bare figures", 1_000_000): 2.0,
    ("pandas page", 1_000_000): 1 / 3,
}
PLOTS: Final = ".js-plotly-plot"
FOLLOWING: Final = ("g.live-labels", "table.live-tiers", "table.live-matrix")
"""What follows a tier line on the board: words on the curve, the table of tiers, the matrix."""
ON_THE_BOARD: Final = (*FOLLOWING, ".st-key-strip")
"""The same and the key figures. The table of strategies is drawn on a canvas that tells nothing; the words that it has
for screen readers come a fixed while after the picture."""


@dataclass(frozen=True)
class Subject:
    """A page with a slider: its script, where the slider and the pictures are, how many of them change."""

    script: str
    module: str = "streamlit"
    handle: str = ".st-key-line input"
    figures: str = PLOTS
    changing: int = 2


SUBJECTS: Final = {
    "board": Subject(
        "app.py", "benchmarks.apps.board", ".st-key-tiers-shares-platinum input", ", ".join(ON_THE_BOARD), 4
    ),
    "slider alone": Subject("benchmarks/apps/slider_alone.py", figures=".st-key-answer", changing=1),
    "bare figures": Subject("benchmarks/apps/bare_figures.py"),
    "pandas page": Subject("benchmarks/apps/pandas_board.py"),
}


def measure(browser: Browser, size: int | None, rounds: int) -> list[Measured]:
    """Press all pages' sliders in turn."""
    count = SAMPLE if size is None else size
    times: Times = {name: [] for name in SUBJECTS}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as servers:
        watch = Path(folder) / "stopwatch.jsonl"
        pages = {}
        for name, subject in SUBJECTS.items():
            home = Path(folder) / name
            home.mkdir()
            variables = {"STOPWATCH": str(watch)}
            if size is not None or name != "board":
                variables["CUSTOMERS"] = str(count)
            server = servers.enter_context(running_server(home, subject.script, subject.module, ROOT, **variables))
            pages[name] = open_page(browser, server.url)
        for name, subject in SUBJECTS.items():
            settled(pages[name], subject.figures)
            _press(pages[name], subject)
        answers = []
        for _ in range(rounds):
            for name, subject in SUBJECTS.items():
                answer = _press(pages[name], subject)
                times[name].append(answer.seconds)
                if name == "board":
                    answers.append(answer)
        runs = [json.loads(line) for line in watch.read_text(encoding="utf-8").splitlines()]
    peers = (peer for peer in SUBJECTS if peer != "board")
    rows = [compared(PART, WHAT, count, times, "board", peer, PROMISED.get((peer, count))) for peer in peers]
    return rows + split(answers, runs, count)


def _press(page: Page, subject: Subject) -> Answer:
    return press(page, subject.handle, subject.figures, subject.changing)


def split(answers: list[Answer], runs: list[dict[str, float]], size: int) -> list[Measured]:
    """Return the medians of what each part of the way takes.

    The runs of an answer are those begun between the key press and the last change.
    """
    parts: dict[str, list[float]] = {name: [] for name in SPLIT_PARTS}
    for answer in answers:
        own = [run for run in runs if answer.pressed <= run["began"] <= answer.drawn]
        if not own:
            continue
        # The last picture may be sent before the script ends: what the script does after that delays nothing.
        began, ended = own[0]["began"], min(max(run["ended"] for run in own), answer.received)
        engine, figures = (sum(run[part] for run in own) for part in ("engine", "figures"))
        parts["to the server"].append(began - answer.pressed)
        parts["engine"].append(engine)
        parts["figures"].append(figures)
        parts["rest of the script"].append(ended - began - engine - figures)
        parts["to the browser"].append(answer.received - ended)
        parts["drawing"].append(answer.drawn - answer.received)
    return [Measured(SPLIT, name, size, middle(seconds)) for name, seconds in parts.items() if seconds]


def main() -> None:
    """Measure one size and print it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("size", help="a number of customers, or 'sample'")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    size: Any = None if options.size == "sample" else int(options.size)
    with chromium() as browser:
        print(json.dumps(as_tree(measure(browser, size, options.rounds))))


if __name__ == "__main__":
    main()
