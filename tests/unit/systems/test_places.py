"""Customers by place: what is set beside whom, with and without a filter, now and a period ago."""

import narwhals as nw
import polars as pl
import pytest

from crmdash.evaluate import evaluate
from crmdash.scope import Scope
from crmdash.systems.evidence import Evidence
from crmdash.systems.places import (
    base_places,
    before_places,
    by_place,
    customer_places,
    find_places,
    places_of,
    spread,
)
from crmdash.systems.registry import gather
from crmdash.systems.rows import contacts_of, rows_by_pair, rows_of
from tests.unit.frames import contact, evidence, money, sale, sales

ROWS = [
    *sales("b", {0: 50, 400: 10, 800: 20}, channel="web", category="tea"),
    *sales("a", {100: 30, 790: 300}, channel="shop", category="ink"),
    sale("c", 790, -5, channel=None, category="ink"),
    sale("late", 700, 7, channel="web", category=None),
]
PEOPLE = [{"customer_id": "a", "region": "x"}, {"customer_id": "b", "region": "y"}, {"customer_id": "p"}]


@pytest.fixture(scope="module")
def found() -> Evidence:
    return evidence(ROWS, customers=PEOPLE, contacts=[contact("p", 5, "call", minutes=6), contact("a", 9, "ad")])


def test_ids_are_found_in_any_order():
    known = pl.Series(["a", "b", "c"])
    assert find_places(known, known).to_list() == [0, 1, 2]
    assert find_places(known, pl.Series(["c", "x", "a", "c"])).to_list() == [2, None, 0, 2]


def test_places_point_at_the_customers_own_rows(found: Evidence):
    ids = found.summary.customers["customer_id"]
    assert ids.to_list() == ["a", "b", "c", "late", "p"]
    assert ids.gather(customer_places(found)).to_list() == found.customers["customer_id"].to_list()
    assert ids.gather(base_places(found)).to_list() == found.base["customer_id"].to_list()
    assert found.before is not None
    assert ids.gather(before_places(found)).to_list() == found.before["customer_id"].to_list()


def test_under_a_filter_too(found: Evidence):
    narrowed = evaluate(found.summary, found.settings, Scope(region=("y",)))
    some = gather(found.tables, found.summary, narrowed, found.summary_at)
    assert customer_places(some).to_list() == base_places(some).to_list() == [1]
    assert places_of(some, pl.Series(["late"])).to_list() == [3]


def test_rows_are_spread_over_the_summary(found: Evidence):
    told = by_place(found, pl.DataFrame({"v": [7, 8]}), pl.Series([3, 0], dtype=pl.UInt32))
    assert told["v"].to_list() == [8, None, None, 7, None]
    assert spread(told, pl.Series(range(5)), 5) is told


def test_transactions_come_by_customer_and_day_with_names_as_numbers(found: Evidence):
    rows = rows_of(found)
    assert rows.names["channel"].to_list() == ["shop", "web"] and rows.names["category"].to_list() == ["ink", "tea"]
    told = rows.frame.select("place", "date", "amount", "category", "channel").rows()
    assert [row[0] for row in told] == [0, 0, 1, 1, 1, 2, 3]
    assert told[0][2:] == (money(30), 0, 0) and told[-1][2:] == (money(7), None, 1)
    assert told[5][2:] == (money(-5), 0, None)
    assert [row[1] for row in told[2:5]] == sorted(row[1] for row in told[2:5])


def test_rows_by_pair_sum_what_is_the_same_customers_and_the_same_category(found: Evidence):
    known = rows_of(found).frame.drop_nulls("category")
    summed = rows_by_pair(known, "category", 2, amount=nw.col("amount").sum()).sort("place", "category")
    assert summed.select("place", "category", "amount").rows() == [
        (0, 0, money(330)), (1, 1, money(80)), (2, 0, money(-5))
    ]  # fmt: skip


def test_contacts_come_with_places(found: Evidence):
    assert contacts_of(found).select("place", "kind").rows() == [(4, "call"), (0, "ad")]
