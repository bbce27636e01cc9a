"""Rows in order by several keys."""

import polars as pl

Key = tuple[str | pl.Expr | pl.Series, bool]
"""A column, what is reckoned from some, or a value for every row; and whether the largest comes first."""


def in_order(rows: pl.DataFrame, *keys: Key) -> pl.DataFrame:
    """Return rows ordered by the first key, equals of it by the next; missing last, and full equals as they came.

    One stable sort per key, the least important first: to sort a million rows by several keys at once takes five times
    as long, and by a text longer still.
    """
    order = pl.int_range(len(rows), dtype=pl.UInt32, eager=True)
    for key, descending in reversed(keys):
        values = rows.select(key=key).to_series().gather(order).to_frame().with_columns(row=order)
        order = values.sort("key", descending=descending, nulls_last=True, maintain_order=True)["row"]
    return rows[order]
