"""Natural breaks: classes of values that differ as little as possible within themselves (Fisher and Jenks).

Optimal by dynamic programming over bins, on the logarithm of the positive values: sizes of customers differ by
multiples, and without the logarithm the few largest would each be a class.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crmdash.cuts import Distribution, Values

MOST_BINS: Final = 512
"""More different values than this are put into as many bins of equal width."""

_Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Breaks:
    """Cut values between natural classes.

    Attributes
    ----------
    cuts : the smallest value of every class but the last, largest first, in the values' unit.
    fit : goodness of variance fit, 0-1: the share of the variance of the logarithms that lies between the classes.
    """

    cuts: tuple[int, ...]
    fit: float


def natural_breaks(values: Distribution, classes: int) -> Breaks | None:
    """Return the best division of the positive values into `classes` classes; equal values stay together.

    None where there are fewer different positive values than classes.
    """
    ascending = values.descending[: values.positives][::-1]
    starts = _bin_starts(ascending)
    if classes < 2 or len(starts) < classes:
        return None
    logs = np.log(ascending)
    logs -= logs.mean()
    counts = np.diff(np.append(starts, len(ascending))).astype(np.float64)
    sums, squares = np.add.reduceat(logs, starts), np.add.reduceat(logs * logs, starts)
    firsts, within = _best_division(_spread_within(counts, sums, squares), classes)
    cuts = tuple(int(ascending[starts[first]]) for first in reversed(firsts[1:]))
    return Breaks(cuts, 1 - max(0.0, within) / float(squares.sum()))


def _bin_starts(ascending: Values) -> NDArray[np.intp]:
    """Return where each bin begins in ascending positive values: every different value, or bins of equal log width."""
    new_value = np.flatnonzero(np.diff(ascending, prepend=0))
    if len(new_value) <= MOST_BINS:
        return new_value
    edges = np.geomspace(ascending[0], ascending[-1], MOST_BINS, endpoint=False)
    return np.unique(np.append(0, np.searchsorted(ascending, np.ceil(edges[1:]).astype(np.int64))))


def _spread_within(counts: _Numbers, sums: _Numbers, squares: _Numbers) -> _Numbers:
    """Return (n, n + 1): the sum of squares about the mean of the bins from the row up to before the column."""
    n, s, q = (np.concatenate([[0.0], np.cumsum(part)]) for part in (counts, sums, squares))
    count, total, square = (part[None, :] - part[:-1, None] for part in (n, s, q))
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = square - total * total / count
    return np.where(count > 0, np.maximum(spread, 0.0), np.inf)


def _best_division(spread: _Numbers, classes: int) -> tuple[list[int], float]:
    """Return the first bin of each class in the division with the least sum of spreads, and that sum."""
    bins = len(spread)
    least = spread[0].copy()
    chosen = []
    for _ in range(classes - 1):
        # A class ending before `end` begins at the bin that adds least to the best division of the bins before it.
        sums = least[:bins, None] + spread
        begins = sums.argmin(axis=0)
        chosen.append(begins)
        least = sums[begins, np.arange(bins + 1)]
    firsts, end = [], bins
    for begins in reversed(chosen):
        end = int(begins[end])
        firsts.append(end)
    return [0, *reversed(firsts)], float(least[bins])
