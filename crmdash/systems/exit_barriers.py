"""S32 · Exit barriers: what keeps customers with us, and who is only locked in.

A barrier is economic, technical (or a patent) or contractual; each is a bond that the customer values or a lock-in
that it resents. Captive = lock-ins only, satisfaction at or below the limit, and not gone: it leaves when it is free.
"""

from typing import Final

import polars as pl

from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.systems.barriers import FORMS, KINDS, barriers_of, entries_of, has
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import CUSTOMER, STAGE, TIER, Column, Explanation, Report, System, Table, row_of

TIES: Final = ("bond", "both", "lockin", "unstated", "none")
"""What a customer's barriers are: bonds only, bonds and lock-ins, lock-ins only, of unstated form, or none entered."""

TIE: Final = Column("tie", "code", "warnings:tie")
ROWS: Final = (
    *CUSTOMER, TIER, STAGE, Column("value", "money"), Column("captive", "flag"), TIE, Column("barriers", "count"),
    Column("bonds", "count"), Column("lockins", "count"), Column("exit_barriers", "barriers"),
    Column("satisfaction", "score"),
)  # fmt: skip
_KINDS: Final = (
    Column("barrier", "code", "warnings:barrier"), Column("bond", "count"), Column("lockin", "count"),
)  # fmt: skip
_TIES: Final = (TIE, Column("customers", "count"), Column("value", "money"), Column("share_gone", "percent"))


def exit_barriers_report(evidence: Evidence) -> Report:
    """List customers with barriers, captives first, then by value."""
    counted = _counted(evidence)
    # Within each part the more valuable first: the base is in that order.
    rows = counted.filter(pl.col("barriers").fill_null(0) > 0).sort("captive", descending=True, maintain_order=True)
    shown = rows.select([column.name for column in ROWS if column.name in rows.columns])
    captives = rows.filter("captive")
    of_tie = dict(counted.group_by("tie").len().iter_rows())
    figures = {
        "with_barriers": Figure("count", len(rows)),
        "none": Figure("count", of_tie.get("none", 0)),
        "bonds_only": Figure("count", of_tie.get("bond", 0)),
        "lockins_only": Figure("count", of_tie.get("lockin", 0)),
        "captive": Figure("count", len(captives)),
        "captive_value": Figure("money", int(captives["value"].sum())),
    }
    tables = {"kinds": Table(_by_kind(rows), _KINDS), "ties": Table(_by_tie(counted), _TIES)}
    notes = () if "satisfaction" in counted.columns else (Phrase("note.captive_unknown", kind="warnings"),)
    return Report(figures, Table(shown, ROWS), tables, notes)


def _counted(evidence: Evidence) -> pl.DataFrame:
    base = evidence.base
    bonds, lockins = pl.col("bonds").fill_null(0), pl.col("lockins").fill_null(0)
    tie = (
        pl.when(pl.col("barriers").fill_null(0) == 0)
        .then(pl.lit("none"))
        .when((bonds > 0) & (lockins > 0))
        .then(pl.lit("both"))
        .when(bonds > 0)
        .then(pl.lit("bond"))
        .when(lockins > 0)
        .then(pl.lit("lockin"))
        .otherwise(pl.lit("unstated"))
    )
    unhappy = pl.lit(False)
    if "satisfaction" in base.columns:
        unhappy = (pl.col("satisfaction") <= evidence.settings.warning.captive_satisfaction).fill_null(False)
    held = [
        name
        for name in ("name", "tier", "stage", "phase", "value", "exit_barriers", "satisfaction")
        if name in base.columns
    ]
    # Only a barrier of which every entry is a lock-in makes a captive.
    only = (lockins > 0) & (lockins == pl.col("barriers"))
    living = pl.col("phase").ne_missing(pl.lit("gone")) if "phase" in base.columns else pl.lit(True)
    return (
        base.select("customer_id", *held)
        .hstack(barriers_of(evidence))
        .with_columns(tie=tie, captive=(only & unhappy & living).fill_null(False))
    )


def _by_kind(rows: pl.DataFrame) -> pl.DataFrame:
    """Count customers by kind of barrier, as a bond and as a lock-in."""
    read = rows.group_by("exit_barriers").agg(pl.len().cast(pl.Int64).alias("held"))
    counts = [pl.col("held").filter(has(kind, form)).sum().alias(f"{kind}:{form}") for kind in KINDS for form in FORMS]
    found = read.select(counts).row(0, named=True)
    return pl.DataFrame({"barrier": KINDS} | {form: [found[f"{kind}:{form}"] for kind in KINDS] for form in FORMS})


def _by_tie(counted: pl.DataFrame) -> pl.DataFrame:
    """Count customers by what ties them, with their value and the share that is gone."""
    gone = (pl.col("phase") == "gone").mean() if "phase" in counted.columns else pl.lit(None, pl.Float64)
    found = counted.group_by("tie").agg(
        pl.len().cast(pl.Int64).alias("customers"), pl.col("value").sum(), gone.alias("share_gone")
    )
    frame = pl.DataFrame({"tie": TIES})
    return frame.join(found, on="tie", how="inner", maintain_order="left")


def explain(report: Report, customer: Customer) -> Explanation | None:
    """Say what keeps a customer with us."""
    row = row_of(report, customer)
    if row is None:
        return None
    label = Phrase("barriers.captive" if row["captive"] else f"barriers.{row['tie']}", kind="warnings")
    entries = {"entries": entries_of(row["exit_barriers"]), "count": Figure("count", row["barriers"])}
    because = [Phrase("barriers.entries", entries, "warnings")]
    if row["captive"]:
        satisfied = {"satisfaction": Figure("score", row["satisfaction"])}
        because.append(Phrase("barriers.satisfaction", satisfied, "warnings"))
    return Explanation(label, tuple(because))


EXIT_BARRIERS: Final = System("exit_barriers", "S32", (("customers.exit_barriers",),), exit_barriers_report, explain)
"""Exit barriers."""
