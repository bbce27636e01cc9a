"""Orientation: points over known signals, and when they suffice."""

from typing import Any

import pytest

from crmdash.systems.orientation import explain
from tests.unit.frames import Row, contact, evidence, sale


def oriented(rows: list[Row], settings: Row | None = None, **more: Any) -> dict[str, Row]:
    frame = evidence(rows, settings, **more).report("orientation").rows.frame
    return {row["customer_id"]: row for row in frame.rows(named=True)}


def buys(customer_id: str, days: tuple[int, ...], **more: Any) -> list[Row]:
    return [sale(customer_id, day, 10, **more) for day in days]


def test_cost_and_value_by_deals_and_payment():
    rows = [
        *buys("a", (500, 700), discount=2.0, due_date=600, paid_date=640),
        *buys("b", (10, 720), discount=0.0, due_date=725, paid_date=720),
        *buys("c", (0, 730), discount=0.0, due_date=740, paid_date=735),
    ]
    found = oriented(rows)
    # a: deals 30 of 30, pays late 25 of 25; known 55 of 100.
    assert (found["a"]["cost_points"], found["a"]["orientation"]) == (100.0, "cost")
    assert found["a"]["known_points"] == pytest.approx(0.55)
    # b: deals 20, payment 15, returns 15 had, tenure 20 not: 50 of 70.
    assert found["b"]["value_points"] == pytest.approx(5000 / 70)
    assert (found["b"]["orientation"], found["b"]["technology_points"]) == ("value", None)
    assert found["b"]["known_points"] == pytest.approx(0.70)


def test_too_little_known_is_mixed():
    rows = [*buys("a", (500, 700), discount=2.0), *buys("b", (0, 730), discount=0.0)]
    found = oriented(rows)
    # Of cost only the deals are known: 30 of 100 points.
    assert (found["a"]["cost_points"], found["a"]["orientation"]) == (100.0, "mixed")
    assert oriented(rows, {"kinds": {"orientation_known": 30}})["a"]["orientation"] == "cost"


def test_a_lead_must_be_large_enough():
    rows = [*buys("a", (0, 730), discount=2.0, due_date=700, paid_date=740), *buys("b", (0, 730), discount=0.0)]
    found = oriented(rows)["a"]
    # Value: tenure 20 and returns 15 of 70 known; cost is full.
    assert found["value_points"] == pytest.approx(3500 / 70) and found["cost_points"] == 100.0
    assert oriented(rows, {"kinds": {"orientation_ahead": 50}})["a"]["orientation"] == "cost"
    assert oriented(rows, {"kinds": {"orientation_ahead": 50, "value_deals": 0}})["a"]["orientation"] == "mixed"


def test_technology_asks_and_takes_up_what_is_new():
    old = [sale(name, day, 10, product="old") for name in "ab" for day in (0, 100, 730)]
    new = [sale("a", 700, 90, product="new")]
    asked = [contact("a", 600, "enquiry", topic="Technical data"), contact("b", 600, "visit")]
    customers = [{"customer_id": "a", "satisfaction": 5.0}, {"customer_id": "b", "satisfaction": 9.0}]
    found = oriented(old + new, contacts=asked, customers=customers)
    # a: new products 45 and asks 35 of the 85 known; b is satisfied (5) and no more.
    assert found["a"]["technology_points"] == pytest.approx(8000 / 85)
    assert found["a"]["orientation"] == "technology"
    assert found["b"]["technology_points"] == pytest.approx(500 / 85)
    assert found["b"]["orientation"] == "value"


def test_the_table_and_the_explanation():
    rows = [*buys("a", (500, 700), discount=2.0, due_date=600, paid_date=640), *buys("b", (0, 730), discount=0.0)]
    found = evidence(rows)
    report = found.report("orientation")
    table = {row["orientation"]: row for row in report.tables["by_orientation"].frame.rows(named=True)}
    assert {code: row["customers"] for code, row in table.items()} == {
        "cost": 1,
        "value": 1,
        "technology": 0,
        "mixed": 0,
    }
    assert table["cost"]["value_share"] == 0.5
    told = explain(report, {"customer_id": "a"})
    assert told is not None and told.because[0].figures["cost"].value == 100.0


def test_amounts_alone_leave_it_dark():
    assert not evidence([sale("a", 1, 1)]).can("orientation")
