"""Bins in the order of values, whose numbers every engine works out alike: how a distribution is told in few rows.

The bin of a value is its eighth root in 1024 parts. Bins are narrow where values are small (whole numbers up to some
300 have a bin of their own) and about a thousandth of the value wide where they are money: millions of customers fall
into some ten thousand bins, and the values inside the few bins that matter can be asked for one by one. Roots are
taken by `sqrt`, the one root that is rounded correctly everywhere, so that a larger value never has a smaller bin.
"""

import math
from typing import Final

import narwhals as nw

from crmdash.engine.collecting import Lazy

_ROOTS: Final = 3
_PARTS: Final = 1024.0
_FINEST: Final = float(1 << 20)
"""Numbers with a fraction are told apart from 2^-20 on."""


def with_bins_of_whole(rows: Lazy, column: str) -> Lazy:
    """Add `bin`, rising with a column of whole numbers, 0 for 0 only, and missing for missing ones."""
    return rows.with_columns(bin=_bin(nw.col(column), nw.col(column).cast(nw.Float64).abs()))


def with_bins_of_numbers(rows: Lazy, column: str) -> Lazy:
    """Add `bin`, rising with a column of numbers with fractions, missing for missing ones."""
    return rows.with_columns(bin=_bin(nw.col(column), nw.col(column).abs() * _FINEST))


def bin_holding(value: int) -> int:
    """Return the bin of one whole number, as `with_bins_of_whole` works it out.

    Examples
    --------
    >>> bin_holding(0), bin_holding(1), bin_holding(256), bin_holding(-1)
    (0, 1024, 2048, -1025)
    """
    root = float(abs(value))
    for _ in range(_ROOTS):
        root = math.sqrt(root)
    number = int(root * _PARTS)
    return number if value >= 0 else -1 - number


def _bin(value: nw.Expr, size: nw.Expr) -> nw.Expr:
    """Return the number of each bin; few words, because engines copy them to wherever bins are asked for."""
    for _ in range(_ROOTS):
        size = size.sqrt()
    number = (size * _PARTS).floor().cast(nw.Int64)
    return nw.when(value >= 0).then(number).otherwise(nw.lit(-1, nw.Int64) - number)
