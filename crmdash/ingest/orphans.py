"""Customers that stand in one file and not in another: counted and listed, and near misses named."""

from typing import Final

import polars as pl

from crmdash.columns import TableName
from crmdash.ingest.identifiers import bare_number
from crmdash.issues import Issue, Severity

SCHEMA: Final = {"customer_id": pl.String, "found_in": pl.String, "missing_in": pl.String, "rows": pl.Int64}
"""One customer with `rows` in the table `found_in` who has none in `missing_in`."""
_EXAMPLES: Final = 3
_PAIRS: Final[tuple[tuple[TableName, TableName, str, Severity], ...]] = (
    ("transactions", "customers", "orders_without_customer", "warning"),
    ("customers", "transactions", "customers_without_orders", "info"),
    ("contacts", "customers", "contacts_without_customer", "warning"),
)


def find_orphans(tables: dict[TableName, pl.DataFrame | None]) -> tuple[pl.DataFrame, list[Issue]]:
    """Return the customers missing on either side of a join, and an issue for each side.

    `tables` are those of the files, before descriptions in the orders were added to the customers. Contacts need
    their customer in the customers table, or among the orders where there is no such table.
    """
    found, issues = [pl.DataFrame(schema=SCHEMA)], list[Issue]()
    for here, there, code, severity in _PAIRS:
        other: TableName = "transactions" if here == "contacts" and tables["customers"] is None else there
        own, others = tables[here], tables[other]
        if own is None or others is None or own.is_empty() or others.is_empty():
            continue
        orphans = _orphans(own, others, here, other)
        if orphans.is_empty():
            continue
        found.append(orphans)
        values = {"rows": int(orphans["rows"].sum())}
        issues.append(Issue(severity, code, here, "customer_id", None, orphans.height, _some(orphans), values))
    every = pl.concat(found)
    return every, [*issues, *_near_misses(every, tables)]


def _orphans(own: pl.DataFrame, others: pl.DataFrame, here: TableName, there: TableName) -> pl.DataFrame:
    counted = own.group_by("customer_id").agg(pl.len().cast(pl.Int64).alias("rows"))
    missing = counted.join(others.select("customer_id").unique(), on="customer_id", how="anti").sort("customer_id")
    return missing.select(
        "customer_id", pl.lit(here).alias("found_in"), pl.lit(there).alias("missing_in"), "rows"
    )  # fmt: skip


def _some(orphans: pl.DataFrame) -> str:
    return ", ".join(orphans["customer_id"].head(_EXAMPLES)) + (" …" if orphans.height > _EXAMPLES else "")


def _near_misses(orphans: pl.DataFrame, tables: dict[TableName, pl.DataFrame | None]) -> list[Issue]:
    """Ask about orphans that would fit if case, width, blanks and leading zeros did not matter."""
    for here, there in (("transactions", "customers"), ("contacts", "customers"), ("contacts", "transactions")):
        mine = orphans.filter((pl.col("found_in") == here) & (pl.col("missing_in") == there))
        other = tables[there]  # type: ignore[index]
        if mine.is_empty() or other is None:
            continue
        known = other.select(other=pl.col("customer_id").unique().sort()).with_columns(key=bare_number(pl.col("other")))
        near = mine.with_columns(key=bare_number(pl.col("customer_id"))).join(
            known.unique("key", keep="first", maintain_order=True), on="key", how="inner", maintain_order="left"
        )
        if near.height:
            example = f"{near['customer_id'][0]} / {near['other'][0]}"
            return [Issue("warning", "ids_nearly_match", here, "customer_id", None, near.height, example)]
    return []
