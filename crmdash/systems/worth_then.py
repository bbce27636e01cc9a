"""What every customer was worth at several earlier days, in one grouping of the transactions for all of them.

Summing up the whole data once per day would take as long for each day as opening the file.
"""

from collections.abc import Sequence
from typing import Final

import narwhals as nw
import polars as pl

from crmdash.engine import Lazy, collect
from crmdash.scope import SCOPE_COLUMNS
from crmdash.summary import Summary, Tables
from crmdash.summary.clock import months_before
from crmdash.summary.contacts import price_contacts
from crmdash.summary.money import gross_profit_of_row
from crmdash.summary.tables import columns_of, number_of, total

_KNOWN: Final = ("customer_id", "internal", *SCOPE_COLUMNS)


def worth_at(tables: Tables, summary: Summary, days: Sequence[int]) -> dict[int, pl.DataFrame]:
    """Return the customers as at each day: customer_id, in_base, revenue, gross_profit and customer_profit.

    One row per customer of the summary, in its order, whether in the base by then or not.
    Money in ten-thousandths, in the value period up to the day, as `summarise` counts it; profits only where the data
    holds any. What narrows the view (region, owner …) is with them.

    Parameters
    ----------
    summary : the same data as at a later day, for what has no day of its own.
    """
    assert tables.transactions is not None
    if not days:
        return {}
    known = summary.customers
    found = known.select(name for name in _KNOWN if name in known.columns)
    for sums in (_money(tables.transactions, summary, days), _service(tables, summary, days)):
        if sums is not None:
            found = found.join(sums, on="customer_id", how="left", maintain_order="left")
    return {day: _at(found, known, summary, day) for day in days}


def _within(day: int, months: int) -> nw.Expr:
    """Return the rows of the value period up to a day."""
    date = nw.col("date")
    return date <= day if not months else (date <= day) & (date > months_before(day, months))


def _money(transactions: Lazy, summary: Summary, days: Sequence[int]) -> pl.DataFrame:
    months, amount = summary.period.value_months, nw.col("amount")
    profit = gross_profit_of_row(columns_of(transactions))
    rows = transactions.filter(nw.col("date") <= max(days))
    if profit is not None:
        rows = rows.with_columns(row_profit=profit)
    sums: dict[str, nw.Expr] = {}
    for day in days:
        within = _within(day, months)
        sums |= {f"rows:{day}": number_of(nw.col("date") <= day), f"revenue:{day}": total(amount, within)}
        if profit is not None:
            told = within & ~nw.col("row_profit").is_null()
            sums |= {f"gross_profit:{day}": total(nw.col("row_profit"), told), f"told:{day}": number_of(told)}
    return collect(rows.group_by("customer_id").agg(**sums))


def _service(tables: Tables, summary: Summary, days: Sequence[int]) -> pl.DataFrame | None:
    """Sum what contacts cost, where the cost to serve comes from them."""
    if summary.cost_source != "contacts" or tables.contacts is None:
        return None
    priced = price_contacts(tables.contacts, tables.staff, summary.period.hourly_cost)
    assert priced is not None, "a cost from contacts has a price"
    cost, months = nw.col("contact_cost"), summary.period.value_months
    return collect(
        priced.group_by("customer_id").agg(**{f"cost:{day}": total(cost, _within(day, months)) for day in days})
    )


def _at(found: pl.DataFrame, known: pl.DataFrame, summary: Summary, day: int) -> pl.DataFrame:
    there = (pl.col(f"rows:{day}") > 0).fill_null(False)
    told = found.with_columns(in_base=there & ~pl.col("internal"), revenue=pl.col(f"revenue:{day}"))
    if f"gross_profit:{day}" in found.columns:
        gross = pl.when(pl.col(f"told:{day}") > 0).then(pl.col(f"gross_profit:{day}"))
        told = told.with_columns(gross_profit=gross)
    elif "gross_profit" in known.columns:
        told = told.with_columns(known["gross_profit"])
    if "gross_profit" in told.columns:
        told = told.with_columns(customer_profit=pl.col("gross_profit") - _cost(known, summary, day))
    return told.select(name for name in told.columns if ":" not in name)


def _cost(known: pl.DataFrame, summary: Summary, day: int) -> pl.Expr:
    """Return the cost to serve: a stated total, the sum of the contacts so far, or nothing where none is known."""
    if summary.cost_source == "column":
        return pl.lit(known["cost_to_serve"])
    return pl.col(f"cost:{day}").fill_null(0) if summary.cost_source == "contacts" else pl.lit(0)
