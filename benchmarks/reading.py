"""Time reading a clean CSV of a million order lines with all checks, beside a bare scan and group-by by Polars.

Usage: ``python benchmarks/reading.py [--rows N] [--rounds N] [--at-most RATIO]``. The file (customer_id, date, amount,
cost, category, order_id) is made once, in a temporary folder. Every round times, one after the other:

scan     `polars.scan_csv` with the types given (ids and categories as text, ISO dates, amounts and costs as binary
         fractions), and per customer rows, days with a purchase, first and last day, the sums of amount and cost, and
         the number of categories
read     our reading of the same file from the disk: encoding, dialect, header, table and columns recognised, cells
         typed exactly, every row checked; nothing is told to it
summary  the same reading, and then our summary of every customer, which holds these aggregates and many more

Compared, and bounded by ``--at-most``, is the median of the rounds' read / scan; summary / scan is printed for
information. Rounds are compared within themselves, as the machine may be busier in one than in another.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from crmdash.ingest.dataset import Dataset, open_dataset  # noqa: E402
from crmdash.ingest.raw import Source  # noqa: E402
from crmdash.summary import summarise  # noqa: E402

CATEGORIES: Final = ("Beverages", "Condiments", "Confections", "Dairy", "Grains", "Meat", "Produce", "Seafood")
SCHEMA: Final = {
    "customer_id": pl.String, "date": pl.Date, "amount": pl.Float64, "cost": pl.Float64, "category": pl.String,
    "order_id": pl.String,
}  # fmt: skip


def write_orders(path: Path, rows: int, seed: int = 7) -> None:
    """Write `rows` order lines of a twentieth as many customers over three years, sorted by nothing."""
    random = np.random.default_rng(seed)
    amounts = np.round(random.lognormal(4, 1.2, rows) + 0.01, 2)
    days = random.integers(19_000, 19_000 + 1_096, rows)
    frame = pl.DataFrame(
        {
            "customer": random.integers(0, max(rows // 20, 1), rows),
            "date": pl.Series(days, dtype=pl.Int32).cast(pl.Date),
            "amount": amounts,
            "cost": np.round(amounts * random.uniform(0.4, 0.9, rows), 2),
            "category": pl.Series(CATEGORIES).gather(random.integers(0, len(CATEGORIES), rows)),
            "order_id": random.permutation(rows),
        }
    )
    frame.select(
        pl.format("C{}", pl.col("customer").cast(pl.String).str.zfill(6)).alias("customer_id"), "date", "amount",
        "cost", "category", pl.format("SO-{}", pl.col("order_id").cast(pl.String).str.zfill(8)).alias("order_id"),
    ).write_csv(path, float_precision=2)  # fmt: skip


def scan(path: Path) -> pl.DataFrame:
    """Scan the file and aggregate per customer, without any check."""
    date = pl.col("date")
    return (
        pl.scan_csv(path, schema=SCHEMA)
        .group_by("customer_id")
        .agg(
            rows=pl.len(), days=date.n_unique(), first=date.min(), last=date.max(), amount=pl.col("amount").sum(),
            cost=pl.col("cost").sum(), categories=pl.col("category").n_unique(),
        )
        .collect()
    )  # fmt: skip


def read(path: Path) -> Dataset:
    """Read the file with all checks."""
    return open_dataset([Source.from_path(path)])


def timed(run: Callable[[], object]) -> float:
    """Return the seconds that `run` takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def agree(path: Path, rows: int) -> None:
    """Make sure that both see the same file.

    Raises
    ------
    SystemExit
        If they differ in anything that both know.
    """
    dataset = read(path)
    ours = summarise(dataset.tables).customers.sort("customer_id")
    theirs = scan(path).sort("customer_id")
    same = (
        dataset.rows_used == dataset.rows == rows
        and ours["customer_id"].equals(theirs["customer_id"])
        and (ours["orders"] == theirs["days"]).all()
        and ((ours["revenue"] / 10_000 - theirs["amount"]).abs() < 0.005).all()
    )
    if not same:
        raise SystemExit("the two readings differ")


def main() -> int:
    """Print the times of every round and the ratios; fail above the ratio that is promised."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--at-most", type=float, default=2.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        write_orders(path, options.rows)
        print(f"{options.rows:,} rows, {path.stat().st_size / 1e6:.1f} MB, {pl.thread_pool_size()} threads")
        agree(path, options.rows)
        times = []
        for number in range(1, options.rounds + 1):
            bare, ours = timed(lambda: scan(path)), timed(lambda: read(path))
            summary = timed(lambda: summarise(read(path).tables))
            times.append((bare, ours, summary))
            print(f"round {number}: scan {bare:.3f} s, read {ours:.3f} s, read and summary {summary:.3f} s")
    ratio = statistics.median(ours / bare for bare, ours, _ in times)
    beyond = statistics.median(summary / bare for bare, _, summary in times)
    print(f"median read / scan {ratio:.2f} (at most {options.at_most:g}); read and summary / scan {beyond:.2f}")
    return 0 if ratio <= options.at_most else 1


if __name__ == "__main__":
    sys.exit(main())
