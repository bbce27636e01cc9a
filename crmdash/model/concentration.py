"""Concentration: how much of the value few customers hold, and what loss-makers destroy (S6, whale curve).

Shares are of the sum of positive values, the whale curve is of the net total; never assumed, always measured.
"""

from dataclasses import dataclass
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crmdash.cuts import Distribution, Ranked

CURVE_POINTS: Final = 240
TOP_SHARE: Final = 20
MOST_OF_VALUE: Final = 80


@dataclass(frozen=True)
class Concentration:
    """Key figures of a distribution of values; None where the figure has no meaning."""

    total: int
    top20_share: float | None
    customers_for_80: int | None
    gini: float | None
    gini_left_out: int


@dataclass(frozen=True)
class Whale:
    """The whale curve's figures; money in ten-thousandths, `profit_destroyed` <= 0."""

    total: int
    peak_share: float | None
    peak_at: int
    loss_makers: int
    profit_destroyed: int


@dataclass(frozen=True, eq=False)
class Curve:
    """A cumulative curve: after `customers` largest customers, `value` is reached (ten-thousandths)."""

    customers: NDArray[np.int64]
    value: NDArray[np.int64]


def concentration(values: Ranked) -> Concentration:
    """Measure how concentrated `values` are."""
    top = min(ceil(TOP_SHARE * values.base / 100), values.size)
    held = values.sum_of_largest(top) / values.positive_total if values.positive_total > 0 else None
    return Concentration(values.total, held, values.needed_for_share(MOST_OF_VALUE), gini(values), values.negatives)


def gini(values: Ranked) -> float | None:
    """Return the population Gini coefficient of the values >= 0; None where they sum to nothing.

    G = 2 sum(i x_i) / (n sum(x)) - (n + 1) / n, x ascending, i from 1; in whole numbers up to the one division, so that
    every engine finds the same.
    """
    size, total = values.size - values.negatives, values.positive_total
    if total <= 0:
        return None
    return (2 * values.sum_by_place() - (size + 1) * total) / (size * total)


def whale(profits: Ranked) -> Whale:
    """Measure the cumulative customer profit, most profitable first."""
    peak = profits.positive_total
    share = peak / profits.total if profits.total > 0 else None
    return Whale(profits.total, share, profits.positives, profits.negatives, profits.total - peak)


def cumulative_curve(values: Distribution, points: int = CURVE_POINTS) -> Curve:
    """Return at most about `points` points of the running sum, both ends and the peak included, from (0, 0) on."""
    if not values.size:
        return Curve(np.zeros(1, np.int64), np.zeros(1, np.int64))
    steps = np.linspace(1, values.size, min(points, values.size)).round().astype(np.int64)
    counts = np.unique(np.append(steps, max(values.positives, 1)))
    running = values.running[counts - 1]
    return Curve(np.append(0, counts), np.append(np.int64(0), running))
