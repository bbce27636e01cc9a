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


def volume_sums(columns: frozenset[str], periods: Mapping[str, nw.Expr]) -> dict[str, nw.Expr]:
    """Return the sums of rows that `volume_measures` needs; rows of amount >= 0 count.

    Parameters
    ----------
    columns : of the transactions, with `thousandths` beside a quantity.
    periods : suffix -> rows of the period, "_window" among them where there is a date.
    """
    bought = nw.col("amount") >= 0
    sums: dict[str, nw.Expr] = {}
    if "quantity" in columns and "_window" in periods:
        units, within = nw.col("thousandths"), periods["_window"] & bought
        sums["quantity:units"] = total(units, within)
        sums["quantity:rows"] = number_of(within)
        sums["quantity:known"] = number_of(within & ~units.is_null())
    if "planned" in columns:
        planned = nw.col("planned")
        sums["planned:yes"] = number_of(bought & planned.fill_null(False))
        sums["planned:known"] = number_of(bought & ~planned.is_null())
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
