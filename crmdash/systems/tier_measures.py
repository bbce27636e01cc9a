"""The two measures that tiers can go by and that are worked out first: lifetime value, and points of the indicators.

Both stand beside the other measures of a summary, in ten-thousandths: of a currency unit, and of a point. They are
worked out only when chosen, on the whole base, and as at the day of the summary.
"""

from collections.abc import MutableMapping
from dataclasses import replace
from typing import Any, Final, get_args

import polars as pl

from crmdash.columns import MONEY_SCALE
from crmdash.settings import Measure, Settings
from crmdash.summary import Summary
from crmdash.systems.five_indicators import indicator_totals
from crmdash.systems.held_measures import first_held
from crmdash.systems.indicators import CONTRIBUTIONS
from crmdash.systems.lifetime_fit import fit_key, fit_lifetime, refusal, telling_customers
from crmdash.systems.lifetime_worth import lifetime_values

WORKED_OUT: Final[tuple[Measure, ...]] = ("lifetime_value", "indicator_total")
"""Measures that are no column of the summary until they are chosen."""


def with_tier_measure(summary: Summary, settings: Settings, fits: MutableMapping[str, Any] | None = None) -> Summary:
    """Return the summary with a column for the measure that tiers go by, in ten-thousandths, missing for who has none.

    The same summary where it holds the measure already, and where the data does not allow it: too little for a fit, or
    nothing that a contribution could be read from. Then `crmdash.evaluate.missing_measures` names it.

    Parameters
    ----------
    fits : fits of the same data by `fit_key`; a fit made here is added to them.
    """
    measure = settings.tiers.measure
    if measure not in WORKED_OUT or measure not in measures_held(summary, settings):
        return summary
    if measure in summary.customers.columns:
        return summary
    known = {} if fits is None else fits
    found = _lifetime(summary, settings, known) if measure == "lifetime_value" else _points(summary, settings)
    if not found[measure].count():
        return summary
    joined = summary.customers.join(found, on="customer_id", how="left", maintain_order="left")
    return replace(summary, customers=joined)


def measures_held(summary: Summary, settings: Settings) -> tuple[Measure, ...]:
    """Return the measures that tiers can go by on this data; nothing is fitted to find out."""
    known = {measure for measure in get_args(Measure) if measure in summary.customers.columns}
    if refusal(summary, settings.lifetime) is None:
        enough = telling_customers(summary) >= settings.lifetime.fewest_repeaters
        known |= {"lifetime_value"} if enough else set()
    if first_held(summary.customers, *CONTRIBUTIONS) is not None:
        known.add("indicator_total")
    return tuple(measure for measure in get_args(Measure) if measure in known)


def measured_by(settings: Settings) -> str:
    """Return one string for everything that the measure of the tiers depends on, beside the data and the period."""
    measure = settings.tiers.measure
    parts = {"lifetime_value": settings.lifetime, "indicator_total": settings.worth}
    return f"{measure} {parts[measure].model_dump_json()}" if measure in parts else measure


def _lifetime(summary: Summary, settings: Settings, fits: MutableMapping[str, Any]) -> pl.DataFrame:
    key = fit_key(summary, settings.lifetime)
    if key not in fits:
        fits[key] = fit_lifetime(summary, settings.lifetime)
    return lifetime_values(summary, settings, fits[key])


def _points(summary: Summary, settings: Settings) -> pl.DataFrame:
    points = (pl.col("indicator_total") * MONEY_SCALE).round().cast(pl.Int64)
    return indicator_totals(summary, settings.worth).with_columns(points)
