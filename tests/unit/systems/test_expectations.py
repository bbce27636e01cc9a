"""S18: gaps between experience and expectation, and promises that were too large."""

from typing import Any

import pytest

from crmdash.i18n import Wording
from crmdash.phrases import say
from crmdash.systems.evidence import Evidence
from crmdash.systems.expectations import EXPECTATIONS, explain, report
from tests.unit.frames import evidence, money, of_customer, sale

ASKED = {"a": (9.0, 7.0), "b": (8.0, 7.0), "c": (8.0, 7.1), "d": (9.0, 6.9), "e": (6.0, 6.0), "f": (None, 6.0)}


def asked(settings: Any = None) -> Evidence:
    customers = [
        {"customer_id": name, "expectation": expectation, "experience": experience}
        for name, (expectation, experience) in ASKED.items()
    ]
    return evidence([sale(name, 0, 10 * place) for place, name in enumerate(ASKED, 1)], settings, customers=customers)


def test_gaps_and_promises_that_were_too_large():
    found = report(asked())
    rows = {row["customer_id"]: row for row in found.rows.frame.rows(named=True)}
    assert [rows[name]["gap"] for name in "abcdef"] == [-2.0, -1.0, -0.9, -2.1, 0.0, None]
    assert [rows[name]["promised_too_much"] for name in "abcdef"] == [True, True, False, False, False, None]
    assert found.rows.frame["customer_id"].to_list() == ["a", "b", "d", "c", "e", "f"]


def test_figures_are_of_those_asked():
    figures = report(asked()).figures
    assert figures["customers"].value == 5
    assert figures["gap"].value == pytest.approx(-1.2)
    assert figures["met"].value == 0.2
    assert figures["promised_too_much"].value == 2
    assert figures["promised_too_much_value"].value == money(30)


def test_tiers_are_told_apart():
    # 60 + 50 + 40 of 210 reach half: f, e and d are platinum, and f was not asked.
    tiers = {row["tier"]: row for row in report(asked()).tables["tiers"].frame.rows(named=True)}
    platinum = tiers["platinum"]
    assert (platinum["customers"], platinum["expectation"], platinum["met"]) == (1, 6.0, 1.0)
    assert tiers["gold"]["gap"] == pytest.approx(-1.5)


def test_limits_are_settings():
    strict = report(asked({"worth": {"good_experience": 6.5, "expectation_gap": -2}}))
    assert strict.figures["promised_too_much"].value == 2
    assert strict.rows.frame["customer_id"].to_list()[:2] == ["d", "a"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a", "The service is good, the promise was larger: promise less, and keep it."),
        ("d", "Less than expected: find out what was missing."),
        ("e", "Expectation met."),
    ],
)
def test_a_customer_is_explained(name: str, said: str):
    found = asked()
    explanation = explain(report(found), of_customer(found.customers, name))
    assert explanation is not None
    assert say(explanation.because[0], Wording()) == said


def test_both_scores_are_needed():
    assert evidence([sale("a", 0, 1)]).missing(EXPECTATIONS.needs) == (
        ("customers.expectation",), ("customers.experience",),
    )  # fmt: skip
