"""Extend (S12): who buys fewer categories than the leaders of its tier, and which ones to offer next."""

from typing import Final

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.engine import collect
from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.summary.tables import number_of, total
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, System, Table, row_of

MOST_CATEGORIES: Final = 62
"""So many categories of a tier are looked at, those most frequent among its leaders: as many as fit a set of bits."""

NEXT: Final = ("next_category", "second_category", "third_category")
_ROWS: Final = (
    *CUSTOMER,
    TIER,
    Column("owner", "text"),
    Column("breadth", "count"),
    Column("leaders_breadth", "decimal"),
    Column("gap", "decimal"),
    Column("next_category", "text"),
    Column("next_value", "money"),
    *(Column(name, "text") for name in NEXT[1:]),
    Column("cross_sell_value", "money"),
)
_CATEGORIES: Final = (
    TIER,
    Column("category", "text"),
    Column("leaders", "count"),
    Column("leaders_share", "percent"),
    Column("customers", "count"),
    Column("median_spend", "money"),
)


def report(evidence: Evidence) -> Report:
    """List the customers below the breadth of their tier's leaders, with the next categories and what they may bring.

    Leaders are customers of the tier with at least its 75th percentile of breadth. The value of a category is what the
    tier's customers who buy it spend there in W (median), times the assumed share of the settings.
    """
    economics = evidence.settings.economics
    pairs = _bought(evidence)
    usual = rank_categories(pairs, economics.cross_sell_spend / 100)
    held = [column.name for column in _ROWS if column.name in evidence.base.columns]
    numbered = evidence.base.select(held).with_row_index("row")
    narrow = numbered.filter(pl.col("breadth") < pl.col("leaders_breadth"))
    gaps = narrow.with_columns(gap=pl.col("leaders_breadth") - pl.col("breadth"))
    rows = propose(gaps, pairs, usual, economics.cross_sell_shown)
    rows = rows.sort("cross_sell_value", "gap", "customer_id", descending=[True, True, False], nulls_last=True)
    figures = {
        "customers": Figure("count", len(rows)),
        "share": Figure("percent", _share(len(rows), evidence.base["breadth"].count())),
        "cross_sell_value": Figure("money", rows["cross_sell_value"].sum()),
        "next_value": Figure("money", rows["next_value"].sum()),
    }
    by_category = rows.filter(pl.col("next_category").is_not_null()).group_by(category="next_category").agg(
        pl.len().cast(pl.Int64).alias("customers"), pl.col("next_value").sum()
    ).sort("next_value", "category", descending=[True, False])  # fmt: skip
    place = {code: place for place, code in enumerate(evidence.settings.tiers.codes)}
    tables = {
        "categories": Table(usual.sort(pl.col("tier").replace_strict(place, default=None), "place"), _CATEGORIES),
        "next_categories": Table(
            by_category, (Column("category", "text"), Column("customers", "count"), Column("next_value", "money"))
        ),
    }
    return Report(figures, Table(rows, _ROWS), tables)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _bought(evidence: Evidence) -> pl.DataFrame:
    """Return what every customer of the base spent per category in W, with its tier and whether it leads."""
    rows, clock = evidence.tables.transactions, evidence.clock
    assert rows is not None and clock.as_of is not None, "the system needs transactions"
    day, amount = nw.col("date"), nw.col("amount")
    within = (day > clock.as_of - clock.window) & (day <= clock.as_of) & ~nw.col("category").is_null()
    each = rows.filter(within).group_by("customer_id", "category").agg(
        spend=total(amount), bought=number_of(amount >= 0)
    )  # fmt: skip
    pairs = collect(each.filter(nw.col("bought") > 0).select("customer_id", "category", "spend"))
    numbered = evidence.base.select("customer_id", "tier", "breadth", "leaders_breadth").with_row_index("row")
    leads = pl.col("breadth") >= pl.col("leaders_breadth")
    standing = numbered.filter(pl.col("breadth").is_not_null()).select("customer_id", "row", "tier", leads=leads)
    return pairs.join(standing, on="customer_id", how="inner").drop("customer_id")


