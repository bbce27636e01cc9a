"""Newcomers: customers whose first purchase in the file is likely to be their first at all."""

import narwhals as nw
import polars as pl

from crmdash.engine import Lazy, lazy
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


def first_days(orders: Lazy, buyers: pl.DataFrame, as_of: int) -> Lazy:
    """Return customer_id and the day of the first purchase, to be joined with tables of the same engine.

    Parameters
    ----------
    orders : the transactions, rows later than `as_of` included.
    buyers : customer_id, first_purchase. On Polars only they are returned; elsewhere the orders are asked again, since
        a table in memory cannot be joined with those of another engine.
    """
    if orders.implementation.is_polars():
        return lazy(buyers.select("customer_id", first="first_purchase"))
    bought = orders.filter((nw.col("amount") >= 0) & (nw.col("date") <= as_of))
    return bought.group_by("customer_id").agg(first=nw.col("date").min())
