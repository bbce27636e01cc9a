"""What every customer was worth at several earlier days, in one grouping of the transactions for all of them.

Summing up the whole data once per day would take as long for each day as opening the file.
"""

from collections.abc import Sequence
from typing import Final

import narwhals as nw
import polars as pl

from crmdash.engine import collect, lazy
from crmdash.scope import SCOPE_COLUMNS
from crmdash.summary import Summary, Tables
from crmdash.summary.clock import Clock, months_before, set_clock
from crmdash.summary.profit import of_total
from crmdash.summary.tables import columns_of, number_of, total
from crmdash.systems.places import spread
from crmdash.systems.rows import Rows, number_contacts, number_rows

_KNOWN: Final = ("customer_id", "internal", *SCOPE_COLUMNS)
_TOTALS: Final = ("cost_to_serve", "profit")


def worth_at(
    tables: Tables,
    summary: Summary,
    days: Sequence[int],
    rows: Rows | None = None,
    contacts: pl.DataFrame | None = None,
) -> dict[int, pl.DataFrame]:
    """Return the customers as at each day: customer_id, in_base, revenue, gross_profit and customer_profit.

    One row per customer of the summary, in its order, whether in the base by then or not.
    Money in ten-thousandths, in the value period up to the day, as `summarise` counts it; profits only where the data
    holds any. What narrows the view (region, owner …) is with them.

    Parameters
    ----------
    summary : the same data as at a later day, for what has no day of its own.
    rows, contacts : as `number_rows` and `number_contacts` tell them, if they are known already.
    """
    if not days:
        return {}
    known = summary.customers
    found = known.select(name for name in _KNOWN if name in known.columns).hstack(_stated(tables, known))
    sums = [_money(number_rows(tables, summary) if rows is None else rows, summary, days)]
    if summary.cost_source == "contacts":
        sums.append(_service(number_contacts(tables, summary) if contacts is None else contacts, summary, days))
    found = found.hstack([column for part in sums for column in spread(part, part["place"], len(found)).drop("place")])
    return {day: _at(found, summary, day) for day in days}


def _stated(tables: Tables, known: pl.DataFrame) -> pl.DataFrame:
    """Return the totals that the customers table states, and the first purchase, which shares of them go by."""
    first = known.select(pl.col("first_purchase").alias("first:"))
    names = sorted(set(_TOTALS) & columns_of(tables.customers))
    if tables.customers is None or not names:
        return first
    stated = collect(tables.customers.select("customer_id", **{f"{name}:": nw.col(name) for name in names}))
    joined = known.select("customer_id").join(stated, on="customer_id", how="left", maintain_order="left")
    return first.hstack(joined.drop("customer_id"))


def _within(day: int, months: int) -> nw.Expr:
    """Return the rows of the value period up to a day."""
    date = nw.col("date")
    return date <= day if not months else (date <= day) & (date > months_before(day, months))


def _money(rows: Rows, summary: Summary, days: Sequence[int]) -> pl.DataFrame:
    months, amount = summary.period.value_months, nw.col("amount")
    sums: dict[str, nw.Expr] = {}
    for day in days:
        within = _within(day, months)
        sums |= {f"rows:{day}": number_of(nw.col("date") <= day), f"revenue:{day}": total(amount, within)}
        if "profit" in rows.frame.columns:
            told = within & ~nw.col("profit").is_null()
            sums |= {f"gross_profit:{day}": total(nw.col("profit"), told), f"told:{day}": number_of(told)}
    known = rows.frame.select(name for name in ("place", "date", "amount", "profit") if name in rows.frame.columns)
    return collect(lazy(known.filter(pl.col("date") <= max(days))).group_by("place").agg(**sums))


def _service(contacts: pl.DataFrame, summary: Summary, days: Sequence[int]) -> pl.DataFrame:
    """Sum what contacts cost."""
    cost, months = nw.col("contact_cost"), summary.period.value_months
    sums = {f"cost:{day}": total(cost, _within(day, months)) for day in days}
    return collect(lazy(contacts).group_by("place").agg(**sums))


def _at(found: pl.DataFrame, summary: Summary, day: int) -> pl.DataFrame:
    there, clock = (pl.col(f"rows:{day}") > 0).fill_null(False), _clock_at(summary, day)
    told = found.with_columns(in_base=there & ~pl.col("internal"), revenue=pl.col(f"revenue:{day}"))
    if f"gross_profit:{day}" in found.columns:
        gross = pl.when(pl.col(f"told:{day}") > 0).then(pl.col(f"gross_profit:{day}"))
        told = told.with_columns(gross_profit=gross)
    elif "profit:" in found.columns:
        told = told.with_columns(_of_total(found, "profit:", clock).alias("gross_profit"))
    if "gross_profit" in told.columns:
        told = told.with_columns(customer_profit=pl.col("gross_profit") - _cost(found, summary, clock))
    return told.select(name for name in told.columns if ":" not in name)


def _clock_at(summary: Summary, day: int) -> Clock:
    clock = summary.clock
    assert clock.as_of is not None and clock.span is not None
    return set_clock(
        clock.as_of - clock.span, day, summary.period, clock.as_of if clock.last_row is None else clock.last_row
    )


def _cost(found: pl.DataFrame, summary: Summary, clock: Clock) -> pl.Series | pl.Expr:
    """Return the cost to serve: of a stated total its share, the sum of the contacts so far, or nothing."""
    if summary.cost_source == "column":
        return _of_total(found, "cost_to_serve:", clock).fill_null(0)
    return pl.col(f"cost:{clock.as_of}").fill_null(0) if summary.cost_source == "contacts" else pl.lit(0)


def _of_total(found: pl.DataFrame, name: str, clock: Clock) -> pl.Series:
    stated = lazy(found.select(first_purchase="first:", total=name))
    return collect(stated.select(part=of_total(nw.col("total"), clock)))["part"]
