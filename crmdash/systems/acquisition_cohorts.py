"""Acquisition cohorts: customers by the quarter of their first purchase, and what each brought in every quarter.

A file begins at some day. Whoever bought in its first days may have been a customer for years, so the first cohorts
hold old customers beside new ones; `Cohorts.fair` is the first that is likely to hold new ones only.
"""

from dataclasses import dataclass
from typing import Final

import narwhals as nw
import polars as pl

from crmdash.engine import collect
from crmdash.summary.money import gross_profit_of_row
from crmdash.summary.tables import columns_of, number_of, total
from crmdash.systems.acquisition import YEAR, quarter_of
from crmdash.systems.evidence import Evidence
from crmdash.systems.newcomers import file_start

_ERA: Final = 146_097
"""Days of 400 years."""


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
    members = evidence.base.select("customer_id", cohort=quarter_index(pl.col("first_purchase")))
    each = _by_customer(evidence, as_of).join(members, on="customer_id", how="inner")
    sums = [name for name in ("purchases", "revenue", "gross_profit") if name in each.columns]
    cells = each.group_by("cohort", "quarter").agg(
        pl.col(sums).sum(), active=(pl.col("purchases") > 0).sum().cast(pl.Int64)
    )
    sizes = members.drop_nulls().group_by("cohort").agg(customers=pl.len().cast(pl.Int64)).sort("cohort")
    return Cohorts(
        cells=cells.sort("cohort", "quarter"),
        sizes=sizes,
        fair=quarter_of(start + after - 1) + 1 if after else quarter_of(start),
        last=quarter_of(as_of),
        complete=quarter_of(as_of + 1) - 1,
    )


def _by_customer(evidence: Evidence, as_of: int) -> pl.DataFrame:
    """Return revenue, gross profit and purchases (days with a sale) of every customer and quarter."""
    rows = evidence.tables.transactions
    assert rows is not None, "only called where there are transactions"
    day, amount = nw.col("date"), nw.col("amount")
    profit = gross_profit_of_row(columns_of(rows))
    known = {} if profit is None else {"gross_profit": profit}
    sold = rows.filter(day <= as_of).with_columns(
        quarter=_quarter(day), bought_on=nw.when(amount >= 0).then(day), **known
    )
    summed = sold.group_by("customer_id", "quarter").agg(
        revenue=total(amount),
        days=nw.col("bought_on").n_unique().cast(nw.Int64),
        unbought=number_of(nw.col("bought_on").is_null()),
        **{name: total(nw.col(name)) for name in known},
    )
    # A missing day counts as one more value.
    bought = nw.when(nw.col("unbought") > 0).then(nw.col("days") - 1).otherwise(nw.col("days"))
    return collect(summed.select("customer_id", "quarter", "revenue", *known, purchases=bought))


def _quarter(day: nw.Expr) -> nw.Expr:
    """Return the quarter of a day number: in whole numbers, because engines differ in what a date is.

    Years are counted from March, so that the leap day ends one; see Hinnant's "days to civil".
    """
    since = day + 719_468
    era = since // _ERA
    of_era = since - era * _ERA
    year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    months_from_march = (5 * of_year + 2) // 153
    return (year + era * 400) * YEAR + (months_from_march + 2) // 3


def quarter_index(day: pl.Expr) -> pl.Expr:
    """Return the quarter of a day number as year x 4 + place in the year."""
    date = day.cast(pl.Int32).cast(pl.Date)
    return date.dt.year().cast(pl.Int64) * YEAR + date.dt.quarter().cast(pl.Int64) - 1


def quarter_text(index: pl.Expr) -> pl.Expr:
    """Return the name of a quarter, such as ``2024-Q1``, as every language reads it."""
    return pl.format("{}-Q{}", index // YEAR, index % YEAR + 1)


def quarter_name(index: int) -> str:
    """Return the name of one quarter.

    Examples
    --------
    >>> quarter_name(2024 * 4)
    '2024-Q1'
    """
    return f"{index // YEAR}-Q{index % YEAR + 1}"
