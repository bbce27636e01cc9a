"""Purchases: how often a customer bought, when, and in what rhythm of days.

A purchase is a calendar day with at least one row of amount >= 0; a day of negative rows only is a return.
"""

import narwhals as nw

from crmdash.engine import Lazy, with_neighbours
from crmdash.summary.clock import Clock
from crmdash.summary.tables import number_of, total

BASKET_DAYS = 3
"""The expected basket is the mean of this many last purchases."""


VARIATION_FROM = 4
"""Fewer purchases do not show how regular a customer is."""


def purchase_days(transactions: Lazy) -> Lazy:
    """Return one row per customer and day of purchase, with the gap in days since the purchase before."""
    days = transactions.group_by("customer_id", "date").agg(sales=number_of(nw.col("amount") >= 0))
    before = nw.col("date").shift(1).over("customer_id", order_by="date")
    return days.filter(nw.col("sales") > 0).with_columns(gap=nw.col("date") - before).drop("sales")


def tell_purchases(days: Lazy) -> Lazy:
    """Tell of each customer's days what comes before and after among the days of purchase.

    Adds purchase (the day itself; missing on a day without), gap (days since the purchase before), newest and recent
    (whether it is the last one, and one of the last three), last_purchase (of the customer). Any other day leaves the
    first two missing, and newest and recent say nothing of it.

    Parameters
    ----------
    days : customer_id, date, bought.
    """
    beside = {"day:before": 1, "day:after": -1, "day:third_after": -BASKET_DAYS}
    told = with_neighbours(days, ("customer_id", "bought"), "date", beside)
    day, bought = nw.col("date"), nw.col("bought")
    return told.with_columns(
        purchase=nw.when(bought).then(day),
        gap=nw.when(bought).then(day - nw.col("day:before")),
        newest=nw.col("day:after").is_null(),
        recent=nw.col("day:third_after").is_null(),
        last_purchase=nw.when(bought).then(day).max().over("customer_id"),
    ).drop(*beside)


def purchase_sums(clock: Clock) -> dict[str, nw.Expr]:
    """Return the sums over a customer's days that `purchase_measures` needs, out of what `tell_purchases` says."""
    day, gap, bought, amount = nw.col("purchase"), nw.col("gap"), nw.col("bought"), nw.col("amount")
    return {
        "orders": number_of(bought),
        "first_purchase": day.min(),
        "second_purchase": nw.when(~gap.is_null()).then(day).min(),
        "last_purchase": day.max(),
        "last_gap": nw.when(nw.col("newest")).then(gap).max(),
        "gap:squares": (gap * gap).sum().cast(nw.Int64),
        "first_basket": total(amount, bought & gap.is_null()),
        "spent": total(amount, bought),
        "basket:sum": total(amount, bought & nw.col("recent")),
        **_orders_by_period(clock),
    }


def purchase_measures(clock: Clock) -> dict[str, nw.Expr]:
    """Return what the sums say of a customer's purchases; missing, but for their number, where there are none.

    Columns: orders, orders_window (in W), orders_late, orders_before (in the last comparison period and the one
    before it); first_purchase, second_purchase, last_purchase; last_gap, gap_variation; first_basket, basket (mean of
    the last three purchases) and spent, the net amounts of the first, those and all days of purchase.
    """
    orders = nw.col("orders")
    # Gaps follow one another from the first purchase to the last.
    gaps, whole = orders - 1, nw.col("last_purchase") - nw.col("first_purchase")
    mean = whole / gaps
    variance = (nw.col("gap:squares") - whole * mean) / (gaps - 1)
    days = nw.when(orders < BASKET_DAYS).then(orders).otherwise(nw.lit(BASKET_DAYS))
    measures: dict[str, nw.Expr] = {
        "gap_variation": nw.when(orders >= VARIATION_FROM).then(variance.sqrt() / mean),
        "basket": nw.when(orders > 0).then((nw.col("basket:sum") / days + 0.5).floor().cast(nw.Int64)),
    }
    told = ("first_basket", "spent", *(name for name in _orders_by_period(clock) if name != "orders_window"))
    return measures | {name: nw.when(orders > 0).then(nw.col(name)) for name in told}


def _orders_by_period(clock: Clock) -> dict[str, nw.Expr]:
    day = nw.col("purchase")
    if clock.as_of is None:
        return {}
    length, window = clock.comparison, number_of(day > clock.as_of - clock.window)
    if length is None:
        never = number_of(day > clock.as_of)
        return {"orders_window": window, "orders_late": never, "orders_before": never}
    late, before = clock.as_of - length, clock.as_of - 2 * length
    return {
        "orders_window": window,
        "orders_late": number_of(day > late),
        "orders_before": number_of((day > before) & (day <= late)),
    }
