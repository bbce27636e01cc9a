"""Effect sizes across groups and their p-values: eta squared, Cramér's V, Holm's correction, change of R squared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
import scipy  # which loads its parts only when they are used
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

MOST_KINDS: Final = 30
"""A text with more values than this is no kind but a name."""

FEWEST_OF_A_KIND: Final = 5
"""Rarer values of a kind are left out: the chi-squared test asks for so many."""


@dataclass(frozen=True)
class Effect:
    """How much of a measure's differences lies between groups.

    Attributes
    ----------
    size : eta squared, Cramér's V or the change of R squared, 0-1.
    chance : p-value of the test that there is no difference at all.
    cases : how many rows it was measured on.
    """

    size: float
    chance: float
    cases: int


def eta_squared(frame: pl.DataFrame, group: str, measures: Sequence[str]) -> dict[str, Effect]:
    """Return eta squared (between / total sum of squares) and the F test's p-value of every measure.

    Missing values are left out; a measure known in fewer than two groups, or without any difference, has none.
    """
    if not measures:
        return {}
    values = frame.select(group, *(pl.col(name).cast(pl.Float64).fill_nan(None) for name in measures))
    sums = values.group_by(group).agg(
        *(pl.col(name).count().alias(f"{name}:n") for name in measures),
        *(pl.col(name).mean().alias(f"{name}:mean") for name in measures),
        *(pl.col(name).var(ddof=0).alias(f"{name}:var") for name in measures),
    )
    found = ((name, _eta(sums, name)) for name in measures)
    return {name: effect for name, effect in found if effect is not None}


def _eta(sums: pl.DataFrame, name: str) -> Effect | None:
    held = sums.filter(pl.col(f"{name}:n") > 0).sort(f"{name}:n", f"{name}:mean")
    counts, means, spreads = (held[f"{name}:{part}"].to_numpy().astype(np.float64) for part in ("n", "mean", "var"))
    groups, cases = len(counts), int(counts.sum())
    if groups < 2 or cases <= groups:
        return None
    between = float(np.sum(counts * (means - np.average(means, weights=counts)) ** 2))
    inside = float(np.sum(counts * spreads))
    if between + inside <= 0:
        return None
    return Effect(between / (between + inside), _f_chance(between, inside, groups - 1, cases - groups), cases)


def _f_chance(explained: float, rest: float, freed: int, left: int) -> float:
    if rest <= 0:
        return 0.0
    return float(scipy.stats.f.sf((explained / freed) / (rest / left), freed, left))


def cramers_v(frame: pl.DataFrame, group: str, kind: str) -> Effect | None:
    """Return Cramér's V of a kind across groups, and the chi-squared test's p-value; None where it is no kind."""
    counted = frame.select(group, kind).filter(pl.col(kind).is_not_null()).group_by(group, kind).len()
    common = counted.group_by(kind).agg(pl.col("len").sum().alias("of_kind"))
    common = common.filter(pl.col("of_kind") >= FEWEST_OF_A_KIND)
    if len(common) > MOST_KINDS:
        return None
    kept = counted.join(common, on=kind, how="semi").sort(group, kind)
    table = kept.pivot(kind, index=group, values="len").fill_null(0).drop(group).to_numpy().astype(np.float64)
    if min(table.shape, default=0) < 2:
        return None
    cases, smaller = table.sum(), min(table.shape) - 1
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / cases
    statistic = float(np.sum((table - expected) ** 2 / expected))
    freed = (table.shape[0] - 1) * (table.shape[1] - 1)
    chance = float(scipy.stats.chi2.sf(statistic, freed))
    return Effect(float(np.sqrt(statistic / (cases * smaller))), chance, int(cases))


def holm(chances: dict[str, float]) -> dict[str, float]:
    """Return the p-values of several tests made at once, corrected by Holm's step-down rule.

    Examples
    --------
    >>> holm({"a": 0.01, "b": 0.04, "c": 0.03})
    {'a': 0.03, 'c': 0.06, 'b': 0.06}
    """
    corrected: dict[str, float] = {}
    highest = 0.0
    ordered = sorted(chances.items(), key=lambda named: named[1])
    for place, (name, chance) in enumerate(ordered):
        highest = max(highest, min(1.0, chance * (len(ordered) - place)))
        corrected[name] = highest
    return corrected


def change_of_r2(outcome: Numbers, plain: Numbers, extra: Numbers) -> Effect | None:
    """Return how much more of the outcome the extra columns explain, by least squares, with the F test's p-value.

    Parameters
    ----------
    outcome : (n,)
    plain, extra : (n, p) and (n, q) columns of the smaller model and what is added; a constant is put in here.

    Returns
    -------
    None where the outcome does not vary or the columns leave no degree of freedom.
    """
    cases = len(outcome)
    if cases < 3 or not np.ptp(outcome):
        return None
    both = np.column_stack([plain, extra])
    smaller, rank = _unexplained(outcome, plain)
    larger, full_rank = _unexplained(outcome, both)
    freed, left = full_rank - rank, cases - full_rank
    if freed <= 0 or left <= 0:
        return None
    whole = float(np.sum((outcome - outcome.mean()) ** 2))
    gain = max(0.0, smaller - larger)
    return Effect(gain / whole, _f_chance(gain, larger, freed, left), cases)


def _unexplained(outcome: Numbers, columns: Numbers) -> tuple[float, int]:
    """Return the residual sum of squares, and the rank of the design with its constant.

    Least squares on the cross-products of centred and scaled columns: many rows cost one pass.
    """
    centred = columns - columns.mean(axis=0)
    scale = np.sqrt(np.mean(centred**2, axis=0))
    centred = centred[:, scale > 0] / scale[scale > 0]
    target = outcome - outcome.mean()
    products, with_target = centred.T @ centred, centred.T @ target
    solved: Any = np.linalg.lstsq(products, with_target, rcond=1e-10)
    explained = float(solved[0] @ with_target)
    return max(0.0, float(target @ target) - explained), int(solved[2]) + 1


def dummies(codes: Numbers) -> Numbers:
    """Return one 0/1 column per group but the first; (n, groups - 1)."""
    groups = np.unique(codes)
    return (codes[:, None] == groups[None, 1:]).astype(np.float64)


def times(left: Numbers, right: Numbers) -> Numbers:
    """Return the products of every column of `left` with every column of `right`: their interactions."""
    return (left[:, :, None] * right[:, None, :]).reshape(len(left), -1)
