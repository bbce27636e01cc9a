"""Time the command `evaluate` with every system on beside one with the board's own systems only.

Usage: ``python benchmarks/systems.py [--customers N] [--rounds N] [--at-most RATIO] [--each]``. An invented base is
written as Parquet: orders with cost, category, channel, discount and due dates, a customers table with every kind of
column, contacts, staff. Every round runs, one after the other, each in its own process:

board       ``python -m crmdash evaluate`` with no further system: every table, every customer with its reason
everything  the same with every system but lifetime value, which fits a model

Compared, and bounded by ``--at-most``, is the median of the rounds' everything / board. With ``--each`` every system is
also timed by itself, in memory, slowest first.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from crmdash.columns import MONEY_SCALE, TABLES, TableName  # noqa: E402
from crmdash.engine import collect  # noqa: E402
from crmdash.evaluate import evaluate  # noqa: E402
from crmdash.settings import Settings  # noqa: E402
from crmdash.summary import Tables, summarise  # noqa: E402
from crmdash.systems.registry import SYSTEMS, gather  # noqa: E402

FIRST_DAY: Final = 19_000
DAYS: Final = 900
LINES_EACH: Final = 4
FITTED: Final = frozenset({"lifetime_value"})
NAMES: Final = ("north", "south", "east", "west", "centre")


def invented(customers: int, seed: int = 7) -> Tables:
    """Return the tables of an invented base."""
    random = np.random.default_rng(seed)
    ids = pl.select(pl.format("C{}", pl.int_range(customers).cast(pl.String).str.zfill(8))).to_series()
    return Tables.of(
        _orders(ids, random), _profiles(ids, random), _contacts(ids, random), _staff(),
    )  # fmt: skip


def _orders(ids: pl.Series, random: np.random.Generator) -> pl.DataFrame:
    lines = len(ids) * LINES_EACH
    start = random.integers(0, DAYS - 1, len(ids))
    who = random.integers(0, len(ids), lines)
    amounts = (random.lognormal(4, 1.2, lines) * 10_000).astype(np.int64)
    amounts[random.random(lines) < 0.02] *= -1
    days = start[who] + (random.random(lines) * (DAYS - start[who])).astype(np.int64)
    due = FIRST_DAY + days + 30
    return pl.DataFrame(
        {
            "customer_id": ids.gather(who),
            "date": FIRST_DAY + days,
            "amount": amounts,
            "cost": (amounts * random.uniform(0.5, 1.1, lines)).astype(np.int64),
            "quantity": random.integers(1, 20, lines).astype(np.float64),
            "discount": np.where(random.random(lines) < 0.3, np.abs(amounts) // 10, 0),
            "category": pl.Series([f"category {n}" for n in range(12)]).gather(random.integers(0, 12, lines)),
            "product": pl.Series([f"product {n}" for n in range(200)]).gather(random.integers(0, 200, lines)),
            "channel": pl.Series(["shop", "phone", "web"]).gather(random.integers(0, 3, lines)),
            "planned": random.random(lines) < 0.5,
            "due_date": due,
            "paid_date": due + random.integers(-20, 40, lines),
        }
    )


def _profiles(ids: pl.Series, random: np.random.Generator) -> pl.DataFrame:
    count = len(ids)
    scores = ("satisfaction", "expectation", "experience", "recommend", "value_functional", "value_experiential",
              "value_social", "value_convenience")  # fmt: skip
    shares = ("share_of_wallet", "share_of_wallet_before")
    referrer = pl.Series(np.where(random.random(count) < 0.1, random.integers(0, count, count), -1))
    return pl.DataFrame(
        {
            "customer_id": ids,
            "name": pl.select(pl.format("Shop {}", pl.int_range(count))).to_series(),
            "region": _one_of(NAMES, count, random),
            "owner": pl.Series([f"owner {n}" for n in range(50)]).gather(random.integers(0, 50, count)),
            "format": _one_of(("kiosk", "shop", "market"), count, random),
            "market": _one_of(("town", "country"), count, random),
            "industry": _one_of(("food", "other"), count, random),
            "nature": _one_of(("retail", "merchant", "distributor"), count, random),
            "source": _one_of(("fair", "web", "referral"), count, random),
            "exit_barriers": _one_of(("economic:bond", "contractual:lockin", None), count, random),
            "tags": _one_of((None, None, None, "strategic"), count, random),
            "referred_by": _referred(referrer),
            "acquisition_cost": random.integers(0, 500_000, count),
            **{name: np.round(random.uniform(2, 10, count), 1) for name in scores},
            **{name: np.round(random.random(count), 2) for name in shares},
        }
    )


def _referred(numbers: pl.Series) -> pl.Series:
    named = pl.format("C{}", pl.col("n").cast(pl.String).str.zfill(8))
    return numbers.to_frame("n").select(referred_by=pl.when(pl.col("n") >= 0).then(named))["referred_by"]


def _one_of(values: tuple[str | None, ...], count: int, random: np.random.Generator) -> pl.Series:
    return pl.Series(values, dtype=pl.String).gather(random.integers(0, len(values), count))


def _contacts(ids: pl.Series, random: np.random.Generator) -> pl.DataFrame:
    count = len(ids)
    kinds = ("visit", "call", "enquiry", "complaint", "survey", "ad", "suggestion")
    days = FIRST_DAY + random.integers(0, DAYS, count)
    return pl.DataFrame(
        {
            "customer_id": ids.gather(random.integers(0, count, count)),
            "date": days,
            "kind": _one_of(kinds, count, random),
            "score": np.round(random.uniform(2, 10, count), 1),
            "topic": _one_of(("delivery", "price", "quality", "technical"), count, random),
            "minutes": random.integers(5, 90, count).astype(np.float64),
            "staff": pl.Series([f"owner {n}" for n in range(50)]).gather(random.integers(0, 50, count)),
            "resolved_date": days + random.integers(1, 60, count),
        }
    )


def _staff() -> pl.DataFrame:
    names = [f"owner {n}" for n in range(50)]
    return pl.DataFrame({"name": names, "grade": ["senior", "middle"] * 25, "hourly_cost": [150 * 10_000] * 50})


def compare(customers: int, rounds: int) -> float:
    """Return the median ratio of the command with every system to the command without."""
    codes = [code for code in Settings().systems if code not in FITTED]
    with tempfile.TemporaryDirectory() as folder:
        files = written(customers, Path(folder))
        ratios = []
        for number in range(1, rounds + 1):
            board, whole = (commanded(files, systems, Path(folder)) for systems in ([], codes))
            ratios.append(whole / board)
            print(
                f"round {number}: board {board:.1f} s, everything {whole:.1f} s, ratio {whole / board:.2f}", flush=True
            )
    return statistics.median(ratios)


def written(customers: int, folder: Path) -> list[str]:
    """Write the tables of an invented base, and return the files."""
    tables, files = invented(customers), []
    for name in ("transactions", "customers", "contacts", "staff"):
        path = folder / f"{name}.parquet"
        in_units(collect(getattr(tables, name)), name).write_parquet(path)
        files.append(str(path))
    return files


def in_units(table: pl.DataFrame, name: TableName) -> pl.DataFrame:
    """Return amounts in currency units and days as dates, as a file has them."""
    money = [column.name for column in TABLES[name] if column.kind == "money" and column.name in table.columns]
    days = [column.name for column in TABLES[name] if column.kind == "date" and column.name in table.columns]
    return table.with_columns(pl.col(money) / MONEY_SCALE, pl.col(days).cast(pl.Int32).cast(pl.Date))


def commanded(files: list[str], systems: list[str], folder: Path) -> float:
    """Return the seconds that the command takes."""
    settings = folder / "settings.json"
    settings.write_text(json.dumps({"systems": systems}))
    command = [sys.executable, "-m", "crmdash", "evaluate", *files, "--settings", str(settings)]
    return timed(lambda: subprocess.run([*command, "--out", str(folder / "out")], check=True, cwd=ROOT))


def one_by_one(customers: int) -> None:
    """Print what each system takes after those before it, slowest first."""
    tables = invented(customers)
    summary, at = summarise(tables), cache(lambda day: summarise(tables, as_of=day))
    evidence, taken = gather(tables, summary, evaluate(summary), at), {}
    taken["customers"] = timed(lambda: evidence.customers)
    for code in SYSTEMS:
        if code not in FITTED and evidence.can(code):
            taken[code] = timed(lambda code=code: evidence.report(code))  # type: ignore[misc]
    for name, seconds in sorted(taken.items(), key=lambda item: -item[1]):
        print(f"{seconds:7.2f} s  {name}")
    print("dark:", ", ".join(code for code in SYSTEMS if not evidence.can(code)) or "none")


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that some work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> int:
    """Compare, and fail where the ratio is above the bound."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--at-most", type=float, default=4.0)
    parser.add_argument("--each", action="store_true")
    options = parser.parse_args()
    if options.each:
        one_by_one(options.customers)
    ratio = compare(options.customers, options.rounds)
    print(f"median ratio {ratio:.2f}, at most {options.at_most}")
    return 0 if ratio <= options.at_most else 1


if __name__ == "__main__":
    sys.exit(main())
