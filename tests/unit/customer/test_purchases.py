"""Purchases over time: every amount in its month, and never more than sixty bars."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdash.customer.next_order import NextOrder, next_order
from crmdash.customer.purchases import LONGEST, Bar, timeline
from crmdash.summary.clock import to_day
from tests.unit.frames import evaluated, money, of_customer, sales, table


def day(text: str) -> int:
    return to_day(date.fromisoformat(text))


ROWS = table(
    "transactions",
    [
        *sales("a", {day("2024-01-31"): 10, day("2024-03-01"): 20, day("2024-03-31"): -5, day("2024-05-01"): 40}),
        *sales("b", {day("2023-01-01"): 1000}),
    ],
)


def test_months_hold_what_was_sold_and_returned_up_to_the_day():
    told = timeline(ROWS, "a", day("2024-04-30"))
    assert told is not None
    assert told.step == "month"
    assert told.bars == (
        Bar(day("2024-01-01"), money(10), 0),
        Bar(day("2024-02-01"), 0, 0),
        Bar(day("2024-03-01"), money(20), money(-5)),
        Bar(day("2024-04-01"), 0, 0),
    )
    assert told.bars[2].net == money(15)
    assert (told.net, told.due) == (money(25), None)


def test_the_next_order_has_its_place_even_after_the_last_day():
    told = timeline(ROWS, "a", day("2024-05-15"), due=day("2024-07-02"))
    assert told is not None
    assert len(told.bars) == 7
    assert told.due == 6
    late = timeline(ROWS, "a", day("2024-05-15"), due=day("2024-03-02"))
    assert late is not None and (len(late.bars), late.due) == (5, 2)


def test_nothing_until_the_day_is_no_timeline():
    assert timeline(ROWS, "a", day("2024-01-30")) is None
    assert timeline(ROWS, "nobody", day("2024-12-31")) is None


@pytest.mark.parametrize(
    ("first", "step", "bars", "start"),
    [
        ("2020-01-15", "month", 60, "2020-01-01"),
        ("2019-12-15", "quarter", 21, "2019-10-01"),
        ("2010-01-15", "quarter", 60, "2010-01-01"),
        ("2009-12-31", "year", 16, "2009-01-01"),
        ("1900-01-01", "decade", 13, "1900-01-01"),
    ],
)
def test_steps_grow_with_the_time(first, step, bars, start):
    told = timeline(table("transactions", sales("a", {day(first): 1, day("2024-12-31"): 2})), "a", day("2024-12-31"))
    assert told is not None
    assert (told.step, len(told.bars), told.bars[0].start) == (step, bars, day(start))
    assert told.net == money(3)


@given(
    st.dictionaries(st.integers(-30_000, 40_000), st.integers(-50, 50), min_size=1, max_size=20),
    st.integers(0, 2000),
)
def test_no_amount_is_lost(amounts, later):
    as_of = max(amounts) + later
    told = timeline(table("transactions", sales("a", amounts)), "a", as_of)
    assert told is not None
    assert told.net == money(sum(amounts.values()))
    assert len(told.bars) <= LONGEST


def test_the_next_order_and_how_late_it_is():
    # Four orders 10 days apart, base rhythm 10, so r = (3 * 10 + 30) / 6 = 10 days; due on day 40.
    evaluation = evaluated([*sales("a", {0: 5, 10: 10, 20: 20, 30: 30}), *sales("b", {0: 1, 64: 1})], as_of=64)
    base = evaluation.base_rhythm
    rhythm = (3 * base + 30) / 6
    told = next_order(of_customer(evaluation.customers, "a"), evaluation.clock)
    due = int(30 + rhythm + 0.5)
    assert told == NextOrder(due, due - 64, money(20), rhythm, 34 / rhythm, gone=False)
    assert told is not None and told.late is (due < 64)


def test_one_purchase_has_no_next_order():
    evaluation = evaluated(sales("a", {0: 5}), as_of=64)
    assert next_order(of_customer(evaluation.customers, "a"), evaluation.clock) is None


def test_a_file_without_dates_has_no_next_order():
    evaluation = evaluated(customers=[{"customer_id": "a", "revenue": 10}])
    assert next_order(of_customer(evaluation.customers, "a"), evaluation.clock) is None
