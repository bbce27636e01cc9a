"""The lint of a lifecycle model: its rules on synthetic customers with values just around every limit.

Orders, days as a customer and days of silence are combined in full; everything else (growth, satisfaction, open
matters …) is put on top of each of these, one thing at a time and a few together. Silence follows from the days and the
usual rhythm of the base, as it does for real customers, so that only what can occur is looked at.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import polars as pl

from crmdash.engine import collect, lazy
from crmdash.model.lifecycle import MODELS, Facts
from crmdash.model.lint.findings import Finding, lint_table
from crmdash.model.rhythm import rhythm, silence
from crmdash.model.rules import either
from crmdash.rule_settings import LifecycleSettings
from crmdash.rule_settings.lifecycle import Model
from crmdash.settings import Settings
from crmdash.summary.clock import Clock
from crmdash.summary.tables import columns_of

_DAY_LIMITS: Final = (
    "lapsed_days_at_least", "lapsed_days_at_most", "cooling_days", "lapsed_days", "stable_by_age", "formation_at_least",
    "introduction_days", "growth_days",
)  # fmt: skip
_ORDER_LIMITS: Final = (
    "regular_from", "exploration_up_to", "formation_up_to", "introduction_up_to", "established_from", "growing_up_to",
)  # fmt: skip
_SILENCE_LIMITS: Final = (
    "cooling_silence", "lapsed_silence", "lapsed_silence_early", "loyal_silence", "sleepy_from", "half_asleep_from",
    "asleep_from",
)  # fmt: skip
_SPREAD: Final = (0, 7, 14, 30, 60, 120, 240, 480, 960, 1_920, 3_840)
"""Days between the limits, so that no stretch of time stays unlooked at."""

_EPSILON: Final = 0.01
"""How far beside a limit of growth, silence or satisfaction a synthetic customer stands."""

_UNKNOWN: Final[dict[str, Any]] = {
    "relative_growth": None, "satisfaction": None, "satisfaction_change": None, "status": None, "open_matters": False,
    "recommend": None, "referrals": 0, "contacts_made": 0, "deal_share": None, "orders_before": 3,
}  # fmt: skip
_SCHEMA: Final = {
    "relative_growth": pl.Float64, "satisfaction": pl.Float64, "satisfaction_change": pl.Float64, "status": pl.String,
    "open_matters": pl.Boolean, "recommend": pl.Float64, "referrals": pl.Int64, "contacts_made": pl.Int64,
    "deal_share": pl.Float64, "orders_before": pl.Int64,
}  # fmt: skip


def lint_stages(settings: Settings, model: Model, customers: pl.DataFrame, clock: Clock) -> list[Finding]:
    """Find the stages of a model that nobody can be in, and the pairs of rules of which the first wins.

    Parameters
    ----------
    customers : those that the rules are tried on, see `synthetic_customers`.
    """
    limits = settings.lifecycle.model_copy(update={"model": model})
    chosen, frame = MODELS[model], lazy(customers)
    rules = chosen.rules(limits, columns_of(frame), Facts.at(clock))
    tried = collect(frame.select(**{f"{place}": either(*rule.conditions) for place, rule in enumerate(rules)}))
    holds = np.column_stack([*(tried[name].to_numpy() for name in tried.columns), np.ones(len(tried), dtype=bool)])
    names = [*(rule.name for rule in rules), chosen.otherwise]
    found = lint_table(holds, names, names, lambda case: _code(customers.row(case, named=True)), ordered=True)
    # Every rule stands before the one that takes the rest: that says nothing about the rules.
    return [one for one in found if one.kind != "order_dependent" or one.other != chosen.otherwise]


def synthetic_customers(settings: Settings, base_rhythm: float, clock: Clock) -> pl.DataFrame:
    """Return customers around every limit of the lifecycle, with the measures that its rules read."""
    limits, window = settings.lifecycle, Facts.at(clock).established_days
    orders = pl.DataFrame({"orders": _beside((getattr(limits, name) for name in _ORDER_LIMITS), lowest=1)})
    edges = (*(getattr(limits, name) for name in _DAY_LIMITS), window)
    days = _beside((*edges, *_SPREAD), lowest=0)
    tenures = pl.DataFrame({"tenure": days})
    by_limit = _silences(orders.join(tenures, how="cross"), settings, base_rhythm)
    spread = orders.join(tenures, how="cross").join(pl.DataFrame({"recency": days}), how="cross")
    core = pl.concat([spread, by_limit]).filter(
        pl.when(pl.col("orders") == 1).then(pl.col("recency") == pl.col("tenure")).otherwise(
            pl.col("recency") <= pl.col("tenure") - pl.col("orders") + 1
        )
    )  # fmt: skip
    around = pl.DataFrame([_UNKNOWN | more for more in _circumstances(limits)], schema=_SCHEMA)
    bought = core.unique(maintain_order=True).join(around, how="cross").with_columns(prospect=pl.lit(False))
    everyone = pl.concat([bought, _without_purchase(around)], how="diagonal_relaxed").with_columns(
        in_base=~pl.col("prospect"), first_purchase=-pl.col("tenure"), last_purchase=-pl.col("recency")
    )
    timed = lazy(everyone).with_columns(rhythm=rhythm(base_rhythm, settings.period))
    return collect(timed.with_columns(silence=silence()))


def _silences(customers: pl.DataFrame, settings: Settings, base_rhythm: float) -> pl.DataFrame:
    """Return days of recency that bring each customer just below and up to every limit of silence.

    silence s = recency / ((k b + tenure - recency) / (k + n - 1)), so recency = s (k b + tenure) / (k + n - 1 + s).
    """
    limits = (getattr(settings.lifecycle, name) for name in _SILENCE_LIMITS)
    wanted = pl.DataFrame({"wanted": sorted({limit + side for limit in limits for side in (-_EPSILON, _EPSILON)})})
    k, s = settings.period.pseudo_gaps, pl.col("wanted")
    days = s * (k * base_rhythm + pl.col("tenure")) / (k + pl.col("orders") - 1 + s)
    reached = customers.join(wanted, how="cross")
    both = [reached.select("orders", "tenure", recency=side.cast(pl.Int64)) for side in (days.floor(), days.ceil())]
    return pl.concat(both)


def _beside(limits: Iterable[float], lowest: int) -> list[int]:
    """Return whole numbers just below, at and just above each limit."""
    near = {round(limit) + step for limit in limits for step in (-1, 0, 1)}
    return sorted(number for number in near if number >= lowest)


def _circumstances(limits: LifecycleSettings) -> list[dict[str, Any]]:
    """Return what else can be known of a customer: one thing at a time, and a few together."""
    growths = _around((limits.cooling_growth, limits.decline_growth, limits.growth_from), -2, 2)
    levels = _around(
        (limits.dissatisfied, limits.decline_satisfaction, limits.loyal_satisfaction, limits.inspire_satisfaction),
        0,
        10,
    )
    fell = {"satisfaction_change": -limits.satisfaction_fall - _EPSILON}
    return [
        {},
        {"open_matters": True},
        {"status": "closed"},
        {"status": "closed", "open_matters": True},
        *({"relative_growth": growth} for growth in growths),
        *({"satisfaction": level} for level in levels),
        *({"satisfaction": level} | fell for level in levels),
        *({"recommend": points} for points in _around((limits.inspire_recommend,), 0, 10)),
        {"referrals": 1},
        {"relative_growth": max(growths), "satisfaction": max(levels)},
    ]


def _around(limits: Iterable[float], low: float, high: float) -> list[float]:
    """Return numbers just below and just above each limit, within what the measure can be."""
    return [min(max(limit + side, low), high) for limit in limits for side in (-_EPSILON, _EPSILON)]


def _without_purchase(around: pl.DataFrame) -> pl.DataFrame:
    """Return prospects, met or not, and those who only returned something."""
    nobody = around.with_columns(
        orders=pl.lit(0, pl.Int64), tenure=pl.lit(None, pl.Int64), recency=pl.lit(None, pl.Int64)
    )
    met = nobody.with_columns(prospect=pl.lit(True), contacts_made=pl.lit(1, pl.Int64))
    return pl.concat([nobody.with_columns(prospect=pl.lit(True)), met, nobody.with_columns(prospect=pl.lit(False))])


def _code(customer: Mapping[str, Any]) -> str:
    """Name a synthetic customer by its purchases, its days as a customer and its days of silence."""
    return " ".join(
        f"{name}={customer[name]}" for name in ("orders", "tenure", "recency") if customer[name] is not None
    )
