"""Audit, cohort against cohort: what customers won in different quarters did at the same age."""

from typing import Final

import polars as pl

from crmdash.phrases import Figure, Phrase
from crmdash.systems.acquisition import YEAR
from crmdash.systems.acquisition_cohorts import Cohorts, cohorts, quarter_text
from crmdash.systems.audit_base import COHORT, OLDER, cohort_notes
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Column, Report, System, Table

_CUSTOMERS: Final = Column("customers", "count")
_SO_FAR: Final = Column("revenue_so_far", "money")
_ROWS: Final = (
    COHORT, Column("age", "count"), _CUSTOMERS, Column("active", "count"), Column("active_share", "percent"),
    Column("purchases", "count"), Column("revenue", "money"), Column("revenue_per_customer", "money"), _SO_FAR, OLDER,
)  # fmt: skip
_AT_AGE: Final = (COHORT, _CUSTOMERS, Column("active_share", "percent"), _SO_FAR, OLDER)


def report(evidence: Evidence) -> Report:
    """Set the cohorts beside each other at every age in quarters; the quarter that is not over is left out.

    age = quarter - quarter of the first purchase. At age 0 a cohort has been there for half a quarter on average.
    The cohorts are compared at the greatest age, a year at most, that two of those with new customers only reached.
    """
    found = cohorts(evidence)
    rows = by_age(found)
    fair = rows.filter(~pl.col("may_be_older"))
    age = _common_age(fair)
    reached = rows.filter(pl.col("age") == pl.lit(age, pl.Int64)).sort("cohort_index", descending=True)
    last = reached.filter(~pl.col("may_be_older")).rows(named=True)
    empty = dict.fromkeys(rows.columns)
    newest, earlier = [*last, empty, empty][:2]
    figures = {
        "cohorts": Figure("count", len(found.sizes)),
        "age": Figure("count", age),
        "newest": Figure("quarter", newest["cohort"]),
        "newest_active_share": Figure("percent", newest["active_share"]),
        "earlier": Figure("quarter", earlier["cohort"]),
        "earlier_active_share": Figure("percent", earlier["active_share"]),
        "newest_revenue": Figure("money", newest["revenue_so_far"]),
        "earlier_revenue": Figure("money", earlier["revenue_so_far"]),
    }
    notes = cohort_notes(found) if age is not None else (*cohort_notes(found), Phrase("note.one_cohort", kind="audit"))
    return Report(figures, Table(rows, _ROWS), {"at_age": Table(reached, _AT_AGE)}, notes)


def by_age(found: Cohorts) -> pl.DataFrame:
    """Return one row per cohort and age, newest cohort first; ages without a purchase are rows of zeros."""
    first = min(found.sizes["cohort"].to_list(), default=found.last)
    quarters = pl.DataFrame({"quarter": pl.int_range(first, found.complete + 1, dtype=pl.Int64, eager=True)})
    grid = found.sizes.join(quarters, how="cross").filter(pl.col("quarter") >= pl.col("cohort"))
    cells = found.cells.select("cohort", "quarter", "active", "purchases", "revenue")
    whole = grid.join(cells, on=["cohort", "quarter"], how="left").sort("cohort", "quarter")
    amounts = pl.col("active", "purchases", "revenue").fill_null(0)
    revenue, size = pl.col("revenue"), pl.col("customers")
    counted = whole.with_columns(amounts).with_columns(
        cohort_index="cohort",
        cohort=quarter_text(pl.col("cohort")),
        age=pl.col("quarter") - pl.col("cohort"),
        active_share=pl.col("active") / size,
        revenue_per_customer=_whole(revenue / size),
        revenue_so_far=_whole(revenue.cum_sum().over("cohort") / size),
        may_be_older=pl.col("cohort") < found.fair,
    )
    return counted.sort("cohort_index", "age", descending=[True, False])


def _whole(amount: pl.Expr) -> pl.Expr:
    return (amount + 0.5).floor().cast(pl.Int64)


def _common_age(rows: pl.DataFrame) -> int | None:
    """Return the greatest age of at most a year that two cohorts reached; None where only one grew older than 0."""
    counted = rows.filter(pl.col("age").is_between(1, YEAR)).group_by("age").len().filter(pl.col("len") >= 2)
    return max(counted["age"].to_list(), default=None)


AUDIT_COHORTS: Final = System("audit_cohorts", "audit", (("transactions",),), report)
"""Cohort against cohort."""
