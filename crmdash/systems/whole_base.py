"""What is measured against the whole base, for those who are looked at: a filter must not change anybody's place."""

from collections.abc import Callable, Sequence
from typing import Final

import polars as pl

from crmdash.systems.evidence import Evidence
from crmdash.systems.peers import Peers, peer_groups
from crmdash.systems.places import base_places, before_places, places_at, spread

Measure = Callable[[pl.DataFrame, Peers], pl.DataFrame]
"""Measures customers against their peers, and returns one row for each, in their order, without customer_id."""

_WHO: Final = ("customer_id", "format", "market", "nature")
"""Columns that peers are found by."""


def measured(evidence: Evidence, name: str, measure: Measure, asked: Sequence[str]) -> pl.DataFrame:
    """Return what `measured_at` finds today for the customers of `Evidence.base`, in their order."""
    return measured_at(evidence, None, name, measure, asked)[base_places(evidence)]


def base_before(evidence: Evidence, asked: Sequence[str]) -> pl.DataFrame | None:
    """Return columns, as far as held, of those looked at who were in the base one comparison length ago.

    With them their place (`crmdash.systems.places`). None where the data does not go back so far.
    """
    before = evidence.before
    return None if before is None else _of_base(before, asked, before_places(evidence))


def measured_at(evidence: Evidence, day: int | None, name: str, measure: Measure, asked: Sequence[str]) -> pl.DataFrame:
    """Return what `measure` finds for the whole base as at a day, None for today; by place.

    Computed once for the summary: no setting enters but the smallest number of customers that makes a group of peers.

    Parameters
    ----------
    name : of the measure, unlike that of any other.
    asked : the columns of the summary that `measure` reads; none that is stated for today only, where a day is given.
    """

    def found() -> pl.DataFrame:
        base, peers = base_at(evidence, asked, day), peers_at(evidence, day)
        of_base = Peers(peers.columns[base["place"]], peers.keys[base["place"]])
        return spread(measure(base, of_base), base["place"], len(evidence.summary.customers))

    return evidence.remember_lasting(f"{name} {_fewest(evidence)} at {day}", found)


def peers_at(evidence: Evidence, day: int | None = None) -> Peers:
    """Return the peers of the whole base as at a day, None for today; by place, all missing for who is not in it."""

    def found() -> Peers:
        base = base_at(evidence, (), day)
        peers, height = peer_groups(base, _fewest(evidence)), len(evidence.summary.customers)
        return Peers(spread(peers.columns, base["place"], height), spread(peers.keys, base["place"], height))

    key = f"peers {_fewest(evidence)} at {day}"
    # Those of an earlier day are asked only to measure, and that lasts already.
    return evidence.remember_lasting(key, found) if day is None else evidence.remember(key, found)


def _fewest(evidence: Evidence) -> int:
    return evidence.settings.worth.peers_at_least


def base_at(evidence: Evidence, asked: Sequence[str], day: int | None = None) -> pl.DataFrame:
    """Return columns of the summary, as far as held, and the place of the whole base as at a day, None for today."""
    if day is None:
        customers = evidence.summary.customers
        return _of_base(customers, asked, pl.int_range(len(customers), dtype=pl.UInt32, eager=True).alias("place"))
    return _of_base(evidence.summary_at(day).customers, asked, places_at(evidence, day))


def _of_base(customers: pl.DataFrame, asked: Sequence[str], *more: pl.Series) -> pl.DataFrame:
    # Chosen before filtering: a large base has far more columns than a measure reads.
    wanted = dict.fromkeys((*_WHO, *asked, "in_base"))
    return customers.select(*(name for name in wanted if name in customers.columns), *more).filter("in_base")
