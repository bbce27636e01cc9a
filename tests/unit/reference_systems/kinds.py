"""Kinds of customer (S1, S2, S21, S22, S36), and the segment grids."""

import pandas as pd

from tests.unit.reference_systems.sample import Day, W, as_at, percentile
from tests.unit.reference_systems.warnings import expected_profit
from tests.unit.reference_systems.worth import weighted

ORDER = ("benchmark", "door_opener", "inspiring", "future_high_value", "loyal", "high_volume", "discount", "impulse",
         "need_based", "wandering")  # fmt: skip


def loyal(table: pd.DataFrame) -> pd.Series:
    usual = table["deal_share"].median()
    habit = table["n"].ge(6) & table["tenure"].ge(W) & table["silence"].le(1.5)
    return habit & ~table["deal_share"].gt(usual) & ~table["satisfaction"].lt(8)


def referred(table: pd.DataFrame) -> pd.Series:
    """Return how many customers of the base each customer brought."""
    return table["referred_by"].value_counts().reindex(table.index, fill_value=0)


def openers(day: Day) -> pd.Series:
    """Say who was first in its region and format, 90 days into the file or later, with two followers within W."""
    table = day.base[day.base["first"].notna()]
    start = day.orders["date"].min()
    found = pd.Series(False, index=day.base.index)
    for _, there in table.groupby(["region", "format"]):
        opened = there["first"].min()
        followers = there["first"].gt(opened) & there["first"].le(opened + W)
        found[there.index[there["first"].eq(opened)]] = bool(opened >= start + 90 and followers.sum() >= 2)
    return found


def types(day: Day) -> pd.DataFrame:
    """Return who is of which of the ten types (S21).

    Readings: percentiles are taken over the customers of the base that have the measure; a customer without any word on
    plans is judged by its gaps; in *wandering* the orders are those of W.
    """
    table = day.base
    tags = table["tags"].str.split(";")
    tagged = {name: tags.map(lambda own, name=name: name in own) for name in ("benchmark", "door_opener", "inspiring")}
    hope = expected_profit().astype(float)
    asked = table["enquiry_w"] + table["visit_w"]
    volume = table["quantity_w"].astype(float)
    deals, planned, variation = table["deal_share"], table["planned_share"], table["gap_variation"]
    categories = table["breadth"] / table["orders_w"].where(table["orders_w"] > 0)
    top = table["top_category_share"]
    erratic = variation.ge(variation.quantile(0.75)) & categories.ge(categories.quantile(0.75))
    regular = variation.le(variation.quantile(0.25)) & top.ge(top.quantile(0.75))
    rising = (
        hope.ge(hope.quantile(0.8))
        | table["potential_value"].ge(day.cuts[1]).fillna(False)
        | table["rule_growth"].ge(0.4)
    )
    young = table["phase"].isin(["early", "growing"]) | table["tenure"].le(2 * W)
    return pd.DataFrame({
        "benchmark": tagged["benchmark"] | (referred(table).ge(2) & table["class"].isin(["top", "upper"])),
        "door_opener": tagged["door_opener"] | openers(day),
        "inspiring": tagged["inspiring"] | table["suggestion_w"].ge(2),
        "future_high_value": table["class"].ne("top") & rising & young,
        "loyal": loyal(table),
        "high_volume": volume.ge(volume.quantile(0.9)),
        "discount": table["n"].ge(3) & deals.ge(max(0.7, deals.median() + 0.2)),
        "impulse": table["n"].ge(4) & planned.le(0.3).where(planned.notna(), erratic),
        "need_based": table["n"].ge(4) & planned.ge(0.7).where(planned.notna(), regular),
        "wandering": asked.ge(3) & (table["orders_w"] / (table["orders_w"] + table["enquiry_w"])).le(0.2)
        & table["revenue"].astype(float).le(table["revenue"].astype(float).median()),
    })[list(ORDER)]  # fmt: skip


def primary(day: Day) -> pd.Series:
    """Return the first type that holds, else ordinary."""
    held = types(day)
    return held.idxmax(axis=1).where(held.any(axis=1), "ordinary")


