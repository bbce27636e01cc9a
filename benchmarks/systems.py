"""Time an evaluation with every system on beside one with the board's own systems only, for a million customers.

Usage: ``python benchmarks/systems.py [--customers N] [--rounds N] [--at-most RATIO]``. An invented base is made in
memory: orders with cost, category, channel, discount and due dates, a customers table with every kind of column,
contacts, staff. Every round times, one after the other, from the same summaries (the summaries of earlier days that
flows and tiers over time look at are made beforehand; what they take is printed):

board       `evaluate`: tiers, concentration, whale, stages, strategies and every table of the board
everything  the same, and every system but lifetime value, with what is kept beside the summary as it is (transactions
            by number, cohorts: what no setting changes), which is how a moved slider finds it
at first    the same without anything kept, which is how a newly opened file finds it

Compared, and bounded by ``--at-most``, is the median of the rounds' everything / board; at first / board is printed for
information. Then each system by itself is printed, slowest first.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from crmdash.evaluate import evaluate  # noqa: E402
from crmdash.settings import Settings  # noqa: E402
from crmdash.summary import Summary, Tables, summarise  # noqa: E402
from crmdash.systems.evidence import Evidence  # noqa: E402
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
    """Print both times of every round and each system's own, and return the median of the ratios."""
    tables = invented(customers)
    began = time.perf_counter()
    summary = summarise(tables)
    print(f"{customers:,} customers, {customers * LINES_EACH:,} lines; one summary {time.perf_counter() - began:.1f} s")
    at: Callable[[int], Summary] = cache(lambda day: summarise(tables, as_of=day))
    kept: dict[str, Any] = {}
    everything(tables, summary, at, kept)  # makes the summaries of the earlier days too
    ratios = []
    for number in range(1, rounds + 1):
        board = timed(lambda: evaluate(summary))
        whole = timed(lambda: everything(tables, summary, at, kept))
        first = timed(lambda: everything(tables, summary, at, {}))
        ratios.append(whole / board)
        print(
            f"round {number}: board {board:.2f} s, everything {whole:.2f} s, ratio {whole / board:.2f}; "
            f"at first {first:.2f} s, ratio {first / board:.2f}"
        )
    one_by_one(tables, summary, at, kept)
    return statistics.median(ratios)


def everything(tables: Tables, summary: Summary, at: Callable[[int], Summary], kept: dict[str, Any]) -> Evidence:
    """Evaluate, and compute every system but those that fit a model."""
    evidence = gather(tables, summary, evaluate(summary), at, kept)
    for code in Settings().systems:
        if code not in FITTED and evidence.can(code):
            evidence.report(code)
    return evidence


def one_by_one(tables: Tables, summary: Summary, at: Callable[[int], Summary], kept: dict[str, Any]) -> None:
    """Print what each system takes after those before it, slowest first."""
    evidence, taken = gather(tables, summary, evaluate(summary), at, kept), {}
    for code in SYSTEMS:
        if code not in FITTED and evidence.can(code):
            taken[code] = timed(lambda code=code: evidence.report(code))  # type: ignore[misc]
    for code, seconds in sorted(taken.items(), key=lambda item: -item[1]):
        print(f"{seconds:7.2f} s  {code}")
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
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--at-most", type=float, default=4.0)
    options = parser.parse_args()
    ratio = compare(options.customers, options.rounds)
    print(f"median ratio {ratio:.2f}, at most {options.at_most}")
    return 0 if ratio <= options.at_most else 1


if __name__ == "__main__":
    sys.exit(main())
