"""Revenue, cost, profit, discounts, returns and payment of each customer, from the transactions."""

from collections.abc import Mapping

import narwhals as nw

from crmdash.engine import Lazy
from crmdash.summary.clock import Clock
from crmdash.summary.tables import columns_of, number_of, ratio, total

WHOLE_FILE = nw.lit(True)


def gross_profit_of_row(columns: frozenset[str]) -> nw.Expr | None:
    """Return the gross profit of a row: its profit, else amount - cost; None without either column."""
    margin = nw.col("amount") - nw.col("cost") if "cost" in columns else None
    if "profit" not in columns:
        return margin
    return nw.col("profit") if margin is None else nw.coalesce(nw.col("profit"), margin)


def sum_money(transactions: Lazy, last_purchase: Lazy, clock: Clock) -> Lazy:
    """Sum every customer's money into one row.

    Columns: revenue, cost, gross_profit in the value period; revenue_window, profit_window over the W days up to T;
    revenue_last_window, profit_last_window over the W days up to the last purchase; revenue_late, revenue_before in the
    last comparison period and the one before; rows, rows_window; deal_share, discount_share, return_share;
    on_time_share, days_late, overdue (invoices due and unpaid). Columns without a source are absent; a profit is
    missing where no row of the period has one.

    Parameters
    ----------
    transactions : rows up to T.
    last_purchase : customer_id, last_purchase.
    """
    columns = columns_of(transactions)
    rows = transactions.join(last_purchase.select("customer_id", "last_purchase"), on="customer_id", how="left")
    periods = _periods(clock)
    sums = {"rows": nw.len().cast(nw.Int64)}
    for suffix, within in periods.items():
        sums[f"revenue{suffix}"] = total(nw.col("amount"), within)
    if "_window" in periods:
        sums["rows_window"] = number_of(periods["_window"])
    known_sums = _known_sums(columns, periods)
    if (profit := gross_profit_of_row(columns)) is not None:
        rows = rows.with_columns(row_profit=profit)
    aggregates = {name: total(value, within & ~value.is_null()) for name, (value, within) in known_sums.items()}
    counts = {f"{name}:known": number_of(within & ~value.is_null()) for name, (value, within) in known_sums.items()}
    summed = rows.group_by("customer_id").agg(
        **sums, **aggregates, **counts, **_shares(columns), **_payment(columns, clock)
    )
    known = {name: nw.when(nw.col(f"{name}:known") > 0).then(nw.col(name)) for name in known_sums}
    return _finish(summed, known, columns, clock).drop(*counts)


def _known_sums(columns: frozenset[str], periods: dict[str, nw.Expr]) -> dict[str, tuple[nw.Expr, nw.Expr]]:
    """Return what is summed only over the rows that know it: (value, rows of the period)."""
    sums = {}
    if "cost" in columns:
        sums["cost"] = (nw.col("cost"), periods[""])
    if gross_profit_of_row(columns) is not None:
        sums["gross_profit"] = (nw.col("row_profit"), periods[""])
        for suffix in ("_window", "_last_window"):
            if suffix in periods:
                sums[f"profit{suffix}"] = (nw.col("row_profit"), periods[suffix])
    return sums


def _periods(clock: Clock) -> dict[str, nw.Expr]:
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


def _shares(columns: frozenset[str]) -> dict[str, nw.Expr]:
    amount = nw.col("amount")
    sums = {"sold": total(amount, amount > 0), "returned": total(-amount, amount < 0), "net": total(amount)}
    if "discount" in columns:
        given = nw.col("discount").fill_null(0)
        sums |= {"on_deal": total(amount, given > 0), "discounted": total(given)}
        if "list_amount" in columns:
            sums["listed"] = total(nw.col("list_amount").fill_null(0))
    return sums


def _payment(columns: frozenset[str], clock: Clock) -> dict[str, nw.Expr]:
    if not {"due_date", "paid_date"} <= columns or clock.as_of is None:
        return {}
    amount, due, paid = nw.col("amount"), nw.col("due_date"), nw.col("paid_date")
    settled = nw.coalesce(paid, nw.lit(clock.as_of, nw.Int64))
    unpaid = paid.is_null() | (paid > clock.as_of)
    invoice = ~due.is_null() & (amount > 0)
    judged = invoice & (~unpaid | (due < clock.as_of))
    late_by = nw.when(settled > due).then(settled - due).otherwise(nw.lit(0))
    return {
        "judged": total(amount, judged),
        "on_time": total(amount, judged & ~unpaid & (paid <= due)),
        "judged_rows": number_of(judged),
        "late_sum": total(late_by, judged),
        "overdue": number_of(invoice & unpaid & (due < clock.as_of)),
    }


def _finish(summed: Lazy, known: Mapping[str, nw.Expr], columns: frozenset[str], clock: Clock) -> Lazy:
    derived: dict[str, nw.Expr] = {**known, "return_share": ratio(nw.col("returned"), nw.col("sold"))}
    if "discount" in columns:
        whole = nw.col("listed") if "list_amount" in columns else nw.col("sold") + nw.col("discounted")
        derived["deal_share"] = ratio(nw.col("on_deal"), nw.col("net"))
        derived["discount_share"] = ratio(nw.col("discounted"), whole)
    if {"due_date", "paid_date"} <= columns and clock.as_of is not None:
        derived["on_time_share"] = ratio(nw.col("on_time"), nw.col("judged"))
        derived["days_late"] = ratio(nw.col("late_sum"), nw.col("judged_rows"))
    scratch = set("sold returned net on_deal discounted listed judged on_time judged_rows late_sum".split())
    finished = summed.with_columns(**derived)
    return finished.drop(*sorted(scratch & columns_of(finished)))
