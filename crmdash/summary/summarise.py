"""The way from the canonical tables to one row per customer."""

from collections.abc import Callable
from dataclasses import dataclass, field

import narwhals as nw
import polars as pl

from crmdash.columns import CUSTOMERS, TRANSACTIONS
from crmdash.engine import Lazy, coded, collect, collect_row, hold
from crmdash.issues import Issue
from crmdash.remembered import Remembered
from crmdash.rule_settings import PeriodSettings
from crmdash.summary.categories import compare_prices, count_categories, take_up_new_products
from crmdash.summary.clock import Clock, set_clock, to_date
from crmdash.summary.contacts import price_contacts, sum_service_cost, survey_satisfaction
from crmdash.summary.customers import MEASURED, latest_date, measure_customers
from crmdash.summary.days import sum_customers, sum_days
from crmdash.summary.growth import Market, add_growth, measure_market
from crmdash.summary.profit import profit_measures
from crmdash.summary.purchases import tell_purchases
from crmdash.summary.signs import COUNTS, count_signs, find_main_contact
from crmdash.summary.tables import Tables, columns_of, number_of, ratio
from crmdash.summary.volume import count_channels

USUAL_HOURLY_COST = 150
"""What an hour of staff is proposed to cost where nothing says it."""

REGULAR_PURCHASES = 3
"""An earlier period with fewer purchases says nothing about lost categories."""

MAY_BE_COMPLETE = ("cost", "profit")
"""Columns that are summed faster where no row lacks them."""

PROFILE = tuple(column.name for column in CUSTOMERS if column.name not in MEASURED and column.name != "customer_id")


