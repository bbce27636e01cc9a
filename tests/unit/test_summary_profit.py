"""Profit of the two comparison periods, and what is left of the last one after serving the customer."""

import pytest

from tests.unit.frames import contact, measures, money, sale, sales

ORDERS = [*sales("a", {0: 100, 365: 100, 366: 100, 730: 100}, profit=40), sale("b", 300, 10, profit=5)]
"""T = 730: L = 365, the last period is (365, 730], the one before (0, 365]."""


def test_gross_profit_of_the_two_periods():
    found = measures(ORDERS)
    assert (found["profit_late"], found["profit_before"]) == (money(80), money(40))
    assert found["customer_profit_late"] == money(80)


def test_a_period_without_a_row_that_knows_its_profit_has_none():
    rows = [sale("a", 0, 1, profit=1), sale("a", 300, 1, profit=None), sale("a", 730, 1, profit=3), *ORDERS[4:]]
    a, b = measures(rows), measures(rows, "b")
    assert (a["profit_late"], a["profit_before"]) == (money(3), None)
    assert (b["profit_late"], b["profit_before"], b["customer_profit_late"]) == (None, money(5), None)


def test_without_profit_or_two_periods_there_is_none():
    assert not {"profit_late", "profit_before", "customer_profit_late"} & measures(sales("a", {0: 1, 730: 1})).keys()
    assert "profit_late" not in measures([sale("a", 0, 1, profit=1)])


def test_half_a_file_is_compared_where_it_is_short():
    # Span 100: L = 50, the last period is (50, 100].
    found = measures(sales("a", {0: 1, 50: 1, 51: 1, 100: 1}, profit=1))
    assert (found["profit_late"], found["profit_before"]) == (money(2), money(1))


def test_the_cost_of_contacts_in_the_last_period_is_taken_off():
    contacts = [contact("a", day, "visit", cost=cost) for day, cost in ((365, 1), (366, 2), (730, 4), (731, 8))]
    assert measures(ORDERS, contacts=contacts)["customer_profit_late"] == money(80 - 6)


def test_served_without_a_sale_the_cost_of_the_last_period_is_lost():
    # As in the window; b bought before the last period only.
    found = measures(ORDERS, "b", contacts=[contact("b", 400, "visit", cost=30)])
    assert (found["customer_profit_late"], found["customer_profit_window"]) == (money(-30), money(-30))


@pytest.mark.parametrize(
    ("months", "stated", "late"),
    [
        (0, 146, 80 - 73),  # whole file: tenure 730, half of the cost
        (12, 100, 80 - 50),  # the same whatever the value period: the total is of the whole file
        (0, None, 80),  # nothing stated: nothing to take off
    ],
)
def test_a_stated_cost_is_shared_out_over_the_days_of_the_file(months: int, stated: int | None, late: int):
    customers = [{"customer_id": "a", "cost_to_serve": stated}, {"customer_id": "b", "cost_to_serve": 1}]
    found = measures(ORDERS, customers=customers, value_months=months)
    assert found["customer_profit_late"] == money(late)


def test_a_newer_customer_was_served_since_its_first_purchase():
    # c: tenure 600 days, cost 60 -> 36.5 in the last 365. d: tenure 100 < L, the whole cost.
    rows = [*ORDERS, *sales("c", {130: 9, 700: 9}, profit=50), sale("d", 630, 9, profit=50)]
    customers = [{"customer_id": name, "cost_to_serve": 60} for name in "cd"]
    c, d = (measures(rows, name, customers=customers)["customer_profit_late"] for name in "cd")
    assert (c, d) == (money(50 - 36.5), money(50 - 60))


TOTAL = [{"customer_id": "a", "cost_to_serve": 73}, {"customer_id": "b", "cost_to_serve": 43}]


def test_as_at_an_earlier_day_a_stated_cost_is_only_in_part_known():
    # a bought first on day 0, b on day 300; the file ends on day 730.
    a, b = (measures(ORDERS, name, customers=TOTAL, as_of=365) for name in "ab")
    assert (a["cost_to_serve"], a["gross_profit"], a["customer_profit"]) == (money(36.5), money(80), money(43.5))
    assert (b["cost_to_serve"], b["customer_profit"]) == (money(6.5), money(5 - 6.5))
    # T = 365: L = 182, half of what the file holds by then.
    assert a["customer_profit_late"] == money(40 - 18.2)


def test_of_a_shorter_value_period_a_stated_cost_is_its_share():
    # The last 365 of 730 days; b was served for 430.
    a, b = (measures(ORDERS, name, customers=TOTAL, value_months=12) for name in "ab")
    assert (a["cost_to_serve"], a["customer_profit"]) == (money(36.5), money(80 - 36.5))
    assert b["cost_to_serve"] == money(36.5)


def test_a_stated_cost_is_charged_whole_over_the_whole_file_and_after_its_end():
    for found in (measures(ORDERS, customers=TOTAL), measures(ORDERS, customers=TOTAL, as_of=900)):
        assert (found["cost_to_serve"], found["customer_profit"]) == (money(73), money(160 - 73))


def test_a_stated_profit_is_shared_out_alike():
    rows, stated = sales("a", {0: 1, 365: 1, 730: 1}), [{"customer_id": "a", "profit": -10}]
    assert measures(rows, customers=stated, as_of=365)["gross_profit"] == money(-5)
    assert measures(rows, customers=stated)["gross_profit"] == money(-10)


def test_a_shared_cost_is_rounded_to_whole_ten_thousandths():
    # Tenure 600: 1 x 365 / 600 = 0.60833...
    rows = [*ORDERS, *sales("c", {130: 9, 700: 9}, profit=1)]
    found = measures(rows, "c", customers=[{"customer_id": "c", "cost_to_serve": 1}])
    assert found["customer_profit_late"] == 10_000 - 6_083


def test_a_customer_with_returns_only_was_served_for_the_whole_file():
    rows = [*ORDERS, sale("r", 700, -5, profit=-2)]
    found = measures(rows, "r", customers=[{"customer_id": "r", "cost_to_serve": 10}])
    assert found["customer_profit_late"] == money(-2 - 5)
