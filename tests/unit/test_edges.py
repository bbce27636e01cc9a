"""Odd but possible data: every way through the engine ends in finite figures, labels and reasons."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmdash.evaluate import Evaluation
from crmdash.export import customer_rows, summary_tree
from crmdash.i18n import Wording
from crmdash.issues import Issue
from tests.unit.frames import Row, contact, evaluated, measures, money, of_customer, sale, sales, summarised

EN = Wording("en")


def written(evaluation: Evaluation) -> tuple[list[Row], dict[str, Any]]:
    """What goes into customers.csv and summary.json; NaN and infinity cannot be written."""
    tree = summary_tree(evaluation, {"rows": 0, "rows_used": 0, "rows_set_aside": 0}, evaluation.issues, EN)
    json.dumps(tree, allow_nan=False)
    return customer_rows(evaluation, EN).rows(named=True), tree


def codes(issues: tuple[Issue, ...]) -> dict[str, int]:
    return {issue.code: issue.count for issue in issues}


TWO = sales("a", {0: 10, 400: 10}) + sales("b", {10: 5})
CASES: dict[str, dict[str, Any]] = {
    "one customer, one row": {"rows": [sale("a", 0, 10)]},
    "all on one day": {"rows": [sale("a", 0, 10), sale("b", 0, 5), sale("b", 0, 5)]},
    "all negative": {"rows": [sale("a", 0, -10), sale("b", 9, -5)]},
    "one return": {"rows": [sale("a", 0, -1)]},
    "all zero": {"rows": [sale("a", 0, 0), sale("b", 9, 0)]},
    "all equal": {"rows": [sale(name, day, 10) for name in "abc" for day in (0, 50, 100)]},
    "everybody internal": {"rows": TWO, "customers": [{"customer_id": name, "nature": "internal"} for name in "ab"]},
    "before the first row": {"rows": TWO, "as_of": -5},
    "prospects too": {"rows": TWO, "customers": [{"customer_id": "p", "potential_value": 3}, {"customer_id": "q"}]},
    "losses only": {"rows": [sale("a", 0, 10, profit=-1), sale("b", 9, 5, profit=-2)]},
    "revenue alone": {"customers": [{"customer_id": "a", "revenue": 5}, {"customer_id": "b", "revenue": None}]},
    "revenue and recency": {"customers": [{"customer_id": "a", "revenue": 5, "recency": 3}]},
    "last purchase without a first": {
        "customers": [
            {"customer_id": "a", "revenue": 100, "orders": 5, "first_purchase": 90, "last_purchase": 90},
            {"customer_id": "b", "revenue": 100, "orders": 5, "first_purchase": None, "last_purchase": 90},
            {"customer_id": "c", "revenue": 100, "orders": 3, "first_purchase": 10, "last_purchase": 10},
        ]
    },
    "counts below zero": {"customers": [{"customer_id": "a", "revenue": 5, "orders": -3, "recency": -7}]},
    "as at a day before the last purchase": {
        "customers": [{"customer_id": "a", "revenue": 5, "orders": 3, "first_purchase": 0, "last_purchase": 90}],
        "as_of": 50,
    },
}


@pytest.mark.parametrize("lead", [False, True], ids=["", "lead loses"])
@pytest.mark.parametrize("mode", ["share", "heads", "score", "amount"])
@pytest.mark.parametrize("case", CASES)
def test_every_case_ends_in_figures_and_labels(case: str, mode: str, lead: bool):
    tables = dict(CASES[case])
    has_profit = case == "losses only"
    tiers: Row = {"mode": mode, "lead_if_loss": lead and has_profit}
    if mode == "amount":
        tiers["amounts"] = {"platinum": 30, "gold": 20, "iron": 10}
    found = evaluated(tables.pop("rows", None), {"tiers": tiers}, **tables)
    customers, tree = written(found)
    base = found.customers.filter("in_base")
    assert tree["customers"] == len(base)
    assert base["tier"].null_count() == 0
    dark = "lifecycle_dark" in codes(found.issues)
    assert all(bool(row["reason"]) != (dark or row["strategy"] is None) for row in customers)
    assert dark or base["strategy"].null_count() == 0


optional = st.one_of(st.none(), st.integers(0, 900))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "revenue": st.one_of(st.none(), st.integers(-50, 500)),
                "profit": st.one_of(st.none(), st.integers(-50, 50)),
                "orders": st.one_of(st.none(), st.integers(0, 9)),
                "first_purchase": optional,
                "last_purchase": optional,
                "recency": optional,
                "satisfaction": st.one_of(st.none(), st.sampled_from([2.0, 6.0, 9.0])),
                "share_of_wallet": st.one_of(st.none(), st.sampled_from([0.2, 0.7, 0.9])),
                "status": st.sampled_from([None, "active", "closed"]),
                "tags": st.sampled_from([None, "strategic", "competitor"]),
            }
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["revenue", "gross_profit", "customer_profit"]),
)
def test_every_customer_of_a_customers_table_is_explained(rows: list[Row], measure: str):
    customers = [{"customer_id": str(place), **row} for place, row in enumerate(rows)]
    found = evaluated(settings={"tiers": {"measure": measure, "lead_if_loss": True}}, customers=customers)
    for row in written(found)[0]:
        assert bool(row["reason"]) == (row["stage"] is not None and row["strategy"] is not None)


def test_who_only_returned_something_is_in_exploration():
    found = evaluated([sale("a", 0, -1)])
    assert dict(found.stages.select("stage", "customers").iter_rows())["exploration"] == 1
    assert "lifecycle_dark" not in codes(found.issues)


def test_tiers_by_profit_need_no_revenue():
    customers = [
        {"customer_id": "a", "profit": 9, "orders": 3, "last_purchase": 50},
        {"customer_id": "b", "profit": -1, "orders": 3, "last_purchase": 50},
    ]
    found = evaluated(settings={"tiers": {"measure": "gross_profit"}}, customers=customers)
    assert found.values.descending.tolist() == [money(9), money(-1)]
    assert of_customer(found.customers, "b")["loses"]


def test_contacts_after_the_as_at_date_are_counted():
    found = summarised(TWO, contacts=[contact("a", 401, "call"), contact("a", 399, "call")], as_of=400)
    assert (codes(found.issues), found.rows_after) == ({"rows_after_as_of": 1}, 1)


def test_an_hour_has_the_cost_that_was_typed():
    calls = [contact("a", 390, "call", minutes=30)]
    rows = [sale("a", 0, 100, profit=40), sale("a", 400, 100, profit=40)]
    assert "hourly_cost_missing" in codes(summarised(rows, contacts=calls).issues)
    priced = measures(rows, contacts=calls, hourly_cost=150)
    # Half an hour at 150.
    assert (priced["cost_to_serve"], priced["customer_profit"]) == (money(75), money(5))


def test_service_without_a_sale_is_a_loss_and_neither_is_nothing():
    rows = [sale("a", 0, 100, profit=40), sale("b", 0, 100, profit=40), sale("z", 1_000, 1, profit=1)]
    calls = [contact("a", 990, "call", minutes=60, staff="x")]
    staff = [{"name": "x", "grade": "junior", "hourly_cost": 30}]
    assert measures(rows, "a", contacts=calls, staff=staff)["customer_profit_window"] == money(-30)
    assert measures(rows, "b", contacts=calls, staff=staff)["customer_profit_window"] is None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_measure(random: Any):
    rows = [
        sale(name, day, 1 + day % 7 / 3, profit=0.7, quantity=1 + day % 5 / 4, discount=day % 2 / 3)
        | {"category": f"c{day % 3}", "product": f"p{day % 4}"}
        for name in "abcd"
        for day in range(0, 800, 37)
    ]
    calls = [
        contact(name, day, "survey", score=day % 9 / 7, minutes=day % 11, staff="x")
        for name in "abcd"
        for day in range(700, 800, 9)
    ]
    staff = [{"name": "x", "grade": "junior", "hourly_cost": 31}]
    one = summarised(rows, contacts=calls, staff=staff).customers
    other = summarised(random.sample(rows, len(rows)), contacts=random.sample(calls, len(calls)), staff=staff).customers
    assert one.equals(other.select(one.columns))
