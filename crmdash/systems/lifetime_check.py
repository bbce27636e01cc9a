"""Was lifetime value right? The same models fitted one comparison length ago, beside what came after."""

from dataclasses import dataclass
from math import ceil
from typing import Final

import narwhals as nw
import numpy as np
import polars as pl

from crmdash.engine import Lazy, collect
from crmdash.model.lifetime.fit import Vector
from crmdash.model.lifetime.history import DAYS_A_WEEK
from crmdash.summary import Summary
from crmdash.summary.purchases import purchase_days
from crmdash.systems.lifetime_fit import Fitted

MOST_POINTS: Final = 160
"""The tracked weeks are thinned to at most so many."""
MANY: Final = 7
"""Customers with so many repeat purchases or more stand together."""
REGULAR: Final = 2
"""Gaps from which on they can lie close to each other."""


@dataclass(frozen=True, eq=False)
class Trace:
    """What the purchase days say beyond the sums of each customer.

    Attributes
    ----------
    regular_share : share of gaps close to the customer's own usual gap; None without customers of two gaps.
    repeats : day, count: repeat purchases of the customers known at the split.
    """

    regular_share: float | None
    repeats: pl.DataFrame


@dataclass(frozen=True, eq=False)
class Check:
    """What was expected at the split and what followed.

    Attributes
    ----------
    tracking : week, date, held_out, actual, expected: cumulative repeat purchases of the customers then known.
    conditional : repeat_purchases until the split (the last group open), customers, actual and expected mean purchases.
    by_model, by_past_spend, by_hindsight : share of what was spent later, held by the top customers of each ranking.
    """

    split: int
    tracking: pl.DataFrame
    conditional: pl.DataFrame
    by_model: float | None
    by_past_spend: float | None
    by_hindsight: float | None


def trace(transactions: Lazy, as_of: int, split: int, width: float, outside: pl.DataFrame) -> Trace:
    """Read the purchase days up to `as_of`.

    Parameters
    ----------
    split : only customers with a purchase by this day are counted in `repeats`.
    width : a gap is regular within this fraction of the customer's median gap.
    outside : customer_id of those who stand outside the base.
    """
    days = collect(purchase_days(transactions.filter(nw.col("date") <= as_of)).select("customer_id", "date", "gap"))
    days = days.join(outside, on="customer_id", how="anti") if len(outside) else days
    known = pl.col("date").min().over("customer_id") <= split
    repeats = days.filter(known & pl.col("gap").is_not_null()).group_by(day="date").agg(count=pl.len())
    gaps = days.drop_nulls("gap").filter(pl.len().over("customer_id") >= REGULAR)
    usual = pl.col("gap").median().over("customer_id")
    share = gaps.select(((pl.col("gap") - usual).abs() <= width * usual).mean()).item() if len(gaps) else None
    return Trace(share, repeats.sort("day"))


def check(fitted: Fitted, then: Summary, now: Summary, repeats: pl.DataFrame, top: float) -> Check:
    """Compare what `fitted`, of the customers `then`, expected with what they did until `now`.

    Parameters
    ----------
    top : the share of customers that counts as the top of a ranking, rounded up to a whole customer.
    """
    split, as_of = then.clock.as_of, now.clock.as_of
    assert split is not None and as_of is not None, "a check has a past"
    later = now.customers.select("customer_id", "orders", pl.col("spent").alias("spent_now"))
    past = then.customers.select("customer_id", "spent")
    found = fitted.buyers.join(past, on="customer_id", how="left").join(later, on="customer_id", how="left")
    found = found.sort("customer_id").with_columns(
        actual=pl.col("orders") - 1 - pl.col("x"),
        expected=pl.Series(fitted.expected_purchases(as_of - split)),
        value=pl.Series(fitted.expected_purchases(as_of - split) * fitted.expected_spend()).fill_nan(None),
        later=pl.col("spent_now") - pl.col("spent"),
    )
    return Check(
        split=split,
        tracking=_tracking(fitted, repeats, split, as_of),
        conditional=_conditional(found),
        by_model=None if fitted.spend is None else held_by_top(found, "value", top),
        by_past_spend=held_by_top(found, "spent", top),
        by_hindsight=held_by_top(found, "later", top),
    )


def held_by_top(customers: pl.DataFrame, ranking: str, top: float) -> float | None:
    """Return the share of the `later` spend held by the first ⌈top · n⌉ of a ranking; None where there was none."""
    whole = float(customers["later"].sum())
    if whole <= 0:
        return None
    ranked = customers.sort([ranking, "customer_id"], descending=[True, False], nulls_last=True)
    return float(ranked["later"].head(ceil(round(top * len(ranked), 9))).sum()) / whole


def _tracking(fitted: Fitted, repeats: pl.DataFrame, split: int, as_of: int) -> pl.DataFrame:
    """Add up weeks: whole ones counted back from the split and onwards, thinned for long files."""
    begun = split - fitted.buyers["known_days"].to_numpy()
    first = int(begun.min())
    days = as_of - first
    newcomers = np.bincount(begun - first, minlength=days + 1).astype(np.float64)
    expected = _running(newcomers, fitted.expected_by_day(days))
    counted = np.bincount(repeats["day"].to_numpy() - first, weights=repeats["count"].to_numpy(), minlength=days + 1)
    ends = _week_ends(first, split, as_of)
    return pl.DataFrame(
        {
            "week": np.ceil((ends - first) / DAYS_A_WEEK).astype(np.int64),
            "date": ends,
            "held_out": ends > split,
            "actual": np.cumsum(counted)[ends - first].astype(np.int64),
            "expected": expected[ends - first],
        }
    )


def _running(newcomers: Vector, expected: Vector) -> Vector:
    """Return Σ newcomers(d) · expected(day − d): what all together are expected to have bought by each day."""
    size = 1 << (2 * len(newcomers) - 1).bit_length()
    product = np.fft.irfft(np.fft.rfft(newcomers, size) * np.fft.rfft(expected, size), size)
    return np.maximum.accumulate(np.maximum(product[: len(newcomers)], 0.0))


def _week_ends(first: int, split: int, as_of: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    step = DAYS_A_WEEK * ceil((as_of - first) / DAYS_A_WEEK / MOST_POINTS)
    before = np.arange(split, first, -step)[::-1]
    after = np.arange(split + step, as_of + 1, step)
    return np.unique(np.concatenate([before, after, [as_of]])).astype(np.int64)


def _conditional(found: pl.DataFrame) -> pl.DataFrame:
    group = pl.min_horizontal(pl.col("x"), pl.lit(MANY)).alias("repeat_purchases")
    means = found.group_by(group).agg(
        customers=pl.len().cast(pl.Int64), actual=pl.col("actual").mean(), expected=pl.col("expected").mean()
    )
    return means.sort("repeat_purchases")
