"""The relationship lifecycle (S31): exploration, formation, stable, deterioration, ended.

Ordered stages: the first rule that holds wins, everyone is in exactly one. Each stage carries a phase, and only phases
enter the strategy table. Missing never counts as evidence.
"""

from typing import Final

import narwhals as nw
import polars as pl

from crmdash.model.rules import Rule, either, first_that_holds, label_of, measure, surely
from crmdash.rule_settings import LifecycleSettings

PHASE_OF: Final[dict[str, str]] = {
    "prospect": "before",
    "exploration": "early",
    "formation": "growing",
    "stable": "steady",
    "deterioration": "falling",
    "ended": "gone",
}
"""Phase of each stage, in the order of the relationship."""

STAGES: Final = tuple(PHASE_OF)
REGULAR_PURCHASES: Final = 3
"""From this many purchases on, a customer's own rhythm is taken as a habit."""


def ruled_growth(known: frozenset[str]) -> nw.Expr:
    """Return relative growth as rules read it: missing where the earlier period holds fewer than three purchases."""
    if not {"relative_growth", "orders_before"} <= known:
        return nw.lit(None, nw.Float64)
    return nw.when(nw.col("orders_before") >= REGULAR_PURCHASES).then(nw.col("relative_growth"))


def silent_out(limits: LifecycleSettings, known: frozenset[str]) -> nw.Expr:
    """Return whether a customer has been silent for so long that the relationship is over, or is closed."""
    silence, recency, orders = measure("silence", known), measure("recency", known), nw.col("orders")
    regular = (orders >= REGULAR_PURCHASES) & (silence >= limits.lapsed_silence)
    occasional = (orders < REGULAR_PURCHASES) & (silence >= limits.lapsed_silence_early)
    long_enough = recency >= limits.lapsed_days_at_least
    closed = nw.col("status") == "closed" if "status" in known else nw.lit(False)
    by_rhythm = either(regular, occasional) & surely(long_enough)
    return either(by_rhythm, recency >= limits.lapsed_days_at_most, closed)


def cooling(limits: LifecycleSettings, known: frozenset[str]) -> nw.Expr:
    """Return whether a regular customer is late by its own rhythm, or its share has shrunk beyond the limit."""
    late = measure("silence", known) >= limits.cooling_silence
    shrunk = ruled_growth(known) <= limits.cooling_growth
    return surely(nw.col("orders") >= REGULAR_PURCHASES) & either(late, shrunk)


def disappointed(limits: LifecycleSettings, known: frozenset[str]) -> nw.Expr:
    """Return whether satisfaction fell by the limit and is low."""
    fell = measure("satisfaction_change", known) <= -limits.satisfaction_fall
    return surely(fell) & surely(measure("satisfaction", known) <= limits.dissatisfied)


def relationship_rules(limits: LifecycleSettings, known: frozenset[str]) -> list[Rule]:
    """Return the ordered rules of the relationship lifecycle; whoever meets none is stable.

    Nobody is ended with an open invoice, complaint or contract (S31b).
    """
    orders, tenure = nw.col("orders"), measure("tenure", known)
    out, unsettled = silent_out(limits, known), surely(nw.col("open_matters"))
    young = (orders <= limits.formation_up_to) & (tenure < limits.stable_by_age)
    return [
        Rule("prospect", nw.col("prospect")),
        Rule("ended", out & ~unsettled),
        Rule("deterioration", either(cooling(limits, known), out & unsettled, disappointed(limits, known))),
        Rule("exploration", orders <= limits.exploration_up_to),
        Rule("formation", either(young, tenure < limits.formation_at_least)),
    ]


def is_unknown(customers: pl.DataFrame, measure_name: str) -> bool:
    """Say whether a measure has no column, or is known for none of the base's customers that may have bought.

    Who only returned something has no recency, and yet a stage.
    """
    if measure_name not in customers.columns:
        return True
    buyers = customers.filter(pl.col("in_base") & (pl.col("orders").is_null() | (pl.col("orders") > 0)))
    return len(buyers) > 0 and buyers[measure_name].null_count() == len(buyers)


def stage(limits: LifecycleSettings, known: frozenset[str]) -> nw.Expr:
    """Return each customer's stage; missing for everyone where recency is not known at all."""
    if "recency" not in known:
        return nw.lit(None, nw.String)
    return first_that_holds(relationship_rules(limits, known), otherwise="stable")


def phase(stage_code: nw.Expr) -> nw.Expr:
    """Return the phase that a stage carries."""
    return label_of(stage_code, PHASE_OF)
