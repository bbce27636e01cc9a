"""Tiny tables for tests: rows as plain dictionaries, money in currency units, days as numbers."""

from typing import Any

import polars as pl

from crmdash.columns import MONEY_SCALE, TABLES, TableName
from crmdash.engine import collect, lazy
from crmdash.evaluate import Evaluation, evaluate
from crmdash.rule_settings import PeriodSettings
from crmdash.settings import Settings, parse_settings
from crmdash.summary import Summary, Tables, summarise
from crmdash.systems.evidence import Evidence
from crmdash.systems.registry import gather

Row = dict[str, Any]


def money(amount: float) -> int:
    """Return an amount in ten-thousandths."""
    return round(amount * MONEY_SCALE)


def sale(customer_id: str, day: int, amount: float, **more: Any) -> Row:
    return {"customer_id": customer_id, "date": day, "amount": amount, **more}


def sales(customer_id: str, amounts: dict[int, float], **more: Any) -> list[Row]:
    """Return one row per day."""
    return [sale(customer_id, day, amount, **more) for day, amount in amounts.items()]


def contact(customer_id: str, day: int, kind: str, **more: Any) -> Row:
    return {"customer_id": customer_id, "date": day, "kind": kind, **more}


def table(name: TableName, rows: list[Row]) -> pl.DataFrame:
    """Return a canonical table with the columns that occur in `rows`."""
    found = [column for column in TABLES[name] if column.required or any(column.name in row for row in rows)]
    unknown = {key for row in rows for key in row} - {column.name for column in found}
    assert not unknown, f"{name} has no {unknown}"
    typed = {
        column.name: pl.Series([_stored(column.kind, row.get(column.name)) for row in rows], dtype=column.dtype)
        for column in found
    }
    return pl.DataFrame(typed)


def _stored(kind: str, value: Any) -> Any:
    return money(value) if kind == "money" and value is not None else value


def tables(
    rows: list[Row] | None = None,
    customers: list[Row] | None = None,
    contacts: list[Row] | None = None,
    staff: list[Row] | None = None,
) -> Tables:
    return Tables.of(
        None if rows is None else table("transactions", rows),
        None if customers is None else table("customers", customers),
        None if contacts is None else table("contacts", contacts),
        None if staff is None else table("staff", staff),
    )


def summarised(rows: list[Row] | None = None, *, as_of: int | None = None, **more: Any) -> Summary:
    """Summarise rows of transactions; `customers`, `contacts`, `staff` are tables, every other name is a period."""
    others = {name: more.pop(name) for name in ("customers", "contacts", "staff") if name in more}
    return summarise(tables(rows, **others), PeriodSettings(**more), as_of)


def evaluated(rows: list[Row] | None = None, settings: Row | None = None, **more: Any) -> Evaluation:
    """Summarise and evaluate rows of transactions; `settings` as in a settings file."""
    chosen = parse_settings(settings or {})
    return evaluate(summarised(rows, **dict(chosen.period) | more), chosen)


def of_customer(customers: pl.DataFrame, customer_id: str) -> Row:
    """Return the row of one customer."""
    return customers.row(by_predicate=pl.col("customer_id") == customer_id, named=True)


def measures(rows: list[Row] | None = None, customer_id: str = "a", **more: Any) -> Row:
    """Return the summary's row of one customer."""
    return of_customer(summarised(rows, **more).customers, customer_id)


def labels(evaluation: Evaluation, column: str) -> dict[str, Any]:
    """Return one column of the evaluation by customer."""
    return dict(evaluation.customers.select("customer_id", column).iter_rows())


def computed(frame: pl.DataFrame, **expressions: Any) -> pl.DataFrame:
    """Evaluate engine-independent expressions on a table."""
    return collect(lazy(frame).with_columns(**expressions))


DEFAULTS = Settings()


def there(table: pl.DataFrame | None) -> pl.DataFrame:
    """A table that must be there."""
    assert table is not None
    return table


def evidence(rows: list[Row] | None = None, settings: Row | None = None, **more: Any) -> Evidence:
    """Gather what systems are asked of, from rows of transactions; `settings` as in a settings file."""
    chosen, others = parse_settings(settings or {}), ("customers", "contacts", "staff")
    data = tables(rows, **{name: more.pop(name) for name in others if name in more})
    as_of = more.pop("as_of", None)
    found = summarise(data, chosen.period, as_of)
    return gather(data, found, evaluate(found, chosen), lambda day: summarise(data, chosen.period, day))
