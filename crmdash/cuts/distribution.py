"""The values of the base in order: what every cut and every share is looked up in."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.int64]

_HALF: Final = 32
"""Sums of running sums leave 64 bits: they are added up in two halves of so many bits."""


class Ranked(Protocol):
    """Values of the customers of the base, wherever they are held; ranks count from 1, the largest value.

    Attributes
    ----------
    size : number of customers with a value.
    missing : how many customers of the base have none.
    base : both together: what shares of heads are shares of.
    positives, negatives : how many values are above and below zero.
    positive_total : sum of the values above zero: what cumulative shares are shares of.
    total : net sum.
    """

    @property
    def size(self) -> int: ...  # noqa: D102  (told above)
    @property
    def missing(self) -> int: ...  # noqa: D102
    @property
    def base(self) -> int: ...  # noqa: D102
    @property
    def positives(self) -> int: ...  # noqa: D102
    @property
    def negatives(self) -> int: ...  # noqa: D102
    @property
    def positive_total(self) -> int: ...  # noqa: D102
    @property
    def total(self) -> int: ...  # noqa: D102

    def at(self, rank: int) -> int:
        """Return the value of one rank, 1 <= rank <= size."""

    def count_at_or_above(self, cut: int) -> int:
        """Count the customers whose value is at least `cut`."""

    def sum_of_largest(self, count: int) -> int:
        """Sum the `count` largest values."""

    def needed_for_share(self, percent: float) -> int | None:
        """Return the fewest largest customers that hold `percent` of the positive total; None without any."""

    def sum_by_place(self) -> int:
        """Sum place x value over the values >= 0, places counted from 1, the smallest."""


@dataclass(frozen=True, eq=False)
class Distribution:
    """Values in memory, with running sums that every look-up uses (`Ranked`); sorted when first looked up.

    Attributes
    ----------
    values : (n,) whole ten-thousandths in any order; customers without a value left out.
    missing : how many customers of the base have no value.
    """

    values: Values
    missing: int = 0

    @classmethod
    def of(cls, values: Values, missing: int = 0) -> "Distribution":
        """Return the distribution of `values` (any order)."""
        return cls(np.asarray(values, dtype=np.int64), missing)

    @property
    def size(self) -> int:
        """Number of customers with a value."""
        return len(self.values)

    @property
    def base(self) -> int:
        """Number of customers in the base, those without a value included."""
        return self.size + self.missing

    @cached_property
    def ascending(self) -> Values:
        """(n,) the values, smallest first."""
        return np.sort(self.values)

    @property
    def descending(self) -> Values:
        """(n,) the values, largest first."""
        return self.ascending[::-1]

    @cached_property
    def running(self) -> Values:
        """(n,) running sum from the largest value down."""
        return np.cumsum(self.descending)

    @cached_property
    def positives(self) -> int:
        """How many values are above zero."""
        return int(np.count_nonzero(self.values > 0))

    @cached_property
    def negatives(self) -> int:
        """How many values are below zero."""
        return int(np.count_nonzero(self.values < 0))

    @cached_property
    def positive_total(self) -> int:
        """Sum of the values above zero: what cumulative shares are shares of."""
        return int(np.maximum(self.values, 0).sum())

    @cached_property
    def total(self) -> int:
        """Net sum of all values."""
        return int(self.values.sum())

    def at(self, rank: int) -> int:
        """Return the value of one rank, 1 <= rank <= size."""
        return int(self.descending[rank - 1])

    def count_at_or_above(self, cut: int) -> int:
        """Count the customers whose value is at least `cut`."""
        return self.size - int(np.searchsorted(self.ascending, cut))

    def sum_of_largest(self, count: int) -> int:
        """Sum the `count` largest values."""
        return int(self.running[count - 1]) if count else 0

    def needed_for_share(self, percent: float) -> int | None:
        """Return the fewest largest customers that hold `percent` of the positive total; None without any."""
        if self.positive_total <= 0:
            return None
        return int(np.searchsorted(self.running[: self.positives], share_of(percent, self.positive_total))) + 1

    def sum_by_place(self) -> int:
        """Sum place x value over the values >= 0, places counted from 1, the smallest."""
        # Each value is in as many of the running sums as it has a place from below.
        running = self.running[: self.size - self.negatives]
        return (int((running >> _HALF).sum()) << _HALF) + int((running & ((1 << _HALF) - 1)).sum())


def exact(number: float) -> Fraction:
    """Return a number as it is written: 0.1 is a tenth."""
    return Fraction(str(number))


def share_of(percent: float, total: int) -> int:
    """Return `percent` of a total, rounded up to a whole ten-thousandth."""
    return ceil(exact(percent) * total / 100)
