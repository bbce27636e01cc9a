"""How many customers of a phase go on buying: measured on the file, one comparison length ago."""

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from crmdash.model.lifecycle.phases import PHASES
from crmdash.systems.evidence import Evidence
from crmdash.systems.places import places_of
from crmdash.systems.tier_measures import measured_by

KEPT_PHASES: Final = PHASES[1:]
"""Phases that have a keep rate: all but the one before the first purchase."""


@dataclass(frozen=True)
class KeepRate:
    """The share of a phase that bought again.

    Attributes
    ----------
    customers : those in the phase one L ago; bought : of these, with a purchase since.
    rate : the share in force.
    measured : False where too few stood there and the share of the settings is used.
    """

    phase: str
    customers: int
    bought: int
    rate: float
    measured: bool


def keep_rates(evidence: Evidence) -> tuple[KeepRate, ...]:
    """Return the keep rate of every phase, measured on all customers; tier lines and filters change nothing."""
    limits, rules = evidence.settings.warning, evidence.settings.lifecycle.model_dump_json()
    counts: dict[str, tuple[int, int]] = evidence.remember_lasting(
        f"keep_rates {rules} {measured_by(evidence.settings)}", lambda: _counts(evidence)
    )
    found = []
    for phase in KEPT_PHASES:
        customers, bought = counts.get(phase, (0, 0))
        measured = customers >= limits.keep_measured_from
        rate = bought / customers if measured else float(getattr(limits, f"keep_{phase}"))
        found.append(KeepRate(phase, customers, bought, rate, measured))
    return tuple(found)


def _counts(evidence: Evidence) -> dict[str, tuple[int, int]]:
    """Count who stood in each phase one period ago, and who of them bought since."""
    day = evidence.clock.period_ago
    then = None if day is None else evidence.everybody_at(day)
    if day is None or then is None:
        return {}
    last = evidence.summary.customers["last_purchase"].gather(places_of(evidence, then["customer_id"]))
    bought = (pl.lit(last) > day).fill_null(False)
    living = then.select("phase", "in_base", bought=bought).filter("in_base")
    counted: list[tuple[Any, ...]] = (
        living.group_by("phase").agg(pl.len().cast(pl.Int64), pl.col("bought").sum().cast(pl.Int64).alias("b")).rows()
    )
    return {phase: (customers, again) for phase, customers, again in counted if phase is not None}
