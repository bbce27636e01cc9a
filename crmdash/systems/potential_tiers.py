"""Existing and potential customers (S27): prospects by the tier that they would reach, and what each class is given."""

from typing import Final

import polars as pl

from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import CUSTOMER, Column, Explanation, Report, System, Table, row_of

_TIER: Final = Column("potential_tier", "code", "model:tier")
_EFFORT: Final = Column("effort", "code", "lifecycle:effort")
_ROWS: Final = (
    *CUSTOMER, Column("owner", "text"), Column("region", "text"), Column("source", "text"), _TIER,
    Column("potential_value", "money"), Column("potential_known", "flag"), Column("contacts_made", "count"),
    Column("last_contact", "date"), _EFFORT,
)  # fmt: skip
_BY_TIER: Final = (
    _TIER, Column("prospects", "count"), Column("potential_value", "money"), Column("contacts_made", "count"),
    Column("potential_share", "percent"), Column("contacts_share", "percent"), _EFFORT,
)  # fmt: skip
_GIVEN: Final = (
    Column("tier", "code", "model:tier"), Column("customers", "count"), Column("value", "money"),
    Column("deliverables", "code", "lifecycle:deliverables"), Column("terms", "code", "lifecycle:terms"),
)  # fmt: skip
UNKNOWN_CLASS: Final = "middle"
"""Prospects without a known potential are treated like this class."""


def report(evidence: Evidence) -> Report:
    """List the prospects, largest potential first, and compare where contacts go with where the potential lies."""
    prospects = _prospects(evidence)
    by_tier = _by_tier(prospects, evidence)
    known = prospects.filter("potential_known")
    top = [code for code, name in evidence.settings.tiers.classes.items() if name == "top"]
    figures = {
        "prospects": Figure("count", len(prospects)),
        "potential_known": Figure("count", len(known)),
        "potential_unknown": Figure("count", len(prospects) - len(known)),
        "potential_value": Figure("money", int(known["potential_value"].sum()) if len(known) else None),
        "top_prospects": Figure("count", int(known["potential_tier"].is_in(top).sum())),
    }
    unknown = {"count": figures["potential_unknown"]}
    notes = (Phrase("potential.unknown", unknown, "lifecycle"),) if unknown["count"].value else ()
    tables = {"by_tier": Table(by_tier, _BY_TIER), "given": Table(_given(evidence), _GIVEN)}
    return Report(figures, Table(prospects, _ROWS), tables, notes)


def _prospects(evidence: Evidence) -> pl.DataFrame:
    """Return the prospects with the tier that their potential would reach, and the effort that its class deserves."""
    classes = evidence.settings.tiers.classes
    there = evidence.customers.filter("prospect")
    told = there.with_columns(
        potential_known=pl.col("potential_value").is_not_null(),
        effort=pl.when(pl.col("potential_value").is_null())
        .then(pl.lit("unknown"))
        .otherwise(pl.col("potential_tier").replace_strict(classes, return_dtype=pl.String)),
    )
    kept = [column.name for column in _ROWS if column.name in told.columns]
    return told.select(kept).sort(["potential_value", "customer_id"], descending=[True, False], nulls_last=True)


def _by_tier(prospects: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    """Count the prospects by tier, with their shares of all known potential and of all contacts."""
    classes = evidence.settings.tiers.classes
    sums = [pl.len().cast(pl.Int64).alias("prospects"), pl.col("potential_value").sum()]
    counts = ["prospects", "potential_value"]
    if "contacts_made" in prospects.columns:
        sums.append(pl.col("contacts_made").sum())
        counts.append("contacts_made")
    frame = pl.DataFrame({"potential_tier": list(classes), "effort": list(classes.values())})
    counted = prospects.group_by("potential_tier").agg(sums)
    joined = frame.join(counted, on="potential_tier", how="left", maintain_order="left")
    filled = joined.with_columns(pl.col(counts).fill_null(0))
    shares = {"potential_share": _share("potential_value")}
    if "contacts_made" in counts:
        shares["contacts_share"] = _share("contacts_made")
    return filled.with_columns(**shares)


def _share(name: str) -> pl.Expr:
    return pl.when(pl.col(name).sum() > 0).then(pl.col(name) / pl.col(name).sum())


def _given(evidence: Evidence) -> pl.DataFrame:
    """Return what the customers of each tier are given: deliverables and terms by class."""
    classes = evidence.settings.tiers.classes
    named = pl.col("tier").replace_strict(classes, return_dtype=pl.String)
    return evidence.evaluation.tiers.select("tier", "customers", "value").with_columns(deliverables=named, terms=named)


def explain(found: Report, customer: Customer) -> Explanation | None:
    """Say which tier a prospect would reach, and what effort it deserves."""
    row = row_of(found, customer)
    if row is None:
        return None
    figures = {"tier": Figure("tier", row["potential_tier"]), "potential": Figure("money", row["potential_value"])}
    key = "potential.reaches" if row["potential_known"] else "potential.treated_as"
    effort = Phrase(f"effort.{row['effort']}", kind="lifecycle")
    return Explanation(Phrase(key, figures, "lifecycle"), (effort,))


POTENTIAL_TIERS: Final = System("potential_tiers", "S27", (("customers.potential_value",),), report, explain)
