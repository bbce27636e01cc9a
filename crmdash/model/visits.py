"""Visits a year and the hours they take, by class and phase, held down by orders and by what they may cost.

The policy is that of a consumer-goods distributor and is an assumption: every number stands in `ServiceSettings`. Only
visits are planned here. Calls and messages, by which smaller customers are never left without any contact, are not
visits and take no hours here.
"""

from typing import Any, Final

import narwhals as nw

from crmdash.columns import MONEY_SCALE
from crmdash.engine import Lazy
from crmdash.model.rules import label_of, surely
from crmdash.model.tiers import CLASSES
from crmdash.settings import Settings
from crmdash.summary.tables import columns_of

YEAR: Final = 365
"""Days over which visits, orders and profit are counted as yearly."""

SMALL: Final = ("middle", "bottom")
"""Classes that are never visited more often than they order."""

_ROUNDING: Final = 1e-9
"""What floating-point division may lose, so that exactly two affordable visits stay two."""


def add_visit_hours(customers: Lazy, settings: Settings) -> Lazy:
    """Add `visits`, those wanted but no more than they may cost, `hours` of them, and `wanted`, hours without the cap.

    A year each, the way included. Customers with in_base, tier_class, phase and strategy; `orders`, `gross_profit` and
    `tenure` are read where they are known.
    """
    known = columns_of(customers)
    counted = customers.with_columns(
        _wanted=wanted_visits(settings, known),
        _affordable=affordable_visits(settings, known),
        _hours_each=_hours_per_visit(settings),
    )
    planned = counted.with_columns(visits=nw.min_horizontal("_wanted", "_affordable").cast(nw.Int64))
    each = nw.col("_hours_each")
    timed = planned.with_columns(hours=nw.col("visits") * each, wanted=nw.col("_wanted") * each)
    return timed.drop("_wanted", "_affordable", "_hours_each")


def wanted_visits(settings: Settings, known: frozenset[str]) -> nw.Expr:
    """Return the visits a year by the policy, before cost is looked at: visits of the class x factor of the phase.

    Whole visits, halves up. Middle and bottom get no more than their orders a year, rounded up. A customer that has
    gone gets a few contacts where it is to be won back and none where its file is closed; orders do not limit these.
    Without a phase (no dates in the data) the factor is 1. Prospects and internal customers get none.
    """
    usual = (_of_class("visits", settings) * _factor(settings) + 0.5 + _ROUNDING).floor()
    ordering = nw.min_horizontal(usual, orders_a_year(known))
    living = nw.when(nw.col("tier_class").is_in(SMALL)).then(ordering).otherwise(usual)
    contacts = nw.lit(float(settings.service.contacts_gone))
    gone = nw.when(surely(nw.col("strategy") == "win_back")).then(contacts).otherwise(nw.lit(0.0))
    wanted = nw.when(surely(nw.col("phase") == "gone")).then(gone).otherwise(living)
    return nw.when(nw.col("in_base")).then(wanted).otherwise(nw.lit(0.0)).cast(nw.Int64)


def affordable_visits(settings: Settings, known: frozenset[str]) -> nw.Expr:
    """Return how many visits a year the class's share of yearly gross profit pays for; missing where that is unknown.

    One visit costs (minutes + way) / 60 x cost of an hour. Gross profit is that of the value period, made yearly over
    the customer's own days in it, at least a year. A customer that earns nothing pays for none.
    """
    if not {"gross_profit", "tenure"} <= known:
        return nw.lit(None, nw.Int64)
    yearly = nw.col("gross_profit") * YEAR / _days_of_value(settings)
    cost = _hours_per_visit(settings) * (settings.service.cost_of_an_hour * MONEY_SCALE)
    paid = (yearly * _of_class("cost_cap", settings) / 100 / cost + _ROUNDING).floor()
    return nw.when(paid < 0).then(nw.lit(0.0)).otherwise(paid).cast(nw.Int64)


def orders_a_year(known: frozenset[str]) -> nw.Expr:
    """Return purchases a year over the customer's own time, at least a year, rounded up; missing where not known.

    All its time counts, not the last window: a customer that has been silent for a year would otherwise get no visit.
    """
    if "orders" not in known:
        return nw.lit(None, nw.Float64)
    orders = nw.col("orders")
    never = nw.when(orders == 0).then(nw.lit(0.0))
    if "tenure" not in known:
        return never
    # Minus the floor of minus: rounded up.
    return nw.coalesce(never, -((_ROUNDING - orders * YEAR / _days_as_customer()).floor()))


def _hours_per_visit(settings: Settings) -> nw.Expr:
    return (_of_class("minutes", settings) + settings.service.travel_minutes) / 60


def _of_class(name: str, settings: Settings) -> nw.Expr:
    numbers: dict[str, Any] = {code: float(getattr(settings.service, f"{name}_{code}")) for code in CLASSES}
    return label_of(nw.col("tier_class"), numbers, nw.Float64)


def _factor(settings: Settings) -> nw.Expr:
    service = settings.service
    by_phase = {"early": service.factor_early, "growing": service.factor_growing, "steady": service.factor_steady}
    small, valuable = nw.lit(service.factor_falling_small), nw.lit(service.factor_falling_valuable)
    falling = nw.when(nw.col("tier_class").is_in(SMALL)).then(small).otherwise(valuable)
    told = label_of(nw.col("phase"), by_phase, nw.Float64)
    return nw.when(surely(nw.col("phase") == "falling")).then(falling).otherwise(told.fill_null(1.0))


def _days_as_customer() -> nw.Expr:
    """Return the days since the first purchase, at least a year; missing where the first purchase is."""
    tenure = nw.col("tenure")
    return nw.when(tenure < YEAR).then(nw.lit(YEAR, nw.Int64)).otherwise(tenure)


def _days_of_value(settings: Settings) -> nw.Expr:
    """Return over how many of a customer's days the value period runs."""
    days = _days_as_customer()
    if not settings.period.value_months:
        return days
    longest = settings.period.value_months * YEAR // 12
    return nw.when(days > longest).then(nw.lit(longest, nw.Int64)).otherwise(days)
