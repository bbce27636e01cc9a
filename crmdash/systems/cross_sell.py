"""Extend (S12): who buys fewer categories than the leaders of its tier, and which ones to offer next."""

from typing import Final

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.engine import lazy
from crmdash.model.flags import tier_facts
from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.summary.tables import number_of, total
from crmdash.systems.conditions import everybody_labelled
from crmdash.systems.evidence import Evidence
from crmdash.systems.order import in_order
from crmdash.systems.places import base_places, by_place, places_of, spread
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, System, Table, row_of
from crmdash.systems.rows import rows_by_pair, rows_of

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
    tier's customers who buy it spend there in W (median), times the assumed share of the settings. A tier's leaders
    and spend are those of the whole base, whatever filter is on. Whoever is gone is to be won back first.
    """
    economics = evidence.settings.economics
    whole = _whole_base(evidence).with_row_index("row")
    pairs = _bought(evidence, whole)
    usual = rank_categories(pairs, economics.cross_sell_spend / 100)
    names = rows_of(evidence).names["category"]
    held = [column.name for column in _ROWS if column.name in whole.columns]
    gap = pl.col("leaders_breadth") - pl.col("breadth")
    living = whole.select((pl.col("phase") != "gone").fill_null(True)).to_series()
    # Of the many measures only these: the list is filtered.
    gaps = whole.select("row", *held, gap=gap).filter(living & (pl.col("gap") > 0))
    if evidence.evaluation.scope.active:
        gaps = gaps.join(evidence.base.select("customer_id"), on="customer_id", how="semi", maintain_order="left")
    rows = propose(gaps, pairs, usual, economics.cross_sell_shown)
    rows = rows.with_columns(names.gather(rows[name]).alias(name) for name in NEXT if name in rows.columns)
    usual = usual.with_columns(pl.col("tier").cast(pl.String), names.gather(usual["category"]).alias("category"))
    places = _places(evidence, whole).gather(rows["row"])
    rows = in_order(rows, ("cross_sell_value", True), ("gap", True), (places, False))
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


def _whole_base(evidence: Evidence) -> pl.DataFrame:
    """Return everybody in the base with its tier, and the breadth of the tier's leaders."""
    whole = everybody_labelled(evidence)
    if "leaders_breadth" in whole.columns:
        return whole
    base = lazy(whole).filter(nw.col("in_base"))
    facts = tier_facts(base, evidence.settings.tiers.measure).select("tier", "leaders_breadth")
    return whole.join(facts, on="tier", how="left", maintain_order="left")


def _bought(evidence: Evidence, whole: pl.DataFrame) -> pl.DataFrame:
    """Return what every customer spent per category (by number) in W, with its tier and whether it leads.

    Parameters
    ----------
    whole : customer_id, row, tier, breadth, leaders_breadth.
    """
    pairs = evidence.remember_lasting("spent by category", lambda: _spent(evidence))
    leads = pl.col("breadth") >= pl.col("leaders_breadth")
    tier = pl.col("tier").cast(pl.Enum(evidence.settings.tiers.codes))
    standing = whole.select("row", "breadth", tier=tier, leads=leads)
    standing = by_place(evidence, standing, _places(evidence, whole))[pairs["place"]]
    told = pairs.select("category", "spend").hstack(standing).filter(pl.col("breadth").is_not_null())
    return told.drop("breadth")


def _spent(evidence: Evidence) -> pl.DataFrame:
    """Return what was spent in W per customer (by place) and category (by number), where anything was bought."""
    rows, clock = rows_of(evidence), evidence.clock
    assert clock.as_of is not None, "the system needs transactions"
    within = (pl.col("date") > clock.as_of - clock.window) & pl.col("category").is_not_null()
    each = rows_by_pair(
        rows.frame.select("place", "date", "amount", "category").filter(within), "category",
        max(len(rows.names["category"]), 1), spend=total(nw.col("amount")), bought=number_of(nw.col("amount") >= 0),
    )  # fmt: skip
    bought = each.filter(pl.col("bought") > 0)
    return bought.select(pl.col("place", "category").cast(pl.UInt32), "spend")


def _places(evidence: Evidence, whole: pl.DataFrame) -> pl.Series:
    if evidence.evaluation.scope.active:
        return places_of(evidence, whole["customer_id"])
    return base_places(evidence)


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
    bought = pairs.select("row", "tier", "category").join(bits, on=["tier", "category"], how="inner")
    held = np.zeros(1 + max(gaps["row"].to_numpy().max(initial=0), pairs["row"].to_numpy().max(initial=0)), np.int64)
    np.add.at(held, bought["row"].to_numpy(), bought["bit"].to_numpy())
    every = usual.group_by(pl.col("tier").cast(pl.String)).agg(pl.col("bit").sum())
    numbers = {code: number for number, code in enumerate(every["tier"])}
    number = _numbered(gaps, numbers).to_numpy()
    free = np.append(every["bit"].to_numpy(), 0)[number] - held[gaps["row"].to_numpy()]
    offers, found, values = _offers(usual, numbers), {}, []
    for name in NEXT[:shown]:
        bit, free = _lowest(free)
        # Where no bit is free, the place of bits that no category has.
        place = np.where(bit > 0, np.bitwise_count(bit - 1), MOST_CATEGORIES)
        offer = offers[pl.Series(number * (MOST_CATEGORIES + 1) + place)]
        found[name] = offer["category"]
        values.append(offer["value"].alias(name))
    return gaps.with_columns(**found, next_value=values[0], cross_sell_value=pl.DataFrame(values).sum_horizontal())


def _numbered(customers: pl.DataFrame, numbers: dict[str, int]) -> pl.Series:
    """Return the number of each customer's tier; one more than any where it has none."""
    tier = pl.col("tier").cast(pl.String)
    return customers.select(tier.replace_strict(numbers, default=len(numbers), return_dtype=pl.Int64)).to_series()


def _offers(usual: pl.DataFrame, numbers: dict[str, int]) -> pl.DataFrame:
    """Return category and value at the number of the tier x places of a tier + place, missing where there is none."""
    places = _numbered(usual, numbers) * (MOST_CATEGORIES + 1) + usual["place"].cast(pl.Int64)
    return spread(usual.select("category", "value"), places, (len(numbers) + 1) * (MOST_CATEGORIES + 1))


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
