"""S14b The complaint iceberg: the dissatisfied who never complained, beside those who did."""

from typing import Final

import polars as pl

from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.systems.evidence import Evidence
from crmdash.systems.held_measures import with_measures
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, System, Table, row_of

_COLUMNS: Final = (
    *CUSTOMER, TIER, Column("satisfaction", "score"), Column("complaints", "count"), Column("never_complained", "flag"),
    Column("last_contact", "date"), Column("owner", "text"), Column("value", "money"),
)  # fmt: skip
_COUNTS: Final = (
    Column("customers", "count"), Column("never_complained", "count"), Column("share", "percent"),
    Column("value", "money"),
)  # fmt: skip


_ASKED: Final = ("name", "satisfaction", "complaints", "last_contact", "owner")


def report(evidence: Evidence) -> Report:
    """List the dissatisfied customers of the base: the silent ones first, and among them by value."""
    asked = with_measures(evidence.base, *_ASKED).select("customer_id", "tier", "value", *_ASKED)
    low = asked.filter(pl.col("satisfaction") <= evidence.settings.worth.dissatisfied)
    complaints = pl.col("complaints").fill_null(0).cast(pl.Int64)
    rows = low.select(
        "customer_id", "name", "tier", "satisfaction", "last_contact", "owner", "value", complaints=complaints
    ).with_columns(never_complained=pl.col("complaints") == 0)  # fmt: skip
    listed = rows.sort("never_complained", descending=True, maintain_order=True)
    silent = rows.filter("never_complained")
    figures = {
        "asked": Figure("count", asked["satisfaction"].count()),
        "dissatisfied": Figure("count", len(rows)),
        "complained": Figure("count", len(rows) - len(silent)),
        "never_complained": Figure("count", len(silent)),
        "share": Figure("percent", len(silent) / len(rows) if len(rows) else None),
        "value": Figure("money", int(silent["value"].sum())),
    }
    tiers = _by_tier(rows, evidence.settings.tiers.codes)
    told = bool(asked["complaints"].fill_null(0).sum())
    notes = () if told else (Phrase("complaint_iceberg.no_complaints", {}, "value"),)
    return Report(figures, Table(listed, _COLUMNS), {"tiers": Table(tiers, (TIER, *_COUNTS))}, notes)


def _by_tier(rows: pl.DataFrame, tiers: tuple[str, ...]) -> pl.DataFrame:
    """Count the dissatisfied of each tier, those who never complained, their share, and the value of these."""
    counted = rows.group_by("tier").agg(
        pl.len().cast(pl.Int64).alias("customers"),
        pl.col("never_complained").sum().cast(pl.Int64),
        pl.col("value").filter("never_complained").sum(),
    )
    listed = pl.DataFrame({"tier": list(tiers)}).join(counted, on="tier", how="left", maintain_order="left")
    whole = listed.with_columns(pl.col("customers", "never_complained", "value").fill_null(0))
    share = pl.when(pl.col("customers") > 0).then(pl.col("never_complained") / pl.col("customers"))
    return whole.with_columns(share=share)


def explain(found: Report, customer: Customer) -> Explanation | None:
    """Say that a customer is dissatisfied, and whether it has said so itself."""
    row = row_of(found, customer)
    if row is None:
        return None
    label = Phrase("complaint_iceberg.label", {"satisfaction": Figure("score", row["satisfaction"])}, "value")
    spoke = "silent" if row["never_complained"] else "complained"
    said = {"complaints": Figure("count", row["complaints"]), "day": Figure("date", row["last_contact"])}
    return Explanation(label, (Phrase(f"complaint_iceberg.{spoke}", said, "value"),))


COMPLAINT_ICEBERG: Final = System(
    "complaint_iceberg", "S14b", (("customers.satisfaction", "contacts.score"), ("contacts",)), report, explain
)
