"""The lifecycle: five models on one engine of ordered stages with phases.

The first rule that holds wins, and everyone is in exactly one stage. Each stage carries a phase, and only phases enter
the strategy table, so that all models share it. Missing never counts as evidence.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

from crmdash.engine import LabelType, Lazy, as_text
from crmdash.engine.language import nw
from crmdash.model.lifecycle.acquaintance import ACQUAINTANCE
from crmdash.model.lifecycle.commercial import COMMERCIAL
from crmdash.model.lifecycle.journey import JOURNEY, add_referrals, count_referrals, usual_deal_share
from crmdash.model.lifecycle.ordered import Facts, LifecycleModel, Line, Situation
from crmdash.model.lifecycle.personal_cycle import PERSONAL_CYCLE
from crmdash.model.lifecycle.phases import PHASES
from crmdash.model.lifecycle.relationship import RELATIONSHIP
from crmdash.model.lifecycle.signs import REGULAR_PURCHASES, growth, ruled_growth
from crmdash.rule_settings.lifecycle import Model
from crmdash.settings import Settings
from crmdash.summary.clock import Clock
from crmdash.summary.tables import columns_of

__all__ = [
    "MODELS", "PHASES_OF", "REGULAR_PURCHASES", "Facts", "LifecycleModel", "Line", "Situation", "add_stage",
    "count_referrals", "growth", "is_unknown", "phase_of", "ruled_growth", "situations_of", "stages_of",
    "usual_deal_share",
]  # fmt: skip

_ALL: Final = (RELATIONSHIP, COMMERCIAL, JOURNEY, ACQUAINTANCE, PERSONAL_CYCLE)

MODELS: Final[dict[Model, LifecycleModel]] = {model.code: model for model in _ALL}

PHASES_OF: Final[dict[Model, Mapping[str, str]]] = {model.code: model.phase_of for model in _ALL}
"""Phase of each stage by model, stages in the order of the relationship.

Where a stage's phase differs by customer (``retain``, ``established``, ``active``), this is the phase of the last line
of its rule: steady.
"""


def stages_of(settings: Settings) -> tuple[str, ...]:
    """Return the stages of the chosen model in the order of the relationship."""
    return MODELS[settings.lifecycle.model].stages


def situations_of(settings: Settings) -> tuple[Situation, ...]:
    """Return every stage of the chosen model with every phase that it can carry."""
    return MODELS[settings.lifecycle.model].situations


def phase_of(settings: Settings) -> Mapping[str, str]:
    """Return the usual phase of each stage of the chosen model (`PHASES_OF`)."""
    return PHASES_OF[settings.lifecycle.model]


def add_stage(
    customers: Lazy,
    settings: Settings,
    clock: Clock,
    model: Model | None = None,
    labels: LabelType = as_text,
    facts: Facts | None = None,
) -> Lazy:
    """Add stage and phase by one model, the chosen one unless given.

    Parameters
    ----------
    customers : one row per customer with orders, prospect, in_base, open_matters, and where known recency, silence,
        tenure and the further measures of the rules; a stage that stands there is overwritten.
    labels : gives the type that stage and phase are held in.
    facts : what the rules need beside the rows; read off the customers unless given.
    """
    limits = settings.lifecycle
    if model is not None and model != limits.model:
        limits = limits.model_copy(update={"model": model})
    chosen = MODELS[limits.model]
    on_journey = chosen is JOURNEY
    described = add_referrals(customers) if on_journey else customers
    known = columns_of(described)
    facts = facts or Facts.at(clock, usual_deal_share(customers) if on_journey else None)
    staged = described.with_columns(stage=chosen.stage(limits, known, facts, labels(chosen.stages)))
    return staged.with_columns(phase=chosen.phase(nw.col("stage"), limits, known, labels(PHASES)))


def is_unknown(customers: pl.DataFrame, measure_name: str) -> bool:
    """Say whether a measure has no column, or is known for none of the base's customers that may have bought.

    Who only returned something has no recency, and yet a stage.
    """
    if measure_name not in customers.columns:
        return True
    if not customers[measure_name].null_count():
        return False
    buys = pl.col("in_base") & (pl.col("orders").is_null() | (pl.col("orders") > 0))
    # Of the many measures only this one is filtered.
    known = customers.select(pl.col(measure_name).filter(buys)).to_series()
    return len(known) > 0 and known.null_count() == len(known)
