"""How much each customer buys: quantities, the share of planned orders, and the channels used."""

from collections.abc import Mapping

import narwhals as nw

from crmdash.engine import Lazy
from crmdash.summary.clock import Clock
from crmdash.summary.tables import columns_of, number_of, ratio, total

QUANTITY_SCALE = 1_000
"""Quantities are summed in whole thousandths."""

LARGEST_QUANTITY = 1e9
"""A line of more is no quantity but a slip, and its thousandths would not add up within 64 bits."""


def thousandths(quantity: nw.Expr) -> nw.Expr:
    """Return a quantity in whole thousandths, so that the order of rows changes nothing; missing where absurd."""
    scaled = nw.when(quantity.abs() <= LARGEST_QUANTITY).then(quantity) * QUANTITY_SCALE
    return (scaled + 0.5).floor().cast(nw.Int64)


def volume_of_day(columns: frozenset[str]) -> dict[str, nw.Expr]:
    """Return the sums over the rows of a customer's day that `volume_sums` needs; rows of amount >= 0 count.

    Parameters
    ----------
    columns : of the transactions, with `thousandths` beside a quantity.
    """
    bought = nw.col("amount") >= 0
    sums: dict[str, nw.Expr] = {}
    if "quantity" in columns:
        units = nw.col("thousandths")
        sums["quantity:units"] = total(units, bought)
        sums["quantity:rows"] = number_of(bought)
        sums["quantity:known"] = number_of(bought & ~units.is_null())
    if "planned" in columns:
        planned = nw.col("planned")
        sums["planned:yes"] = number_of(bought & planned.fill_null(False))
        sums["planned:known"] = number_of(bought & ~planned.is_null())
    return sums


def volume_sums(columns: frozenset[str], periods: Mapping[str, nw.Expr]) -> dict[str, nw.Expr]:
    """Return the sums over a customer's days that `volume_measures` needs.

    Parameters
    ----------
    columns : of the transactions.
    periods : suffix -> days of the period, "_window" among them where there is a date.
    """
    sums: dict[str, nw.Expr] = {}
    if "quantity" in columns and "_window" in periods:
        names = ("quantity:units", "quantity:rows", "quantity:known")
        sums |= {name: total(nw.col(name), periods["_window"]) for name in names}
    if "planned" in columns:
        sums |= {name: total(nw.col(name)) for name in ("planned:yes", "planned:known")}
    return sums


def volume_measures(columns: frozenset[str], periods: Mapping[str, nw.Expr]) -> dict[str, nw.Expr]:
    """Return quantity_window and planned_share out of the sums; absent without their columns.

    quantity_window is 0 without a row in W, and missing where none of the rows in W states its quantity.
    planned_share = planned rows / rows that say whether they were planned.
    """
    measures: dict[str, nw.Expr] = {}
    if "quantity" in columns and "_window" in periods:
        told = (nw.col("quantity:known") > 0) | (nw.col("quantity:rows") == 0)
        measures["quantity_window"] = nw.when(told).then(nw.col("quantity:units") / QUANTITY_SCALE)
    if "planned" in columns:
        measures["planned_share"] = ratio(nw.col("planned:yes"), nw.col("planned:known"))
    return measures


def count_channels(transactions: Lazy, clock: Clock) -> Lazy | None:
    """Count the channels each customer bought through in W; None without a channel column or a date.

    Rows of amount >= 0 with a channel count; a customer without any of them in W has no row.
    """
    if "channel" not in columns_of(transactions) or clock.as_of is None:
        return None
    named = (nw.col("amount") >= 0) & ~nw.col("channel").is_null()
    rows = transactions.filter((nw.col("date") > clock.as_of - clock.window) & named)
    each = rows.group_by("customer_id", "channel").agg(rows=nw.len())
    return each.group_by("customer_id").agg(channels_window=nw.len().cast(nw.Int64))
