"""What the board shows: concentration, strategies, visits, capacity (S5, S6, S8, S23, S26)."""

from itertools import product
from math import ceil, floor

import numpy as np
import pandas as pd

from tests.unit import reference_sample as first
from tests.unit.reference_systems.sample import Day, W
from tests.unit.reference_systems.warnings import scores

VISITS = {"top": (24, 60, 0.15), "upper": (12, 45, 0.15), "middle": (4, 30, 0.10), "bottom": (0, 30, 0.05)}
FACTORS = {"early": 1.25, "growing": 1, "steady": 0.8}
TRAVEL, HOUR = 40, 15_000
FLAGS = ("loses", "poor", "risk", "contested", "upside", "saturated", "guard", "fresh")


def largest_fifth(day: Day) -> float:
    """Return the share that the largest fifth of the customers, rounded up, holds of the base's revenue (S6).

    Reading: as with tier lines, shares are of the sum of the positive values.
    """
    values = np.sort(day.base["revenue"].to_numpy(dtype="int64"))[::-1]
    return float(values[: -(-len(values) // 5)].sum() / values[values > 0].sum())


def losses(day: Day) -> tuple[int, float]:
    """Return the number of loss-makers, and what they destroy as a share of what the others earn (S6)."""
    profit = day.base["customer_profit"].astype("int64")
    return int(profit.lt(0).sum()), float(-profit[profit < 0].sum() / profit[profit > 0].sum())


def strategies(day: Day) -> pd.Series:
    """Return the strategy of every customer (S23), risk included."""
    table = day.customers.assign(risk=scores(day).ge(60).reindex(day.customers.index, fill_value=False))
    table = first.profit_flags(table)
    table = first.guard_flags(first.opportunity_flags(table, day.cuts, day.t))
    return pd.Series([first.strategy_of(row)[1] for _, row in table.iterrows()], index=table.index)


def visits(day: Day) -> pd.Series:
    """Return the visits a year that the policy plans and the customer's gross profit pays for (S8).

    Readings: halves are rounded up; orders and profit are those of a year of the customer's own time.
    """
    table = day.base.assign(strategy=strategies(day))
    return pd.Series([_visits(row) for _, row in table.iterrows()], index=table.index)


def _visits(row: pd.Series) -> int:
    usual, minutes, cap = VISITS[row["class"]]
    years = max(row["tenure"], W) / W if row["n"] else 1
    if row["phase"] == "gone":
        wanted = 2 if row["strategy"] == "win_back" else 0
    else:
        falling = 1.5 if row["class"] in ("top", "upper") else 0.5
        wanted = floor(usual * FACTORS.get(row["phase"], falling) + 0.5)
        if row["class"] in ("middle", "bottom"):
            wanted = min(wanted, ceil(row["n"] / years - 1e-9))
    if row["n"] == 0:
        return wanted
    paid = row["gross_profit"] / years * cap / ((minutes + TRAVEL) / 60 * HOUR)
    return min(wanted, max(0, floor(paid + 1e-9)))


def held_by(day: Day, people: int = 3, span: int = 25) -> int:
    """Return the revenue in cents of the last of the largest customers whom the senior people can hold (S26)."""
    return int(day.base["revenue"].sort_values(ascending=False).iloc[people * span - 1])


def combinations() -> list[dict[str, object]]:
    """Return every combination of class, phase and flags that can occur.

    loses implies poor; saturated excludes upside; fresh only when gone; risk only outside before and gone.
    """
    found = []
    for rank, phase, *flags in product(VISITS, first.PHASES.values(), *[(False, True)] * len(FLAGS)):
        row = {"class": rank, "phase": phase, **dict(zip(FLAGS, flags, strict=True))}
        impossible = (
            (row["loses"] and not row["poor"])
            or (row["saturated"] and row["upside"])
            or (row["fresh"] and phase != "gone")
            or (row["risk"] and phase in ("before", "gone"))
        )
        if not impossible:
            found.append(row)
    return found
