"""S29: how complete each customer's file is, and which gap matters most."""

from typing import Any

import polars as pl
import pytest

from crmdash.columns import CUSTOMERS
from crmdash.model.customer_file import PARTS, WANTED
from crmdash.settings import Settings, parse_settings
from crmdash.systems.profile_completeness import completeness, explain, gap_rows, report
from tests.unit.frames import evidence, of_customer, sales

FULL = {
    "name": "Shop", "contact_person": "Lin", "decided_by": "Lin", "industry": "retail", "needs": "space",
    "pain_points": "price", "source": "fair", "referred_by": "b", "buying_habits": "weekly", "preferences": "tea",
    "birthday": 100, "may_contact": True,
}  # fmt: skip


def file_of(**fields: Any) -> pl.DataFrame:
    return pl.DataFrame([FULL | {"customer_id": "a", "tier_class": "top"} | fields])


def complete(**fields: Any) -> float:
    return completeness(file_of(**fields), Settings()).item()


@pytest.mark.parametrize(
    ("fields", "gap"),
    [
        ({}, 0),
        ({"contact_person": None}, 1.5),
        ({"decided_by": " "}, 3),
        ({"industry": None}, 2),
        ({"industry": None, "format": "kiosk"}, 0),
        ({"needs": None, "pain_points": None}, 2),
        ({"pain_points": None}, 1),
        ({"birthday": None, "preferences": ""}, 2),
    ],
)
def test_each_part_counts_its_weight_of_15(fields, gap):
    assert complete(**fields) == pytest.approx(1 - gap / 15, abs=1e-12)


def test_who_does_not_want_contact_is_asked_for_nothing_personal():
    # Left: name 1.5, industry 2, needs 2, source 1, introducer 1, buying habits 1 = 8.5.
    assert complete(may_contact=False, decided_by=None, contact_person=None, birthday=None, preferences=None) == 1
    assert complete(may_contact=False, source=None) == pytest.approx(1 - 1 / 8.5)
    assert complete(may_contact=None, decided_by=None) == pytest.approx(12 / 15)


def test_a_column_that_the_file_lacks_is_empty_with_everybody():
    assert completeness(pl.DataFrame({"name": ["Shop"]}), Settings()).item() == pytest.approx(1.5 / 15)


def test_nothing_asked_for_is_missing_not_complete():
    nothing = parse_settings({"profile": {f"weight_{part.code}": 0 for part in PARTS}})
    assert completeness(file_of(), nothing).item() is None


def test_a_gap_matters_by_class():
    classes = pl.concat(file_of(decided_by=None, tier_class=name) for name in ("top", "upper", "middle", "bottom"))
    unknown = file_of(decided_by=None).with_columns(tier_class=pl.lit(None, pl.String))
    rows = gap_rows(pl.concat([classes, unknown]), Settings())
    assert rows["gap_matters"].to_list() == [9, 6, 3, 0, 3]
    assert rows["largest_gap"].to_list() == ["decider"] * 5
    assert rows["gaps"].to_list() == [1] * 5
    assert gap_rows(file_of(), Settings()).select("gap_matters", "largest_gap", "gaps").row(0) == (0, None, 0)


@pytest.fixture(scope="module")
def found():
    rows = [*sales("a", {0: 60, 50: 40}), *sales("b", {10: 20}), *sales("c", {20: 1})]
    blank = dict.fromkeys(FULL) | {"may_contact": True}
    people = [
        {"customer_id": "a", "owner": "Mei", **FULL, "decided_by": None},
        {"customer_id": "b", "owner": "Mei", **FULL},
        {"customer_id": "c", "owner": "Kai", **blank, "may_contact": False},
    ]
    return report(evidence(rows, customers=people))


def test_the_report_begins_with_what_matters_most(found):
    # a holds 100 of 121: platinum (3 x 3); b completes gold; c is iron: 8.5 asked for and nothing there, of its class.
    frame = found.rows.frame
    assert frame["customer_id"].to_list()[0] == "a"
    assert of_customer(frame, "a")["gap_matters"] == 9
    assert of_customer(frame, "b")["gap_matters"] == 0
    assert of_customer(frame, "c")["completeness"] == 0
    assert found.figures["completeness"].value == pytest.approx((12 / 15 + 1 + 0) / 3)
    assert found.figures["completeness_of_top"].value == pytest.approx(12 / 15)
    assert found.figures["gaps_of_top"].value == 1


def test_tables_by_account_manager_and_part(found):
    owners = {row["owner"]: row for row in found.tables["by_owner"].frame.iter_rows(named=True)}
    assert owners["Mei"]["customers"] == 2
    assert owners["Mei"]["completeness"] == pytest.approx((12 / 15 + 1) / 2)
    parts = {row["part"]: row for row in found.tables["by_part"].frame.iter_rows(named=True)}
    assert parts["decider"]["lacking"] == 1  # c is not asked for
    assert parts["decider"]["filled"] == pytest.approx(2 / 3)
    assert parts["decider"]["gap_matters"] == 9
    assert parts["source"]["lacking"] == 1


def test_one_customer_is_explained(found):
    told = explain(found, {"customer_id": "a"})
    assert told is not None
    assert told.label.figures["completeness"].value == pytest.approx(12 / 15)
    assert [phrase.figures["part"].value for phrase in told.because] == ["audit:part.decider"]
    held_back = explain(found, {"customer_id": "c"})
    assert held_back is not None and held_back.because[-1].key == "profile.held_back"
    assert explain(found, {"customer_id": "z"}) is None


def test_every_part_has_a_weight_and_wants_known_columns():
    known = {column.name for column in CUSTOMERS}
    assert {name for fields in WANTED for name in fields} <= known
    assert all(hasattr(Settings().profile, f"weight_{part.code}") for part in PARTS)
