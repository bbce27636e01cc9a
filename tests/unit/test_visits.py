"""Visits a year and their hours: by class and phase, held down by orders, held down by cost."""

from typing import Any

import polars as pl
import pytest

from crmdash.adjusting import adjustables, with_value
from crmdash.engine import collect, lazy
from crmdash.errors import SettingsError
from crmdash.i18n import terms
from crmdash.model.visits import add_visit_hours, affordable_visits, orders_a_year, wanted_visits
from crmdash.rule_settings import ServiceSettings
from crmdash.settings import Settings, differences, parse_settings
from tests.unit.frames import DEFAULTS, computed, money

Customer = dict[str, Any]
RICH = 1_000_000
WORDS = {"tier_class": pl.String, "phase": pl.String, "strategy": pl.String, "in_base": pl.Boolean}


def customer(tier_class: str | None = "top", phase: str | None = "growing", **more: Any) -> Customer:
    """A customer of two years that orders weekly and earns more than any visits cost."""
    usual = {"strategy": "protect", "in_base": True, "orders": 104, "tenure": 730, "gross_profit": money(RICH)}
    return {"tier_class": tier_class, "phase": phase, **usual, **more}


def planned(row: Customer, settings: Settings = DEFAULTS) -> tuple[Any, Any, Any, Any]:
    """Return wanted, affordable and planned visits a year, and their hours."""
    kinds = {name: WORDS.get(name, pl.Int64) for name in row}
    frame, known = pl.DataFrame([row], schema=kinds), frozenset(row)
    parts = computed(frame, wanted=wanted_visits(settings, known), affordable=affordable_visits(settings, known))
    timed = collect(add_visit_hours(lazy(frame), settings))
    return (*parts.select("wanted", "affordable").row(0), *timed.select("visits", "hours").row(0))


@pytest.mark.parametrize(
    ("tier_class", "phase", "wanted"),
    [
        ("top", "early", 30), ("top", "growing", 24), ("top", "steady", 19), ("top", "falling", 36),
        ("upper", "early", 15), ("upper", "growing", 12), ("upper", "steady", 10), ("upper", "falling", 18),
        ("middle", "early", 5), ("middle", "growing", 4), ("middle", "steady", 3), ("middle", "falling", 2),
        ("bottom", "early", 0), ("bottom", "growing", 0), ("bottom", "steady", 0), ("bottom", "falling", 0),
        ("top", None, 24), ("middle", None, 4),
    ],
)  # fmt: skip
def test_policy_by_class_and_phase(tier_class: str, phase: str | None, wanted: int):
    assert planned(customer(tier_class, phase))[0] == wanted


@pytest.mark.parametrize(
    ("tier_class", "hours_per_visit"), [("top", 100 / 60), ("upper", 85 / 60), ("middle", 70 / 60)]
)
def test_hours_are_minutes_and_the_way(tier_class: str, hours_per_visit: float):
    _, _, visits, hours = planned(customer(tier_class))
    assert hours == pytest.approx(visits * hours_per_visit)


@pytest.mark.parametrize(
    ("orders", "tenure", "a_year", "wanted"),
    [
        (4, 730, 2, 2),  # 4 in two years
        (5, 730, 3, 3),  # 2.5 a year, rounded up
        (2, 30, 2, 2),  # in its first year a customer counts as a year old
        (9, 365, 9, 4),
        (0, None, 0, 0),  # only returned something
        (None, 730, None, 4),
        (3, None, None, 4),
    ],
)
def test_smaller_customers_are_visited_no_more_often_than_they_order(
    orders: int | None, tenure: int | None, a_year: int | None, wanted: int
):
    row = customer("middle", orders=orders, tenure=tenure)
    frame = pl.DataFrame([{"orders": orders, "tenure": tenure}], schema={"orders": pl.Int64, "tenure": pl.Int64})
    assert computed(frame, found=orders_a_year(frozenset(row)))["found"].to_list() == [a_year]
    assert planned(row)[0] == wanted
    assert planned(row | {"tier_class": "top"})[0] == 24


@pytest.mark.parametrize(
    ("tier_class", "gross_profit", "affordable"),
    [
        # A visit costs 250 at the top, 212.50 in the upper class, 175 below; caps are 15, 15, 10 and 5 %.
        ("top", 10_000, 3),  # 5,000 a year, of which 750
        ("top", 9_999, 2),
        ("upper", 8_500, 3),  # 4,250 a year, of which 637.50
        ("middle", 7_000, 2),  # 3,500 a year, of which 350
        ("bottom", 7_000, 1),
        ("top", 0, 0),
        ("top", -5_000, 0),
    ],
)
def test_cost_binds_last(tier_class: str, gross_profit: int, affordable: int):
    wanted, paid, visits, _ = planned(customer(tier_class, gross_profit=money(gross_profit)))
    assert (paid, visits) == (affordable, min(wanted, affordable))


def test_without_gross_profit_nothing_caps():
    row = customer()
    assert planned(row | {"gross_profit": None})[1:3] == (None, 24)
    del row["gross_profit"]
    assert planned(row)[1:3] == (None, 24)


def test_profit_of_a_value_period_is_made_yearly_over_that_period():
    row = customer(tenure=3_650, gross_profit=money(10_000))
    settings = [parse_settings({"period": {"value_months": months}}) for months in (0, 24, 12)]
    # 1,000, 5,000 and 10,000 a year; 15 % of it; 250 a visit.
    assert [planned(row, chosen)[1] for chosen in settings] == [0, 3, 6]


@pytest.mark.parametrize(("strategy", "visits"), [("win_back", 2), ("closed", 0), (None, 0)])
@pytest.mark.parametrize("tier_class", ["top", "bottom"])
def test_the_gone_get_two_contacts_to_win_them_back_and_none_when_closed(tier_class: str, strategy: str, visits: int):
    assert planned(customer(tier_class, "gone", strategy=strategy, orders=1))[0] == visits


def test_outside_the_base_nobody_is_visited():
    assert planned(customer("top", "before", in_base=False, orders=0)) == (0, 300, 0, 0)
    assert planned(customer(None, None, in_base=False))[0] == 0


def test_every_number_is_a_setting():
    chosen = parse_settings(
        {"service": {"visits_top": 10, "factor_growing": 1.5, "minutes_top": 20, "travel_minutes": 10,
                     "cost_of_an_hour": 100, "cost_cap_top": 20}}
    )  # fmt: skip
    # 500 a year, 20 % of it is 100; half an hour costs 50.
    row = customer(gross_profit=money(1_000))
    assert planned(row, chosen) == (15, 2, 2, 1.0)


def test_every_number_of_service_can_be_adjusted_and_has_words():
    listed = {item.path for item in adjustables(DEFAULTS)}
    fields = [f"service.{name}" for name in ServiceSettings.model_fields]
    assert set(fields) - listed == {"service.seniors"}
    assert {f"{path}.{part}" for path in fields for part in ("label", "help")} <= terms("settings").keys()
    moved = with_value(DEFAULTS, "service.visits_top", 30)
    assert differences(moved) == {"service": {"visits_top": 30}}


@pytest.mark.parametrize("service", [{"seniors": -1}, {"visits_top": 2.5}, {"cost_of_an_hour": 0}, {"visit_top": 3}])
def test_what_cannot_be_is_an_error(service: Customer):
    with pytest.raises(SettingsError, match="service"):
        parse_settings({"service": service})
