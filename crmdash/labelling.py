"""Labels of customers one by one: of everybody as numbers, of some as names, of those shown with every measure."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import isnan
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.engine import collect, label_type, lazy
from crmdash.engine.language import natively
from crmdash.groundwork import Groundwork
from crmdash.model import classification, lifecycle
from crmdash.model.cells import TIER_FLAGS, Cell, cell_of, decided
from crmdash.model.classification import FactsOfTiers
from crmdash.model.lifecycle.phases import PHASES
from crmdash.model.standing import Places
from crmdash.model.strategies import SHOWN_STRATEGIES, TABLE, shown_strategy
from crmdash.model.tiers import Cuts

Rows = NDArray[np.intp]
"""Places of customers in the summary, which has them by id."""

Codes = NDArray[np.int16]
"""Places in a list of codes; -1 for none."""

_SCRATCH: Final = ("room", "full", "shrinking", "bound", "judged_profit", "judged_revenue", "margin")
_NONE: Final = -1
_FEW: Final = 1_000
_WITHOUT_TIER: Final = {
    "poor": pl.col("loses"),
    "upside": pl.col("room"),
    "saturated": pl.col("full") & ~pl.col("room"),
    "guard": pl.col("bound"),
}
"""What the flags that depend on the tier are without one: of internal customers."""
_REASONS: Final = tuple(row.reason for row in TABLE)


@natively()
def labelled(ground: Groundwork, cuts: Cuts) -> pl.DataFrame:
    """Return everybody with every measure and label, largest value first, then by id."""
    customers = lazy(ground.known.hstack(ground.referred))
    labels = label_type(customers)
    own = classification.add_own_labels(
        classification.add_tier(customers, cuts, ground.settings, labels),
        ground.base_rhythm, ground.settings, ground.summary.clock, labels, ground.lifecycle_facts,
    )  # fmt: skip
    placed = classification.add_tier_facts(own, facts_of_tiers(ground, cuts))
    found = collect(classification.add_strategy(placed, ground.settings, labels).drop(*_SCRATCH, strict=False))
    return classification.as_names(found).with_columns(value=pl.col(ground.measure))[ground.by_value]


def labelled_rows(ground: Groundwork, cuts: Cuts, rows: Rows) -> pl.DataFrame:
    """Return the same for the customers in `rows`, in their order.

    What a tier line does not change is kept for the rows asked for last: a page of a list mostly stays as it is.
    """
    own, brief, codes = _own_rows(ground, rows), briefly(ground, cuts, rows), ground.settings.tiers.codes
    standing = pl.coalesce("tier", "potential_tier")
    above = {lower: cuts[upper] for upper, lower in pairwise(codes) if cuts[upper] is not None}
    facts = facts_of_tiers(ground, cuts)
    whole = own.with_columns(brief.drop("phase")).with_columns(
        cut_above=standing.replace_strict(above, default=None, return_dtype=pl.Int64),
        value=pl.col(ground.measure),
        **{name: _looked_up(facts[name]) for name in facts},
        **{name: pl.col(name).fill_null(otherwise) for name, otherwise in _WITHOUT_TIER.items()},
    )
    return whole.drop(*_SCRATCH, strict=False)


def _looked_up(by_tier: Mapping[str, float | None]) -> pl.Expr:
    return pl.col("tier").replace_strict(dict(by_tier), default=None, return_dtype=pl.Float64)


@natively()
def _own_rows(ground: Groundwork, rows: Rows) -> pl.DataFrame:
    """Return customers with the labels that no tier line changes."""

    def told() -> pl.DataFrame:
        customers = lazy(ground.known.hstack(ground.referred)[rows])
        labels, clock = label_type(customers), ground.summary.clock
        own = classification.add_own_labels(
            customers, ground.base_rhythm, ground.settings, clock, labels, ground.lifecycle_facts
        )
        return classification.as_names(collect(own))

    if len(rows) > _FEW:
        return told()
    return ground.kept("own rows", (ground.own_rules, ground.measure, rows.tobytes()), told)


def facts_of_tiers(ground: Groundwork, cuts: Cuts) -> FactsOfTiers:
    """Return what is usual in every tier; a fact without data is not named."""
    known, usual = ground.summary.customers.columns, {tier: ground.usual(tier, cuts) for tier in cuts}
    facts = {"usual_value": {tier: found.value for tier, found in usual.items()}}
    if "customer_profit" in known:
        facts["usual_margin"] = {tier: found.margin for tier, found in usual.items()}
    if "breadth" in known:
        facts["leaders_breadth"] = {tier: found.leaders_breadth for tier, found in usual.items()}
    return {name: {tier: number for tier, number in told.items() if not isnan(number)} for name, told in facts.items()}


def tiers_of_everybody(ground: Groundwork, cuts: Cuts) -> Places:
    """Return the place of each customer's tier among the tiers; -1 outside the base."""
    standings, tiers = ground.standings(cuts), len(ground.settings.tiers.codes)
    return (standings * (standings <= tiers)).astype(np.int8) + np.int8(_NONE)


def potentials_of_everybody(ground: Groundwork, cuts: Cuts) -> Places:
    """Return the place of the tier that each prospect's potential would reach; -1 for all others."""
    standings, tiers = ground.standings(cuts).astype(np.int8), len(ground.settings.tiers.codes)
    return np.maximum(standings - np.int8(tiers), 0) + np.int8(_NONE)


