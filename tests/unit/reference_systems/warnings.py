"""Expected profit, early warning and its kin (S34, S34b, S31b, S32, S33, S13b, S26b)."""

import numpy as np
import pandas as pd

from tests.unit.reference_systems.lifecycles import bought_since
from tests.unit.reference_systems.sample import Day, W, as_at

FALLBACK = {"early": 0.3, "growing": 0.5, "steady": 0.8, "falling": 0.4, "gone": 0.1}
OURS = ("satisfaction", "satisfaction_fall", "complaints", "expectation_gap", "returns")
THEIRS = ("days_late",)
MARKET = ("category_loss", "wallet_fall", "contract")


def living(table: pd.DataFrame) -> pd.Series:
    return ~table["phase"].isin(["before", "gone"])


def ramp(value: pd.Series, start: float, end: float, points: float) -> pd.Series:
    """Return 0 points at `start`, all at `end`, straight between; missing gives 0."""
    return ((value.astype(float) - start) / (end - start)).clip(0, 1).fillna(0) * points


def signals(day: Day) -> pd.DataFrame:
    """Return the points of each signal (S34); Reading: a contract that has ended gives none."""
    table = day.base
    days_left = (table["contract_end"].astype(float) - day.t).where(lambda left: left >= 0)
    complaints = table["complaints_open"] + 0.5 * table["complaints_closed"]
    return pd.DataFrame({
        "silence": ramp(table["silence"], 1.5, 3, 60),
        "growth": ramp(table["rule_growth"], -0.3, -1, 30),
        "category_loss": ramp(table["category_loss"], 0.2, 0.6, 20),
        "wallet_fall": ramp(table["wallet_fall"], 0.05, 0.25, 25),
        "satisfaction": ramp(table["satisfaction"], 7, 3, 20),
        "satisfaction_fall": ramp(-table["satisfaction_change"], 0.5, 3, 15),
        "complaints": ramp(complaints, 0, 2, 25),
        "expectation_gap": ramp(table["experience"] - table["expectation"], -0.5, -3, 10),
        "days_late": ramp(table["days_late"], 7, 60, 20),
        "contract": ramp(days_left, 120, 30, 20),
        "returns": ramp(table["return_share_change"], 0.05, 0.2, 10),
    })  # fmt: skip


def scores(day: Day) -> pd.Series:
    """Return the risk score of the base; missing for who is gone."""
    return signals(day).sum(axis=1).clip(upper=100).where(living(day.base))


def causes(day: Day) -> pd.Series:
    """Return the cause with most points; open points (silence) follow the largest other.

    Growth counts as theirs if the peers' revenue fell too, else as the market's. Reading: the peers of a customer are
    its whole group, itself included; ties go to the order ours, theirs, market.
    """
    points, table = signals(day), day.base
    group = table.groupby("peers")
    fell = (group["a1"].transform("sum").astype(float) < group["a0"].transform("sum").astype(float)).to_numpy()
    sums = pd.DataFrame({
        "ours": points[list(OURS)].sum(axis=1),
        "theirs": points[list(THEIRS)].sum(axis=1) + points["growth"].where(fell, 0),
        "market": points[list(MARKET)].sum(axis=1) + points["growth"].where(~fell, 0),
    })  # fmt: skip
    return sums.idxmax(axis=1).where(sums.max(axis=1) > 0, "unknown")


def keep_rates() -> dict[str, float]:
    """Return the share of the customers of each phase one L ago that bought since; Reading: from 20 customers on."""
    before = as_at(as_at().length)
    again = bought_since(before.base.index, before.t).groupby(before.base["phase"])
    measured = {str(phase): float(part.mean()) for phase, part in again if len(part) >= 20}
    return FALLBACK | measured