def rank_categories(pairs: pl.DataFrame, assumed: float) -> pl.DataFrame:
    """Return the categories that a tier's leaders buy, the most frequent first, each with a bit of its own.

    Parameters
    ----------
    pairs : row (of the customer in the base), category, spend (ten-thousandths), tier, leads; one row per pair.
    assumed : which fraction of the median spend a customer new to the category reaches.
    """
    leaders = pairs.filter("leads").group_by("tier").agg(pl.col("row").n_unique().alias("all_leaders"))
    each = pairs.group_by("tier", "category").agg(
        pl.col("leads").sum().cast(pl.Int64).alias("leaders"),
        pl.len().cast(pl.Int64).alias("customers"),
        pl.col("spend").median().round().cast(pl.Int64).alias("median_spend"),
    )
    frequent = each.filter(pl.col("leaders") > 0).join(leaders, on="tier", how="left")
    order = ["tier", "leaders", "median_spend", "category"]
    ranked = frequent.sort(order, descending=[False, True, True, False])
    ranked = ranked.with_columns(place=pl.int_range(pl.len()).over("tier")).filter(pl.col("place") < MOST_CATEGORIES)
    return ranked.with_columns(
        bit=pl.lit(2, pl.Int64).pow(pl.col("place")).cast(pl.Int64),
        leaders_share=pl.col("leaders") / pl.col("all_leaders"),
        value=(pl.max_horizontal("median_spend", 0) * assumed).round().cast(pl.Int64),
    )


def propose(gaps: pl.DataFrame, pairs: pl.DataFrame, usual: pl.DataFrame, shown: int) -> pl.DataFrame:
    """Add the `shown` most frequent categories that each customer lacks, and their value; missing where there is none.

    What a customer buys is a number with one bit per category, in the order of its tier; the lowest bits that are
    free are the next categories.
    """
    bits = usual.select("tier", "category", "bit")
    held = pairs.join(bits, on=["tier", "category"], how="inner").group_by("row").agg(held=pl.col("bit").sum())
    every = usual.group_by("tier").agg(every=pl.col("bit").sum())
    known = gaps.join(held, on="row", how="left").join(every, on="tier", how="left")
    free = (known["every"].fill_null(0) - known["held"].fill_null(0)).to_numpy()
    values = []
    for place, name in enumerate(NEXT[:shown]):
        bit, free = _lowest(free)
        offer = usual.select("tier", "bit", pl.col("category").alias(name), pl.col("value").alias(f"value_{place}"))
        known = known.with_columns(bit=pl.Series(bit)).join(offer, on=["tier", "bit"], how="left").drop("bit")
        values.append(f"value_{place}")
    found = known.with_columns(next_value=pl.col(values[0]), cross_sell_value=pl.sum_horizontal(values))
    return found.drop("held", "every", *values)


def _lowest(free: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the lowest bit of each number (zero where there is none), and the numbers without it."""
    lowest = free & -free
    return lowest, free ^ lowest


def explain(found: Report, customer: Customer) -> Explanation | None:
    """Say how many categories the leaders buy more, and what to offer next."""
    row = row_of(found, customer)
    if row is None:
        return None
    breadth = {"breadth": Figure("count", row["breadth"]), "leaders": Figure("score", row["leaders_breadth"])}
    label = Phrase("cross_sell.narrower", breadth, "what_if")
    if row["next_category"] is None:
        return Explanation(label)
    offer = {"category": Figure("text", row["next_category"]), "value": Figure("money", row["next_value"])}
    return Explanation(label, (Phrase("cross_sell.offer", offer, "what_if"),))


CROSS_SELL: Final = System("cross_sell", "S12", (("transactions.category",),), report, explain)
