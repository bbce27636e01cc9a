"""A reader opens a file of very many customers: what it takes, and what others feel of it.

Usage: ``python -m benchmarks.large CUSTOMERS``; prints JSON. The app runs as `make run` starts it. One tab shows the
sample; another uploads a Parquet file of one row each, puts it to use, moves a slider on its board, and takes the file
away again. Memory is what the system counts as resident for the server's process, mapped files included.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from playwright.sync_api import Browser, Page, expect

from benchmarks.browser import chromium, open_page, press, settled
from benchmarks.results import Measured, as_tree, middle
from benchmarks.slider import ON_THE_BOARD
from tests.browser.server import running_server

PART: Final = "large"
SLIDER: Final = ".st-key-tiers-shares-platinum input"
FIGURES: Final = ", ".join(ON_THE_BOARD)
CHANGING: Final = len(ON_THE_BOARD)
PRESSES: Final = 9
MOST_WHILE_READING: Final = 20
"""Presses of the other tab: its slider has an end."""
PAUSE: Final = 2.0
READ_MS: Final = 3_600_000
FREED_SECONDS: Final = 25
"""So long may pass until cycles of objects are looked for, and the allocator gives back what was freed."""

MEMORY: Final = "memory with the data on the board"
ANSWER: Final = "slider on the board of that data"
FREED: Final = "memory after the data was taken away"
OTHERS: Final = "slider of another tab while it is read"
PROMISED: Final = {MEMORY: 8_000.0, ANSWER: 1.0, FREED: 1.2, OTHERS: 2.0}


def write_customers(path: Path, count: int) -> None:
    """Write invented customers: revenue, profit, purchases, first and last day, region, satisfaction."""
    chance = np.random.default_rng(7)
    orders = chance.geometric(0.2, count)
    last = 19_700 - chance.exponential(120, count).astype(np.int32).clip(0, 1_500)
    first = last - (chance.exponential(300, count) * (orders > 1)).astype(np.int32)
    revenue = np.round(chance.lognormal(5, 1.4, count) * orders, 2)
    regions = np.array(["North", "South", "East", "West", "Centre"])
    pl.DataFrame(
        {
            "customer_id": pl.select(pl.format("C{}", pl.int_range(10_000_000, 10_000_000 + count))).to_series(),
            "region": regions[chance.integers(0, len(regions), count)],
            "revenue": revenue,
            "profit": np.round(revenue * chance.normal(0.12, 0.18, count), 2),
            "orders": orders,
            "first_purchase": pl.Series(first).cast(pl.Date),
            "last_purchase": pl.Series(last).cast(pl.Date),
            "satisfaction": np.round(chance.uniform(3, 10, count), 1),
        }
    ).write_parquet(path)


def measure(browser: Browser, folder: Path, count: int) -> list[Measured]:
    """Open the file in one tab while another moves its slider, use it, and take it away."""
    file = folder / "customers.parquet"
    write_customers(file, count)
    with running_server(folder) as server:
        other, own = open_page(browser, server.url), open_page(browser, f"{server.url}/data")
        settled(other, FIGURES)
        settled(own, "[data-testid=stFileUploader]")
        pressed(other, 2)
        quiet = pressed(other, PRESSES)
        before = memory(server.process)
        while_reading = read_beside(own, other, file)
        own.get_by_role("button", name="Use this data").click()
        settled(own, "[data-testid=stPageLink]")
        own.get_by_role("link", name="Board").first.click()
        settled(own, FIGURES)
        pressed(own, 2)
        answers = pressed(own, PRESSES)
        held = memory(server.process)
        take_away(own)
        after = memory(server.process)
    return [
        Measured(PART, MEMORY, count, held, "MB", at_most=PROMISED[MEMORY]),
        Measured(PART, ANSWER, count, middle(answers), at_most=PROMISED[ANSWER]),
        Measured(PART, FREED, count, after, "MB", "before it", before, after / before, PROMISED[FREED]),
        beside(OTHERS, count, while_reading, quiet),
    ]


def beside(what: str, count: int, times: list[float], quiet: list[float]) -> Measured:
    """Compare a slider's answers with those of a quiet time."""
    now, then = middle(times), middle(quiet)
    return Measured(PART, what, count, now, "s", "quiet", then, now / then, PROMISED[what])


def pressed(page: Page, times: int) -> list[float]:
    """Move the slider, and return the seconds to the last changed picture of each press."""
    return [press(page, SLIDER, FIGURES, CHANGING).seconds for _ in range(times)]


def read_beside(own: Page, other: Page, file: Path) -> list[float]:
    """Upload the file, and move the other tab's slider until it is read."""
    own.locator("input[type=file]").first.set_input_files(file)
    progress, answers = own.locator(".st-key-data-reading"), list[float]()
    progress.wait_for(timeout=READ_MS)
    while progress.count() and len(answers) < MOST_WHILE_READING:
        answers += pressed(other, 1)
        time.sleep(PAUSE)
    expect(own.get_by_role("button", name="Use this data")).to_be_visible(timeout=READ_MS)
    return answers


def take_away(page: Page) -> None:
    """Remove the files, see the sample on the board again, and wait until memory that was freed is given back."""
    page.get_by_role("link", name="Data", exact=True).first.click()
    page.get_by_role("button", name="Remove my files").first.click()
    expect(page.get_by_text("The board shows the sample.")).to_be_visible()
    page.get_by_role("link", name="Board", exact=True).first.click()
    settled(page, FIGURES)
    pressed(page, 1)
    time.sleep(FREED_SECONDS)


def memory(process: int) -> float:
    """Return the resident memory of a process in megabytes (10^6 bytes)."""
    status = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in status if line.startswith("VmRSS")).split()[1]) * 1024 / 1e6


def main() -> None:
    """Measure and print it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("customers", type=int)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        print(json.dumps(as_tree(measure(browser, Path(folder), options.customers))))


if __name__ == "__main__":
    main()
