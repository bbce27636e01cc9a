"""Newcomers: customers whose first purchase in the file is likely to be their first at all."""

import polars as pl

from crmdash.summary import Clock


def file_start(clock: Clock) -> int | None:
    """Return the day of the file's first row; None where the purchases do not come from transactions."""
    return None if clock.as_of is None or clock.span is None else clock.as_of - clock.span


def newcomers(base: pl.DataFrame, clock: Clock, after: int) -> pl.DataFrame:
    """Return the customers of the base whose first purchase lies more than `after` days behind the file's first day.

    Who bought earlier may be an old customer. Where nobody came later, everybody with a first purchase is returned.
    """
    known = base.filter(pl.col("first_purchase").is_not_null())
    start = file_start(clock)
    later = known if start is None else known.filter(pl.col("first_purchase") >= start + after)
    return later if len(later) else known
