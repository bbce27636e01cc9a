"""Two groups, or two measures, beside each other: how large the difference is and how likely by chance alone."""

from dataclasses import dataclass
from math import sqrt
from typing import Final

import polars as pl
import scipy  # which loads its parts only when they are used

MOST: Final = 100_000
"""Ranks are compared on so many customers at most: a fixed sample of them tells as much."""

_SEED: Final = 20


@dataclass(frozen=True)
class Comparison:
    """One group (or measure) beside another.

    Attributes
    ----------
    first, second : the share, or the median, of each group.
    effect : difference of shares, chance that one of the first lies above one of the second, or rank correlation.
    chance : one-sided p-value; cases : customers of the smaller group.
    """

    first: float | None
    second: float | None
    effect: float | None
    chance: float | None
    cases: int


def shares(customers: pl.DataFrame, group: pl.Expr, answer: pl.Expr) -> Comparison:
    """Compare how many of a group, and of everybody else, an answer holds for; missing groups and answers left out.

    effect = share of the group - share of the others; chance by the two-proportion z test with pooled variance.
    """
    known = customers.select(group=group, answer=answer).drop_nulls()
    counted = known.group_by("group").agg(pl.len(), pl.col("answer").sum().alias("yes"))
    found = {flag: (cases, yes) for flag, cases, yes in counted.select("group", "len", "yes").iter_rows()}
    return of_counts(found.get(True, (0, 0)), found.get(False, (0, 0)))


def of_counts(first: tuple[int, int], second: tuple[int, int]) -> Comparison:
    """Compare two shares given as (cases, yes)."""
    cases = min(first[0], second[0])
    if not cases:
        return Comparison(None, None, None, None, 0)
    one, other = first[1] / first[0], second[1] / second[0]
    pooled = (first[1] + second[1]) / (first[0] + second[0])
    spread = sqrt(pooled * (1 - pooled) * (1 / first[0] + 1 / second[0]))
    chance = float(scipy.stats.norm.sf((one - other) / spread)) if spread else 1.0
    return Comparison(one, other, one - other, chance, cases)


def superiority(customers: pl.DataFrame, group: pl.Expr, measure: pl.Expr) -> Comparison:
    """Compare a measure of a group with everybody else's by ranks, which no single giant can sway.

    effect = chance that a customer of the group lies above one of the others, halves for ties; p-value by the test of
    Mann, Whitney and Wilcoxon with normal approximation.
    """
    known = _sampled(customers.select(group=group, measure=measure.cast(pl.Float64)).drop_nulls())
    one, other = (known.filter(pl.col("group") == flag)["measure"] for flag in (True, False))
    cases = min(len(one), len(other))
    if not cases:
        return Comparison(None, None, None, None, 0)
    found = scipy.stats.mannwhitneyu(one.to_numpy(), other.to_numpy(), alternative="greater", method="asymptotic")
    effect = float(found.statistic) / (len(one) * len(other))
    return Comparison(_median(one), _median(other), effect, float(found.pvalue), cases)


def correlation(customers: pl.DataFrame, first: pl.Expr, second: pl.Expr) -> Comparison:
    """Compare two measures by Spearman's rank correlation; medians are given beside it."""
    columns = (first.cast(pl.Float64).alias("first"), second.cast(pl.Float64).alias("second"))
    known = _sampled(customers.select(columns).drop_nulls())
    if known["first"].n_unique() <= 1 or known["second"].n_unique() <= 1:
        return Comparison(None, None, None, None, 0)
    found = scipy.stats.spearmanr(known["first"].to_numpy(), known["second"].to_numpy(), alternative="greater")
    medians = _median(known["first"]), _median(known["second"])
    return Comparison(*medians, float(found.statistic), float(found.pvalue), len(known))


def _sampled(known: pl.DataFrame) -> pl.DataFrame:
    return known if len(known) <= MOST else known.sample(MOST, seed=_SEED)


def _median(values: pl.Series) -> float | None:
    return None if not len(values) else values.cast(pl.Float64).to_frame().select(pl.first().median()).item()
