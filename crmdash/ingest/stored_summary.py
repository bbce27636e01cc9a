"""A stored summary opened as a file: it needs no mapping and no typing, and its sums are already there."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from crmdash.columns import TABLES
from crmdash.engine import collect, lazy
from crmdash.ingest.aside import SCHEMA
from crmdash.ingest.options import Mapping
from crmdash.ingest.raw import RawTable
from crmdash.ingest.validation import Typed
from crmdash.summary import Summary
from crmdash.summary.stored import NoSummary, from_note

_MARKS = ("in_base", "internal", "prospect")


def open_summary(raw: RawTable, note: str) -> Typed:
    """Return the customers table that a stored summary amounts to, with the summary itself.

    Of another period than its own, the summary is made anew from that table, which holds less.

    Raises
    ------
    NoSummary
        If it is of another version, or not one row for each customer.
    """
    customers = raw.frame
    ids = customers.schema.get("customer_id") == pl.String and not customers["customer_id"].null_count()
    if not ids or any(customers.schema.get(name) != pl.Boolean for name in _MARKS):
        raise NoSummary("a stored summary has customer_id, in_base, internal and prospect")
    if not customers["customer_id"].is_sorted():
        customers = customers.sort("customer_id")
    if customers["customer_id"].rle_id().n_unique() < len(customers):
        raise NoSummary("a stored summary has one row for each customer")
    kept = from_note(note, lazy(customers))
    summary = Summary(
        collect(kept.customers), kept.clock, kept.period, kept.market, kept.issues, kept.rows_after, kept.cost_source
    )
    table = _table(summary.customers)
    mapping = Mapping("customers", {name: (name,) for name in table.columns if name in customers.columns})
    rows = pl.int_range(1, len(table) + 1, eager=True)
    return Typed("customers", table, mapping, (), rows, pl.DataFrame(schema=SCHEMA), summary=summary)


def join_summaries(summaries: Sequence[Summary | None]) -> Summary | None:
    """Return the one summary that the parts of a stored one amount to; None where they do not belong together.

    Parts have the same note and no customer in common.
    """
    known = [part for part in summaries if part is not None]
    if not known or len(known) < len(summaries):
        return None
    first, *others = known
    if not others:
        return first
    if any(_note(part) != _note(first) for part in others):
        return None
    customers = pl.concat([part.customers for part in known]).sort("customer_id")
    return replace(first, customers=customers) if customers["customer_id"].is_unique().all() else None


def _note(part: Summary) -> tuple[object, ...]:
    """Return what holds for all customers of a part, and what their columns are."""
    return part.clock, part.period, part.market, part.cost_source, part.customers.schema


def _table(customers: pl.DataFrame) -> pl.DataFrame:
    """Return the columns that a file of customers may have, in their types."""
    if "profit" not in customers.columns and "gross_profit" in customers.columns:
        customers = customers.with_columns(profit="gross_profit")
    known = TABLES["customers"]
    return customers.select(column.name for column in known if customers.schema.get(column.name) == column.dtype)
