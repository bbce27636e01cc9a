"""Purchases: how often a customer bought, when, and in what rhythm of days.

A purchase is a calendar day with at least one row of amount >= 0; a day of negative rows only is a return.
"""

import narwhals as nw

from crmdash.engine import Lazy
from crmdash.summary.clock import Clock
from crmdash.summary.tables import number_of, total

BASKET_DAYS = 3
"""The expected basket is the mean of this many last purchases."""


def purchase_days(transactions: Lazy) -> Lazy:
    """Return one row per customer and day of purchase, with the day's net amount and the gap before it in days."""
    amount = nw.col("amount")
    days = transactions.group_by("customer_id", "date").agg(sold=number_of(amount >= 0), amount=total(amount))
    bought = days.filter(nw.col("sold") > 0)
    before = nw.col("date").shift(1).over("customer_id", order_by="date")
    newest_first = nw.col("date").rank("ordinal", descending=True).over("customer_id").cast(nw.Int64)
    return bought.with_columns(gap=nw.col("date") - before, newest_first=newest_first)


def count_purchases(days: Lazy, clock: Clock) -> Lazy:
    """Summarise purchase days into one row per customer.

    Columns: orders, orders_window (in W), orders_late, orders_before (in the last comparison period and the one
    before it); first_purchase, second_purchase, last_purchase; last_gap, gap_variation; first_basket, basket (mean of
    the last three purchases) and spent, the net amounts of the first, those and all days of purchase.
    """
    day, gap, gaps = nw.col("date"), nw.col("gap"), nw.col("gaps")
    counted = days.group_by("customer_id").agg(
        orders=number_of(nw.col("sold") > 0),
        first_purchase=day.min(),
        second_purchase=nw.when(~gap.is_null()).then(day).min(),
        last_purchase=day.max(),
        last_gap=nw.when(nw.col("newest_first") == 1).then(gap).max(),
        gaps=gap.count().cast(nw.Int64),
        gap_sum=gap.sum().cast(nw.Int64),
        gap_squares=(gap * gap).sum().cast(nw.Int64),
        first_basket=total(nw.col("amount"), gap.is_null()),
        spent=total(nw.col("amount")),
        basket_sum=total(nw.col("amount"), nw.col("newest_first") <= BASKET_DAYS),
        **_orders_by_period(clock),
    )
    mean = nw.col("gap_sum") / gaps
    variance = (nw.col("gap_squares") - nw.col("gap_sum") * mean) / (gaps - 1)
    basket_days = nw.when(nw.col("orders") < BASKET_DAYS).then(nw.col("orders")).otherwise(nw.lit(BASKET_DAYS))
    return counted.with_columns(
        gap_variation=nw.when(nw.col("orders") >= 4).then(variance**0.5 / mean),
        basket=(nw.col("basket_sum") / basket_days + 0.5).floor().cast(nw.Int64),
    ).drop("gaps", "gap_sum", "gap_squares", "basket_sum")


def _orders_by_period(clock: Clock) -> dict[str, nw.Expr]:
    day = nw.col("date")
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
