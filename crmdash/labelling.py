"""Labels of customers one by one: of everybody as numbers, of some as names, of those shown with every measure."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import isnan
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.engine import collect, label_type, lazy
from crmdash.groundwork import Groundwork, Who
from crmdash.model import classification, lifecycle
from crmdash.model.cells import TIER_FLAGS, decided, read_key
from crmdash.model.classification import FactsOfTiers
from crmdash.model.lifecycle.phases import PHASES
from crmdash.model.strategies import SHOWN_STRATEGIES, TABLE, shown_strategy
from crmdash.model.tally import Places
from crmdash.model.tiers import Cuts
from crmdash.scope import within

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
    everybody[slice(None) if rows is None else rows] = ground.potential_places(cuts)
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

    tier, potential_tier, tier_class, stage, phase, strategy, reason_code, and the flags that depend on the tier.
    """
    codes, classes = ground.settings.tiers.codes, ground.settings.tiers.classes
    tiers, potentials = tiers_of_everybody(ground, cuts)[rows], potentials_of_everybody(ground, cuts)[rows]
    told = _decided(ground, cuts, rows, tiers, potentials)
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
    tiers, potentials = tiers_of_everybody(ground, cuts)[rows], potentials_of_everybody(ground, cuts)[rows]
    told = _decided(ground, cuts, rows, tiers, potentials)
    return told[:, 1], told[:, 2]


def strategies_of_everybody(ground: Groundwork, cuts: Cuts) -> Places:
    """Return the place of each customer's strategy among `SHOWN_STRATEGIES`; -1 for who has none."""
    rows = np.arange(len(ground.summary.customers))
    told = _decided(ground, cuts, rows, tiers_of_everybody(ground, cuts), potentials_of_everybody(ground, cuts))
    return told[:, 2].astype(np.int8)


def stages_of_everybody(ground: Groundwork) -> Places:
    """Return the place of each customer's stage among those of the model; -1 for who has none."""
    return ground.told["stage"].to_physical().cast(pl.Int8).fill_null(_NONE).to_numpy()


def _decided(ground: Groundwork, cuts: Cuts, rows: Rows, tiers: Places, potentials: Places) -> NDArray[np.int16]:
    """Return five numbers for each customer in `rows`: the places of stage, phase, strategy and reason, and the flags.

    -1 stands for none.
    """
    codes, stages = ground.settings.tiers.codes, lifecycle.stages_of(ground.settings)
    told = np.full((len(rows), 5), _NONE, np.int16)
    found: tuple[tuple[Who, Places], ...] = (("in_base", tiers), ("prospect", potentials))
    for who, places in found:
        for place, code in enumerate(codes):
            there = np.flatnonzero(places == place)
            if len(there):
                keys = ground.keys(who, code, cuts, _among(ground, who, rows[there]))
                distinct, which = np.unique(keys, return_inverse=True)
                read = [_places(int(key), ground.settings.tiers.classes[code], stages) for key in distinct]
                told[there] = np.array(read, np.int16)[which]
    return told


def _among(ground: Groundwork, who: Who, rows: Rows) -> Rows:
    """Return where customers stand among the base, or among the prospects."""
    everybody = ground.rows_of(who)
    return rows if everybody is None else np.searchsorted(everybody, rows)


def _places(key: int, tier_class: str, stages: Sequence[str]) -> tuple[int, int, int, int, int]:
    stage, phase, flags = read_key(key, stages)
    at = _NONE if stage is None else stages.index(stage)
    if phase is None:
        return at, _NONE, _NONE, _NONE, flags
    row = decided(tier_class, phase, flags)
    return at, PHASES.index(phase), SHOWN_STRATEGIES.index(shown_strategy(row)), _REASONS.index(row.reason), flags


def _named(places: NDArray[np.int8] | NDArray[np.int16], codes: Sequence[str]) -> pl.Series:
    place = pl.Series(places.astype(np.int64), dtype=pl.Int64)
    return pl.Series(codes, dtype=pl.String).gather(place.set(place < 0, None))
