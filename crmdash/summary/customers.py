"""One row per customer from the customers table alone: what a file without transactions can say."""

import narwhals as nw

from crmdash.engine import Lazy, collect_row
from crmdash.summary.clock import Clock
from crmdash.summary.tables import columns_of

DATED = ("first_purchase", "last_purchase", "created_date")
"""Columns whose latest date is the as-at date of a file without transactions."""

MEASURED = frozenset({"revenue", "profit", "orders", "first_purchase", "last_purchase", "recency", "cost_to_serve"})
"""Customer columns that are measures; with transactions, those computed from rows win."""


def measure_customers(customers: Lazy, clock: Clock) -> Lazy:
    """Return customer_id with the measures that the customers table states itself."""
    columns = columns_of(customers)
    stated = {"customer_id": nw.col("customer_id")}
    stated |= {
        name: nw.col(name) for name in ("revenue", "orders", "first_purchase", "last_purchase") if name in columns
    }
    if "profit" in columns:
        stated["gross_profit"] = nw.col("profit")
    if clock.as_of is not None and "last_purchase" in columns:
        since = nw.lit(clock.as_of, nw.Int64) - nw.col("last_purchase")
        stated["recency"] = nw.coalesce(nw.col("recency"), since) if "recency" in columns else since
    elif "recency" in columns:
        stated["recency"] = nw.col("recency")
    if "orders" not in columns and ("last_purchase" in columns or "first_purchase" in columns):
        bought = nw.col("last_purchase" if "last_purchase" in columns else "first_purchase")
        stated["orders"] = nw.when(bought.is_null()).then(nw.lit(0, nw.Int64))
    for name in ("orders", "recency"):
        if name in stated:
            # A count below zero says nothing (a last purchase after the as-at date makes such a recency).
            stated[name] = nw.when(stated[name] >= 0).then(stated[name])
    return customers.select(**stated)


def latest_date(customers: Lazy) -> int | None:
    """Return the latest day of the customers table, or None where it holds no date."""
    dated = {name: nw.col(name).max() for name in DATED if name in columns_of(customers)}
    found = collect_row(customers.select(**dated)).values() if dated else ()
    return max((day for day in found if day is not None), default=None)
