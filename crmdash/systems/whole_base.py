"""What is measured against the whole base, for those who are looked at: a filter must not change anybody's place."""

from collections.abc import Callable, Sequence
from typing import Final

import polars as pl

from crmdash.scope import within
from crmdash.systems.evidence import Evidence
from crmdash.systems.peers import Peers, peer_groups
from crmdash.systems.places import before_places

Measure = Callable[[pl.DataFrame, Peers], pl.DataFrame]
"""Measures customers against their peers, and returns one row for each, in their order, without customer_id."""

_WHO: Final = ("customer_id", "format", "market", "nature")
"""Columns that peers are found by."""


def measured(evidence: Evidence, measure: Measure, asked: Sequence[str]) -> pl.DataFrame:
    """Return what `measure` finds for the customers of `Evidence.base`, in their order.

    Parameters
    ----------
    asked : the columns that `measure` reads.
    """
    if not evidence.evaluation.scope.active:
        return measure(evidence.base, _peers(evidence, "peers now", evidence.base))
    whole = _of_base(evidence.summary.customers, asked)
    found = measure(whole, _peers(evidence, "peers now", whole))
    return _looked_up(evidence.base, found.with_columns(whole["customer_id"]))


def base_before(evidence: Evidence, asked: Sequence[str], *, stated: bool = False) -> pl.DataFrame | None:
    """Return columns, as far as held, of those looked at who were in the base one comparison length ago.

    With them their place (`crmdash.systems.places`). None where the data does not go back so far.

    Parameters
    ----------
    stated : whether what the customers table states today counts for that day too: fair between two scores of which
        both know it, never beside what followed.
    """
    if evidence.before is None:
        return None
    looked_at = within(_everybody_then(evidence, stated=stated), evidence.evaluation.scope)
    return _of_base(looked_at, asked, before_places(evidence))


def measured_before(
    evidence: Evidence, before: pl.DataFrame | None, measure: Measure, asked: Sequence[str], *, stated: bool = False
) -> pl.DataFrame | None:
    """Return what `measure` finds one comparison length ago for the customers of `before`, in their order.

    Parameters
    ----------
    before : `base_before` with the columns `asked` and the same `stated`; None where the data does not go back so far.
    """
    if before is None:
        return None
    if not evidence.evaluation.scope.active:
        return measure(before, _peers(evidence, "peers before", before))
    whole = _of_base(_everybody_then(evidence, stated=stated), asked)
    found = measure(whole, _peers(evidence, "peers before", whole))
    return _looked_up(before, found.with_columns(whole["customer_id"]))


def _everybody_then(evidence: Evidence, *, stated: bool) -> pl.DataFrame:
    day = evidence.clock.period_ago
    assert day is not None, "asked only where there is a period before"
    labelled = evidence.everybody_at(day)
    assert labelled is not None
    return evidence.summary_at(day).customers if stated else labelled


def _of_base(customers: pl.DataFrame, asked: Sequence[str], *more: pl.Series) -> pl.DataFrame:
    # Chosen before filtering: a large base has far more columns than a measure reads.
    wanted = dict.fromkeys((*_WHO, *asked, "in_base"))
    return customers.select(*(name for name in wanted if name in customers.columns), *more).filter("in_base")


def _peers(evidence: Evidence, key: str, base: pl.DataFrame) -> Peers:
    return evidence.remember(key, lambda: peer_groups(base, evidence.settings.worth.peers_at_least))


def _looked_up(shown: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    who = shown.select("customer_id")
    return who.join(found, on="customer_id", how="left", maintain_order="left").drop("customer_id")
