"""Concentration: how much of the value few customers hold, and what loss-makers destroy (S6, whale curve).

Shares are of the sum of positive values, the whale curve is of the net total; never assumed, always measured.
"""

from dataclasses import dataclass
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crmdash.cuts import Distribution

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


def concentration(values: Distribution) -> Concentration:
    """Measure how concentrated `values` are."""
    top = min(ceil(TOP_SHARE * values.base / 100), values.size)
    held = values.sum_of_largest(top) / values.positive_total if values.positive_total > 0 else None
    non_negative = values.descending[values.descending >= 0]
    left_out = values.size - len(non_negative)
    return Concentration(values.total, held, values.needed_for_share(MOST_OF_VALUE), gini(non_negative), left_out)


def gini(values: NDArray[np.int64]) -> float | None:
    """Return the population Gini coefficient of non-negative values; None where they sum to nothing.

    G = 2 sum(i x_i) / (n sum(x)) - (n + 1) / n, x ascending, i from 1.
    """
    total = int(values.sum())
    if total <= 0:
        return None
    ascending = np.sort(values, kind="stable").astype(np.float64)
    size = len(ascending)
    weighted = float(np.dot(np.arange(1, size + 1, dtype=np.float64), ascending))
    return 2 * weighted / (size * total) - (size + 1) / size


def whale(profits: Distribution) -> Whale:
    """Measure the cumulative customer profit, most profitable first."""
    peak = profits.positive_total
    losses = int(np.count_nonzero(profits.descending < 0))
    share = peak / profits.total if profits.total > 0 else None
    return Whale(profits.total, share, profits.positives, losses, profits.total - peak)


def cumulative_curve(values: Distribution, points: int = CURVE_POINTS) -> Curve:
    """Return at most about `points` points of the running sum, both ends and the peak included, from (0, 0) on."""
    if not values.size:
        return Curve(np.zeros(1, np.int64), np.zeros(1, np.int64))
    steps = np.linspace(1, values.size, min(points, values.size)).round().astype(np.int64)
    counts = np.unique(np.append(steps, max(values.positives, 1)))
    running = values.running[counts - 1]
    return Curve(np.append(0, counts), np.append(np.int64(0), running))
