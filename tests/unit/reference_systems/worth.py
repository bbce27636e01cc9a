"""Value: indicators, traits, what customers see, expectations, surveys (S3, S14, S14b, S16, S17, S17b, S18)."""

import math
from collections.abc import Mapping

import pandas as pd

from tests.unit.reference_systems.lifecycles import bought_since
from tests.unit.reference_systems.sample import Day, W, as_at, percentile

WEIGHTS = {"integrity": 20, "cooperation": 15, "dependence": 20, "growth": 20, "contribution": 25}
VALUES = ["value_functional", "value_experiential", "value_social", "value_convenience"]


def weighted(parts: pd.DataFrame, weights: Mapping[str, float]) -> pd.Series:
    """Return the weighted mean of the known parts."""
    given = pd.Series(weights, dtype=float)
    known = parts[list(weights)].notna()
    return (parts[list(weights)].astype(float).fillna(0) @ given) / (known @ given).where(lambda sum_: sum_ > 0)


def indicators(day: Day) -> pd.DataFrame:
    """Return the five indicators and their total, 0 to 100, inside peer groups (S16).

    Readings: computed integrity needs payments, computed dependence both its parts; growth is a measure here and no
    rule, so that few purchases in the earlier period do not make it missing.
    """
    table = day.base
    peers = table["peers"]
    late, back = (table["days_late"] / 60).clip(upper=1), (table["return_share"] / 0.2).clip(upper=1)
    computed = 60 * table["on_time"] + 25 * (1 - late) + 15 * (1 - back)
    ideas = (table["suggestion_w"] + table["market_w"]).clip(upper=2) / 2
    worked = pd.DataFrame({"planned": table["planned_share"], "survey": table["survey_w"].gt(0) * 1.0, "ideas": ideas})
    worked = worked.astype(float)
    cooperation = 100 * weighted(worked, {"planned": 40, "survey": 30, "ideas": 30}).astype(float)
    estimated = (percentile(table["breadth"], peers) + percentile(-table["gap_variation"], peers)) / 2
    found = pd.DataFrame({
        "integrity": table["integrity"].fillna(computed),
        "cooperation": table["cooperation"].astype(float).fillna(cooperation),
        "dependence": (100 * table["share_of_wallet"]).fillna(estimated),
        "growth": percentile(table["relative_growth"], peers),
        "contribution": percentile(table["customer_profit"], peers),
    })  # fmt: skip
    return found.assign(total=weighted(found, WEIGHTS))


def awarded(day: Day) -> pd.Index:
    """Return who is nominated: the best 5 % of a peer group, from 80 up, none below 50, no open complaint.

    Reading: 5 % of a group are rounded up, so that there is at least one; equals of the last one share its place.
    """
    found, table = indicators(day), day.base
    place = found["total"].groupby(table["peers"]).rank(method="min", ascending=False)
    seats = table.groupby("peers")["peers"].transform("size").map(lambda size: math.ceil(0.05 * size - 1e-9))
    able = found["total"].ge(80) & ~found[list(WEIGHTS)].lt(50).any(axis=1) & table["complaints_open"].eq(0)
    return found.index[place.le(seats) & able]


def traits(day: Day) -> pd.DataFrame:
    """Return the three traits of a quality customer (S3); Reading: integrity is that of the five indicators."""
    table = day.base
    integrity, late = indicators(day)["integrity"], table["days_late"]
    honest = integrity.ge(70) | late.le(7) | (integrity.isna() & late.isna())
    reliable = table["tenure"].ge(W) & table["gap_variation"].le(1) & honest
    each = (table["cost_to_serve"].fillna(0).astype(float) / table["n"].where(table["n"] > 0)).astype(float)
    usual = each.groupby(table["peers"]).transform("median")
    signs = pd.DataFrame({
        "revenue": percentile(table["revenue"], table["peers"]).ge(67),
        "wallet": table["share_of_wallet"].ge(0.6),
        "on_time": table["on_time"].ge(0.9),
        "cheap": each.le(usual),
    })  # fmt: skip
    gap = table["experience"] - table["expectation"]
    told = table["satisfaction"].notna() | table["recommend"].notna() | gap.notna()
    said = table["satisfaction"].ge(8) | table["recommend"].ge(9) | gap.ge(0)
    behaves = table["silence"].le(1.5) & table["deal_share"].le(table["deal_share"].median())
    return pd.DataFrame({
        "reliable": reliable & table["n"].ge(4),
        "potential": signs.sum(axis=1).ge(2),
        "values_us": said.where(told, behaves).astype(bool),
    })  # fmt: skip


def kept_by_traits() -> dict[int, float]:
    """Return the share that bought since, by the number of traits one L ago."""
    before = as_at(as_at().length)
    number = traits(before).sum(axis=1)
    kept = bought_since(number.index, before.t).groupby(number).mean()
    return {int(str(count)): float(share) for count, share in kept.items()}


def balance(day: Day) -> pd.Series:
    """Return who gets more, less or as much as it gives (S17b); Reading: the four values win over satisfaction."""
    table = day.base
    got = (10 * table[VALUES].mean(axis=1)).fillna(10 * table["satisfaction"])
    gives = percentile(table["customer_profit"], table["peers"])
    names = {(True, True): "balanced", (True, False): "over_served", (False, True): "under_served",
             (False, False): "neglected"}  # fmt: skip
    known = got.notna() & gives.notna()
    return pd.Series(
        [names[(a, b)] for a, b in zip(got[known] >= 50, gives[known] >= 50, strict=True)], got[known].index
    )


def disappointed(day: Day) -> pd.DataFrame:
    """Return who had a good experience and expected more (S18)."""
    gap = day.base["experience"] - day.base["expectation"]
    return day.base[day.base["experience"].ge(7) & gap.round(6).le(-1)]


def survey_items(day: Day) -> pd.DataFrame:
    """Return for each topic how many were asked, and who was dissatisfied, with their revenue (S14).

    Reading: a customer's score of a topic is that of its latest answer, the mean of a day.
    """
    scored = day.contacts[day.contacts["kind"].eq("survey") & day.contacts["score"].notna()]
    scored = scored[scored["customer_id"].isin(day.base.index)]
    of_day = scored.groupby(["topic", "customer_id", "date"])["score"].mean().reset_index().sort_values("date")
    last = of_day.groupby(["topic", "customer_id"])["score"].last().reset_index()
    last["revenue"] = last["customer_id"].map(day.base["revenue"]).astype(float)
    low = last[last["score"] <= 6]
    return pd.DataFrame({
        "asked": last.groupby("topic").size(),
        "dissatisfied": low.groupby("topic").size(),
        "revenue": low.groupby("topic")["revenue"].sum(),
    }).fillna(0)  # fmt: skip


def iceberg(day: Day) -> tuple[int, int]:
    """Return how many are dissatisfied, and how many of them never complained (S14b)."""
    low = day.base[day.base["satisfaction"].le(6)]
    return len(low), int(low["complaints"].eq(0).sum())
