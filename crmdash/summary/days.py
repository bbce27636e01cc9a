"""The transactions by customer and day, and these by customer: every sum over a period is made of days.

Rows are read once, into one row per customer and day; periods, gaps and baskets only look at those.
"""

import narwhals as nw

from crmdash.engine import Lazy, grouped
from crmdash.summary.clock import Clock
from crmdash.summary.money import money_measures, money_of_day, money_sums, profit_of_day
from crmdash.summary.payment import payment_measures, payment_of_day, payment_sums
from crmdash.summary.purchases import purchase_measures, purchase_sums
from crmdash.summary.tables import columns_of, number_of
from crmdash.summary.volume import thousandths, volume_measures, volume_of_day, volume_sums

SCRATCH = ":"
"""A column with this in its name is only there to compute others."""

WHOLE_FILE = nw.lit(True)


def sum_days(transactions: Lazy, clock: Clock, complete: frozenset[str]) -> Lazy:
    """Return one row per customer and day: whether it is one of purchase, and the sums of its rows.

    Parameters
    ----------
    transactions : rows up to T.
    complete : columns without a missing value.
    """
    columns, rows = columns_of(transactions), transactions
    if "quantity" in columns:
        rows = rows.with_columns(thousandths=thousandths(nw.col("quantity")))
    days = grouped(
        rows,
        ("customer_id", "date"),
        sales=number_of(nw.col("amount") >= 0), **money_of_day(columns, complete), **volume_of_day(columns),
        **payment_of_day(columns, clock),
    )  # fmt: skip
    return days.with_columns(bought=nw.col("sales") > 0).drop("sales")


def sum_customers(days: Lazy, columns: frozenset[str], clock: Clock, complete: frozenset[str]) -> Lazy:
    """Summarise every customer's days into one row: the measures of `purchases`, `money`, `volume` and `payment`.

    Parameters
    ----------
    days : of `sum_days`, with what `tell_purchases` says of them.
    columns : of the transactions.
    complete : those of them without a missing value.
    """
    periods = _periods(clock)
    sums = {
        **purchase_sums(clock),
        **money_sums(columns, complete, periods),
        **volume_sums(columns, periods),
        **payment_sums(columns, clock),
    }
    repeated = _repeated(sums, clock)
    rows = days.with_columns(nw.all(), **profit_of_day(columns, complete))
    summed = rows.group_by("customer_id").agg(**{name: of for name, of in sums.items() if name not in repeated})
    measured = summed.with_columns(nw.all(), **repeated).with_columns(
        **purchase_measures(clock),
        **money_measures(columns, complete, periods),
        **volume_measures(columns, periods),
        **payment_measures(columns, clock),
    )
    return measured.drop(*sorted(name for name in columns_of(measured) if SCRATCH in name))


def _periods(clock: Clock) -> dict[str, nw.Expr]:
    """Return the days of each period by the suffix of its sums; "" is the value period."""
    day, last = nw.col("date"), nw.col("last_purchase")
    periods = {"": WHOLE_FILE if clock.value_start is None else day > clock.value_start}
    if clock.as_of is None:
        return periods
    periods["_window"] = day > clock.as_of - clock.window
    periods["_last_window"] = (day > last - clock.window) & (day <= last)
    if (length := clock.comparison) is not None:
        periods["_late"] = day > clock.as_of - length
        periods["_before"] = (day > clock.as_of - 2 * length) & (day <= clock.as_of - length)
    return periods


def _repeated(sums: dict[str, nw.Expr], clock: Clock) -> dict[str, nw.Expr]:
    """Return what need not be summed twice: where L = W, the last comparison period is the window."""
    if not clock.season_removed:
        return {}
    twins = {name: name.replace("_late", "_window") for name in sums if "_late" in name}
    return {name: nw.col(twin) for name, twin in twins.items() if twin in sums}
