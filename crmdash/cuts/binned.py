"""A distribution whose values stay on an engine: pass one counts and sums them by bin, pass two asks inside few bins.

Nothing is sorted but the values inside the bins that matter, and every answer is exact.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import accumulate
from typing import Final, NamedTuple

import narwhals as nw
import polars as pl

from crmdash.cuts.distribution import Ranked, share_of
from crmdash.engine import Lazy, collect
from crmdash.engine.bins import bin_holding, with_bins_of_whole

_LIMIT: Final = 2**63


class _Bin(NamedTuple):
    """One bin: its values (whole ten-thousandths, largest first) with how often each occurs."""

    values: list[int]
    counts: list[int]


class BinnedDistribution:
    """Values on an engine, looked up in two passes (`Ranked`).

    Parameters
    ----------
    values : one column, `value`: whole ten-thousandths, one row per customer of the base; missing where there is none.
    """

    def __init__(self, values: Lazy) -> None:
        self._rows = with_bins_of_whole(values, "value")
        value = nw.col("value")
        sums = self._rows.group_by("bin").agg(
            rows=nw.len().cast(nw.Int64), total=value.sum().cast(nw.Int64), lowest=value.min(), highest=value.max()
        )
        counted = collect(sums).sort("bin", descending=True)
        self.missing = int(counted.filter(pl.col("bin").is_null())["rows"].sum())
        told = counted.filter(pl.col("bin").is_not_null())
        self._numbers: list[int] = told["bin"].to_list()
        self._rows_of: list[int] = told["rows"].to_list()
        self._totals: list[int] = told["total"].to_list()
        self._lowest: list[int] = told["lowest"].to_list()
        self._highest: list[int] = told["highest"].to_list()
        self._ends = list(accumulate(self._rows_of))
        self._sums = list(accumulate(self._totals))
        self._known: dict[int, _Bin] = {}
        self._noted: set[int] | None = None

    def prepare(self, questions: Callable[[Ranked], object]) -> None:
        """Find out which bins `questions` will look into, and ask for the values of all of them at once."""
        self._noted = set()
        try:
            questions(self)
            noted = self._noted
        finally:
            self._noted = None
        self._ask(noted)

    @property
    def size(self) -> int:
        """Number of customers with a value."""
        return self._ends[-1] if self._ends else 0

    @property
    def base(self) -> int:
        """Number of customers in the base, those without a value included."""
        return self.size + self.missing

    @cached_property
    def positives(self) -> int:
        """How many values are above zero."""
        return self._rows_from(1)

    @cached_property
    def negatives(self) -> int:
        """How many values are below zero."""
        return self.size - self._rows_from(0)

    @cached_property
    def positive_total(self) -> int:
        """Sum of the values above zero: what cumulative shares are shares of."""
        return sum(total for number, total in zip(self._numbers, self._totals, strict=True) if number > 0)

    @cached_property
    def total(self) -> int:
        """Net sum of all values."""
        return self._sums[-1] if self._sums else 0

    def at(self, rank: int) -> int:
        """Return the value of one rank, 1 <= rank <= size."""
        place = bisect_left(self._ends, rank)
        inside = self._inside(place)
        return inside.values[bisect_left(list(accumulate(inside.counts)), rank - self._before(place))]

    def count_at_or_above(self, cut: int) -> int:
        """Count the customers whose value is at least `cut`."""
        number = bin_holding(cut)
        above = self._rows_from(number + 1)
        place = bisect_left(self._ends, above + 1)
        if place == len(self._numbers) or self._numbers[place] != number:
            return above
        inside = self._inside(place)
        return above + sum(count for value, count in zip(*inside, strict=True) if value >= cut)

    def sum_of_largest(self, count: int) -> int:
        """Sum the `count` largest values."""
        if not count:
            return 0
        place = bisect_left(self._ends, count)
        left, found = count - self._before(place), self._sums[place] - self._totals[place]
        if left == self._rows_of[place]:
            return self._sums[place]
        for value, rows in zip(*self._inside(place), strict=True):
            taken = min(rows, left)
            found, left = found + taken * value, left - taken
        return found

    def needed_for_share(self, percent: float) -> int | None:
        """Return the fewest largest customers that hold `percent` of the positive total; None without any."""
        if self.positive_total <= 0:
            return None
        target, positive = share_of(percent, self.positive_total), bisect_left(self._ends, self.positives) + 1
        place = bisect_left(self._sums, target, hi=positive)
        needed, left = self._before(place), target - (self._sums[place] - self._totals[place])
        for value, rows in zip(*self._inside(place), strict=True):
            if rows * value >= left:
                return max(needed + -(-left // value), 1)
            needed, left = needed + rows, left - rows * value
        return needed

    def sum_by_place(self) -> int:
        """Sum place x value over the values >= 0, places counted from 1, the smallest.

        Within a bin, places are counted by the engine, from the values and how often each occurs; the places below the
        bin are added here.
        """
        value, count = nw.col("value"), nw.col("rows")
        each = self._rows.filter(value >= 0).group_by("bin", "value").agg(rows=nw.len().cast(nw.Int64))
        placed = each.with_columns(upto=count.cum_sum().over("bin", order_by="value"), lowest=value.min().over("bin"))
        # Twice the sum of the places of equal values, so that nothing is halved: (first + last) x how many.
        places, above = (nw.col("upto") * 2 - count + 1) * count, value - nw.col("lowest")
        if not self._fits():
            above = above.cast(nw.Float64)
        rests = dict(collect(placed.group_by("bin").agg(above=(above * places).sum())).iter_rows())
        found, below = 0, 0
        told = zip(self._numbers, self._rows_of, self._totals, self._lowest, strict=True)
        for number, rows, total, lowest in sorted(told):
            if number >= 0:
                found += 2 * below * total + lowest * rows * (rows + 1) + int(rests[number])
                below += rows
        return found // 2

    def _fits(self) -> bool:
        """Say whether the sums within every bin stay within 64 bits; beyond, they are added up as fractions."""
        told = zip(self._rows_of, self._lowest, self._highest, strict=True)
        return all((highest - lowest) * rows * (rows + 1) < _LIMIT for rows, lowest, highest in told)

    def _rows_from(self, number: int) -> int:
        """Count the values in bins of at least `number`."""
        place = bisect_left(self._numbers, -number, key=lambda other: -other)
        while place < len(self._numbers) and self._numbers[place] >= number:
            place += 1
        return self._ends[place - 1] if place else 0

    def _before(self, place: int) -> int:
        return self._ends[place] - self._rows_of[place]

    def _inside(self, place: int) -> _Bin:
        """Return the values of a bin; while questions are noted, its mean in their place."""
        number = self._numbers[place]
        if number not in self._known and self._noted is not None:
            self._noted.add(number)
            return _Bin([self._totals[place] // self._rows_of[place]], [self._rows_of[place]])
        if number not in self._known:
            self._ask({number})
        return self._known[number]

    def _ask(self, numbers: Iterable[int]) -> None:
        wanted = sorted(set(numbers) - self._known.keys())
        if not wanted:
            return
        rows = self._rows.filter(nw.col("bin").is_in(wanted))
        found = collect(rows.group_by("bin", "value").agg(rows=nw.len().cast(nw.Int64)))
        for (number,), part in found.sort("value", descending=True).group_by("bin", maintain_order=True):
            self._known[int(str(number))] = _Bin(part["value"].to_list(), part["rows"].to_list())
