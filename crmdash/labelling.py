"""Labels of customers one by one: of everybody as numbers, of some as names, of those shown with every measure."""

from collections.abc import Sequence
from math import isnan
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.engine import collect, label_type, lazy
from crmdash.groundwork import Groundwork, Who
from crmdash.model import classification, lifecycle
from crmdash.model.cells import decided, read_key
from crmdash.model.classification import FactsOfTiers
from crmdash.model.lifecycle.phases import PHASES
from crmdash.model.strategies import SHOWN_STRATEGIES, TABLE, shown_strategy
from crmdash.model.tally import Places
from crmdash.model.tiers import Cuts
from crmdash.scope import within

Rows = NDArray[np.intp]
"""Places of customers in the summary, which has them by id."""

_SCRATCH: Final = ("room", "full", "shrinking", "bound", "judged_profit", "judged_revenue", "margin")
_NONE: Final = -1
_REASONS: Final = tuple(row.reason for row in TABLE)


def labelled(ground: Groundwork, cuts: Cuts, rows: Rows | None = None) -> pl.DataFrame:
    """Return customers with every measure and label: those in `rows`, or everybody, largest value first, then by id."""
    summary, settings = ground.summary, ground.settings
    known = ground.known.hstack(ground.referred)
    customers = lazy(known if rows is None else known[rows])
    labels = label_type(customers)
    tiered = classification.add_tier(customers, cuts, settings, labels)
    own = classification.add_own_labels(
        tiered, ground.base_rhythm, settings, summary.clock, labels, ground.lifecycle_facts
    )
    decided_upon = classification.add_strategy(
        classification.add_tier_facts(own, facts_of_tiers(ground, cuts)), settings, labels
    )
    named = classification.as_names(collect(decided_upon.drop(*_SCRATCH, strict=False)))
    found = named.with_columns(value=pl.col(ground.measure))
    return found[ground.by_value] if rows is None else found


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
    rows, places = ground.rows_of("in_base"), ground.base_places(cuts)
    if rows is None:
        return places
    everybody = np.full(len(ground.summary.customers), _NONE, np.int8)
    everybody[rows] = places
    return everybody


def potentials_of_everybody(ground: Groundwork, cuts: Cuts) -> Places:
    """Return the place of the tier that each prospect's potential would reach; -1 for all others."""
    rows = ground.rows_of("prospect")
    everybody = np.full(len(ground.summary.customers), _NONE, np.int8)
    everybody[slice(None) if rows is None else rows] = ground.potential_places(rows, cuts)
    return everybody


def seen(ground: Groundwork) -> NDArray[np.bool_] | None:
    """Return which customers are looked at; None where all are."""
    if not ground.scope.active:
        return None
    everybody = ground.summary.customers.with_row_index("place")
    marked = np.zeros(len(everybody), np.bool_)
    marked[within(everybody, ground.scope)["place"].to_numpy()] = True
    return marked


def base_rows(ground: Groundwork) -> Rows:
    """Return the customers of the base that are looked at."""
    base, looked_at = ground.summary.customers["in_base"].to_numpy(), seen(ground)
    return np.flatnonzero(base if looked_at is None else base & looked_at)


def briefly(ground: Groundwork, cuts: Cuts, rows: Rows) -> pl.DataFrame:
    """Return only the labels of the customers in `rows`: what a comparison or a count asks of many.

    tier, potential_tier, tier_class, stage, phase, strategy, reason_code.
    """
    codes, classes = ground.settings.tiers.codes, ground.settings.tiers.classes
    tiers, potentials = tiers_of_everybody(ground, cuts)[rows], potentials_of_everybody(ground, cuts)[rows]
    told = _decided(ground, cuts, rows, tiers, potentials)
    return pl.DataFrame(
        {
            "tier": _named(tiers, codes),
            "potential_tier": _named(potentials, codes),
            "tier_class": _named(np.maximum(tiers, potentials), [classes[code] for code in codes]),
            "stage": _named(told[:, 0], lifecycle.stages_of(ground.settings)),
            "phase": _named(told[:, 1], PHASES),
            "strategy": _named(told[:, 2], SHOWN_STRATEGIES),
            "reason_code": _named(told[:, 3], _REASONS),
        }
    )


def strategies_of_everybody(ground: Groundwork, cuts: Cuts) -> Places:
    """Return the place of each customer's strategy among `SHOWN_STRATEGIES`; -1 for who has none."""
    rows = np.arange(len(ground.summary.customers))
    told = _decided(ground, cuts, rows, tiers_of_everybody(ground, cuts), potentials_of_everybody(ground, cuts))
    return told[:, 2]


def stages_of_everybody(ground: Groundwork) -> Places:
    """Return the place of each customer's stage among those of the model; -1 for who has none."""
    return ground.told["stage"].to_physical().cast(pl.Int8).fill_null(_NONE).to_numpy()


def _decided(ground: Groundwork, cuts: Cuts, rows: Rows, tiers: Places, potentials: Places) -> NDArray[np.int8]:
    """Return four numbers for each customer in `rows`: the places of stage, phase, strategy and reason; -1 for none."""
    codes, stages = ground.settings.tiers.codes, lifecycle.stages_of(ground.settings)
    told = np.full((len(rows), 4), _NONE, np.int8)
    found: tuple[tuple[Who, Places], ...] = (("in_base", tiers), ("prospect", potentials))
    for who, places in found:
        for place, code in enumerate(codes):
            there = np.flatnonzero(places == place)
            if len(there):
                keys = ground.keys(who, code, cuts, _among(ground, who, rows[there]))
                distinct, which = np.unique(keys, return_inverse=True)
                read = [_places(int(key), ground.settings.tiers.classes[code], stages) for key in distinct]
                told[there] = np.array(read, np.int8)[which]
    return told


def _among(ground: Groundwork, who: Who, rows: Rows) -> Rows:
    """Return where customers stand among the base, or among the prospects."""
    everybody = ground.rows_of(who)
    return rows if everybody is None else np.searchsorted(everybody, rows)


def _places(key: int, tier_class: str, stages: Sequence[str]) -> tuple[int, int, int, int]:
    stage, phase, flags = read_key(key, stages)
    at = _NONE if stage is None else stages.index(stage)
    if phase is None:
        return at, _NONE, _NONE, _NONE
    row = decided(tier_class, phase, flags)
    return at, PHASES.index(phase), SHOWN_STRATEGIES.index(shown_strategy(row)), _REASONS.index(row.reason)


def _named(places: Places, codes: Sequence[str]) -> pl.Series:
    place = pl.Series(places.astype(np.int64), dtype=pl.Int64)
    return pl.Series(codes, dtype=pl.String).gather(place.set(place < 0, None))
