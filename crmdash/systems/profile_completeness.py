"""S29: how complete each customer's file is, and which gap matters most.

completeness = weight of what the file holds / weight asked for; a gap that matters = its weight x the factor of the
customer's class, so that the decider of a large customer comes before the birthday of a small one.
"""

from typing import Final

import polars as pl

from crmdash.model import customer_file
from crmdash.model.customer_file import PARTS, part_weight, weigh_file
from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.settings import Settings
from crmdash.systems.evidence import Evidence
from crmdash.systems.places import base_places
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, System, Table, row_of

PART: Final = Column("part", "code", "audit:part")
_COMPLETE: Final = Column("completeness", "percent")
_OWNER: Final = Column("owner", "text")
_ROWS: Final = (
    *CUSTOMER, TIER, _OWNER, _COMPLETE, Column("largest_gap", "code", "audit:part"), Column("gaps", "count"),
    Column("gap_matters", "decimal"), Column("may_contact", "flag"),
)  # fmt: skip
_GROUPS: Final = (Column("customers", "count"), _COMPLETE, Column("gap_matters", "decimal"))
_BY_PART: Final = (
    PART, Column("weight", "count"), Column("filled", "percent"), Column("lacking", "count"),
    Column("gap_matters", "decimal"),
)  # fmt: skip
_LISTED: Final = ("customer_id", "name", "tier", "tier_class", "owner", "value", "may_contact")
_GAPS: Final = tuple(f"gap.{part.code}" for part in PARTS)


def completeness(customers: pl.DataFrame, settings: Settings) -> pl.Series:
    """Return how complete each customer's file is, 0-1, in the order of `customers`; see `model.customer_file`."""
    return customer_file.completeness(customers, settings.profile)


def base_completeness(evidence: Evidence) -> pl.Series:
    """Return how complete the file of each customer of the base is, 0-1, in the order of `Evidence.base`."""
    return evidence.remember("completeness", lambda: customer_file.share_filled(_weighed(evidence)))


def _weighed(evidence: Evidence) -> pl.DataFrame:
    """Return `model.customer_file.weigh_file` of the base, in its order; the fields are read once for the summary."""

    def weighed() -> pl.DataFrame:
        told = evidence.remember_lasting("said in files", lambda: customer_file.said(evidence.summary.customers))
        return weigh_file(told[base_places(evidence)], evidence.settings.profile)

    return evidence.remember("files weighed", weighed)


