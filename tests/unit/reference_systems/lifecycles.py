"""Lifecycles (S31, S13, S20, S35, the personal cycle), tiers over time (S9, S27), and what followed a label."""

from math import ceil

import pandas as pd

from tests.unit import reference_sample as first
from tests.unit.reference_systems.sample import Day, W, as_at, counts, read


def commercial(row: pd.Series) -> str:
    if not row["has_row"]:
        return "prospect"
    if row["lapsed"]:
        return "ended"
    declining = row["n"] >= 3 and (row["silence"] >= 2 or row["rule_growth"] <= -0.4)
    if declining or row["silent_out"] or row["satisfaction"] <= 5:
        return "decline"
    if row["n"] <= 2 or row["tenure"] < 91:
        return "introduction"
    return "growth" if row["tenure"] < 365 or row["rule_growth"] >= 0.2 else "maturity"


def journey(row: pd.Series) -> str:
    """Reading: a customer of whom no recommendation is recorded is one whose referrals are unknown."""
    if not row["has_row"]:
        return "acquire" if row["contacts_made"] > 0 else "reach"
    if row["lapsed"]:
        return "lapsed"
    if row["n"] >= 6 and row["tenure"] >= W and row["silence"] <= 1.5:
        told = row["referrals"] > 0 or pd.notna(row["recommend"]) or pd.notna(row["satisfaction"])
        inspired = row["referrals"] > 0 or row["recommend"] >= 9 or row["satisfaction"] >= 9
        if inspired or (not told and not row["deal_share"] > row["usual_deals"]):
            return "inspire"
    return "retain" if row["n"] >= 2 else "convert"


def acquaintance(row: pd.Series) -> str:
    if not row["has_row"]:
        return "potential"
    if row["lapsed"]:
        return "lapsed"
    if row["n"] <= 2 or row["tenure"] < 91:
        return "new"
    loyal = row["n"] >= 6 and row["tenure"] >= W and row["silence"] <= 1.5 and not row["satisfaction"] < 8
    return "established_loyal" if loyal else "established"


def personal_cycle(row: pd.Series) -> str:
    """Reading: a customer of returns only is no prospect, and has no second purchase: new."""
    if not row["has_row"]:
        return "prospect"
    if row["n"] <= 1:
        return "new"
    limits = ((1, "active"), (2, "sleepy"), (3, "half_asleep"))
    return next((stage for limit, stage in limits if row["silence"] < limit), "asleep")


MODELS = {"commercial": commercial, "journey": journey, "acquaintance": acquaintance, "personal_cycle": personal_cycle}


def stages(model: str, day: Day) -> pd.Series:
    """Return the stage of every customer, prospects included."""
    table = day.customers
    if model == "relationship":
        return table["stage"]
    referrals = table["referred_by"].value_counts().reindex(table.index, fill_value=0)
    table = table.assign(referrals=referrals, usual_deals=day.base["deal_share"].median())
    return pd.Series([MODELS[model](row) for _, row in table.iterrows()], index=table.index)


def only_open(day: Day) -> pd.DataFrame:
    """Return who would be ended but for an open matter (S31b)."""
    return day.base[day.base["silent_out"] & day.base["open_matters"]]


def tier_moves() -> pd.DataFrame:
    """Return each customer's value and tier one step ago and now (S9): one step a year, the first without margin.

    The file of 911 days holds three steps. Reading: a step has the customers of the base of that day; a newcomer has no
    tier to be held in.
    """
    held = pd.Series(dtype=object)
    steps = []
    for back in (730, 365, 0):
        day = as_at(back)
        bounds = [(cut, 0.05 * abs(cut)) for cut in day.cuts]
        held = pd.Series({name: _clamped(value, held.get(name), bounds) for name, value in day.base["revenue"].items()})
        steps.append(held)
    return pd.DataFrame({"before": steps[-2], "after": steps[-1], "free": as_at().base["tier"]})


def _clamped(value: int, previous: str | None, bounds: list[tuple[int, float]]) -> str:
    tiers = first.TIERS
    if previous is None:
        return first.tier_of(value, [cut for cut, _ in bounds])
    # Values are whole: the smallest that reaches a line drawn between two of them.
    highest = first.tier_of(value, [ceil(cut - margin) for cut, margin in bounds])
    lowest = first.tier_of(value, [ceil(cut + margin) for cut, margin in bounds])
    place = min(max(tiers.index(previous), tiers.index(highest)), tiers.index(lowest))
    return tiers[place]


def prospects() -> dict[str, int]:
    """Return how many prospects their potential puts into each tier (S27)."""
    table = as_at().customers
    return counts(table.loc[~table["has_row"], "tier"])


def bought_since(ids: pd.Index, since: int) -> pd.Series:
    """Say who has a purchase after a day."""
    orders = read()["orders"]
    return pd.Series(ids.isin(orders.loc[orders["amount"].ge(0) & orders["date"].gt(since), "customer_id"]), index=ids)


def followed(labels: pd.Series, since: int) -> dict[str, float]:
    """Return the share of the customers of each label that bought since."""
    shares = bought_since(labels.index, since).groupby(labels).mean()
    return {str(label): float(share) for label, share in shares.items()}


def silence_bands(back: int = 365) -> dict[float, tuple[int, float]]:
    """Return number, and share that bought since, of the regular customers by silence, by each band's lower end."""
    regular = as_at(back).base[as_at(back).base["n"] >= 3]
    edges = [0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 6, 9, float("inf")]
    band = pd.cut(regular["silence"], edges, right=False, labels=edges[:-1]).astype(float)
    again = bought_since(regular.index, as_at(back).t).groupby(band)
    return {float(str(low)): (int(part.size), float(part.mean())) for low, part in again}
