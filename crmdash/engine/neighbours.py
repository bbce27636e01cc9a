"""The rows before and after each row, in the order of one column among the rows of one group."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Final

import narwhals as nw
import polars as pl

from crmdash.engine.collecting import Lazy, is_in_memory

_WHOLE: Final = 2**63
"""Sort keys stay below this."""


def with_neighbours(frame: Lazy, by: Sequence[str], order_by: str, wanted: Mapping[str, int]) -> Lazy:
    """Add what `order_by` is in the rows before and after each row of its group; missing where there is no such row.

    Parameters
    ----------
    by : columns that make the groups, without missing values; numbers, flags or `coded` texts.
    order_by : a column of whole numbers, each at most once in a group.
    wanted : name of the new column -> how many rows before; negative for rows after.
    """
    if is_in_memory(frame):
        return nw.from_native(_side_by_side(frame.to_native(), by, order_by, wanted))
    value = nw.col(order_by)
    return frame.with_columns(**{name: value.shift(rows).over(*by, order_by=order_by) for name, rows in wanted.items()})


def _side_by_side(frame: pl.LazyFrame, by: Sequence[str], order_by: str, wanted: Mapping[str, int]) -> pl.LazyFrame:
    """Sort once by one number that holds group and order: faster than windows, and than sorting by several columns."""
    table = frame.collect(engine="streaming")
    codes = {name: pl.col(name).to_physical().cast(pl.Int64) for name in (*by, order_by)}
    rows = table.lazy().sort(_sort_keys(table, codes)).collect(engine="streaming").lazy()
    value, beside = pl.col(order_by), {}
    for name, number in wanted.items():
        same_group = pl.all_horizontal(codes[key] == codes[key].shift(number) for key in by)
        beside[name] = pl.when(same_group).then(value.shift(number))
    return rows.with_columns(**beside)


def _sort_keys(table: pl.DataFrame, codes: Mapping[str, pl.Expr]) -> list[pl.Expr]:
    """Return the one number that sorts like all columns together, or the columns where 64 bits do not hold it."""
    if table.is_empty():
        return list(codes.values())
    lowest = table.select(code.min().alias(name) for name, code in codes.items()).row(0)
    highest = table.select(code.max().alias(name) for name, code in codes.items()).row(0)
    sizes = [high - low + 1 for low, high in zip(lowest, highest, strict=True)]
    if prod(sizes) >= _WHOLE:
        return list(codes.values())
    number = pl.lit(0, pl.Int64)
    for code, low, size in zip(codes.values(), lowest, sizes, strict=True):
        number = number * size + (code - low)
    return [number]
