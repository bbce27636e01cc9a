"""The rows before and after each row, in the order of one column among the rows of one group."""

from collections.abc import Mapping, Sequence

import narwhals as nw
import polars as pl

from crmdash.engine.collecting import Lazy, is_in_memory
from crmdash.engine.packing import number_of, packing


def with_neighbours(frame: Lazy, by: Sequence[str], order_by: str, wanted: Mapping[str, int]) -> Lazy:
    """Add what `order_by` is in the rows before and after each row of its group; missing where there is no such row.

    Parameters
    ----------
    by : columns that make the groups, without missing values; whole numbers, flags or `coded` texts.
    order_by : a column of whole numbers, each at most once in a group.
    wanted : name of the new column -> how many rows before; negative for rows after.
    """
    if is_in_memory(frame):
        return nw.from_native(_side_by_side(frame.to_native(), by, order_by, wanted))
    value = nw.col(order_by)
    return frame.with_columns(**{name: value.shift(rows).over(*by, order_by=order_by) for name, rows in wanted.items()})


def _side_by_side(frame: pl.LazyFrame, by: Sequence[str], order_by: str, wanted: Mapping[str, int]) -> pl.LazyFrame:
    """Sort once by one number that holds group and order: faster than windows, and than sorting by several columns."""
    table, names = frame.collect(engine="streaming"), (*by, order_by)
    packed = packing(table, names)
    keys = [number_of(name) for name in names] if packed is None else [packed.key]
    rows = table.lazy().sort(keys).collect(engine="streaming").lazy()
    value, beside = pl.col(order_by), {}
    for name, number in wanted.items():
        same_group = pl.all_horizontal(number_of(key) == number_of(key).shift(number) for key in by)
        beside[name] = pl.when(same_group).then(value.shift(number))
    return rows.with_columns(**beside)
