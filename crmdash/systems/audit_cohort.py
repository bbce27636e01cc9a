"""Audit, one acquisition cohort over time: who is still active, how much they buy, how soon the second order came."""

from math import ceil
from typing import Final

import polars as pl

from crmdash.phrases import Figure
from crmdash.systems.acquisition_cohorts import Cohorts, cohorts, quarter_index, quarter_name, quarter_text
from crmdash.systems.audit_base import cohort_notes
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Column, Report, System, Table

CURVE_POINTS: Final = 60
"""Points of the curve of second orders at most."""

_ROWS: Final = (
    Column("quarter", "quarter"), Column("age", "count"), Column("customers", "count"), Column("active", "count"),
    Column("active_share", "percent"), Column("purchases", "count"), Column("purchases_per_active", "decimal"),
    Column("revenue", "money"), Column("revenue_per_active", "money"), Column("revenue_per_customer", "money"),
    Column("revenue_so_far", "money"), Column("complete", "flag"),
)  # fmt: skip
_CURVE: Final = (Column("days", "count"), Column("share", "percent"))


def report(evidence: Evidence) -> Report:
    """Follow the first cohort that is likely to hold new customers only; where there is none, the earliest."""
    found = cohorts(evidence)
    known = found.sizes["cohort"].to_list()
    fair = [cohort for cohort in known if cohort >= found.fair]
    return cohort_report(evidence, (fair or known or [found.last])[0])


def cohort_report(evidence: Evidence, cohort: int) -> Report:
    """Follow one cohort from the quarter of its first purchases to the as-at day.

    active_share = customers with a purchase in the quarter / customers of the cohort; the curve of second orders
    stops where the cohort's youngest customer has been watched no longer.

    Parameters
    ----------
    cohort : year x 4 + place of the quarter in the year (from 0).
    """
    return evidence.remember(f"cohort {cohort}", lambda: _follow(evidence, cohort))


def _follow(evidence: Evidence, cohort: int) -> Report:
    found = cohorts(evidence)
    members = evidence.base.select("first_purchase", "second_purchase", "orders").filter(
        quarter_index(pl.col("first_purchase")) == cohort
    )
    rows, curve = _over_time(found, cohort, len(members)), _second_orders(evidence, members)
    whole = rows.filter(pl.col("complete") & (pl.col("age") > 0))
    last = whole.row(-1, named=True) if len(whole) else dict.fromkeys(rows.columns)
    figures = {
        "cohort": Figure("quarter", quarter_name(cohort)),
        "customers": Figure("count", len(members)),
        "repeat_share": Figure("percent", (members["orders"] >= 2).mean() if len(members) else None),
        "days_to_second": Figure("days", _days_to_half(evidence, members)),
        "second_order_share": Figure("percent", curve["share"][-1] if len(curve) else None),
        "watched_days": Figure("days", curve["days"][-1] if len(curve) else None),
        "quarter": Figure("quarter", last["quarter"]),
        "active_share": Figure("percent", last["active_share"]),
        "revenue_per_customer": Figure("money", rows["revenue_so_far"][-1] if len(rows) else None),
        "may_be_older": Figure("flag", cohort < found.fair),
    }
    notes = cohort_notes(found)
    return Report(figures, Table(rows, _ROWS), {"second_orders": Table(curve, _CURVE)}, notes)


def _over_time(found: Cohorts, cohort: int, customers: int) -> pl.DataFrame:
    """Return one row per quarter from the cohort's own to the last, quarters without a purchase included."""
    quarters = pl.DataFrame({"index": pl.int_range(cohort, found.last + 1, dtype=pl.Int64, eager=True)})
    cells = found.cells.filter(pl.col("cohort") == cohort).drop("cohort").rename({"quarter": "index"})
    # Returns before the first purchase belong to no age; the whole base counts them.
    whole = quarters.join(cells, on="index", how="left").fill_null(0).sort("index")
    revenue, size = pl.col("revenue"), customers or None
    return whole.with_columns(
        quarter=quarter_text(pl.col("index")),
        age=pl.col("index") - cohort,
        customers=pl.lit(customers, pl.Int64),
        active_share=pl.col("active") / size,
        purchases_per_active=_each(pl.col("purchases"), pl.col("active")),
        revenue_per_active=_whole(_each(revenue, pl.col("active"))),
        revenue_per_customer=_whole(revenue / size),
        revenue_so_far=_whole(revenue.cum_sum() / size),
        complete=pl.col("index") <= found.complete,
    )


def _each(amount: pl.Expr, heads: pl.Expr) -> pl.Expr:
    return pl.when(heads > 0).then(amount / heads)


def _whole(amount: pl.Expr) -> pl.Expr:
    return (amount + 0.5).floor().cast(pl.Int64)


def _days_to_half(evidence: Evidence, members: pl.DataFrame) -> int | None:
    """Return the days after which half of the cohort had a second purchase; None where its youngest was not watched so
    long.
    """
    youngest, as_of = members["first_purchase"].max(), evidence.clock.as_of
    gaps = (members["second_purchase"] - members["first_purchase"]).drop_nulls().sort()
    half = ceil(len(members) / 2)
    if not isinstance(youngest, int) or as_of is None or len(gaps) < half:
        return None
    return int(gaps[half - 1]) if gaps[half - 1] <= as_of - youngest else None


def _second_orders(evidence: Evidence, members: pl.DataFrame) -> pl.DataFrame:
    """Return the share of the cohort with a second purchase within so many days of the first."""
    youngest, as_of = members["first_purchase"].max(), evidence.clock.as_of
    if not isinstance(youngest, int) or as_of is None or youngest >= as_of:
        return pl.DataFrame(schema={"days": pl.Int64, "share": pl.Float64})
    watched = as_of - youngest
    days = list(range(0, watched, -(-watched // CURVE_POINTS)))
    gaps = (members["second_purchase"] - members["first_purchase"]).drop_nulls().sort()
    ends = pl.Series([*days, watched], dtype=pl.Int64)
    return pl.DataFrame({"days": ends, "share": gaps.search_sorted(ends, side="right") / len(members)})


AUDIT_COHORT: Final = System("audit_cohort", "audit", (("transactions",),), report)
"""One acquisition cohort."""
