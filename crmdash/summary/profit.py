"""Gross profit, cost to serve and customer profit: in the value period, over the windows, in the last comparison."""

import narwhals as nw

from crmdash.summary.clock import Clock


def profit_measures(columns: frozenset[str], cost_source: str | None, clock: Clock) -> dict[str, nw.Expr]:
    """Return gross_profit, cost_to_serve, customer_profit and the customer profits of the periods.

    Customer profit is gross profit less cost to serve; gross profit itself where `cost_source` is None.

    Parameters
    ----------
    columns : of the customers, with the sums of `money` and `contacts` and what the customers table states.
    cost_source : "column", "contacts" or None.
    """
    derived: dict[str, nw.Expr] = {}
    gross = nw.col("gross_profit") if "gross_profit" in columns else None
    if gross is None and "stated_profit" in columns:
        gross = derived["gross_profit"] = of_total(nw.col("stated_profit"), clock)
    if cost_source == "column":
        derived["cost_to_serve"] = of_total(nw.col("stated_cost").fill_null(0), clock)
    elif cost_source == "contacts":
        derived["cost_to_serve"] = nw.col("service_cost").fill_null(0)
    if gross is None:
        return derived
    derived["customer_profit"] = gross - derived["cost_to_serve"] if cost_source else gross
    for suffix in ("_window", "_last_window", "_late"):
        # Where the cost to serve is only known as a total, no window has a customer profit of its own.
        if f"profit{suffix}" in columns and (suffix == "_late" or cost_source != "column"):
            derived[f"customer_profit{suffix}"] = _of_period(suffix, cost_source, clock)
    return derived


def _of_period(suffix: str, cost_source: str | None, clock: Clock) -> nw.Expr:
    profit = nw.col(f"profit{suffix}")
    if cost_source is None:
        return profit
    if cost_source == "column":
        return profit - _of_last_days(nw.col("stated_cost").fill_null(0), clock, clock.comparison)
    cost = nw.col(f"service_cost{suffix}").fill_null(0)
    if suffix == "_last_window":
        return profit - cost
    # Served but without a sale: the cost is lost. Neither served nor sold to: there is nothing to judge.
    lost = (nw.col(f"rows{suffix}") == 0) & (cost > 0)
    return nw.when(lost).then(-cost).otherwise(profit - cost)


def of_total(total: nw.Expr, clock: Clock) -> nw.Expr:
    """Return what of a customer's total without dates, as the customers table states it, is of the value period.

    The total is of the days from the first purchase (of who has none: the first day of the file) to the last row, the
    same on each of them. So an earlier day, and a shorter value period, have their share by days and not all of it.
    """
    if not clock.shares_totals:
        return total
    assert clock.as_of is not None
    days = None if clock.value_start is None else clock.as_of - clock.value_start
    return _of_last_days(total, clock, days)


def _of_last_days(total: nw.Expr, clock: Clock, days: int | None) -> nw.Expr:
    """Return what of a total falls on the last `days` days up to T, or on all days up to T.

    part = total x (T - start) / (last row - start) x days / max(days, T - start), in whole ten-thousandths.
    """
    assert clock.as_of is not None and clock.span is not None
    first = nw.coalesce(nw.col("first_purchase"), nw.lit(clock.as_of - clock.span, nw.Int64))
    served, part = nw.lit(clock.as_of, nw.Int64) - first, total.cast(nw.Float64)
    if clock.last_row is not None and clock.as_of < clock.last_row:
        part = part * served / (nw.lit(clock.last_row, nw.Int64) - first)
    if days is not None:
        part = part * days / nw.max_horizontal(nw.lit(days, nw.Int64), served)
    return (part + 0.5).floor().cast(nw.Int64)
