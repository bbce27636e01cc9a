"""S4: the loyalty ladder, the second-order rate, and contact after the first order."""

from typing import Any

import polars as pl
import pytest

from crmdash.systems.trust_ladder import RUNGS, explain, observe, report
from tests.unit.frames import contact, evidence, labels, of_customer, sale, sales

# Every ten days from day 0: the usual gap of the base is 10. The last day is 500.
STEADY = range(0, 510, 10)
ROWS = [
    *sales("loyal", dict.fromkeys(STEADY, 5)),
    *sales("friend", dict.fromkeys(STEADY, 5)),
    *sales("regular", dict.fromkeys(range(400, 510, 10), 5)),
    *sales("silent", dict.fromkeys(range(0, 100, 10), 5)),
    *sales("twice", {480: 5, 490: 5}),
    *sales("once", {470: 5}),
    sale("returned", 490, -5),
]


def rung_of(**more: Any) -> dict[str, Any]:
    found = report(evidence(ROWS, **more))
    return dict(found.rows.frame.select("customer_id", "rung").iter_rows())


def test_everybody_stands_on_the_highest_rung_it_reaches():
    assert rung_of(customers=[{"customer_id": "friend", "recommend": 9}]) == {
        "loyal": "loyal", "friend": "advocate", "regular": "regular", "silent": "repeat", "twice": "repeat",
        "once": "first", "returned": None,
    }  # fmt: skip


def test_who_brought_somebody_is_an_advocate_if_loyal():
    brought = [{"customer_id": "once", "referred_by": "loyal"}, {"customer_id": "twice", "referred_by": "regular"}]
    rungs = rung_of(customers=brought)
    assert rungs["loyal"] == "advocate" and rungs["regular"] == "regular"


def test_the_ladder_counts_everybody_once():
    ladder = report(evidence(ROWS)).tables["ladder"].frame
    assert ladder["rung"].to_list() == list(RUNGS)
    assert ladder["customers"].to_list() == [1, 2, 1, 2, 0]
    assert ladder["share"].sum() == pytest.approx(1)


def test_second_orders_are_looked_for_where_there_was_time():
    rows = pl.DataFrame(
        {"customer_id": list("abcd"), "first_purchase": [0, 10, 80, 81], "second_purchase": [20, 31, None, None]}
    )
    observed = observe(rows, 100, 20.0)
    assert observed.select("customer_id", "second").rows() == [("a", True), ("b", False), ("c", False)]


def test_the_second_order_rate():
    figures = report(evidence(ROWS)).figures
    # b = 10, so within 20 days; all six buyers could be seen so long, only "once" did not come back.
    assert figures["second_order_within"].value == 20
    assert (figures["observed"].value, figures["second_order_rate"].value) == (6, pytest.approx(5 / 6))


def test_who_may_be_older_than_the_file_is_left_out_of_the_rates_of_new_customers():
    # The file begins on 1 January 1970; customers up to its first quarter (days 0 to 89) may be older.
    found = report(evidence(ROWS, contacts=[contact("silent", 5, "visit"), contact("once", 475, "visit")]))
    figures = {name: figure.value for name, figure in found.figures.items()}
    # Of regular, twice and once, the last did not come back.
    assert (figures["observed_new"], figures["second_order_rate_new"]) == (3, pytest.approx(2 / 3))
    assert figures["contacted_soon_share"] == pytest.approx(1 / 3)
    assert (figures["second_order_rate_contacted"], figures["second_order_rate_not_contacted"]) == (0, 1)
    assert [(note.key, note.figures["cohort"].value) for note in found.notes] == [("note.older", "1970-Q1")]


def test_all_are_counted_where_nobody_else_is_left():
    old = [row for row in ROWS if row["customer_id"] in {"loyal", "friend", "silent"}]
    figures = report(evidence(old)).figures
    assert figures["observed_new"].value == figures["observed"].value == 3
    free = evidence(ROWS, {"economics": {"newcomer_after": 0}})
    assert report(free).figures["observed_new"].value == 6
    assert not report(free).notes


@pytest.mark.parametrize(
    ("day", "kind", "soon"),
    [(470, "visit", False), (471, "visit", True), (484, "call", True), (485, "call", False), (471, "ad", False)],
)
def test_contact_after_the_first_order(day, kind, soon):
    found = report(evidence(ROWS, contacts=[contact("once", day, kind)]))
    assert of_customer(found.rows.frame, "once")["contacted_soon"] is soon
    assert of_customer(found.rows.frame, "returned")["contacted_soon"] is None
    rate = found.figures["second_order_rate_contacted"].value
    assert rate == (0 if soon else None)
    assert found.figures["second_order_rate_not_contacted"].value == (1 if soon else None)


def test_without_contacts_nothing_is_said_of_them():
    found = report(evidence(ROWS))
    assert "contacted_soon" not in found.rows.frame.columns
    assert found.figures["contacted_soon_share"].value is None


def test_a_customers_table_has_a_ladder_without_second_orders():
    customers = [{"customer_id": "a", "orders": 1, "revenue": 5}, {"customer_id": "b", "orders": 3, "revenue": 5}]
    found = report(evidence(None, customers=customers))
    assert dict(found.rows.frame.select("customer_id", "rung").iter_rows()) == {"a": "first", "b": "repeat"}
    assert found.figures["second_order_rate"].value is None


def test_a_customer_is_told_the_next_rung():
    found = evidence(ROWS)
    told = explain(report(found), of_customer(found.base, "twice"))
    assert told is not None and told.because[0].key == "trust.next_repeat"
    assert explain(report(found), of_customer(found.base, "returned")) is None
    assert labels(found.evaluation, "orders")["twice"] == 2
