"""Customers as they could be seen on an earlier day: facts without a date of their own are taken away.

A satisfaction score or a share of wallet in the customers table is that of today. Put beside the purchases of a period
ago it would let the past know the future, and every forecast would look better than it is.
"""

from dataclasses import replace
from typing import Final

import polars as pl

from crmdash.evaluate import label, missing_measures
from crmdash.summary import Clock
from crmdash.systems.evidence import Evidence
from crmdash.systems.tier_measures import with_tier_measure

UNDATED: Final = (
    "status", "end_reason", "share_of_wallet", "share_of_wallet_before", "expectation", "experience", "recommend",
    "contract_end", "credit_overdue_days",
)  # fmt: skip
"""Columns of the customers table that hold today's state."""


def seen_at(evidence: Evidence, day: int) -> pl.DataFrame | None:
    """Return everybody, labelled as at `day` without what was known only later; None before the first row of the data.

    A satisfaction that surveys tell stays; one that the customers table states goes. The rows are of all customers,
    whatever filter is set, because what is usual is measured on everybody.
    """
    clock = evidence.clock
    if clock.as_of is None or clock.span is None or not clock.as_of - clock.span <= day <= clock.as_of:
        return None
    return evidence.remember(f"seen_at {day}", lambda: _labelled(evidence, day))


def _labelled(evidence: Evidence, day: int) -> pl.DataFrame | None:
    summary = evidence.summary_at(day)
    customers = without_later(summary.customers, evidence.held)
    if evidence.settings.tiers.measure == "indicator_total":
        # Points that today's facts went into are given again without them.
        customers = customers.drop("indicator_total", strict=False)
    earlier = with_tier_measure(replace(summary, customers=customers), evidence.settings)
    if missing_measures(earlier, evidence.settings):
        return None
    return label(earlier, evidence.settings, evidence.evaluation.scope)


def without_later(customers: pl.DataFrame, held: frozenset[str]) -> pl.DataFrame:
    """Return customers of an earlier day without facts of today; what surveys had told of satisfaction stays."""
    kept = customers.drop(*({*UNDATED} & set(customers.columns)))
    if "customers.satisfaction" not in held:
        return kept
    if "survey_score" not in kept.columns:
        return kept.drop("satisfaction", strict=False)
    return kept.with_columns(satisfaction="survey_score")


def one_period_ago(clock: Clock) -> int | None:
    """Return the day one comparison length L before T; None where there are no two periods to compare."""
    return None if clock.as_of is None or clock.comparison is None else clock.as_of - clock.comparison
