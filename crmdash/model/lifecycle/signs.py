"""Signs that several models read: silent out, lapsed, cooling, established. Missing never counts as evidence."""

from collections.abc import Callable
from typing import Final

from crmdash.engine.language import nw
from crmdash.model.lifecycle.ordered import Facts, Known
from crmdash.model.rules import either, measure, surely
from crmdash.rule_settings import LifecycleSettings

REGULAR_PURCHASES: Final = 3
"""An earlier period with fewer purchases says nothing about growth."""


def ruled_growth(known: Known) -> nw.Expr:
    """Return relative growth as rules read it: missing where the earlier period holds fewer than three purchases."""
    if not {"relative_growth", "orders_before"} <= known:
        return nw.lit(None, nw.Float64)
    return nw.when(nw.col("orders_before") >= REGULAR_PURCHASES).then(nw.col("relative_growth"))


def growth(known: Known, condition: Callable[[nw.Expr], nw.Expr]) -> nw.Expr:
    """Return whether a condition on relative growth, as rules read it, surely holds: faster than asking a number."""
    if not {"relative_growth", "orders_before"} <= known:
        return nw.lit(False)
    return surely((nw.col("orders_before") >= REGULAR_PURCHASES) & condition(nw.col("relative_growth")))


def silent_out(limits: LifecycleSettings, known: Known) -> nw.Expr:
    """Return whether a customer has been silent for so long that the relationship is over, or is closed."""
    recency = measure("recency", known)
    closed = surely(nw.col("status") == "closed") if "status" in known else nw.lit(False)
    if limits.by_days:
        return either(recency >= limits.lapsed_days, closed)
    silence, orders = measure("silence", known), nw.col("orders")
    habitual = (orders >= limits.regular_from) & (silence >= limits.lapsed_silence)
    occasional = (orders < limits.regular_from) & (silence >= limits.lapsed_silence_early)
    by_rhythm = surely((habitual | occasional) & (recency >= limits.lapsed_days_at_least))
    return by_rhythm | surely(recency >= limits.lapsed_days_at_most) | closed


def lapsed(limits: LifecycleSettings, known: Known) -> nw.Expr:
    """Return whether a customer is gone: nobody is with an open invoice, complaint or contract (S31b)."""
    return silent_out(limits, known) & ~surely(nw.col("open_matters"))


def unsettled(limits: LifecycleSettings, known: Known) -> nw.Expr:
    """Return whether only something unsettled keeps a customer from being gone."""
    return silent_out(limits, known) & surely(nw.col("open_matters"))


def cooling(limits: LifecycleSettings, known: Known, fall: float | None = None) -> nw.Expr:
    """Return whether a customer with a habit is late by it, or its share has shrunk to the limit `fall` or below.

    Parameters
    ----------
    fall : relative growth; `cooling_growth` unless given.
    """
    if limits.by_days:
        return surely(measure("recency", known) >= limits.cooling_days)
    late = surely(measure("silence", known) >= limits.cooling_silence)
    shrunk = growth(known, lambda change: change <= (limits.cooling_growth if fall is None else fall))
    return surely(nw.col("orders") >= limits.regular_from) & (late | shrunk)


def drifting(limits: LifecycleSettings, known: Known) -> nw.Expr:
    """Return whether a customer that is not gone is falling away: cooling or silent out."""
    return either(cooling(limits, known), silent_out(limits, known))


def disappointed(limits: LifecycleSettings, known: Known) -> nw.Expr:
    """Return whether satisfaction fell by the limit and is low."""
    if not {"satisfaction_change", "satisfaction"} <= known:
        return nw.lit(False)
    fell = nw.col("satisfaction_change") <= -limits.satisfaction_fall
    return surely(fell & (nw.col("satisfaction") <= limits.dissatisfied))


def keeps_buying(limits: LifecycleSettings, known: Known) -> nw.Expr:
    """Return whether a customer still buys in its rhythm; by days, whether it is not cooling."""
    if limits.by_days:
        return surely(measure("recency", known) < limits.cooling_days)
    return surely(measure("silence", known) <= limits.loyal_silence)


def established(limits: LifecycleSettings, known: Known, facts: Facts) -> nw.Expr:
    """Return whether a customer has bought often, for long, and still does."""
    often = surely(nw.col("orders") >= limits.established_from)
    return often & surely(measure("tenure", known) >= facts.established_days) & keeps_buying(limits, known)
