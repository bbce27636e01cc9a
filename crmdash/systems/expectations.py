"""S18 Expectations: what the customer experienced against what it expected (gap = experience - expectation).

The aim is expectations as low as suffice, and met. Flagged are those who had a good experience and yet expected more:
there the promise is too large, not the service too poor.
"""

from typing import Final

import polars as pl

from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.systems.evidence import Evidence
from crmdash.systems.held_measures import with_measures
from crmdash.systems.order import in_order
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, System, Table, row_of

_SCORES: Final = (Column("expectation", "score"), Column("experience", "score"), Column("gap", "score"))
_COLUMNS: Final = (*CUSTOMER, TIER, *_SCORES, Column("promised_too_much", "flag"), Column("value", "money"))
_BY_TIER: Final = (
    TIER, Column("customers", "count"), *_SCORES, Column("met", "percent"), Column("promised_too_much", "count"),
)  # fmt: skip


def report(evidence: Evidence) -> Report:
    """Measure the gap of every customer: those promised too much first, then the widest gap; those not asked last."""
    worth = evidence.settings.worth
    asked = with_measures(evidence.base, "name", "expectation", "experience")
    gap = (pl.col("experience") - pl.col("expectation")).round(6)
    rows = asked.select("customer_id", "name", "tier", "value", "expectation", "experience", gap=gap)
    too_much = (pl.col("experience") >= worth.good_experience) & (pl.col("gap") <= worth.expectation_gap)
    rows = rows.with_columns(promised_too_much=pl.when(pl.col("gap").is_not_null()).then(too_much))
    listed = in_order(rows, ("promised_too_much", True), ("gap", False))
    known = rows.filter(pl.col("gap").is_not_null())
    figures = {
        "customers": Figure("count", len(known)),
        "expectation": Figure("score", known["expectation"].mean()),
        "experience": Figure("score", known["experience"].mean()),
        "gap": Figure("score", known["gap"].mean()),
        "met": Figure("percent", (known["gap"] >= 0).mean()),
        "promised_too_much": Figure("count", int(known["promised_too_much"].sum())),
        "promised_too_much_value": Figure("money", int(known.filter("promised_too_much")["value"].sum())),
    }
    tiers = _by_tier(known, evidence.settings.tiers.codes)
    return Report(figures, Table(listed, _COLUMNS), {"tiers": Table(tiers, _BY_TIER)})


def _by_tier(known: pl.DataFrame, tiers: tuple[str, ...]) -> pl.DataFrame:
    counted = known.group_by("tier").agg(
        pl.len().cast(pl.Int64).alias("customers"),
        pl.col("expectation", "experience", "gap").mean(),
        met=(pl.col("gap") >= 0).mean(),
        promised_too_much=pl.col("promised_too_much").sum().cast(pl.Int64),
    )
    listed = pl.DataFrame({"tier": list(tiers)}).join(counted, on="tier", how="left", maintain_order="left")
    return listed.with_columns(pl.col("customers", "promised_too_much").fill_null(0))


def explain(found: Report, customer: Customer) -> Explanation | None:
    """Say whether a customer's expectation was met, and what to do about it."""
    row = row_of(found, customer)
    if row is None or row["gap"] is None:
        return None
    verdict = "too_much" if row["promised_too_much"] else "met" if row["gap"] >= 0 else "missed"
    figures = {name: Figure("score", row[name]) for name in ("expectation", "experience")}
    label = Phrase("expectations.label", {**figures, "gap": Figure("score", row["gap"])}, "value")
    return Explanation(label, (Phrase(f"expectations.{verdict}", {}, "value"),))


EXPECTATIONS: Final = System(
    "expectations", "S18", (("customers.expectation",), ("customers.experience",)), report, explain
)
