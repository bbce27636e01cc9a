"""Recommendation (S37b): who brought whom, one step deep, and what those who were brought are worth."""

from typing import Final

import polars as pl

from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, System, Table, row_of

_ROWS: Final = (
    *CUSTOMER,
    TIER,
    Column("owner", "text"),
    Column("referred", "count"),
    Column("referred_buying", "count"),
    Column("brought_value", "money"),
    Column("value", "money"),
    Column("recommend", "score"),
)
_COMPARED: Final = (
    Column("came", "code", "what_if:came"),
    Column("customers", "count"),
    Column("mean_value", "money"),
    Column("median_value", "money"),
    Column("living_share", "percent"),
)


def report(evidence: Evidence) -> Report:
    """List the customers who brought others, those who brought the largest value first.

    Value is the measure that orders the customers. Who names itself as its introducer was brought by nobody; of those
    brought, prospects count as referred and bring no value yet.
    """
    customers = evidence.customers
    referred = customers.select("customer_id", "referred_by", "internal", "in_base", "value").filter(
        pl.col("referred_by").is_not_null() & (pl.col("referred_by") != pl.col("customer_id")) & ~pl.col("internal")
    )
    held = [column.name for column in _ROWS if column.name in customers.columns]
    rows = _brought(referred).join(customers.select(held), on="customer_id", how="inner")
    rows = rows.sort("brought_value", "referred", "customer_id", descending=[True, True, False])
    buying = referred.filter("in_base")
    brought, whole = int(buying["value"].sum()), int(evidence.base["value"].sum())
    figures = {
        "referrals": Figure("count", len(referred)),
        "referred_buying": Figure("count", len(buying)),
        "introducers": Figure("count", len(rows)),
        "unknown_introducers": Figure("count", referred["referred_by"].n_unique() - len(rows)),
        "brought_value": Figure("money", brought),
        "value_share": Figure("percent", brought / whole if whole > 0 else None),
    }
    return Report(figures, Table(rows, _ROWS), {"came": Table(_compared(evidence.base, buying), _COMPARED)})


def _brought(referred: pl.DataFrame) -> pl.DataFrame:
    return referred.group_by(customer_id="referred_by").agg(
        pl.len().cast(pl.Int64).alias("referred"),
        pl.col("in_base").sum().cast(pl.Int64).alias("referred_buying"),
        pl.col("value").filter(pl.col("in_base")).sum().alias("brought_value"),
    )


def _compared(base: pl.DataFrame, buying: pl.DataFrame) -> pl.DataFrame:
    """Set those who were brought beside everybody else."""
    brought = base.select("customer_id", "value", "phase").join(
        buying.select("customer_id", came=pl.lit("referred")), on="customer_id", how="left"
    )
    living = pl.col("phase").ne_missing("gone")
    each = brought.group_by(pl.col("came").fill_null("other")).agg(
        pl.len().cast(pl.Int64).alias("customers"),
        pl.col("value").mean().round().cast(pl.Int64).alias("mean_value"),
        pl.col("value").median().round().cast(pl.Int64).alias("median_value"),
        living.mean().alias("living_share"),
    )
    return each.sort("came", descending=True)


def explain(found: Report, customer: Customer) -> Explanation | None:
    """Say whom a customer brought, and who brought it."""
    row, came_by = row_of(found, customer), customer.get("referred_by")
    brought_by = None if came_by in (None, customer["customer_id"]) else came_by
    because = (Phrase("recommended.by", {"customer": Figure("text", brought_by)}, "what_if"),) if brought_by else ()
    if row is not None:
        brought = {"count": Figure("count", row["referred"]), "value": Figure("money", row["brought_value"])}
        return Explanation(Phrase("recommended.brought", brought, "what_if"), because)
    return Explanation(because[0]) if because else None


RECOMMENDATIONS: Final = System("recommendations", "S37b", (("customers.referred_by",),), report, explain)
