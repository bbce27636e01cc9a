"""S17b Balance: what the customer gets from us against what we get from the customer.

What it gets is the mean of the four values it sees, else its satisfaction, as 0-100; what we get is the percentile of
its contribution among its peers.
"""

from typing import Final

import polars as pl

from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.systems.evidence import Evidence
from crmdash.systems.four_values import VALUES
from crmdash.systems.held_measures import with_measures
from crmdash.systems.indicators import COMPARED, places_among
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, System, Table, row_of
from crmdash.systems.whole_base import measured

SIDES: Final = ("under_served", "neglected", "over_served", "balanced")
"""In the order of the list: whom we owe most first."""

SCORE_SCALE: Final = 10
"""A score of 0-10 as points of 0-100."""

_BALANCE: Final = Column("balance", "code", "value:balance")
_COLUMNS: Final = (
    *CUSTOMER, TIER, _BALANCE, Column("gets", "score"), Column("gives", "score"), Column("value", "money"),
)  # fmt: skip


def report(evidence: Evidence) -> Report:
    """Place every customer, the under-served first and among equals by value; those not asked last."""
    line = evidence.settings.worth.balance_line
    gives = measured(evidence, "indicators", places_among, COMPARED)["contribution"].alias("gives")
    gets = (pl.coalesce(pl.mean_horizontal(VALUES), "satisfaction") * SCORE_SCALE).round(9)
    asked = with_measures(evidence.base, "name", "satisfaction", *VALUES)
    rows = asked.select("customer_id", "name", "tier", "value", gets=gets).with_columns(gives)
    rows = rows.with_columns(balance=_side(pl.col("gets") >= line, pl.col("gives") >= line))
    place = pl.col("balance").replace_strict({side: place for place, side in enumerate(SIDES)}, return_dtype=pl.Int8)
    listed = rows.sort(place, nulls_last=True, maintain_order=True)
    sides = _by_side(rows)
    counts = dict(sides.select("balance", "customers").iter_rows())
    figures = {side: Figure("count", counts[side]) for side in SIDES}
    under = sides.filter(pl.col("balance") == SIDES[0])["value"][0]
    figures |= {"under_served_value": Figure("money", under), "unknown": Figure("count", rows["balance"].null_count())}
    columns = (_BALANCE, Column("customers", "count"), Column("value", "money"))
    return Report(figures, Table(listed, _COLUMNS), {"sides": Table(sides, columns)})


def _side(gets: pl.Expr, gives: pl.Expr) -> pl.Expr:
    sides = [(~gets & gives, "under_served"), (~gets & ~gives, "neglected"), (gets & ~gives, "over_served"),
             (gets & gives, "balanced")]  # fmt: skip
    return pl.coalesce(pl.when(held).then(pl.lit(side)) for held, side in sides)


def _by_side(rows: pl.DataFrame) -> pl.DataFrame:
    counted = rows.group_by("balance").agg(pl.len().cast(pl.Int64).alias("customers"), pl.col("value").sum())
    listed = pl.DataFrame({"balance": list(SIDES)}).join(counted, on="balance", how="left", maintain_order="left")
    return listed.with_columns(pl.col("customers", "value").fill_null(0))


def explain(found: Report, customer: Customer) -> Explanation | None:
    """Say on which side a customer is, and what would bring it into balance."""
    row = row_of(found, customer)
    if row is None or row["balance"] is None:
        return None
    said = {"gets": Figure("score", row["gets"]), "gives": Figure("score", row["gives"])}
    label = Phrase("balance_said.label", {"side": Figure("term", f"value:balance.{row['balance']}")}, "value")
    advice = Phrase(f"balance_advice.{row['balance']}", {}, "value")
    return Explanation(label, (Phrase("balance_said.because", said, "value"), advice))


BALANCE: Final = System(
    "balance",
    "S17b",
    ((*(f"customers.{name}" for name in VALUES), "customers.satisfaction", "contacts.score"),
     ("transactions", "customers.revenue", "customers.profit")),
    report,
    explain,
)  # fmt: skip
