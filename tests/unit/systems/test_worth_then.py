"""What customers were worth at earlier days is what a summary of those days says."""

from typing import Any, Literal

import pytest
from polars.testing import assert_frame_equal

from crmdash.rule_settings import PeriodSettings
from crmdash.summary import summarise
from crmdash.systems.worth_then import worth_at
from crmdash.ui.cache import sample
from tests.unit.frames import contact, sale, sales, tables

ROWS = [
    *sales("a", {0: 100, 400: -30, 800: 20}, profit=7),
    sale("a", 810, 5, cost=4),
    *sales("b", {100: 50}),
    sale("c", 600, -5, profit=-1),
    *sales("house", {0: 9}, profit=1),
]
PEOPLE = [{"customer_id": "house", "nature": "internal"}, {"customer_id": "p", "region": "x"}]
DAYS = [0, 400, 600, 800]
SERVED = [contact("a", 0, "call", cost=2.5), contact("b", 500, "visit", cost=8), contact("p", 3, "visit", cost=1)]
TIMED = [contact("a", 0, "call", minutes=7), contact("b", 500, "visit", minutes=20)]


def agree(data: Any, days: list[int], period: PeriodSettings = PeriodSettings()) -> None:
    """Hold the customers of every day against a summary of that day."""
    found = worth_at(data, summarise(data, period), days)
    assert list(found) == days
    for day in days:
        summed = summarise(data, period, day).customers.filter("in_base")
        money = [name for name in ("revenue", "gross_profit", "customer_profit") if name in summed.columns]
        expected = summed.select("customer_id", *money)
        assert_frame_equal(found[day].filter("in_base").select("customer_id", *money), expected, check_row_order=False)
        assert set(found[day].columns) & {"gross_profit", "customer_profit"} == set(money) - {"revenue"}


@pytest.mark.parametrize("months", [0, 12])
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"customers": PEOPLE},
        {"customers": PEOPLE, "contacts": SERVED},
        {"contacts": TIMED},
        {"customers": [{"customer_id": "a", "cost_to_serve": 3}, *PEOPLE], "contacts": SERVED},
    ],
)
def test_as_a_summary_of_that_day(more: dict[str, Any], months: Literal[0, 12]):
    agree(tables(ROWS, **more), DAYS, PeriodSettings(value_months=months, hourly_cost=60))


def test_without_profit_there_is_none():
    plain = [{key: value for key, value in row.items() if key not in ("profit", "cost")} for row in ROWS]
    agree(tables(plain), DAYS)
    stated = [{"customer_id": name, "profit": amount} for name, amount in (("a", 4), ("c", -2))]
    agree(tables(plain, customers=stated), DAYS)


def test_the_sample():
    data = sample().tables
    last = summarise(data).clock.as_of or 0
    agree(data, [last - 730, last - 365])


def test_what_narrows_the_view_is_with_them():
    data = tables(ROWS, customers=[{"customer_id": "a", "region": "north"}])
    found = worth_at(data, summarise(data), [0])[0]
    assert found.filter("in_base").select("customer_id", "region").sort("customer_id").rows() == [
        ("a", "north"),
        ("house", None),
    ]
    assert found["customer_id"].to_list() == summarise(data).customers["customer_id"].to_list()
    assert worth_at(data, summarise(data), []) == {}
