"""S14: items ranked by the value of the dissatisfied, and S14b: the dissatisfied who never complained."""

from typing import Any

import pytest

from crmdash.i18n import Wording
from crmdash.phrases import say
from crmdash.systems import complaint_iceberg, survey
from crmdash.systems.evidence import Evidence
from tests.unit.frames import Row, contact, evidence, money, of_customer, sale

AMOUNTS = {"a": 70, "b": 20, "c": 10, "d": 5}


def answer(customer_id: str, topic: str | None, score: float, day: int = 10) -> Row:
    return contact(customer_id, day, "survey", topic=topic, score=score)


ANSWERS = [
    answer("a", "Delivery", 5), answer("b", " delivery ", 6), answer("c", "delivery", 8),
    answer("b", "price", 9, day=5), answer("b", "price", 4), answer("c", "price", 3), answer("d", "price", 9),
    contact("a", 3, "complaint", topic="late truck"), contact("b", 3, "complaint", topic="broken box"),
    contact("a", 4, "complaint", topic="late truck"), contact("c", 30, "complaint", topic="later"),
]  # fmt: skip
OWNERS = {"a": "Zed", "b": "Ann", "c": "Ann", "d": "Bo"}


def asked(contacts: list[Row] = ANSWERS, settings: Any = None, as_of: int | None = 20) -> Evidence:
    customers = [{"customer_id": name, "owner": owner} for name, owner in OWNERS.items()]
    rows = [sale(name, 0, amount) for name, amount in AMOUNTS.items()]
    return evidence(rows, settings, customers=customers, contacts=contacts, as_of=as_of)


def items(found: Evidence) -> dict[str | None, dict[str, Any]]:
    return {row["item"]: row for row in survey.report(found).rows.frame.rows(named=True)}


def test_items_are_ranked_by_the_value_of_the_dissatisfied():
    found = items(asked())
    assert list(found) == ["delivery", "price"]
    delivery, price = found["delivery"], found["price"]
    assert (delivery["customers"], delivery["dissatisfied"], delivery["value"]) == (3, 2, money(90))
    assert delivery["mean"] == pytest.approx(19 / 3)
    assert delivery["satisfied"] == 1
    # Of b the answer of day 10 counts, not the 9 of day 5; two dissatisfied, but worth less.
    assert (price["customers"], price["dissatisfied"], price["value"]) == (3, 2, money(30))


def test_an_item_has_a_cause_a_measure_and_an_owner():
    found = items(asked())
    assert found["delivery"]["cause"] == "late truck"
    assert found["price"]["cause"] == "broken box"
    assert (found["delivery"]["measure"], found["delivery"]["owner"]) == ("delivery", "Ann")
    assert found["price"]["owner"] == "Ann"
    assert (found["delivery"]["about"], found["price"]["about"]) == ("delivery", "price")


def test_an_unknown_topic_gets_no_measure_and_nothing_is_to_be_done_where_all_are_content():
    found = items(asked([answer("a", "parking", 2), answer("a", "price", 9)]))
    assert (found["parking"]["about"], found["parking"]["measure"]) == ("other", None)
    assert (found["price"]["measure"], found["price"]["owner"], found["price"]["value"]) == (None, None, 0)


@pytest.mark.parametrize(
    ("topic", "about"),
    [("送货速度", "delivery"), ("價格", "price"), ("Overall", "overall"), ("整體滿意度", "overall"),
     ("opening hours", "other")],
)  # fmt: skip
def test_topics_are_told_in_three_languages(topic: str, about: str):
    assert next(iter(items(asked([answer("a", topic, 1)])).values()))["about"] == about


def test_the_dissatisfied_of_the_top_class_are_all_listed_first():
    found = asked()
    assert survey.report(found).tables["dissatisfied_top_class"].frame["customer_id"].to_list() == ["a"]
    low = survey.dissatisfied(found)
    assert low.select("customer_id", "item").rows() == [
        ("a", "delivery"), ("b", "price"), ("b", "delivery"), ("c", "price"),
    ]  # fmt: skip
    figures = survey.report(found).figures
    assert (figures["customers"].value, figures["dissatisfied"].value, figures["top_class"].value) == (4, 3, 1)
    assert figures["value"].value == money(100)


def test_answers_of_one_day_are_averaged_and_later_ones_set_aside():
    found = items(asked([answer("a", "price", 4), answer("a", "price", 7), answer("a", "price", 10, day=30)]))
    assert (found["price"]["mean"], found["price"]["dissatisfied"]) == (5.5, 1)


def test_limits_are_settings():
    assert items(asked(settings={"worth": {"dissatisfied": 3}}))["price"]["dissatisfied"] == 1


def test_without_a_survey_satisfaction_is_the_only_item():
    customers = [{"customer_id": "a", "satisfaction": 5.0}, {"customer_id": "b", "satisfaction": 9.0}]
    found = evidence([sale(name, 0, 1) for name in "ab"], customers=customers)
    report = survey.report(found)
    row = report.rows.frame.row(0, named=True)
    assert (row["item"], row["about"], row["customers"], row["dissatisfied"]) == (None, "overall", 2, 1)
    assert "customers table" in say(report.notes[0], Wording())


def test_a_survey_without_topics_has_one_item():
    found = asked([contact("a", 10, "survey", score=2.0), contact("b", 10, "survey", score=9.0)])
    assert list(items(found)) == [None]
    assert "name no topic" in say(survey.report(found).notes[0], Wording())


def test_the_iceberg_parts_those_who_spoke_from_the_silent():
    found = asked()
    report = complaint_iceberg.report(found)
    # Satisfaction: a 5, b (6 + 4) / 2, c (8 + 3) / 2, d 9; a and b complained by day 20, c only later.
    assert report.rows.frame["customer_id"].to_list() == ["c", "a", "b"]
    figures = {name: figure.value for name, figure in report.figures.items()}
    assert figures == {
        "asked": 4, "dissatisfied": 3, "complained": 2, "never_complained": 1, "share": pytest.approx(1 / 3),
        "value": money(10),
    }  # fmt: skip
    tiers = {row["tier"]: row for row in report.tables["tiers"].frame.rows(named=True)}
    assert (tiers["platinum"]["customers"], tiers["platinum"]["never_complained"]) == (1, 0)
    assert (tiers["lead"]["customers"], tiers["lead"]["share"]) == (0, None)


def test_a_file_without_any_complaint_says_so():
    report = complaint_iceberg.report(asked([answer("a", "price", 1)]))
    assert report.figures["share"].value == 1.0
    assert say(report.notes[0], Wording()).startswith("The data holds no complaint at all.")


@pytest.mark.parametrize(("name", "said"), [("c", "Never complained."), ("a", "Complained so far: 2.")])
def test_the_iceberg_is_explained(name: str, said: str):
    found = asked()
    explanation = complaint_iceberg.explain(complaint_iceberg.report(found), of_customer(found.customers, name))
    assert explanation is not None
    assert say(explanation.because[0], Wording()).startswith(said)


def test_who_is_content_is_not_in_the_iceberg():
    found = asked()
    assert complaint_iceberg.explain(complaint_iceberg.report(found), of_customer(found.customers, "d")) is None
