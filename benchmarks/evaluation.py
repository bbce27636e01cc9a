"""Evaluate a base in memory: at first and after one changed setting, beside a bare sum and beside pandas.

Usage: ``python -m benchmarks.evaluation CUSTOMERS [--rounds N] [--cpu]``; prints what was measured as JSON.

first    `crmdash.evaluate` of a summary that it has never seen, every table read, in a process that has evaluated
         another base before, as a running server has
changed  the same summary with one setting changed to a value never seen before: a tier line, a rule of the lifecycle
floor    one NumPy sum over each of seven 64-bit columns: revenue, profit, tenure, recency, rhythm, revenue of the last
         comparison period and of the one before
pandas   `benchmarks.pandas_evaluate`, checked to give the same tables
"""

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pandas as pd

from benchmarks.invented import invent_summary
from benchmarks.pandas_evaluate import Tables, as_pandas, pandas_evaluate
from benchmarks.results import Measured, as_tree, compared
from benchmarks.rounds import Prepared, Times, alternate, always
from crmdash.adjusting import with_value
from crmdash.evaluate import Evaluation, evaluate
from crmdash.settings import Settings
from crmdash.summary import Summary

PART: Final = "evaluate"
SUMMED: Final = ("revenue", "customer_profit", "tenure", "recency", "revenue_late", "revenue_before")
USUAL_GAPS: Final = 240.0
"""What the rhythm is smoothed with, in days: the sum takes as long for any number."""
WARM_UP: Final = 10_000
TIER_LINE: Final = "one tier line changed"
RULE: Final = "one lifecycle rule changed"
FIRST: Final = "first"
PROMISED: Final = {
    (FIRST, "floor", 1_000_000): 15,
    (FIRST, "pandas", 1_000_000): 1 / 8,
    (FIRST, "pandas", 10_000_000): 1 / 12,
    **{(what, "floor", size): 6 for what in (TIER_LINE, RULE) for size in (1_000_000, 10_000_000)},
}


class Base:
    """A base that is evaluated in rounds; each round begins with a summary that nobody has seen."""

    def __init__(self, customers: int) -> None:
        self.original = invent_summary(customers)
        self.fresh = self.original

    def first(self, number: int) -> Prepared:
        """Prepare the first evaluation of a fresh summary."""
        self.fresh = renewed(self.original)
        return lambda: touch(evaluate(self.fresh))

    def tier_line(self, number: int) -> Prepared:
        """Prepare an evaluation with another tier line, a different one in every round."""
        settings = with_value(Settings(), "tiers.shares.platinum", 51 + number)
        return lambda: touch(evaluate(self.fresh, settings))

    def rule(self, number: int) -> Prepared:
        """Prepare an evaluation with another limit of the lifecycle, a different one in every round."""
        settings = with_value(Settings(), "lifecycle.cooling_silence", round(2.1 + number / 10, 1))
        return lambda: touch(evaluate(self.fresh, settings))


def renewed(summary: Summary) -> Summary:
    """Return a summary that nothing can be remembered of."""
    return replace(summary, customers=summary.customers.clone())


def touch(evaluation: Evaluation) -> tuple[object, ...]:
    """Read every table of the board."""
    return (
        evaluation.tiers,
        evaluation.stages,
        evaluation.matrix,
        evaluation.strategies,
        evaluation.concentration,
        evaluation.whale,
    )


def floor(summary: Summary) -> Prepared:
    """Return one sum over each of seven columns."""
    columns = [summary.customers[name].to_numpy() for name in SUMMED]
    span, orders = (summary.customers[name].to_numpy() for name in ("tenure", "orders"))
    columns.append((span + USUAL_GAPS) / (orders + 2))
    return lambda: [column.sum() for column in columns]


def measure(customers: int, rounds: int, clock: Callable[[], float]) -> Times:
    """Time alternating rounds of all.

    Raises
    ------
    AssertionError
        If pandas' tables are others than ours.
    """
    warm_up()
    base = Base(customers)
    theirs = as_pandas(base.original.customers)
    check(evaluate(base.original), pandas_evaluate(theirs))
    return alternate(
        {
            FIRST: base.first,
            TIER_LINE: base.tier_line,
            RULE: base.rule,
            "floor": always(floor(base.original)),
            "pandas": always(lambda: pandas_evaluate(theirs)),
        },
        rounds,
        clock,
    )


def warm_up() -> None:
    """Evaluate another base, as a running server has."""
    base = Base(WARM_UP)
    for work in (base.first, base.tier_line, base.rule):
        work(0)()


def check(ours: Evaluation, theirs: Tables) -> None:
    """Make sure that both count the same.

    Raises
    ------
    AssertionError
        If any number of any table differs.
    """
    columns = ["customers", "value"]
    for mine, told, keys, more in (
        (ours.tiers, theirs.tiers, ["tier"], ["profit"]),
        (ours.stages, theirs.stages, ["stage"], []),
        (ours.matrix, theirs.matrix, ["tier", "stage"], ["strategy"]),
        (ours.strategies, theirs.strategies, ["strategy"], []),
    ):
        table = pd.DataFrame(mine.to_dict(as_series=False)).set_index(keys)[columns + more]
        counted = table[table["customers"] > 0].sort_index()
        other = told[told["customers"] > 0].sort_index()[columns + more]
        assert counted.astype(str).equals(other.astype(str)), f"{counted}\n{other}"
    figures = ours.concentration
    assert (figures.total, figures.customers_for_80) == tuple(
        theirs.concentration[name] for name in ("total", "customers_for_80")
    )
    assert figures.gini is not None and abs(figures.gini - theirs.concentration["gini"]) < 1e-9
    whale = ours.whale
    assert whale is not None and vars(whale) == theirs.whale, f"{whale} {theirs.whale}"


def rows(customers: int, times: Times) -> list[Measured]:
    """Return each way of evaluating beside the floor and beside pandas."""
    return [
        compared(PART, what, customers, times, what, peer, PROMISED.get((what, peer, customers)))
        for what in (FIRST, TIER_LINE, RULE)
        for peer in ("floor", "pandas")
    ]


def main() -> None:
    """Measure one size and print it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("customers", type=int)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--cpu", action="store_true", help="count processor time, for one thread on a busy machine")
    options = parser.parse_args()
    clock = time.process_time if options.cpu else time.perf_counter
    print(json.dumps(as_tree(rows(options.customers, measure(options.customers, options.rounds, clock)))))


if __name__ == "__main__":
    main()
