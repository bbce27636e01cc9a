"""How many customers share a key, and what they are worth: counted once, then only those whose key changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import is_
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.engine.arrays import where
from crmdash.model.cells import Keys
from crmdash.model.standing import seem_to_differ

Amounts = NDArray[np.int64]
"""Whole ten-thousandths of customers, row by row."""

_KEYS: Final = 1 << 16
_FEW: Final = 4
"""Counting those who changed is worth it while they are no more than one in so many."""


def amounts_of(column: pl.Series) -> Amounts:
    """Return a column as amounts to be added up; missing ones count as zero."""
    return column.cast(pl.Int64).fill_null(0).to_numpy()


def added_up(keys: NDArray[np.integer[Any]], amounts: Amounts | int, size: int) -> NDArray[np.int64]:
    """Return the sum of the amounts for every key below `size`: whole numbers, exact; 1 counts the keys.

    Raises
    ------
    IndexError
        If a key is negative, or not below `size`.
    """
    if keys.dtype.kind == "i" and len(keys) and keys.min() < 0:
        raise IndexError("keys begin at 0")
    found = np.zeros(size, np.int64)
    np.add.at(found, keys, amounts)
    return found


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
        alike = [one for one in earlier if len(one.amounts) == len(amounts) and all(map(is_, one.amounts, amounts))]
        if alike:
            before = min(alike, key=lambda one: seem_to_differ((one.keys, keys)))
            changed = where(before.keys != keys)
            if len(changed) * _FEW <= len(keys):
                there = tuple(each[changed] for each in amounts)
                came, went = (_summed(each[changed], there) for each in (keys, before.keys))
                return cls(keys, amounts, before.sums + came - went)
        return cls(keys, amounts, _summed(keys, amounts))

    @property
    def found(self) -> list[tuple[int, int, int, int]]:
        """Every key that somebody has, with its customers, value and profit, 0 where it is not known."""
        there = np.flatnonzero(self.sums[0])
        customers, value, *profit = (each[there].tolist() for each in self.sums)
        return list(zip(there.tolist(), customers, value, profit[0] if profit else [0] * len(there), strict=True))


def _summed(keys: Keys, amounts: tuple[Amounts, ...]) -> NDArray[np.int64]:
    return np.stack([added_up(keys, 1, _KEYS), *(added_up(keys, each, _KEYS) for each in amounts)])
