"""Purchases and time: what counts as a purchase, recency, tenure, gaps, basket, rows after the as-at date."""

import pytest

from crmdash.summary import to_date, to_day
from tests.unit.frames import measures, money, of_customer, sale, sales, summarised


def test_rows_of_one_day_are_one_purchase():
    found = measures([sale("a", 10, 5), sale("a", 10, 7), sale("a", 40, 1)])
    assert (found["orders"], found["rows"]) == (2, 3)
    assert (found["first_purchase"], found["last_purchase"]) == (10, 40)


def test_a_row_of_zero_is_a_purchase():
    assert measures(sales("a", {0: 0, 5: 3}))["orders"] == 2


def test_a_day_of_negative_rows_is_a_return_that_lowers_revenue():
    found = measures([*sales("a", {0: 100, 30: -40}), sale("b", 50, 1)])
    assert (found["orders"], found["last_purchase"], found["revenue"]) == (1, 0, money(60))
    assert found["recency"] == 50


def test_a_day_with_a_sale_and_a_larger_return_is_a_purchase():
    assert measures([sale("a", 3, 10), sale("a", 3, -25)])["orders"] == 1


def test_recency_and_tenure_count_days_to_the_last_row_of_the_file():
    found = measures([*sales("a", {10: 1, 30: 1}), sale("b", 100, 1)])
    assert (found["tenure"], found["recency"]) == (90, 70)


def test_customer_with_returns_only_stays_in_the_base_without_times():
    found = measures([sale("a", 5, -30), sale("b", 9, 1)])
    assert (found["orders"], found["revenue"]) == (0, money(-30))
    assert found["in_base"] and not found["prospect"]
    assert [found[name] for name in ("first_purchase", "last_purchase", "tenure", "recency")] == [None] * 4


def test_last_gap_and_basket_of_the_last_three_purchases():
    # Purchases on days 0, 10, 30, 60 of 100, 10, 20 + 4, 60 - 2: last gap 30, basket (10 + 24 + 58) / 3.
    rows = [*sales("a", {0: 100, 10: 10, 30: 20, 60: 60}), sale("a", 30, 4), sale("a", 60, -2)]
    found = measures(rows)
    assert (found["last_gap"], found["basket"]) == (30, round(money(92) / 3))


def test_one_purchase_has_no_gap_and_its_own_basket():
    found = measures([sale("a", 0, 12)])
    assert (found["last_gap"], found["basket"], found["gap_variation"]) == (None, money(12), None)


def test_gap_variation_is_spread_over_mean_from_four_purchases():
    # Gaps 10, 20, 30: mean 20, standard deviation (of a sample) 10.
    assert measures(sales("a", {0: 1, 10: 1, 30: 1, 60: 1}))["gap_variation"] == pytest.approx(0.5)
    assert measures(sales("a", {0: 1, 20: 1, 40: 1, 60: 1}))["gap_variation"] == 0
    assert measures(sales("a", {0: 1, 10: 1, 30: 1}))["gap_variation"] is None


def test_purchases_by_period():
    # T = 800, span 800 >= 2 W: L = 365; late (435, 800], before (70, 435].
    found = measures(sales("a", {0: 1, 70: 1, 71: 1, 435: 1, 436: 1, 800: 1}))
    assert (found["orders_late"], found["orders_before"]) == (2, 2)


def test_purchases_in_the_window():
    # T = 800: the window is (435, 800]; two rows of one day are one purchase, a return is none.
    rows = [*sales("a", {0: 1, 435: 1, 436: 1, 500: -1, 800: 1}), sale("a", 800, 2), sale("b", 9, 1)]
    assert (measures(rows)["orders_window"], measures(rows, "b")["orders_window"]) == (2, 0)
    assert measures(rows, "p", customers=[{"customer_id": "p"}])["orders_window"] == 0


def test_first_and_second_purchase_and_what_was_spent():
    # Day 0: 10 + 5 - 2 = 13; day 3 is a return and no purchase; days 7 and 9: 20 and 4.
    rows = [*sales("a", {9: 4, 7: 20, 3: -6, 0: 10}), sale("a", 0, 5), sale("a", 0, -2), sale("b", 9, 8)]
    a, b = measures(rows), measures(rows, "b")
    assert (a["first_purchase"], a["second_purchase"]) == (0, 7)
    assert (a["first_basket"], a["spent"], a["revenue"]) == (money(13), money(37), money(31))
    assert (b["second_purchase"], b["first_basket"], b["spent"]) == (None, money(8), money(8))


def test_without_a_purchase_nothing_was_spent_that_could_be_told():
    found = measures([sale("a", 0, -5), sale("b", 9, 1)])
    assert [found[name] for name in ("second_purchase", "first_basket", "spent")] == [None] * 3


def test_spending_covers_the_whole_file_whatever_the_value_period():
    found = measures(sales("a", {0: 5, 1_000: 1}), value_months=12)
    assert (found["revenue"], found["spent"]) == (money(1), money(6))


def test_later_rows_are_set_aside_and_counted():
    summary = summarised([*sales("a", {0: 1, 10: 2, 20: 4}), sale("b", 15, 8)], as_of=10)
    found = of_customer(summary.customers, "a")
    assert (found["revenue"], found["orders"], found["recency"]) == (money(3), 2, 0)
    assert (summary.rows_after, summary.clock.as_of) == (2, 10)
    assert [(issue.code, issue.count) for issue in summary.issues] == [("rows_after_as_of", 2)]
    assert "b" not in summary.customers["customer_id"]


def test_an_as_at_date_after_the_file_ages_everybody():
    summary = summarised(sales("a", {0: 1, 10: 2}), as_of=50)
    found = of_customer(summary.customers, "a")
    assert (found["recency"], found["tenure"], summary.rows_after, summary.issues) == (40, 50, 0, ())


def test_customers_come_sorted_by_id_whatever_the_order_of_rows():
    rows = [sale("b", 1, 1), sale("c", 0, 2), sale("a", 2, 3)]
    assert summarised(rows).customers["customer_id"].to_list() == ["a", "b", "c"]


def test_days_and_dates():
    assert to_date(0).isoformat() == "1970-01-01"
    assert to_day(to_date(10_271)) == 10_271
