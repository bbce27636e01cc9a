"""The canonical tables and columns: what each holds, and in which unit.

A file's own columns are mapped to these (`crmdash.ingest.mapping`); everything after the mapping speaks
only of these names. Storage types are fixed here, so that every engine sees the same:

======== ======== =====================================================
kind     stored   meaning
======== ======== =====================================================
id       String   an identifier, unchanged text
text     String   free text
date     Int64    whole days since 1970-01-01
money    Int64    ten-thousandths of the currency unit, exact
count    Int64    a whole number (purchases, days)
number   Float64  a measured quantity (units, minutes)
score    Float64  0-10
points   Float64  0-100
fraction Float64  0-1
flag     Boolean  yes or no
choice   String   one of the codes in `Column.choices`
tags     String   codes joined by ``;``
======== ======== =====================================================
"""

from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

Kind = Literal[
    "id", "text", "date", "money", "count", "number", "score", "points", "fraction", "flag", "choice", "tags"
]
TableName = Literal["transactions", "customers", "contacts", "staff"]

MONEY_SCALE: Final = 10_000
"""Money is stored in whole ten-thousandths of the currency unit."""

DTYPES: Final[dict[Kind, type[pl.DataType]]] = {
    "id": pl.String,
    "text": pl.String,
    "date": pl.Int64,
    "money": pl.Int64,
    "count": pl.Int64,
    "number": pl.Float64,
    "score": pl.Float64,
    "points": pl.Float64,
    "fraction": pl.Float64,
    "flag": pl.Boolean,
    "choice": pl.String,
    "tags": pl.String,
}


@dataclass(frozen=True)
class Column:
    """One canonical column of one table."""

    name: str
    kind: Kind
    required: bool = False
    choices: tuple[str, ...] = ()

    @property
    def dtype(self) -> type[pl.DataType]:
        """The Polars type in which the column is stored."""
        return DTYPES[self.kind]


TAGS: Final = ("strategic", "benchmark", "door_opener", "inspiring", "sole_outlet", "competitor")
NATURES: Final = ("retail", "merchant", "distributor", "internal")
CONTACT_KINDS: Final = (
    "visit", "call", "enquiry", "sales_lead", "ad", "complaint", "suggestion", "market", "survey", "service",
)  # fmt: skip
GRADES: Final = ("senior", "middle", "junior", "inside")

TRANSACTIONS: Final = (
    Column("customer_id", "id", required=True),
    Column("date", "date", required=True),
    Column("amount", "money", required=True),
    Column("order_id", "id"),
    Column("cost", "money"),
    Column("profit", "money"),
    Column("quantity", "number"),
    Column("discount", "money"),
    Column("list_amount", "money"),
    Column("product", "text"),
    Column("category", "text"),
    Column("channel", "text"),
    Column("due_date", "date"),
    Column("paid_date", "date"),
    Column("planned", "flag"),
)

CUSTOMERS: Final = (
    Column("customer_id", "id", required=True),
    Column("name", "text"),
    Column("contact_person", "text"),
    Column("nature", "choice", choices=NATURES),
    Column("format", "text"),
    Column("market", "text"),
    Column("industry", "text"),
    Column("region", "text"),
    Column("owner", "text"),
    Column("status", "choice", choices=("active", "closed")),
    Column("created_date", "date"),
    Column("revenue", "money"),
    Column("profit", "money"),
    Column("cost_to_serve", "money"),
    Column("orders", "count"),
    Column("first_purchase", "date"),
    Column("last_purchase", "date"),
    Column("recency", "count"),
    Column("satisfaction", "score"),
    Column("expectation", "score"),
    Column("experience", "score"),
    Column("recommend", "score"),
    Column("value_functional", "score"),
    Column("value_experiential", "score"),
    Column("value_social", "score"),
    Column("value_convenience", "score"),
    Column("share_of_wallet", "fraction"),
    Column("share_of_wallet_before", "fraction"),
    Column("cooperation", "points"),
    Column("integrity", "points"),
    Column("credit_overdue_days", "count"),
    Column("payment_terms", "count"),
    Column("contract_end", "date"),
    Column("exit_barriers", "text"),
    Column("tags", "tags", choices=TAGS),
    Column("paid_by", "text"),
    Column("decided_by", "text"),
    Column("used_by", "text"),
    Column("referred_by", "id"),
    Column("source", "text"),
    Column("acquisition_cost", "money"),
    Column("end_reason", "choice", choices=("ours", "theirs", "market", "other")),
    Column("visit_level", "count"),
    Column("may_contact", "flag"),
    Column("potential_value", "money"),
    Column("gender", "text"),
    Column("age", "count"),
    Column("birthday", "date"),
    Column("situation", "text"),
    Column("needs", "text"),
    Column("pain_points", "text"),
    Column("occupation", "text"),
    Column("position", "text"),
    Column("preferences", "text"),
    Column("character", "text"),
    Column("buying_habits", "text"),
    Column("taste", "text"),
    Column("awareness", "text"),
)

CONTACTS: Final = (
    Column("customer_id", "id", required=True),
    Column("date", "date", required=True),
    Column("kind", "choice", required=True, choices=CONTACT_KINDS),
    Column("score", "score"),
    Column("topic", "text"),
    Column("minutes", "number"),
    Column("cost", "money"),
    Column("staff", "text"),
    Column("resolved_date", "date"),
)

STAFF: Final = (
    Column("name", "text", required=True),
    Column("grade", "choice", required=True, choices=GRADES),
    Column("capacity", "count"),
    Column("hours", "number"),
    Column("hourly_cost", "money"),
    Column("can_visit", "flag"),
    Column("region", "text"),
)

TABLES: Final[dict[TableName, tuple[Column, ...]]] = {
    "transactions": TRANSACTIONS,
    "customers": CUSTOMERS,
    "contacts": CONTACTS,
    "staff": STAFF,
}


def column(table: TableName, name: str) -> Column:
    """Return the canonical column `name` of `table`.

    Raises
    ------
    KeyError
        If the table has no such column.
    """
    for candidate in TABLES[table]:
        if candidate.name == name:
            return candidate
    raise KeyError(f"{table}.{name}")
