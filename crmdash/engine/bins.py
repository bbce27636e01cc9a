"""Bins in the order of values, whose numbers every engine works out alike: how a distribution is told in few rows.

A bin is 2^-14 to 2^-10 as wide as its values are large: wide enough that millions of customers fall into some ten
thousand bins, narrow enough that the values inside the few bins that matter can be asked for one by one. Below 2^14
every whole number has a bin of its own; up to 2^(14 + 4 k) bins are 16^k wide: powers of 16 round nothing.
"""

from typing import Final

import narwhals as nw

from crmdash.engine.collecting import Lazy

_BITS: Final = 14
_STEP: Final = 4
_PER_LEVEL: Final = (1 << _BITS) - (1 << _BITS - _STEP)
"""Bins of each level, those that a finer level tells left out."""

_WHOLE_LEVELS: Final = 13
"""Up to 2^66: every whole number of 64 bits."""

_NUMBER_LEVELS: Final = 18
_FINEST: Final = float(1 << 20)
"""Numbers with a fraction are told apart from 2^-20 on."""


def with_bins_of_whole(rows: Lazy, column: str) -> Lazy:
    """Add `bin`, rising with a column of whole numbers, 0 for 0 and missing for missing ones, and `above`.

    `above` is how far a number >= 0 lies above the lowest of its bin.
    """
    value, size, width = nw.col(column), nw.col("bin:size"), nw.col("bin:width")
    sized = rows.with_columns(**{"bin:size": value.abs()})
    levelled = sized.with_columns(**_level(size, _WHOLE_LEVELS, int))
    placed = levelled.with_columns(above=size % width)
    # The remainder goes first: some engines divide by way of fractions, which is exact only without one.
    return _numbered(placed, value, (size - nw.col("above")) // width)


def with_bins_of_numbers(rows: Lazy, column: str) -> Lazy:
    """Add `bin`, rising with a column of numbers with fractions, missing for missing ones."""
    value, size, width = nw.col(column), nw.col("bin:size"), nw.col("bin:width")
    sized = rows.with_columns(**{"bin:size": value.abs() * _FINEST})
    return _numbered(sized.with_columns(**_level(size, _NUMBER_LEVELS, float)), value, (size / width).floor())


def bin_holding(value: int) -> int:
    """Return the bin of one whole number, as `with_bins_of_whole` works it out.

    Examples
    --------
    >>> bin_holding(16_383), bin_holding(16_384), bin_holding(-1)
    (16383, 16384, -2)
    """
    size, level = abs(value), 0
    while size >= _below(level):
        level += 1
    number = (size >> _STEP * level) + level * _PER_LEVEL
    return number if value >= 0 else -1 - number


def whole_numbers_of(number: int) -> range:
    """Return the whole numbers of a bin of numbers >= 0.

    Examples
    --------
    >>> whole_numbers_of(16_384)
    range(16384, 16400)
    """
    level = max(0, (number - (1 << _BITS)) // _PER_LEVEL + 1)
    start = number - level * _PER_LEVEL
    return range(start << _STEP * level, (start + 1) << _STEP * level)


def _below(level: int) -> int:
    return 1 << _BITS + _STEP * level


def _level(size: nw.Expr, levels: int, number: type[int] | type[float]) -> dict[str, nw.Expr]:
    """Return the width of each row's bin, and how many bins the levels below tell."""
    dtype = nw.Int64 if number is int else nw.Float64
    width, told = nw.lit(number(1 << _STEP * levels), dtype), nw.lit(levels * _PER_LEVEL, nw.Int64)
    for level in reversed(range(levels)):
        within = size < number(_below(level))
        width = nw.when(within).then(nw.lit(number(1 << _STEP * level), dtype)).otherwise(width)
        told = nw.when(within).then(nw.lit(level * _PER_LEVEL, nw.Int64)).otherwise(told)
    return {"bin:width": width, "bin:told": told}


def _numbered(rows: Lazy, value: nw.Expr, within: nw.Expr) -> Lazy:
    number = within.cast(nw.Int64) + nw.col("bin:told")
    signed = nw.when(value >= 0).then(number).otherwise(nw.lit(-1, nw.Int64) - number)
    return rows.with_columns(bin=signed).drop("bin:size", "bin:width", "bin:told")