def gap_rows(customers: pl.DataFrame, settings: Settings, weighed: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return who the customers are, with completeness, every gap's weight, gap_matters, gaps and largest_gap.

    gap_matters = sum of the weights of the gaps x factor of the class; a customer without a class counts as middle.

    Parameters
    ----------
    weighed : `model.customer_file.weigh_file` of the customers, in their order; weighed here unless given.
    """
    factors = {name: getattr(settings.profile, f"factor_{name}") for name in ("top", "upper", "middle", "bottom")}
    listed = customers.select(name for name in _LISTED if name in customers.columns)
    rows = listed.hstack(weigh_file(customers, settings.profile) if weighed is None else weighed)
    factor = pl.col("tier_class").replace_strict(factors, default=factors["middle"], return_dtype=pl.Int64)
    whole, largest = pl.sum_horizontal(_GAPS), pl.max_horizontal(_GAPS)
    first = pl.coalesce(
        pl.when((pl.col(name) == largest) & (largest > 0)).then(pl.lit(number, pl.UInt32))
        for number, name in enumerate(_GAPS)
    )
    # Numbers are told apart faster than words, of which every customer would get its own.
    named = pl.Series("largest_gap", [part.code for part in PARTS]).gather(rows.select(first).to_series())
    return rows.with_columns(named, class_factor=factor).with_columns(
        completeness=pl.when(pl.col("asked") > 0).then((pl.col("asked") - whole) / pl.col("asked")),
        gap_matters=whole * pl.col("class_factor"),
        gaps=pl.sum_horizontal((pl.col(name) > 0).cast(pl.Int64) for name in _GAPS),
    )


def report(evidence: Evidence) -> Report:
    """List the customers whose gaps matter most; completeness by tier, account manager and part of the file."""
    rows = gap_rows(evidence.base, evidence.settings, _weighed(evidence))
    # Of equals the more valuable first: the base is in that order.
    rows = rows.sort("gap_matters", descending=True, nulls_last=True, maintain_order=True)
    tables = {"by_tier": _by_tier(rows, evidence.settings), "by_part": _by_part(rows, evidence.settings)}
    if "owner" in rows.columns:
        tables["by_owner"] = _by_owner(rows)
    top = (rows["tier_class"] == "top").fill_null(False)
    figures = {
        "completeness": Figure("percent", rows["completeness"].mean()),
        "completeness_of_top": Figure("percent", rows["completeness"].filter(top).mean()),
        "gaps_of_top": Figure("count", int((rows["gaps"].filter(top) > 0).sum())),
        "customers": Figure("count", len(rows)),
    }
    kept = [*(column.name for column in _ROWS), *_GAPS]
    return Report(figures, Table(rows.select(name for name in kept if name in rows.columns), _ROWS), tables)


def _mean_by(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    return rows.group_by(name).agg(
        customers=pl.len().cast(pl.Int64), completeness=pl.col("completeness").mean(),
        gap_matters=pl.col("gap_matters").sum(),
    )  # fmt: skip


def _by_tier(rows: pl.DataFrame, settings: Settings) -> Table:
    tiers = pl.DataFrame({"tier": list(settings.tiers.codes)})
    return Table(tiers.join(_mean_by(rows, "tier"), on="tier", how="inner", maintain_order="left"), (TIER, *_GROUPS))


def _by_owner(rows: pl.DataFrame) -> Table:
    """Return the account managers, the one whose gaps matter most first."""
    ordered = _mean_by(rows, "owner").filter(pl.col("owner").is_not_null())
    ordered = ordered.sort(["gap_matters", "owner"], descending=[True, False])
    return Table(ordered, (_OWNER, *_GROUPS))


def _by_part(rows: pl.DataFrame, settings: Settings) -> Table:
    """Return each part of the file: its weight, the share of customers of whom it is whole, and what the gaps weigh."""
    weights = {part.code: part_weight(part.code, settings.profile) for part in PARTS}
    asked = [code for code, weight in weights.items() if weight]
    lacking = rows.select((pl.col(f"gap.{code}") > 0).sum().cast(pl.Int64).alias(code) for code in asked)
    mattering = rows.select((pl.col(f"gap.{code}") * pl.col("class_factor")).sum().alias(code) for code in asked)
    missing = list(lacking.row(0)) if asked else []
    table = {
        "part": asked,
        "weight": [weights[code] for code in asked],
        "filled": [1 - count / len(rows) if len(rows) else None for count in missing],
        "lacking": missing,
        "gap_matters": list(mattering.row(0)) if asked else [],
    }
    typed = {
        "part": pl.String,
        "weight": pl.Int64,
        "filled": pl.Float64,
        "lacking": pl.Int64,
        "gap_matters": pl.Float64,
    }
    return Table(pl.DataFrame(table, schema=typed), _BY_PART)


def explain(found: Report, customer: Customer) -> Explanation | None:
    """Say how complete one customer's file is, and what is missing in it, the weightiest first."""
    row = row_of(found, customer)
    if row is None or row["completeness"] is None:
        return None
    label = Phrase("profile.label", {"completeness": Figure("percent", row["completeness"])}, "audit")
    gaps = sorted((name for name in _GAPS if row[name] > 0), key=lambda name: -row[name])
    missing = tuple(_missing(name.removeprefix("gap."), row[name]) for name in gaps)
    held_back = () if row.get("may_contact") is not False else (Phrase("profile.held_back", kind="audit"),)
    return Explanation(label, (*missing, *held_back))


def _missing(part: str, weight: float) -> Phrase:
    figures = {"part": Figure("term", f"audit:part.{part}"), "weight": Figure("times", weight)}
    return Phrase("profile.gap", figures, "audit")


NEEDS: Final = (tuple(f"customers.{name}" for field in customer_file.WANTED for name in field),)
"""Of all that a file should hold, one column is enough."""

PROFILE_COMPLETENESS: Final = System("profile_completeness", "S29", NEEDS, report, explain)
"""Completeness of the customer file."""
