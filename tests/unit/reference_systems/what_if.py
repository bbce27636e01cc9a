"""What if, trust, and whether tiers help (S4, S7, S10, S11, S12, S20b, S25, S30, S37b)."""

import numpy as np
import pandas as pd

from tests.unit.reference_systems.kinds import loyal, referred
from tests.unit.reference_systems.sample import Day, W, counts, quarter
from tests.unit.reference_systems.warnings import expected_profit, living


def remaining(day: Day, top: int = 5) -> tuple[int, int]:
    """Return revenue and customer profit in cents without the largest customers by revenue (S30)."""
    left = day.base.sort_values("revenue", ascending=False).iloc[top:]
    return int(left["revenue"].sum()), int(left["customer_profit"].sum())


def retention_gain(day: Day) -> dict[str, float]:
    """Return what five points more retention bring a year, by tier, in cents (S10): N x 5 % x mean expected profit.

    Reading: only who is not gone can be kept.
    """
    kept = living(day.base)
    hope = expected_profit()[kept].groupby(day.base.loc[kept, "tier"])
    return {str(name): 0.05 * len(part) * float(part.mean()) for name, part in hope}


def newcomer_profit(day: Day) -> float:
    """Return what a newcomer earns in its first W, in cents.

    Readings: who first bought in the file's first 90 days may be an old customer; of the cost to serve, one total, W
    counts out of the days since.
    """
    first = day.base["first"]
    known = first[(first >= day.orders["date"].min() + 90) & (first <= day.t - W)]
    lines = day.orders[day.orders["customer_id"].isin(known.index)]
    inside = lines["date"] < lines["customer_id"].map(known) + W
    gross = lines[inside].groupby("customer_id")["profit"].sum().reindex(known.index, fill_value=0).astype(float)
    cost = day.base["cost_to_serve"].fillna(0).astype(float) * W / day.base["tenure"].clip(lower=W)
    return float((gross - cost.reindex(known.index)).mean())


def break_even(day: Day, cut: float = 0.05) -> dict[str, float]:
    """Return by tier the volume that a price cut must win, d / (m - d), m the gross margin (S11)."""
    sums = day.base.groupby("tier")[["gross_profit", "revenue"]].sum().astype(float)
    margin = sums["gross_profit"] / sums["revenue"]
    return {str(name): float(cut / (m - cut)) for name, m in margin.items()}


def breadth_gap(day: Day) -> pd.Series:
    """Return how many categories a customer lacks to the leaders' breadth of its tier (S12).

    Who bought nothing in W has no breadth, and no gap.
    """
    table = day.base
    leaders = table.groupby("tier")["breadth"].transform(lambda held: held.quantile(0.75))
    return leaders - table["breadth"]


def next_values(day: Day) -> pd.Series:
    """Return what the next category would bring each customer with a gap, in cents (S12).

    The category most frequent among the leaders of its tier that it lacks; 30 % of what those of the tier that buy it
    spend there in W, in the median. Readings: among equally frequent ones that of the larger spend; leaders are those
    that reach the leaders' breadth.
    """
    window = day.orders[day.orders["date"].gt(day.t - W) & day.orders["category"].notna()]
    spend = window.groupby(["customer_id", "category"])["amount"].sum().astype(float)
    bought = window[window["amount"] >= 0].drop_duplicates(["customer_id", "category"])[["customer_id", "category"]]
    gap = breadth_gap(day)
    facts = bought.assign(
        tier=bought["customer_id"].map(day.base["tier"]),
        spend=spend.reindex(pd.MultiIndex.from_frame(bought)).to_numpy(),
        leads=bought["customer_id"].map(gap <= 0),
    )
    known = facts.groupby(["tier", "category"]).agg(leaders=("leads", "sum"), spend=("spend", "median")).reset_index()
    lacking = gap[gap > 0].index.to_frame(name="customer_id", index=False)
    lacking = lacking.assign(tier=lacking["customer_id"].map(day.base["tier"])).merge(known, on="tier")
    held = pd.MultiIndex.from_frame(bought)
    lacking = lacking[~pd.MultiIndex.from_frame(lacking[["customer_id", "category"]]).isin(held)]
    best = lacking.sort_values(["leaders", "spend"], ascending=False).drop_duplicates("customer_id")
    return 0.3 * best.set_index("customer_id")["spend"]


def newcomers(day: Day) -> dict[str, int]:
    """Return how many customers bought for the first time, by quarter (S25)."""
    return counts(quarter(day.base["first"].dropna()))


def by_channels(day: Day) -> pd.DataFrame:
    """Return customers and the revenue of W by the number of channels used in W: 1, 2, 3 and more (S20b)."""
    used = day.base["channels_w"].where(day.base["channels_w"] > 0).clip(upper=3)
    return day.base.groupby(used)["revenue_late"].agg(["size", "sum"])


def brought(day: Day) -> tuple[int, int]:
    """Return how many customers of the base were recommended by a customer, and their revenue in cents (S37b)."""
    came = day.base[day.base["referred_by"].notna()]
    return len(came), int(came["revenue"].sum())


def ladder(day: Day) -> dict[str, int]:
    """Return how many customers stand on each rung of the ladder, on the highest that holds (S4)."""
    table = day.base[day.base["n"] > 0]
    fond = loyal(table)
    speaks = table["recommend"].ge(9) | referred(day.base).reindex(table.index).gt(0)
    regular = table["n"].ge(4) & table["silence"].le(2)
    rung = np.select(
        [fond & speaks, fond, regular, table["n"].ge(2)], ["advocate", "loyal", "regular", "repeat"], "first"
    )
    return {str(name): int(number) for name, number in zip(*np.unique(rung, return_counts=True), strict=True)}


def second_order_rate(day: Day) -> tuple[float, int]:
    """Return the share with a second purchase within two base rhythms of the first, and of how many.

    Reading: only of those whose two base rhythms are over.
    """
    within = 2 * day.customers.attrs["base_rhythm"]
    table = day.base[day.base["n"].gt(0) & day.base["tenure"].ge(within)]
    return float((table["second"] - table["first"]).le(within).mean()), len(table)


def eta_squared(values: pd.Series, groups: pd.Series) -> float:
    """Return the share of the variance that lies between groups (S7)."""
    known = values.astype(float).dropna()
    means = known.groupby(groups.reindex(known.index)).transform("mean")
    return float(((means - known.mean()) ** 2).sum() / ((known - known.mean()) ** 2).sum())


def cramers_v(kinds: pd.Series, groups: pd.Series) -> float:
    """Return how closely two kinds of codes go together, 0 to 1 (S7)."""
    seen = pd.crosstab(kinds, groups).to_numpy(dtype=float)
    usual = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / seen.sum()
    return float(np.sqrt(((seen - usual) ** 2 / usual).sum() / seen.sum() / (min(seen.shape) - 1)))
