"""Made-up order lines in any number, as an export from a shop or an ERP system has them.

Usage: ``python -m benchmarks.order_lines FILE.parquet|FILE.csv --rows N``.

A tenth as many customers as lines, three years, orders of one to five lines on one day, three in a hundred lines
returned. The lines stand in the order of their dates. The same rows and seed give the same file.
"""

import argparse
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

CATEGORIES: Final = ("Beverages", "Condiments", "Confections", "Dairy", "Grains", "Meat", "Produce", "Seafood")
FIRST_DAY: Final = 19_000
DAYS: Final = 1_096
LINES_PER_CUSTOMER: Final = 10
LARGEST_ORDER: Final = 5


def order_lines(rows: int, seed: int = 7) -> pl.DataFrame:
    """Return `rows` order lines: customer_id, order_id, date, category, amount, cost.

    Amounts are binary fractions of two decimals. How often a customer buys differs a hundredfold between customers
    (log-normal), as in real bases.
    """
    random = np.random.default_rng(seed)
    customers = max(rows // LINES_PER_CUSTOMER, 1)
    lines = random.integers(1, LARGEST_ORDER + 1, rows)
    order = np.repeat(np.arange(rows), lines)[:rows]
    orders = int(order[-1]) + 1 if rows else 0
    rate = random.lognormal(0, 1.0, customers).cumsum()
    buyer = np.searchsorted(rate, random.uniform(0, rate[-1], orders))
    day = np.sort(random.integers(FIRST_DAY, FIRST_DAY + DAYS, orders))
    amount = np.round(random.lognormal(3, 1.1, rows) + 0.01, 2) * np.where(random.uniform(size=rows) < 0.03, -1, 1)
    category = random.integers(0, len(CATEGORIES), rows)
    return pl.select(
        customer_id=pl.format("C{}", pl.Series(buyer[order]).cast(pl.String).str.zfill(7)),
        order_id=pl.format("SO-{}", pl.Series(order).cast(pl.String).str.zfill(8)),
        date=pl.Series(day[order]).cast(pl.Int32).cast(pl.Date),
        category=pl.Series(CATEGORIES).gather(category),
        amount=pl.Series(amount),
        cost=pl.Series(np.round(amount * random.uniform(0.4, 1.05, rows), 2)),
    )


def write_order_lines(path: Path, rows: int, seed: int = 7) -> None:
    """Write `rows` order lines as Parquet or CSV, as the name of the file says."""
    lines = order_lines(rows, seed)
    if path.suffix == ".parquet":
        lines.write_parquet(path)
    else:
        lines.write_csv(path, float_precision=2)


def main() -> None:
    """Write one file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    write_order_lines(options.file, options.rows, options.seed)


if __name__ == "__main__":
    main()
