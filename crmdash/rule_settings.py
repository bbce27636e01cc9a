"""Sections of the settings beside the tiers: periods, lifecycle, flags and service, each number with range and step."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A frozen part of the settings; unknown keys are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def number(default: float, low: float, high: float, step: float, unit: str, **extra: Any) -> Any:
    """Return a field with a range, the step of its slider and its unit."""
    return Field(default=default, ge=low, le=high, json_schema_extra={"step": step, "unit": unit, **extra})


class PeriodSettings(Section):
    """How measures are counted: the days, and what an hour of staff costs where the data does not say."""

    value_months: Literal[0, 12, 24] = Field(default=0, json_schema_extra={"unit": "months"})
    window: int = number(365, 30, 730, 1, "days", chips=(30, 90, 180, 365))
    pseudo_gaps: int = number(3, 1, 10, 1, "gaps")
    rhythm_floor: int = number(7, 1, 60, 1, "days")
    hourly_cost: float | None = Field(default=None, ge=0)


class LifecycleSettings(Section):
    """Limits of the relationship lifecycle (exploration, formation, stable, deterioration, ended)."""

    model: Literal["relationship"] = "relationship"
    cooling_silence: float = number(2.0, 1, 5, 0.1, "times")
    lapsed_silence: float = number(6.0, 2, 12, 0.5, "times")
    lapsed_silence_early: float = number(4.0, 2, 12, 0.5, "times")
    cooling_growth: float = number(-0.67, -1.5, -0.1, 0.01, "growth")
    lapsed_days_at_least: int = number(90, 0, 365, 10, "days")
    lapsed_days_at_most: int = number(730, 180, 1825, 10, "days")
    exploration_up_to: int = number(2, 1, 5, 1, "purchases")
    formation_up_to: int = number(5, 2, 12, 1, "purchases")
    stable_by_age: int = number(730, 180, 1825, 10, "days")
    formation_at_least: int = number(183, 0, 365, 10, "days")
    dissatisfied: float = number(6.0, 0, 10, 0.5, "points")
    satisfaction_fall: float = number(2.0, 0, 10, 0.5, "points")


class FlagSettings(Section):
    """Limits of the flags that the strategy table reads."""

    poor_margin: int = number(50, 0, 100, 5, "%")
    upside_wallet: float = number(0.6, 0, 1, 0.05, "fraction")
    upside_breadth: float = number(0.5, 0, 1, 0.05, "fraction")
    upside_growth: float = number(0.4, 0, 2, 0.05, "growth")
    saturated_wallet: float = number(0.8, 0, 1, 0.05, "fraction")
    contested_wallet_fall: float = number(0.10, 0, 0.5, 0.05, "fraction")
    contested_category_loss: float = number(0.33, 0, 1, 0.05, "fraction")
    contested_contract_days: int = number(90, 0, 365, 10, "days")
    fresh_days: int = number(365, 30, 1825, 10, "days")


class ServiceSettings(Section):
    """Visits and minutes that each class of customers gets, what they may cost, and how many hours people have.

    `visits_*` are a year, `minutes_*` a visit without the way, `cost_cap_*` per cent of the customer's yearly gross
    profit. The factors multiply the visits of a class by phase; those of a falling customer depend on its class.
    """

    visits_top: int = number(24, 0, 104, 1, "visits")
    visits_upper: int = number(12, 0, 104, 1, "visits")
    visits_middle: int = number(4, 0, 104, 1, "visits")
    visits_bottom: int = number(0, 0, 104, 1, "visits")
    minutes_top: int = number(60, 5, 240, 5, "minutes")
    minutes_upper: int = number(45, 5, 240, 5, "minutes")
    minutes_middle: int = number(30, 5, 240, 5, "minutes")
    minutes_bottom: int = number(30, 5, 240, 5, "minutes")
    factor_early: float = number(1.25, 0, 3, 0.05, "factor")
    factor_growing: float = number(1.0, 0, 3, 0.05, "factor")
    factor_steady: float = number(0.8, 0, 3, 0.05, "factor")
    factor_falling_valuable: float = number(1.5, 0, 3, 0.05, "factor")
    factor_falling_small: float = number(0.5, 0, 3, 0.05, "factor")
    contacts_gone: int = number(2, 0, 12, 1, "visits")
    cost_cap_top: int = number(15, 0, 100, 1, "%")
    cost_cap_upper: int = number(15, 0, 100, 1, "%")
    cost_cap_middle: int = number(10, 0, 100, 1, "%")
    cost_cap_bottom: int = number(5, 0, 100, 1, "%")
    travel_minutes: int = number(40, 0, 240, 5, "minutes")
    cost_of_an_hour: int = number(150, 5, 1000, 5, "money")
    hours_a_year: int = number(1800, 400, 2400, 50, "hours")
    with_customers: int = number(50, 5, 100, 5, "%")
    kept_free: int = number(15, 0, 50, 5, "%")
    span_senior: int = number(25, 1, 200, 1, "customers")
    seniors: int | None = Field(default=None, ge=0)
    """Senior people; None means as many as the staff table names."""
