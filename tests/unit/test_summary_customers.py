"""Who is in the base, and files without transactions."""

import pytest

from tests.unit.frames import Row, evaluated, labels, measures, money, of_customer, sale, summarised


def standing(found: Row) -> tuple[bool, bool, bool]:
    return found["in_base"], found["prospect"], found["internal"]


def test_a_customer_without_rows_is_a_prospect():
    found = measures([sale("a", 0, 1), sale("a", 9, 1)], "p", customers=[{"customer_id": "p", "name": "P"}])
    assert standing(found) == (False, True, False)
    assert (found["orders"], found["tenure"], found["recency"]) == (0, None, None)


def test_somebody_known_only_from_contacts_is_a_prospect():
    contacts = [{"customer_id": "p", "date": 3, "kind": "call"}]
    assert standing(measures([sale("a", 0, 1), sale("a", 9, 1)], "p", contacts=contacts)) == (False, True, False)


def test_internal_customers_are_left_out_of_the_base():
    customers = [{"customer_id": "a", "nature": "internal"}, {"customer_id": "p", "nature": "internal"}]
    rows = [sale("a", 0, 1), sale("b", 9, 1)]
    assert standing(measures(rows, "a", customers=customers)) == (False, False, True)
    assert standing(measures(rows, "p", customers=customers)) == (False, False, True)
    assert standing(measures(rows, "b", customers=customers)) == (True, False, False)


def test_rows_win_over_the_measures_of_the_customers_table():
    customers = [{"customer_id": "a", "revenue": 999, "orders": 50, "last_purchase": 2}]
    found = measures([sale("a", 0, 1), sale("a", 9, 1)], customers=customers)
    assert (found["revenue"], found["orders"], found["last_purchase"]) == (money(2), 2, 9)


def test_without_transactions_the_latest_date_is_the_as_at_date():
    customers = [
        {"customer_id": "a", "first_purchase": 10, "last_purchase": 90, "created_date": 5, "orders": 5, "revenue": 70},
        {"customer_id": "b", "first_purchase": None, "last_purchase": None, "created_date": 100, "orders": 0},
    ]
    summary = summarised(customers=customers)
    found = of_customer(summary.customers, "a")
    assert summary.clock.as_of == 100
    assert (found["tenure"], found["recency"], found["revenue"]) == (90, 10, money(70))
    assert standing(of_customer(summary.customers, "b")) == (False, True, False)


def test_without_any_date_there_is_no_as_at_date():
    summary = summarised(customers=[{"customer_id": "a", "revenue": 5, "orders": 2, "recency": 30}])
    assert (summary.clock.as_of, summary.clock.comparison) == (None, None)
    assert of_customer(summary.customers, "a")["recency"] == 30


def test_a_value_makes_a_base_customer_without_orders():
    found = measures(customers=[{"customer_id": "a", "revenue": 5}])
    assert standing(found) == (True, False, False)


def test_totals_of_the_customers_table():
    customers = [{"customer_id": "a", "revenue": 100, "profit": 30, "cost_to_serve": 45, "orders": 3, "recency": 1}]
    summary = summarised(customers=customers)
    found = of_customer(summary.customers, "a")
    assert (found["gross_profit"], found["customer_profit"]) == (money(30), money(-15))
    assert summary.cost_source == "column"


def test_rhythm_is_that_of_the_base_where_the_first_purchase_is_missing():
    # b = W / 4 = 91.25 where nobody's span is known; silence 365 / 91.25 = 4.
    customers = [{"customer_id": "a", "revenue": 5, "orders": 6, "recency": 365}]
    evaluation = evaluated(customers=customers)
    row = of_customer(evaluation.customers, "a")
    assert (evaluation.base_rhythm, row["rhythm"], row["silence"]) == (91.25, 91.25, pytest.approx(4))
    assert row["stage"] == "deterioration"


def test_recency_alone_still_ends_a_relationship_after_two_years():
    customers = [{"customer_id": "a", "revenue": 5, "recency": 730}, {"customer_id": "b", "revenue": 5, "recency": 729}]
    stages = labels(evaluated(customers=customers), "stage")
    assert stages == {"a": "ended", "b": "stable"}


def test_the_lifecycle_is_dark_without_recency_and_says_so():
    evaluation = evaluated(customers=[{"customer_id": "a", "revenue": 5, "orders": 6}])
    assert labels(evaluation, "stage") == {"a": None}
    assert labels(evaluation, "strategy") == {"a": None}
    assert labels(evaluation, "tier") == {"a": "platinum"}
    assert evaluation.stages.is_empty()
    assert [(issue.code, issue.column) for issue in evaluation.issues] == [("lifecycle_dark", "recency")]
