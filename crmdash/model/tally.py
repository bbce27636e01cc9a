"""How many customers share a key, and what they are worth: counted once, then only those whose key changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.model.cells import Keys
from crmdash.model.standing import Rows, seem_to_differ, where

_EXACT: Final = 2**53
"""Whole numbers up to here are exact as floating-point numbers, and so are their sums."""
_LOW_BITS: Final = 24
_KEYS: Final = 1 << 16
_FEW: Final = 4
"""Counting those who changed is worth it while they are no more than one in so many."""


@dataclass(frozen=True, eq=False)
class Amounts:
    """Whole amounts of customers in ten-thousandths, ready to be added up exactly.

    Attributes
    ----------
    parts : what the amounts are the sum of, each with the factor that it counts for.
    """

    parts: tuple[tuple[NDArray[np.int64], int], ...]

    @classmethod
    def of(cls, amounts: pl.Series) -> "Amounts":
        """Take apart amounts that are too large to be added up as they are; missing ones count as zero."""
        whole = amounts.cast(pl.Int64).fill_null(0).to_numpy()
        if _all_sums_are_exact(whole):
            return cls(((whole, 1),))
        high = whole >> _LOW_BITS
        low = whole - (high << _LOW_BITS)
        return cls(((high, 1 << _LOW_BITS), (low, 1)))

    def by_key(self, keys: NDArray[np.intp] | Keys, rows: Rows | None = None) -> NDArray[np.int64]:
        """Return the sum for every possible key: of everybody, or of the customers in `rows`, whose keys are given."""
        found = np.zeros(_KEYS, np.int64)
        for part, factor in self.parts:
            summed = np.bincount(keys, weights=part if rows is None else part[rows], minlength=_KEYS)
            found += summed.astype(np.int64) * factor
        return found


def _all_sums_are_exact(whole: NDArray[np.int64]) -> bool:
    if not len(whole):
        return True
    farthest = max(abs(int(whole.min())), abs(int(whole.max())))
    return farthest * len(whole) < _EXACT or float(np.abs(whole.astype(np.float64)).sum()) < _EXACT


@dataclass(frozen=True, eq=False)
class Tally:
    """Customers, value and profit (ten-thousandths) by key.

    Attributes
    ----------
    keys : (n,) the key of every customer (`crmdash.model.cells`).
    amounts : what was added up: the value and, where it is known, the profit of every customer.
    sums : (1 + amounts, keys) customers, value, profit.
    """

    keys: Keys
    amounts: tuple[Amounts, ...]
    sums: NDArray[np.int64]

    @classmethod
    def of(cls, keys: Keys, amounts: tuple[Amounts, ...], earlier: "Sequence[Tally]" = ()) -> "Tally":
        """Count customers by their keys; from what was counted earlier of the same amounts only what changed."""
        alike = [one for one in earlier if one.amounts == amounts]
        if alike:
            before = min(alike, key=lambda one: seem_to_differ((one.keys, keys)))
            changed = where(before.keys != keys)
            if len(changed) * _FEW <= len(keys):
                came, went = (_summed(each[changed], amounts, changed) for each in (keys, before.keys))
                return cls(keys, amounts, before.sums + came - went)
        # One conversion serves all sums.
        return cls(keys, amounts, _summed(keys.astype(np.intp), amounts))

    @property
    def found(self) -> list[tuple[int, int, int, int]]:
        """Every key that somebody has, with its customers, value and profit, 0 where it is not known."""
        there = np.flatnonzero(self.sums[0])
        customers, value, *profit = (each[there].tolist() for each in self.sums)
        return list(zip(there.tolist(), customers, value, profit[0] if profit else [0] * len(there), strict=True))


def _summed(keys: NDArray[np.intp] | Keys, amounts: tuple[Amounts, ...], rows: Rows | None = None) -> NDArray[np.int64]:
    return np.stack([np.bincount(keys, minlength=_KEYS), *(each.by_key(keys, rows) for each in amounts)])
