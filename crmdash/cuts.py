"""A tier setting and a distribution of values to cut values: a threshold is a value.

Whatever way a line is stated (share of value, share of heads, amount, score), it resolves to one number on the measure;
a customer at or above it belongs to the tier or a higher one. Equal value, equal tier.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil

import numpy as np
from numpy.typing import NDArray

from crmdash.columns import MONEY_SCALE
from crmdash.settings import Mode, Settings, Tier

Values = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Distribution:
    """Values of the customers of the base, largest first, with running sums that every look-up uses.

    Attributes
    ----------
    descending : (n,) whole ten-thousandths, largest first; customers without a value left out.
    missing : how many customers of the base have no value.
    """

    descending: Values
    missing: int = 0

    @classmethod
    def of(cls, values: Values, missing: int = 0) -> "Distribution":
        """Sort `values` (any order) into a distribution."""
        return cls(np.sort(np.asarray(values, dtype=np.int64))[::-1], missing)

    @property
    def size(self) -> int:
        """Number of customers with a value."""
        return len(self.descending)

    @property
    def base(self) -> int:
        """Number of customers in the base, those without a value included: what shares of heads are shares of."""
        return self.size + self.missing

    @cached_property
    def _rising(self) -> Values:
        return -self.descending

    @cached_property
    def running(self) -> Values:
        """(n,) running sum from the largest value down."""
        return np.cumsum(self.descending)

    @cached_property
    def positives(self) -> int:
        """How many values are above zero."""
        return int(np.searchsorted(self._rising, 0))

    @cached_property
    def positive_total(self) -> int:
        """Sum of the values above zero: what cumulative shares are shares of."""
        return int(self.running[self.positives - 1]) if self.positives else 0

    @cached_property
    def total(self) -> int:
        """Net sum of all values."""
        return int(self.running[-1]) if self.size else 0

    def count_at_or_above(self, cut: int) -> int:
        """Number of customers whose value is at least `cut`."""
        return int(np.searchsorted(self._rising, -cut, side="right"))

    def sum_of_largest(self, count: int) -> int:
        """Sum of the `count` largest values."""
        return int(self.running[count - 1]) if count else 0

    def needed_for_share(self, percent: float) -> int | None:
        """Fewest largest customers that hold `percent` of the positive total; None where nothing is positive."""
        if self.positive_total <= 0:
            return None
        target = ceil(_exact(percent) * self.positive_total / 100)
        return int(np.searchsorted(self.running[: self.positives], target)) + 1


def _exact(number: float) -> Fraction:
    return Fraction(str(number))


def cut_by_share(values: Distribution, percent: float) -> int | None:
    """Smallest value in the smallest set of largest customers that reaches `percent` of the positive total."""
    needed = values.needed_for_share(percent)
    return None if needed is None else int(values.descending[needed - 1])


def cut_by_heads(values: Distribution, percent: float) -> int | None:
    """Value of the last of the largest `percent` of customers, rounded up to a whole customer."""
    if not values.size:
        return None
    heads = min(ceil(_exact(percent) * values.base / 100), values.size)
    return int(values.descending[heads - 1])


def cut_by_amount(values: Distribution, amount: float) -> int | None:
    """Return a typed amount (currency units) as it is, in ten-thousandths."""
    return round(_exact(amount) * MONEY_SCALE)


def cut_by_score(values: Distribution, percent: float) -> int | None:
    """Smallest value above at least `percent` of the customers; just above the largest where nobody scores so high."""
    if not values.size:
        return None
    ascending = values.descending[::-1]
    position = ceil(_exact(percent) * values.base / 100)
    if position >= values.size:
        return int(ascending[-1]) + 1
    first_equal = int(np.searchsorted(ascending, ascending[position]))
    if first_equal >= position:
        return int(ascending[position])
    next_distinct = int(np.searchsorted(ascending, ascending[position], side="right"))
    return int(ascending[next_distinct]) if next_distinct < values.size else int(ascending[-1]) + 1


_BY_MODE = {"share": cut_by_share, "heads": cut_by_heads, "amount": cut_by_amount, "score": cut_by_score}


def cut_at(values: Distribution, mode: Mode, line: float) -> int | None:
    """Resolve one line stated in `mode` to a value in ten-thousandths; None where the data gives none."""
    return _BY_MODE[mode](values, line)


def resolve_cuts(values: Distribution, settings: Settings) -> dict[Tier, int | None]:
    """Return the cut of every tier in force, top first; None for the last tier.

    Where lead means losing money, the tier above it has no cut either: it takes every other customer below.
    """
    tiers = settings.tiers
    cuts: dict[Tier, int | None] = {code: cut_at(values, tiers.mode, line) for code, line in tiers.lines.items()}
    codes = tiers.codes
    cuts[codes[-1]] = None
    if tiers.lead_if_loss:
        cuts[codes[-2]] = None
    return {code: cuts[code] for code in codes}
