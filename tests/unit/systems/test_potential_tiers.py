"""Prospects by the tier that their potential would reach."""

import pytest

from crmdash.phrases import Figure
from crmdash.systems.potential_tiers import POTENTIAL_TIERS, explain, report
from tests.unit.frames import contact, evidence, money, sales

# Lines of the pyramid at 50, 30 and 15: the values are 50, 30, 15 and 5.
ROWS = [row for name, amount in (("a", 50), ("b", 30), ("c", 15), ("d", 5)) for row in sales(name, {0: amount})]
PEOPLE = [
    {"customer_id": "p1", "potential_value": 60, "owner": "x"},
    {"customer_id": "p2", "potential_value": 20},
    {"customer_id": "p3", "potential_value": None},
    {"customer_id": "p4", "potential_value": 1},
]
CONTACTS = [contact("p1", 0, "call"), contact("p4", 0, "visit"), contact("p4", 0, "call"), contact("p4", 0, "ad")]


def test_prospects_by_potential():
    found = report(evidence(ROWS, customers=PEOPLE, contacts=CONTACTS))
    told = found.rows.frame.select("customer_id", "potential_tier", "potential_value", "effort", "contacts_made")
    assert told.rows() == [
        ("p1", "platinum", money(60), "top", 1),
        ("p2", "iron", money(20), "middle", 0),
        ("p4", "lead", money(1), "bottom", 2),
        ("p3", "iron", None, "unknown", 0),
    ]
    assert {name: figure.value for name, figure in found.figures.items()} == {
        "prospects": 4, "potential_known": 3, "potential_unknown": 1, "potential_value": money(81), "top_prospects": 1,
    }  # fmt: skip
    assert [note.key for note in found.notes] == ["potential.unknown"]


def test_where_the_contacts_go():
    by_tier = report(evidence(ROWS, customers=PEOPLE, contacts=CONTACTS)).tables["by_tier"].frame
    told = by_tier.select("potential_tier", "prospects", "potential_value", "contacts_made", "contacts_share")
    assert told.rows() == [
        ("platinum", 1, money(60), 1, 1 / 3),
        ("gold", 0, 0, 0, 0.0),
        ("iron", 2, money(20), 0, 0.0),
        ("lead", 1, money(1), 2, 2 / 3),
    ]
    assert by_tier["potential_share"].to_list() == pytest.approx([60 / 81, 0, 20 / 81, 1 / 81])


def test_without_contacts_and_without_prospects():
    alone = report(evidence(ROWS, customers=PEOPLE))
    assert "contacts_share" not in alone.tables["by_tier"].frame.columns
    nobody = report(evidence(ROWS, customers=[{"customer_id": "a", "potential_value": 5}]))
    assert len(nobody.rows.frame) == 0
    assert nobody.figures["potential_value"].value is None
    assert nobody.tables["by_tier"].frame["potential_share"].to_list() == [None] * 4


def test_what_customers_are_given():
    given = report(evidence(ROWS, customers=PEOPLE)).tables["given"].frame
    assert given.select("tier", "customers", "deliverables", "terms").rows() == [
        ("platinum", 1, "top", "top"),
        ("gold", 1, "upper", "upper"),
        ("iron", 1, "middle", "middle"),
        ("lead", 1, "bottom", "bottom"),
    ]


def test_what_it_needs():
    assert evidence(ROWS, customers=[{"customer_id": "p1", "region": "x"}]).missing(POTENTIAL_TIERS.needs) == (
        ("customers.potential_value",),
    )


def test_explained():
    found = report(evidence(ROWS, customers=PEOPLE))
    known, unknown = explain(found, {"customer_id": "p1"}), explain(found, {"customer_id": "p3"})
    assert known is not None and known.label.figures["potential"] == Figure("money", money(60))
    assert known.because[0].key == "effort.top"
    assert unknown is not None and unknown.label.key == "potential.treated_as"
    assert explain(found, {"customer_id": "a"}) is None
