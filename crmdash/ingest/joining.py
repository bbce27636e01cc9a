"""The typed tables of several files → one table of each kind, and what does not fit together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from crmdash.columns import CUSTOMERS, TABLES, TableName
from crmdash.ingest.aside import SCHEMA
from crmdash.ingest.validation import Typed
from crmdash.issues import Issue
from crmdash.scope import SCOPE_COLUMNS

_FILE, _ROW = ":file", ":row"
_KEYS: Final[dict[TableName, tuple[str, str]]] = {
    "customers": ("customer_id", "customer_in_two_files"), "staff": ("name", "staff_twice"),
}  # fmt: skip
"""Per table with one row each, what may not come twice, and the reason under which a later row is set aside."""


@dataclass(frozen=True, eq=False)
class Joined:
    """The tables of all files, and the rows given up because an earlier file has them."""

    tables: dict[TableName, pl.DataFrame | None]
    aside: pl.DataFrame
    issues: tuple[Issue, ...]


def join_files(files: Sequence[tuple[str, Typed]]) -> Joined:
    """Put the tables of several files, each with its name, below one another."""
    tables: dict[TableName, pl.DataFrame | None] = {}
    asides: list[pl.DataFrame] = [pl.DataFrame(schema=SCHEMA)]
    issues: list[Issue] = []
    for table in TABLES:
        frame = _concat([(name, typed) for name, typed in files if typed.table == table])
        if frame is not None and table in _KEYS:
            frame, given_up = _distinct(frame, table)
            asides.append(given_up)
            if given_up.height:
                key, code = _KEYS[table]
                issues.append(Issue("warning", code, table, key, count=given_up.height, example=given_up["cell"][0]))
        tables[table] = None if frame is None else frame.drop(_FILE, _ROW, strict=False)
    return Joined(tables, pl.concat(asides), tuple(issues))


def _concat(parts: list[tuple[str, Typed]]) -> pl.DataFrame | None:
    frames = [
        typed.frame
        if typed.table not in _KEYS
        else typed.frame.with_columns(pl.lit(name).alias(_FILE), typed.rows.cast(pl.Int64).alias(_ROW))
        for name, typed in parts
        if typed.frame is not None
    ]
    return pl.concat(frames, how="diagonal") if frames else None


def _distinct(frame: pl.DataFrame, table: TableName) -> tuple[pl.DataFrame, pl.DataFrame]:
    key, code = _KEYS[table]
    first = frame[key].is_first_distinct()
    later = frame.filter(~first)
    values = [pl.col(name).cast(pl.String).fill_null("") for name in frame.columns if name not in (_FILE, _ROW)]
    given_up = later.select(
        pl.col(_FILE).alias("file"), pl.col(_ROW).alias("row"), pl.lit(table).alias("table"),
        pl.lit(code).alias("reason"), pl.lit(key).alias("column"), pl.lit(None, pl.String).alias("header"),
        pl.col(key).alias("cell"), pl.concat_str(values, separator=",").alias("text"),
    )  # fmt: skip
    return frame.filter(first), given_up.cast(SCHEMA)  # type: ignore[arg-type]


def currency_issues(files: Sequence[tuple[str, Typed]]) -> list[Issue]:
    """Name the files whose amounts are in different currencies: their sums mean nothing."""
    found = {name: typed.currency for name, typed in files if typed.currency is not None and typed.frame is not None}
    if len(set(found.values())) < 2:
        return []
    words = ", ".join(f"{name}: {code}" for name, code in found.items())
    return [Issue("error", "currencies_differ", count=len(set(found.values())), example=words)]


def unknown_staff(contacts: pl.DataFrame | None, staff: pl.DataFrame | None) -> list[Issue]:
    """Name the contacts whose staff is not in the staff table: their time costs nothing."""
    if contacts is None or staff is None or "staff" not in contacts.columns:
        return []
    strangers = contacts.filter(pl.col("staff").is_not_null()).join(staff, left_on="staff", right_on="name", how="anti")
    if strangers.is_empty():
        return []
    return [Issue("warning", "staff_unknown", "contacts", "staff", count=len(strangers), example=strangers["staff"][0])]


def describe_customers(transactions: pl.DataFrame) -> pl.DataFrame | None:
    """Return one row per customer with the latest known value of each descriptive column in the transactions.

    Among rows of the same day the last value in the alphabet wins, so that the order of rows does not matter.
    """
    own = {column.name for column in TABLES["transactions"]}
    described = [c.name for c in CUSTOMERS if c.name in transactions.columns and c.name not in own]
    if not described:
        return None
    customers = transactions.select("customer_id").unique().sort("customer_id")
    for name in described:
        latest = (
            transactions.select("customer_id", "date", name)
            .drop_nulls(name)
            .unique()
            .sort("date", name)
            .unique("customer_id", keep="last")
            .drop("date")
        )
        customers = customers.join(latest, on="customer_id", how="left", maintain_order="left")
    return customers


def several_values(transactions: pl.DataFrame) -> list[Issue]:
    """Name the columns to filter by of which customers have more than one value in their orders.

    The latest is taken, so that a filter looks at customers and not at orders.
    """
    issues = []
    for name in (name for name in SCOPE_COLUMNS if name in transactions.columns):
        counts = transactions.drop_nulls(name).group_by("customer_id").agg(pl.col(name).n_unique())
        several = counts.filter(pl.col(name) > 1)
        if several.height:
            example = str(several["customer_id"].min())
            issues.append(Issue("info", "several_values", "customers", name, count=several.height, example=example))
    return issues


def join_customers(given: pl.DataFrame | None, described: pl.DataFrame | None) -> pl.DataFrame | None:
    """Join a customers file with what the transactions say; the file wins where both know."""
    if given is None or described is None:
        return given if described is None else described
    joined = given.join(described, on="customer_id", how="full", coalesce=True, suffix=":described")
    both = [name for name in described.columns if name != "customer_id" and name in given.columns]
    joined = joined.with_columns(pl.coalesce(name, f"{name}:described") for name in both)
    names = [column.name for column in CUSTOMERS if column.name in joined.columns]
    return joined.select(names).sort("customer_id")
