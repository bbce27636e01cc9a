"""Acquisition cohorts: customers by the quarter of their first purchase, and what each brought in every quarter.

A file begins at some day. Whoever bought in its first days may have been a customer for years, so the first cohorts
hold old customers beside new ones; `Cohorts.fair` is the first that is likely to hold new ones only.
"""

from dataclasses import dataclass

import polars as pl

from crmdash.summary import Clock
from crmdash.systems.acquisition import YEAR, quarter_of
from crmdash.systems.evidence import Evidence
from crmdash.systems.newcomers import file_start
from crmdash.systems.places import base_places, by_place
from crmdash.systems.rows import rows_of


@dataclass(frozen=True, eq=False)
class Cohorts:
    """Acquisition cohorts and quarters, counted as year x 4 + place in the year (from 0).

    Attributes
    ----------
    cells : one row per cohort and quarter in which it did anything: active (customers with a purchase), purchases,
        revenue and, where the data knows one, gross_profit (ten-thousandths); the cohort is missing for customers who
        only ever returned.
    sizes : cohort, customers.
    fair : the first cohort that begins late enough in the file to hold new customers only.
    last : the quarter of the as-at day. complete : the last quarter that is over by then.
    """

    cells: pl.DataFrame
    sizes: pl.DataFrame
    fair: int
    last: int
    complete: int


def cohorts(evidence: Evidence) -> Cohorts:
    """Return the cohorts of the customers looked at, counted once for a summary.

    Raises
    ------
    LookupError
        If the data holds no transactions.
    """
    after = evidence.settings.economics.newcomer_after
    return evidence.remember_lasting(f"cohorts {after} {evidence.evaluation.scope}", lambda: _cohorts(evidence, after))


def _cohorts(evidence: Evidence, after: int) -> Cohorts:
    start, as_of = file_start(evidence.clock), evidence.clock.as_of
    if start is None or as_of is None:
        raise LookupError("cohorts need transactions")
    members = evidence.base.select(cohort=quarter_index(pl.col("first_purchase")), there=True)
    cells = _cells(rows_of(evidence).frame, by_place(evidence, members, base_places(evidence)))
    sizes = members.drop_nulls("cohort").group_by("cohort").agg(customers=pl.len().cast(pl.Int64)).sort("cohort")
    return Cohorts(
        cells=cells.sort("cohort", "quarter"),
        sizes=sizes,
        fair=first_fair(start, after),
        last=quarter_of(as_of),
        complete=quarter_of(as_of + 1) - 1,
    )


def first_fair(start: int, after: int) -> int:
    """Return the first quarter that begins at least `after` days behind the file's first day."""
    return quarter_of(start + after - 1) + 1 if after else quarter_of(start)


def may_be_older(clock: Clock, after: int) -> pl.Expr:
    """Return who first bought in a quarter that may hold older customers; nobody where the file has no first day."""
    start = file_start(clock)
    return pl.lit(False) if start is None else quarter_index(pl.col("first_purchase")) < first_fair(start, after)


def _cells(rows: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Sum revenue, gross profit, purchases (days with a sale) and active customers by cohort and quarter.

    Parameters
    ----------
    rows : those of `Rows`. members : cohort and there (true, or missing for who is not looked at), by place.
    """
    told = rows.select(
        "place", "date", "amount", *(name for name in ("profit",) if name in rows.columns),
        quarter=quarters_of(rows["date"]), cohort=members["cohort"].gather(rows["place"]),
    )  # fmt: skip
    if members["there"].null_count():
        told = told.filter(members["there"].is_not_null().gather(rows["place"]))
    # Rows come by customer and day, so that the first sale of each day and of each quarter is where one changes.
    sold = told.select("place", "date", "quarter", "cohort", "amount").filter(pl.col("amount") >= 0)
    other = pl.col("place").ne_missing(pl.col("place").shift(1))
    counted = sold.select(
        "cohort", "quarter",
        purchases=other | (pl.col("date") != pl.col("date").shift(1)),
        active=other | (pl.col("quarter") != pl.col("quarter").shift(1)),
    )  # fmt: skip
    sums = {"revenue": "amount"} | ({"gross_profit": "profit"} if "profit" in told.columns else {})
    money = told.group_by("cohort", "quarter").agg(pl.col(column).sum().alias(name) for name, column in sums.items())
    counts = counted.group_by("cohort", "quarter").agg(pl.col("purchases", "active").sum().cast(pl.Int64))
    both = money.join(counts, on=["cohort", "quarter"], how="left", nulls_equal=True)
    return both.with_columns(pl.col("purchases", "active").fill_null(0)).select(
        "cohort", "quarter", "purchases", *sums, "active"
    )


def quarters_of(days: pl.Series) -> pl.Series:
    """Return the quarter of each day number; reckoned once for each day between the first and the last."""
    first, last = days.min(), days.max()
    if not isinstance(first, int) or not isinstance(last, int):
        return days
    every = pl.select(day=pl.int_range(first, last + 1)).select(quarter_index(pl.col("day"))).to_series()
    return every.gather(days - first)


def quarter_index(day: pl.Expr) -> pl.Expr:
    """Return the quarter of a day number as year x 4 + place in the year."""
    date = day.cast(pl.Int32).cast(pl.Date)
    return date.dt.year().cast(pl.Int64) * YEAR + date.dt.quarter().cast(pl.Int64) - 1


def quarter_text(index: pl.Expr) -> pl.Expr:
    """Return the name of a quarter, such as ``2024-Q1``, as files have it; `show` says it to readers."""
    return pl.format("{}-Q{}", index // YEAR, index % YEAR + 1)


def quarter_name(index: int) -> str:
    """Return the name of one quarter, as files have it.

    Examples
    --------
    >>> quarter_name(2024 * 4)
    '2024-Q1'
    """
    return f"{index // YEAR}-Q{index % YEAR + 1}"
