"""How a customer gets its labels: rhythm, tier, stage, risk, flags and strategy, row by row, on any engine.

What a row's labels depend on beside the row itself are numbers: cuts, the usual rhythm, what is usual in each tier.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

from crmdash.engine import LabelType, Lazy, as_text
from crmdash.engine.language import nw
from crmdash.model import lifecycle, rhythm, strategies, warning
from crmdash.model.flags import add_own_flags, add_tier_flags, margin
from crmdash.model.rules import label_of
from crmdash.model.tiers import Cuts, cut_above, in_money, potential_tier, tier, tier_class
from crmdash.settings import Settings
from crmdash.summary.clock import Clock
from crmdash.summary.tables import columns_of

TIER_FACTS: Final = ("usual_value", "usual_margin", "leaders_breadth")

FactsOfTiers = Mapping[str, Mapping[str, float | None]]
"""What is usual: fact -> tier -> number; a fact without data is not named."""


def reached_tier(known: frozenset[str], cuts: Cuts, settings: Settings, labels: LabelType = as_text) -> nw.Expr:
    """Return the tier that a customer of the base reaches."""
    profit = nw.col("customer_profit") if "customer_profit" in known else nw.lit(None, nw.Int64)
    return tier(nw.col(settings.tiers.measure), profit, cuts, settings, labels)


def add_tier(customers: Lazy, cuts: Cuts, settings: Settings, labels: LabelType = as_text) -> Lazy:
    """Add tier (of the base), potential_tier (of prospects), tier_class and cut_above."""
    known = columns_of(customers)
    reached, missing = reached_tier(known, cuts, settings, labels), nw.lit(None, labels(settings.tiers.codes))
    potential = potential_tier(cuts, settings, known, labels)
    placed = customers.with_columns(
        tier=nw.when(nw.col("in_base")).then(reached).otherwise(missing),
        potential_tier=nw.when(nw.col("prospect")).then(potential).otherwise(missing),
    )
    return add_standing(placed, nw.coalesce(nw.col("tier"), nw.col("potential_tier")), cuts, settings, labels)


def add_standing(
    customers: Lazy, standing: nw.Expr, cuts: Cuts, settings: Settings, labels: LabelType = as_text
) -> Lazy:
    """Add what follows from a tier or potential tier: tier_class, and cut_above in ten-thousandths."""
    return customers.with_columns(
        tier_class=tier_class(standing, settings, labels), cut_above=cut_above(standing, cuts, settings)
    )


def add_silence(customers: Lazy, base_rhythm: float, settings: Settings) -> Lazy:
    """Add rhythm, and silence where recency is known."""
    timed = customers.with_columns(rhythm=rhythm.rhythm(base_rhythm, settings.period))
    return timed.with_columns(silence=rhythm.silence()) if "recency" in columns_of(customers) else timed


def add_stage(
    customers: Lazy,
    base_rhythm: float,
    settings: Settings,
    clock: Clock,
    labels: LabelType = as_text,
    facts: lifecycle.Facts | None = None,
) -> Lazy:
    """Add rhythm, silence, the next order, stage, phase and risk: what no tier line changes."""
    timed = add_silence(customers, base_rhythm, settings)
    known = columns_of(timed)
    if "silence" in known:
        timed = timed.with_columns(next_order_due=rhythm.next_order_due())
    if {"silence", "last_gap"} <= known:
        timed = timed.with_columns(recovered=rhythm.recovered(settings.lifecycle.cooling_silence, clock))
    staged = lifecycle.add_stage(timed, settings, clock, labels=labels, facts=facts)
    return warning.add_risk(staged, settings.warning, clock, labels)


def add_own_labels(
    customers: Lazy,
    base_rhythm: float,
    settings: Settings,
    clock: Clock,
    labels: LabelType = as_text,
    facts: lifecycle.Facts | None = None,
) -> Lazy:
    """Add every label that no tier line changes."""
    staged = add_stage(customers, base_rhythm, settings, clock, labels, facts)
    flagged = add_own_flags(staged, settings.flags, clock)
    known = columns_of(flagged)
    return flagged.with_columns(margin=margin(known)) if "customer_profit" in known else flagged


def add_tier_facts(customers: Lazy, facts: FactsOfTiers) -> Lazy:
    """Add what is usual in each customer's tier; missing for prospects."""
    return customers.with_columns(
        **{name: label_of(nw.col("tier"), by_tier, nw.Float64) for name, by_tier in facts.items()}
    )


def add_strategy(customers: Lazy, settings: Settings, labels: LabelType = as_text) -> Lazy:
    """Add the flags that depend on the tier, strategy and reason_code; internal customers have neither, nor a stage."""
    flagged = add_tier_flags(customers, settings.flags, in_money=in_money(settings))
    strategy, reason = strategies.decided_rows(labels)
    decided = flagged.with_columns(strategy=strategy, reason_code=reason)
    kept = ("strategy", "reason_code", "stage")
    return decided.with_columns(**{name: nw.when(~nw.col("internal")).then(nw.col(name)) for name in kept})


def as_names(customers: pl.DataFrame) -> pl.DataFrame:
    """Return labels as texts."""
    return customers.with_columns(pl.col(pl.Enum).cast(pl.String))