def orientation(day: Day) -> pd.Series:
    """Return whether cost, value or technology moves a customer (S22), else mixed.

    Readings: points are scaled by those of the known signals; contacts are those of W; without a single enquiry
    a customer is not among those who enquire most.
    """
    table = day.base
    deals, price, late, on_time = (table[name] for name in ("deal_share", "price_index", "days_late", "on_time"))
    uptake, satisfaction, back = table["uptake"], table["satisfaction"], table["return_share"]
    asks = table["enquiry_w"].ge(max(1, table["enquiry_w"].quantile(0.75)))
    paid = late.notna() | on_time.notna()
    always = pd.Series(True, index=table.index)
    signs = {
        "cost": [(30, deals.notna(), deals.ge(deals.quantile(0.75))), (20, price.notna(), price.le(0.95)),
                 (25, paid, late.gt(15) | on_time.lt(0.7)), (10, satisfaction.notna(), satisfaction.le(6)),
                 (15, always, table["complaint_w"].ge(2))],
        "value": [(20, deals.notna(), deals.le(deals.median())), (10, price.notna(), price.ge(1)),
                  (15, paid, on_time.ge(0.9)), (20, table["tenure"].notna(), table["tenure"].ge(2 * W)),
                  (20, satisfaction.notna(), satisfaction.ge(8)), (15, back.notna(), back.le(back.median()))],
        "technology": [(15, price.notna(), price.ge(1.05)), (45, uptake.notna(), uptake.ge(uptake.quantile(0.75))),
                       (5, satisfaction.notna(), satisfaction.ge(8)),
                       (35, always, table["technical_w"].gt(0) | asks | table["suggestion_w"].gt(0))],
    }  # fmt: skip
    points = pd.DataFrame({name: sum(p * met for p, _, met in own) for name, own in signs.items()})
    known = pd.DataFrame({name: sum(p * there for p, there, _ in own) for name, own in signs.items()})
    score = (100 * points / known.where(known > 0)).where(known >= 50)
    best = score.fillna(-1).idxmax(axis=1)
    ordered = score.fillna(-1).apply(lambda row: sorted(row, reverse=True), axis=1, result_type="expand")
    clear = ordered[0].ge(50) & (ordered[0] - ordered[1].clip(lower=0)).ge(10)
    return best.where(clear, "mixed")


def loyalty(day: Day) -> pd.Series:
    """Return the loyalty index (S36), 0 to 100."""
    table = day.base
    parts = pd.DataFrame({
        "orders": percentile(table["n"], table["peers"]) / 100,
        "silence": ((3 - table["silence"]) / 2).clip(0, 1),
        "wallet": table["share_of_wallet"].fillna(percentile(table["breadth"], table["peers"]) / 100),
        "satisfaction": (table["satisfaction"] / 10).fillna(table["recommend"] / 10),
    })  # fmt: skip
    return 100 * weighted(parts, {"orders": 35, "silence": 25, "wallet": 20, "satisfaction": 20})


def deciders(day: Day) -> dict[str, int]:
    """Return how many pay, decide and use themselves, and of how many valuable ones nobody knows who decides."""
    table = day.base
    own = pd.DataFrame({part: table[part].isna() | table[part].eq(table["name"]) | table[part].eq(table.index)
                        for part in ("paid_by", "decided_by", "used_by")})  # fmt: skip
    alone = own.all(axis=1)
    unknown = ~alone & table["decided_by"].isna() & table["class"].isin(["top", "upper"])
    return {"alone": int(alone.sum()), "decider_unknown": int(unknown.sum())}


def quantile_class(values: pd.Series, classes: int) -> pd.Series:
    """Return classes 1 to `classes` by quantile values, so that equal values share a class."""
    cuts = [values.quantile(number / classes) for number in range(1, classes)]
    return 1 + sum(values.gt(cut).astype(int) for cut in cuts)


def natures() -> dict[str, int]:
    return {str(k): int(v) for k, v in as_at().base["nature"].value_counts().items()}
