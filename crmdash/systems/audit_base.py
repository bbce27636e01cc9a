"""Audit, the whole base: revenue of every quarter by the quarter in which its customers were won.

The sums are exact: over all cohorts and quarters they are the revenue of all rows up to the as-at day, whatever value
period the tiers use.
"""

from typing import Final

import polars as pl

from crmdash.phrases import Figure, Phrase
from crmdash.systems.acquisition import YEAR
from crmdash.systems.acquisition_cohorts import Cohorts, cohorts, quarter_name, quarter_text
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Column, Report, System, Table

QUARTER: Final = Column("quarter", "quarter")
COHORT: Final = Column("cohort", "quarter")
OLDER: Final = Column("may_be_older", "flag")
_SUMS: Final = (
    Column("active", "count"), Column("purchases", "count"), Column("revenue", "money"),
    Column("gross_profit", "money"),
)  # fmt: skip
_ROWS: Final = (QUARTER, COHORT, *_SUMS, Column("share", "percent"), OLDER)
_QUARTERS: Final = (QUARTER, *_SUMS, Column("newcomers_share", "percent"), Column("complete", "flag"))
_YEARS: Final = (QUARTER, Column("cohort_year", "text"), Column("revenue", "money"), OLDER)


def report(evidence: Evidence) -> Report:
    """Return revenue, purchases and active customers by quarter and cohort; newest quarter first.

    newcomers_share = revenue of the quarter from customers whose first purchase fell into it or the three before.
    """
    found = cohorts(evidence)
    cells = named(found)
    rows = cells.sort("index", "cohort_index", descending=[True, False], nulls_last=True).with_columns(
        share=_part(pl.col("revenue"), pl.col("revenue").sum().over("index"))
    )
    quarters = _by_quarter(cells, found)
    years = cells.group_by("index", "quarter", "cohort_year", "may_be_older").agg(pl.col("revenue").sum())
    tables = {
        "quarters": Table(quarters, _QUARTERS),
        "years": Table(years.sort("index", "cohort_year", "may_be_older", nulls_last=True), _YEARS),
    }
    return Report(_figures(evidence, found, quarters), Table(rows, _ROWS), tables, cohort_notes(found))


def named(found: Cohorts) -> pl.DataFrame:
    """Return the cells with the names of quarters and cohorts, and whether a cohort may hold older customers."""
    return found.cells.with_columns(
        index="quarter",
        cohort_index="cohort",
        quarter=quarter_text(pl.col("quarter")),
        cohort=quarter_text(pl.col("cohort")),
        cohort_year=(pl.col("cohort") // YEAR).cast(pl.String),
        may_be_older=pl.col("cohort") < found.fair,
    )


def _part(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(part / whole)


def _by_quarter(cells: pl.DataFrame, found: Cohorts) -> pl.DataFrame:
    young = pl.col("cohort_index") > pl.col("index") - YEAR
    held = [column.name for column in _SUMS if column.name in cells.columns]
    sums = cells.group_by("index", "quarter").agg(
        pl.col(held).sum(),
        newcomers=pl.when(young).then("revenue").sum(),
    )
    # In the first year of the file everybody would count as won lately.
    fair = pl.col("index") - YEAR + 1 >= found.fair
    return sums.sort("index").with_columns(
        newcomers_share=pl.when(fair).then(_part(pl.col("newcomers"), pl.col("revenue"))),
        complete=pl.col("index") <= found.complete,
    )


def _figures(evidence: Evidence, found: Cohorts, quarters: pl.DataFrame) -> dict[str, Figure]:
    whole = quarters.filter("complete")
    last = whole.row(-1, named=True) if len(whole) else dict.fromkeys(quarters.columns)
    without = found.cells.filter(pl.col("cohort").is_null())["revenue"].sum()
    return {
        "revenue": Figure("money", int(found.cells["revenue"].sum())),
        "customers": Figure("count", int(found.sizes["customers"].sum())),
        "cohorts": Figure("count", len(found.sizes)),
        "quarter": Figure("quarter", last["quarter"]),
        "newcomers_share": Figure("percent", last["newcomers_share"]),
        "returns_only": Figure("money", int(without)),
    }


def cohort_notes(found: Cohorts) -> tuple[Phrase, ...]:
    """Say which cohorts may hold older customers, and that the last quarter is not over."""
    notes = []
    older = found.sizes.filter(pl.col("cohort") < found.fair)
    if len(older):
        notes.append(older_note(older["cohort"][-1]))
    if found.last > found.complete:
        notes.append(Phrase("note.incomplete", {"quarter": Figure("quarter", quarter_name(found.last))}, "audit"))
    return tuple(notes)


def older_note(cohort: int) -> Phrase:
    """Say up to which cohort customers may be older than the file."""
    return Phrase("note.older", {"cohort": Figure("quarter", quarter_name(cohort))}, "audit")


AUDIT_BASE: Final = System("audit_base", "audit", (("transactions",),), report)
"""The whole base, by acquisition cohort."""
