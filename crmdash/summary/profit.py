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
        gross = derived["gross_profit"] = nw.col("stated_profit")
    if cost_source == "column":
        derived["cost_to_serve"] = nw.col("stated_cost").fill_null(0)
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
        return profit - _part_of_total(clock)
    cost = nw.col(f"service_cost{suffix}").fill_null(0)
    if suffix == "_last_window":
        return profit - cost
    # Served but without a sale: the cost is lost. Neither served nor sold to: there is nothing to judge.
    lost = (nw.col(f"rows{suffix}") == 0) & (cost > 0)
    return nw.when(lost).then(-cost).otherwise(profit - cost)


def _part_of_total(clock: Clock) -> nw.Expr:
    """Return the part of a stated cost to serve that falls on the last L days.

    part = cost x L / days, days = max(L, min(tenure, days of the value period)), in whole ten-thousandths.
    """
    assert clock.as_of is not None and clock.span is not None and clock.comparison is not None
    start = clock.as_of - clock.span if clock.value_start is None else clock.value_start
    longest = nw.lit(clock.as_of - start, nw.Int64)
    tenure = nw.lit(clock.as_of, nw.Int64) - nw.col("first_purchase")
    days = nw.max_horizontal(nw.lit(clock.comparison, nw.Int64), nw.min_horizontal(tenure, longest))
    cost = nw.col("stated_cost").fill_null(0).cast(nw.Float64)
    return (cost * clock.comparison / days + 0.5).floor().cast(nw.Int64)