def expected_profit() -> pd.Series:
    """Return profit of the last L, scaled to W, times the keep rate of the phase, in cents.

    Reading: profit is the customer profit; a cost to serve known as one total counts by days, L out of max(L, tenure),
    and without a row in the last L there is nothing to judge: 0.
    """
    day = as_at()
    table = day.base
    share = day.length / table["tenure"].clip(lower=day.length).fillna(day.length)
    late = (table["profit_late"] - table["cost_to_serve"].fillna(0).astype(float) * share).fillna(0)
    return (late * W / day.length * table["phase"].map(keep_rates()).astype(float)).where(table["n"] > 0)


def hit_rate() -> tuple[float, float]:
    """Return the shares without a purchase since, of those alerted one L ago and of all living customers then."""
    before = as_at(as_at().length)
    found = scores(before).dropna()
    silent = ~bought_since(found.index, before.t)
    return float(silent[found >= 60].mean()), float(silent.mean())


def lost() -> pd.DataFrame:
    """Return who ended within the last W (S34b).

    Reading: a customer is gone from the day its silence reached the limit, by its rhythm of today; one that is only
    said to be closed went at some time since.
    """
    day = as_at()
    gone = day.base[day.base["phase"].eq("gone")]
    limit = np.where(gone["n"] >= 3, 6, 4)
    silent = np.maximum(gone["last"] + limit * gone["rhythm"], gone["last"] + 90)
    return gone[np.minimum(silent, gone["last"] + 730) > day.t - W]


def barriers() -> pd.DataFrame:
    """Return the barriers of the base (S32), and who is held by lock-in only and dissatisfied, and not gone."""
    table = as_at().base
    listed = table["exit_barriers"].dropna()
    held = listed.str.split(";")
    bonds = held.map(lambda own: sum(one.endswith(":bond") for one in own))
    number = held.map(len)
    captive = bonds.eq(0) & (table["satisfaction"].le(6) & living(table)).reindex(listed.index)
    return pd.DataFrame({"number": number, "bonds": bonds, "captive": captive})


def cost_per_order() -> pd.DataFrame:
    """Return cost to serve per order, the tier's median, and who is above one and a half times of it (S33).

    Reading: the median is that of all, the proposals are for who is not gone.
    """
    table = as_at().base
    known = table[table["n"] > 0]
    each = known["cost_to_serve"].fillna(0).astype(float) / known["n"]
    usual = each.groupby(known["tier"]).transform("median")
    return pd.DataFrame({"each": each, "usual": usual, "orders": known["n"], "dear": each > 1.5 * usual})[living(known)]


def due(day: Day) -> pd.DataFrame:
    """Return who should have ordered by a week from now, living customers of two purchases and more (S13b).

    Reading: an order is due on a day, that nearest to last + r; who may not be contacted is on no contact list (D13).
    """
    table = day.base
    date = np.floor(table["last"] + table["rhythm"] + 0.5)
    asked = table["may_contact"].ne("no")
    due_soon = table["n"].ge(2) & living(table) & asked & date.le(day.t + 7)
    return table[due_soon].assign(due=date[due_soon])


def completeness() -> pd.Series:
    """Return the weighted share of the customer file that is filled (S29), the personal part left out where asked.

    Reading: where two fields are named with "and" or a comma each is half of the part; "or" asks for one of them.
    Reading: of a customer that does not want to be contacted nothing about people counts.
    """
    table = as_at().customers
    known, silent = table.notna(), table["may_contact"].eq("no")
    about_people = 1.5 * known["contact_person"] + 3 * known["decided_by"] + known["preferences"] + known["birthday"]
    filled = 1.5 * known["name"] + 2 * (known["industry"] | known["format"]) + known["needs"] + known["pain_points"]
    filled = filled + known["source"] + known["referred_by"] + known["buying_habits"]
    return (filled / 8.5).where(silent, (filled + about_people) / 15)


def walk_away(day: Day) -> pd.DataFrame:
    """Return whose value one person holds: at least 80 % of the contacts, a file less than 60 % full (S26b)."""
    table = day.base
    return table[table["main_contact_share"].ge(0.8) & completeness().reindex(table.index).lt(0.6)]
