"""Visits, minutes and hours of the service policy."""

from pydantic import Field

from crmdash.rule_settings.section import Section, number


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