@dataclass(frozen=True)
class Summary:
    """One row per customer with its measures, and the clock they refer to.

    Attributes
    ----------
    customers : one row per customer id found in any table, sorted by id; money in ten-thousandths, days whole.
        `in_base` marks customers with a row up to T (or, without transactions, a purchase or a value), internal ones
        left out; `prospect` those without any purchase or row. Measures without a source have no column.
    period : the settings it was made with.
    market : what shares of revenue are shares of, in the two comparison periods.
    rows_after : transaction and contact rows later than T, set aside.
    cost_source : where the cost to serve comes from: "column", "contacts" or None.
    worked_out : what evaluations keep with it.
    """

    customers: pl.DataFrame
    clock: Clock
    period: PeriodSettings
    market: Market | None
    issues: tuple[Issue, ...]
    rows_after: int
    cost_source: str | None
    worked_out: Remembered = field(default_factory=Remembered, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Put every column into one piece, so that arrays are read from it as it lies there, and not copied."""
        for place in range(self.customers.width):
            # One at a time: the pieces of a column go before the next is put together.
            column = self.customers.to_series(place)
            if column.n_chunks() > 1:
                self.customers.replace_column(place, column.rechunk())


@dataclass(frozen=True)
class LazySummary:
    """A summary whose customers stay on an engine, in no order (`Summary` tells the rest)."""

    customers: Lazy
    clock: Clock
    period: PeriodSettings
    market: Market | None
    issues: tuple[Issue, ...]
    rows_after: int
    cost_source: str | None


def summarise(tables: Tables, period: PeriodSettings = PeriodSettings(), as_of: int | None = None) -> Summary:
    """Summarise the tables into one row per customer as at day `as_of` (the last transaction's day unless given).

    Every sum is over whole numbers, so that neither the order of rows nor the engine changes it.
    """
    found = summarise_lazily(tables, period, as_of, keep=hold)
    customers = collect(found.customers.sort("customer_id"))
    return Summary(customers, found.clock, period, found.market, found.issues, found.rows_after, found.cost_source)


def summarise_lazily(
    tables: Tables, period: PeriodSettings, as_of: int | None, keep: Callable[[Lazy], Lazy]
) -> LazySummary:
    """Summarise the tables as `summarise` does, without the customers passing through this process.

    Parameters
    ----------
    keep : computes a frame once and holds it where its engine does (`crmdash.engine.Engine.keep`).
    """
    if tables.transactions is None:
        clock, after = _stated_clock(tables, period, as_of), list[Issue]()
        first = _stated(tables, clock)
    else:
        first, clock, after = _bought(tables.transactions, period, as_of)
    after += _rows_after(tables.contacts, clock, "contacts")
    others, cost_source, cost_issues = _contact_parts(tables, clock, period, first)
    merged = _merge(tables, [first, *others])
    finished = merged.with_columns(
        **profit_measures(columns_of(merged), cost_source, clock), **_standing(merged, tables, clock)
    )
    measured = keep(finished.drop(*_scratch(finished)))
    market = measure_market(measured, clock)
    grown = add_growth(measured, clock, market)
    issues, rows_after = (*after, *cost_issues), sum(issue.count for issue in after)
    return LazySummary(grown, clock, period, market, issues, rows_after, cost_source)


def _stated_clock(tables: Tables, period: PeriodSettings, as_of: int | None) -> Clock:
    found = as_of
    if found is None and tables.customers is not None:
        found = latest_date(tables.customers)
    return set_clock(None, found, period)


def _rows_after(table: Lazy | None, clock: Clock, name: str) -> list[Issue]:
    """Count the rows later than T, which are set aside."""
    if table is None or clock.as_of is None:
        return []
    after = collect_row(table.filter(nw.col("date") > clock.as_of).select(rows=nw.len()))["rows"]
    day = str(to_date(clock.as_of))
    return [Issue("info", "rows_after_as_of", name, "date", count=after, values={"as_of": day})] if after else []


def _bought(transactions: Lazy, period: PeriodSettings, as_of: int | None) -> tuple[Lazy, Clock, list[Issue]]:
    """Return one row for each customer with transactions up to T and all that these tell, T, and what is later."""
    rows = _at_hand(transactions)
    clock, complete = _read_clock(rows, period, as_of)
    after = _rows_after(rows, clock, "transactions") if as_of is not None else []
    if after:
        rows = rows.filter(nw.col("date") <= clock.as_of)
    optional = (
        count_categories(rows, clock),
        compare_prices(rows),
        take_up_new_products(rows, clock),
        count_channels(rows, clock),
    )
    parts = [hold(part) for part in optional if part is not None]
    days, columns = hold(sum_days(rows, clock, complete)), columns_of(rows)
    del rows, optional  # of millions of rows nothing is asked any more
    days = tell_purchases(days)
    found = hold(sum_customers(days, columns, clock, complete))
    for part in parts:
        found = found.join(part, on="customer_id", how="left")
    return found.with_columns(nw.col("customer_id").cast(nw.String)), clock, after


def _at_hand(transactions: Lazy) -> Lazy:
    """Return the transactions without what no measure asks for, worked out once."""
    columns = columns_of(transactions)
    used = [column for column in TRANSACTIONS if column.name in columns and column.name != "order_id"]
    texts = [column.name for column in used if column.kind in ("id", "text")]
    return hold(coded(transactions.select(column.name for column in used), texts))


def _read_clock(transactions: Lazy, period: PeriodSettings, as_of: int | None) -> tuple[Clock, frozenset[str]]:
    """Return the clock, and which columns lack no value."""
    day, columns = nw.col("date"), columns_of(transactions)
    missing = {name: number_of(nw.col(name).is_null()) for name in MAY_BE_COMPLETE if name in columns}
    found = collect_row(transactions.select(first=day.min(), last=day.max(), **missing))
    clock = set_clock(found["first"], found["last"] if as_of is None else as_of, period, found["last"])
    return clock, frozenset(name for name in missing if found[name] == 0)


def _stated(tables: Tables, clock: Clock) -> Lazy:
    assert tables.customers is not None, "a summary needs transactions or customers"
    stated = measure_customers(tables.customers, clock)
    missing = {"orders", "first_purchase", "last_purchase"} - columns_of(stated)
    return stated.with_columns(nw.all(), **{name: nw.lit(None, nw.Int64) for name in sorted(missing)})


def _contact_parts(
    tables: Tables, clock: Clock, period: PeriodSettings, purchases: Lazy
) -> tuple[list[Lazy], str | None, list[Issue]]:
    stated = "cost_to_serve" in columns_of(tables.customers)
    source = "column" if stated else None
    if tables.contacts is None or clock.as_of is None:
        return [], source, []
    contacts = tables.contacts.filter(nw.col("date") <= clock.as_of)
    optional = (survey_satisfaction(contacts, clock), find_main_contact(contacts))
    parts = [count_signs(contacts, clock), *(part for part in optional if part is not None)]
    if stated:
        return parts, source, []
    priced = price_contacts(contacts, tables.staff, period.hourly_cost)
    if priced is None:
        unpriced = "minutes" in columns_of(contacts)
        issue = Issue("question", "hourly_cost_missing", "staff", "hourly_cost", values={"proposed": USUAL_HOURLY_COST})
        return parts, None, [issue] if unpriced else []
    return [*parts, sum_service_cost(priced, purchases, clock)], "contacts", []


def _merge(tables: Tables, parts: list[Lazy]) -> Lazy:
    profile = None
    if tables.customers is not None:
        known = columns_of(tables.customers)
        kept = [name for name in PROFILE if name in known]
        extra = {"cost_to_serve": "stated_cost", "profit": "stated_profit"}
        stated = {new: nw.col(old) for old, new in extra.items() if old in known}
        profile = tables.customers.select("customer_id", *kept, **stated)
    every = parts if profile is None else [*parts, profile]
    if len(every) == 1:
        return every[0]
    merged = nw.concat([part.select("customer_id") for part in every]).unique("customer_id")
    for part in every:
        merged = merged.join(part, on="customer_id", how="left")
    return merged


def _standing(merged: Lazy, tables: Tables, clock: Clock) -> dict[str, nw.Expr]:
    """Counts, tenure, recency, satisfaction, open matters, and who belongs to the base."""
    columns = columns_of(merged)
    has_rows = ~nw.col("rows").is_null() if "rows" in columns else nw.lit(False)
    orders = nw.col("orders")
    if tables.transactions is not None:
        orders = orders.fill_null(0)
    internal = (nw.col("nature") == "internal").fill_null(False) if "nature" in columns else nw.lit(False)
    valued = nw.lit(False)
    if tables.transactions is None:
        values = [nw.col(name) for name in ("revenue", "gross_profit", "stated_profit") if name in columns]
        told = [~value.is_null() & (orders.is_null() | (value != 0)) for value in values]
        valued = nw.any_horizontal(*told, ignore_nulls=True) if told else nw.lit(False)
    bought = (orders >= 1).fill_null(False)
    derived = {
        "orders": orders,
        "internal": internal,
        "in_base": (has_rows | bought | valued) & ~internal,
        "prospect": ~has_rows & ~bought & ~valued & ~internal,
        "open_matters": _open_matters(columns, clock),
    }
    if clock.as_of is not None:
        derived["tenure"] = nw.lit(clock.as_of, nw.Int64) - nw.col("first_purchase")
        if "recency" not in columns:
            derived["recency"] = nw.lit(clock.as_of, nw.Int64) - nw.col("last_purchase")
    counts = {name: nw.col(name).fill_null(0) for name in ("orders_window", *COUNTS) if name in columns}
    return derived | counts | _satisfaction(columns) | _category_loss(columns)


def _category_loss(columns: frozenset[str]) -> dict[str, nw.Expr]:
    if not {"categories_before", "orders_before"} <= columns:
        return {}
    regular = nw.col("orders_before") >= REGULAR_PURCHASES
    return {"category_loss": nw.when(regular).then(ratio(nw.col("categories_lost"), nw.col("categories_before")))}


def _satisfaction(columns: frozenset[str]) -> dict[str, nw.Expr]:
    if "survey_score" not in columns:
        return {}
    stated = nw.col("satisfaction") if "satisfaction" in columns else nw.col("survey_score")
    return {"satisfaction": nw.coalesce(nw.col("survey_score"), stated)}


def _open_matters(columns: frozenset[str], clock: Clock) -> nw.Expr:
    """Return whether something is unsettled: an overdue invoice, an open complaint or a running contract."""
    signs = []
    if "overdue" in columns:
        signs.append(nw.col("overdue") > 0)
    if "credit_overdue_days" in columns:
        signs.append(nw.col("credit_overdue_days") > 0)
    if "complaints_open" in columns:
        signs.append(nw.col("complaints_open") > 0)
    if "contract_end" in columns and clock.as_of is not None:
        signs.append(nw.col("contract_end") > clock.as_of)
    return nw.any_horizontal(*signs, ignore_nulls=True) if signs else nw.lit(False)


def _scratch(frame: Lazy) -> list[str]:
    used = {"stated_cost", "stated_profit", "profit_window", "profit_last_window", "rows_late"}
    used |= {"service_cost", "service_cost_window", "service_cost_last_window", "service_cost_late"}
    return sorted(used & columns_of(frame))