def base_rows(ground: Groundwork) -> Rows:
    """Return the customers of the base that are looked at."""
    base, looked_at = ground.summary.customers["in_base"].to_numpy(), ground.seen
    return np.flatnonzero(base if looked_at is None else base & looked_at)


def briefly(ground: Groundwork, cuts: Cuts, rows: Rows) -> pl.DataFrame:
    """Return only the labels of the customers in `rows`: what a comparison or a count asks of many.

    tier, potential_tier, tier_class, stage, phase, strategy, reason_code, and the flags that depend on the tier.
    """
    codes, classes = ground.settings.tiers.codes, ground.settings.tiers.classes
    tiers, potentials = tiers_of_everybody(ground, cuts)[rows], potentials_of_everybody(ground, cuts)[rows]
    told = _decided(ground, cuts, rows)
    flags = {name: _flag(told[:, 4], bit) for bit, name in enumerate(TIER_FLAGS)}
    return pl.DataFrame(
        {
            "tier": _named(tiers, codes),
            "potential_tier": _named(potentials, codes),
            "tier_class": _named(np.maximum(tiers, potentials), [classes[code] for code in codes]),
            "stage": _named(told[:, 0], lifecycle.stages_of(ground.settings)),
            "phase": _named(told[:, 1], PHASES),
            "strategy": _named(told[:, 2], SHOWN_STRATEGIES),
            "reason_code": _named(told[:, 3], _REASONS),
            **flags,
        }
    )


def _flag(bits: NDArray[np.int16], bit: int) -> pl.Series:
    """Return one flag; missing for who has no tier."""
    held = pl.Series((bits >> bit & 1).astype(np.bool_))
    return held.set(pl.Series(bits < 0), None)


def phases_and_strategies(ground: Groundwork, cuts: Cuts, rows: Rows) -> tuple[Codes, Codes]:
    """Return the places of phase and strategy among `PHASES` and `SHOWN_STRATEGIES` for the customers in `rows`.

    -1 stands for none. No names are made, so that many can be counted at every move of a slider.
    """
    told = _decided(ground, cuts, rows, [1, 2])
    return told[:, 0], told[:, 1]


def stages_and_strategies(ground: Groundwork, cuts: Cuts, rows: Rows) -> pl.DataFrame:
    """Return only `stage` and `strategy` of the customers in `rows`: quicker than all that `briefly` tells."""
    _phases, strategies = phases_and_strategies(ground, cuts, rows)
    stages = _named(stages_of_everybody(ground)[rows], lifecycle.stages_of(ground.settings))
    return pl.DataFrame({"stage": stages, "strategy": _named(strategies, SHOWN_STRATEGIES)})


def strategies_of_everybody(ground: Groundwork, cuts: Cuts) -> Places:
    """Return the place of each customer's strategy among `SHOWN_STRATEGIES`; -1 for who has none."""
    return _decided(ground, cuts, slice(None), [2])[:, 0].astype(np.int8)


def stages_of_everybody(ground: Groundwork) -> Places:
    """Return the place of each customer's stage among those of the model; -1 for who has none."""
    stages = lifecycle.stages_of(ground.settings)
    places = [_NONE, *(stages.index(stage) for stage, _ in lifecycle.situations_of(ground.settings))]
    return np.array(places, np.int8).take(ground.situations, mode="clip")


@natively()
def scored(ground: Groundwork, rows: Rows) -> pl.DataFrame:
    """Return phase and risk_score of the customers in `rows`."""
    customers = lazy(ground.known[rows])
    labels, clock = label_type(customers), ground.summary.clock
    staged = classification.add_stage(
        customers, ground.base_rhythm, ground.settings, clock, labels, ground.lifecycle_facts
    )
    return classification.as_names(collect(staged.select("phase", "risk_score")))


def _decided(
    ground: Groundwork, cuts: Cuts, rows: Rows | slice, wanted: Sequence[int] | slice = slice(None)
) -> NDArray[np.int16]:
    """Return five numbers for each customer in `rows`: the places of stage, phase, strategy and reason, and the flags.

    -1 stands for none.
    """
    keys = ground.keys(cuts)[rows]
    classes, situations = ground.settings.tiers.classes, lifecycle.situations_of(ground.settings)
    codes, stages = ground.settings.tiers.codes, lifecycle.stages_of(ground.settings)
    counts = np.bincount(keys, minlength=1)
    told = np.full((len(counts), 5), _NONE, np.int16)
    # Few keys are held by anybody: each is decided once.
    for key in np.flatnonzero(counts).tolist():
        cell = cell_of(key, codes, situations, 0, 0, 0)
        if cell is not None:
            told[key] = _places(cell, classes[cell.tier], stages)
    return told[:, wanted][keys]


def _places(cell: Cell, tier_class: str, stages: Sequence[str]) -> tuple[int, int, int, int, int]:
    at = _NONE if cell.stage is None else stages.index(cell.stage)
    if cell.phase is None:
        return at, _NONE, _NONE, _NONE, cell.flags
    row = decided(tier_class, cell.phase, cell.flags)
    return (
        at,
        PHASES.index(cell.phase),
        SHOWN_STRATEGIES.index(shown_strategy(row)),
        _REASONS.index(row.reason),
        cell.flags,
    )


def _named(places: NDArray[np.int8] | NDArray[np.int16], codes: Sequence[str]) -> pl.Series:
    place = pl.Series(places.astype(np.int64), dtype=pl.Int64)
    return pl.Series(codes, dtype=pl.String).gather(place.set(place < 0, None))
