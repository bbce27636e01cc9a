"""What a user would write with pandas instead of `crmdash.evaluate`: the same tables, by the default rules.

Plain and vectorised: one frame, `numpy.select` for ordered rules, `groupby` for tables. It knows only the columns that
order lines with costs give, and only the settings that the benchmark moves.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

COLUMNS = (
    "orders", "first_purchase", "last_purchase", "orders_before", "revenue", "revenue_window", "revenue_last_window",
    "customer_profit", "customer_profit_window", "customer_profit_last_window", "return_share_change", "tenure",
    "recency", "relative_growth",
)  # fmt: skip
TIERS = ("platinum", "gold", "iron", "lead")
CLASSES = {"platinum": "top", "gold": "upper", "iron": "middle", "lead": "bottom"}
PHASES = {
    "prospect": "before", "exploration": "early", "formation": "growing", "stable": "steady",
    "deterioration": "falling", "ended": "gone",
}  # fmt: skip
STRATEGIES = {
    "gone_valuable": "win_back", "gone_lately": "win_back", "gone_worth_keeping": "win_back", "gone": "closed",
    "early_costly": "re_engineer", "early": "start", "bottom_loses": "end", "costly": "re_engineer",
    "falling_valuable": "protect", "valuable_in_danger": "protect", "falling_worth_keeping": "protect",
    "falling_small": "harvest", "has_upside": "enhance", "growing": "enhance", "top_kept": "protect",
    "upper_steady": "enhance", "steady": "harvest",
}  # fmt: skip
WINDOW = 365


@dataclass(frozen=True)
class Tables:
    """The tables of the board; matrix and strategies by their index."""

    tiers: pd.DataFrame
    stages: pd.DataFrame
    matrix: pd.DataFrame
    strategies: pd.DataFrame
    concentration: dict[str, float]
    whale: dict[str, float]


def as_pandas(customers: pl.DataFrame) -> pd.DataFrame:
    """Return the columns that the rules read as pandas has them: missing as NaN."""
    return pd.DataFrame({name: customers[name].to_numpy(writable=True) for name in COLUMNS})


def pandas_evaluate(customers: pd.DataFrame, shares: tuple[float, ...] = (50, 80, 95), cooling: float = 2.0) -> Tables:
    """Classify every customer and count the tables.

    Parameters
    ----------
    shares : tier lines, cumulative per cent of the positive revenue.
    cooling : silence, in rhythms, from which a customer with a habit cools down.
    """
    df = customers.copy(deep=False)
    ordered = np.sort(df["revenue"].to_numpy())[::-1]
    cuts = find_cuts(ordered, shares)
    df["tier"] = np.select([df["revenue"] >= cut for cut in cuts], TIERS[:-1], TIERS[-1])
    df["tier_class"] = df["tier"].map(CLASSES)
    add_stage(df, cooling)
    add_flags(df)
    df["reason"] = decide(df)
    df["strategy"] = df["reason"].map(STRATEGIES)
    return Tables(
        tier_table(df, cuts),
        stage_table(df),
        matrix_table(df),
        strategy_table(df),
        concentrate(ordered),
        draw_whale(df["customer_profit"]),
    )


def find_cuts(ordered: np.ndarray[Any, Any], shares: tuple[float, ...]) -> list[int]:
    """Return the value of the last customer that each cumulative share needs."""
    running = ordered[ordered > 0].cumsum()
    targets = [ceil(Fraction(str(share)) * int(running[-1]) / 100) for share in shares]
    return [int(ordered[np.searchsorted(running, target)]) for target in targets]


def add_stage(df: pd.DataFrame, cooling: float) -> None:
    """Add silence, stage and phase."""
    span = df["last_purchase"] - df["first_purchase"]
    again = df["orders"] >= 2
    usual = (span[again] / (df["orders"][again] - 1)).median()
    df["rhythm"] = ((span + 3 * usual) / (df["orders"] + 2)).clip(lower=7)
    df["silence"] = df["recency"] / df["rhythm"]
    df["growth"] = df["relative_growth"].where(df["orders_before"] >= 3)
    habit = df["orders"] >= 3
    limit = np.where(habit, 6.0, 4.0)
    ended = ((df["silence"] >= limit) & (df["recency"] >= 90)) | (df["recency"] >= 730)
    falling = habit & ((df["silence"] >= cooling) | (df["growth"] <= -0.67))
    young = ((df["orders"] <= 5) & (df["tenure"] < 730)) | (df["tenure"] < 183)
    rules = [ended, falling, df["orders"] <= 2, young]
    df["stage"] = np.select(rules, ["ended", "deterioration", "exploration", "formation"], "stable")
    df["phase"] = df["stage"].map(PHASES)


def add_flags(df: pd.DataFrame) -> None:
    """Add the flags that the decision table reads."""
    gone = df["phase"] == "gone"
    profit = df["customer_profit_window"].where(~gone, df["customer_profit_last_window"])
    revenue = df["revenue_window"].where(~gone, df["revenue_last_window"])
    margin = (df["customer_profit_window"] / df["revenue_window"]).where(df["revenue_window"] > 0)
    usual = margin.groupby(df["tier"]).transform("median")
    df["loses"] = profit <= 0
    df["poor"] = df["loses"] | ((usual > 0) & (profit <= revenue * usual * 0.5))
    df["risk"] = ~gone & (risk_score(df) >= 60)
    df["upside"] = df["growth"] >= 0.4
    df["guard"] = df["tenure"] * 2 < WINDOW
    df["fresh"] = gone & (df["recency"] <= 365)


def risk_score(df: pd.DataFrame) -> pd.Series:
    """Add up the points of silence, growth and returns."""
    silence = ((df["silence"] - 1.5) / 1.5).clip(0, 1) * 60
    growth = ((df["growth"] + 0.3) / -0.7).clip(0, 1) * 30
    returns = ((df["return_share_change"] - 0.05) / 0.15).clip(0, 1) * 10
    points = silence.round(6).fillna(0) + growth.round(6).fillna(0) + returns.round(6).fillna(0)
    return points.clip(upper=100).round(6)


def decide(df: pd.DataFrame) -> np.ndarray[Any, Any]:
    """Return the first row of the decision table that holds."""
    phase, tier = df["phase"], df["tier_class"]
    gone, early, falling = phase == "gone", phase == "early", phase == "falling"
    growing, steady = phase == "growing", phase == "steady"
    going = growing | steady
    top, upper, middle, bottom = (tier == name for name in ("top", "upper", "middle", "bottom"))
    keep, valuable = df["upside"] | df["guard"], top | upper
    rows = {
        "gone_valuable": gone & valuable & ~df["loses"],
        "gone_lately": gone & middle & df["fresh"] & ~df["loses"],
        "gone_worth_keeping": gone & keep,
        "gone": gone,
        "early_costly": early & bottom & df["poor"] & ~keep,
        "early": early,
        "bottom_loses": (steady | falling) & bottom & df["loses"] & ~keep,
        "costly": (going | falling) & df["poor"],
        "falling_valuable": falling & valuable,
        "valuable_in_danger": going & valuable & df["risk"],
        "falling_worth_keeping": falling & keep,
        "falling_small": falling,
        "has_upside": going & df["upside"],
        "growing": growing & ~bottom,
        "top_kept": going & top,
        "upper_steady": steady & upper,
    }
    return np.select(list(rows.values()), list(rows), "steady")


def tier_table(df: pd.DataFrame, cuts: list[int]) -> pd.DataFrame:
    """Count each tier."""
    grouped = df.groupby("tier")
    table = grouped.agg(customers=("revenue", "size"), value=("revenue", "sum"), profit=("customer_profit", "sum"))
    table = table.reindex(list(TIERS), fill_value=0)
    table["value_share"] = table["value"] / df["revenue"].sum()
    table["cut"] = [*cuts, None]
    return table


def stage_table(df: pd.DataFrame) -> pd.DataFrame:
    """Count each stage."""
    counted = df.groupby("stage").agg(customers=("revenue", "size"), value=("revenue", "sum"))
    return counted.reindex(list(PHASES), fill_value=0)


def matrix_table(df: pd.DataFrame) -> pd.DataFrame:
    """Count each cell of tier and stage, with its commonest strategy."""
    return with_commonest(df, ["tier", "stage"], "strategy")


def strategy_table(df: pd.DataFrame) -> pd.DataFrame:
    """Count each strategy, with its commonest reason."""
    return with_commonest(df, ["strategy"], "reason")


def with_commonest(df: pd.DataFrame, keys: list[str], label: str) -> pd.DataFrame:
    """Count groups, and add the commonest label in each with its share."""
    parts = df.groupby([*keys, label]).agg(customers=("revenue", "size"), value=("revenue", "sum")).reset_index()
    table = parts.groupby(keys)[["customers", "value"]].sum()
    commonest = parts.sort_values("customers", ascending=False, kind="stable").drop_duplicates(keys).set_index(keys)
    table[label] = commonest[label]
    table["share"] = commonest["customers"] / table["customers"]
    return table


def concentrate(ordered: np.ndarray[Any, Any]) -> dict[str, float]:
    """Return the key figures of concentration, from values largest first."""
    running, positive = ordered.cumsum(), int(ordered[ordered > 0].sum())
    held = ordered[ordered >= 0][::-1]
    place = np.arange(1, len(held) + 1)
    weighted, whole = (place * held.astype(float)).sum(), float(held.sum())
    return {
        "total": int(ordered.sum()),
        "top20_share": running[ceil(0.2 * len(ordered)) - 1] / positive,
        "customers_for_80": int(np.searchsorted(running, ceil(positive * 80 / 100)) + 1),
        "gini": 2 * weighted / (len(held) * whole) - (len(held) + 1) / len(held),
    }


def draw_whale(profit: pd.Series) -> dict[str, float]:
    """Return the key figures of the whale curve."""
    running = profit.sort_values(ascending=False).cumsum()
    total, peak = int(profit.sum()), int(running.max())
    return {
        "total": total,
        "peak_share": peak / total,
        "peak_at": int((profit > 0).sum()),
        "loss_makers": int((profit < 0).sum()),
        "profit_destroyed": total - peak,
    }
