"""S7: on a base without differences tiers do not help, on one with differences they do, and what is missing is said."""

from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

import numpy as np
import polars as pl
import pytest

from crmdash.evaluate import evaluate
from crmdash.rule_settings import TierTestSettings
from crmdash.settings import parse_settings
from crmdash.systems.evidence import Evidence
from crmdash.systems.survey_answers import topic_answers
from crmdash.systems.tiers_help import CONDITIONS, Finding, enough, profiles, report, same_tier, verdict
from tests.unit.frames import Row, contact, evidence, sale

CUSTOMERS: Final = 400
LAST_DAY: Final = 1100
FORMATS: Final = ("kiosk", "hotel", "canteen", "market")


@lru_cache
def base(different: bool) -> Evidence:
    """A base of large and small customers; with `different`, the large ones are of another kind too."""
    rng = np.random.default_rng(7)
    rows: list[Row] = []
    customers: list[Row] = []
    contacts: list[Row] = []
    for place in range(CUSTOMERS):
        name, large = f"c{place:03}", place % 4 == 0
        apart = different and large
        rows += _orders(rng, name, large, apart)
        customers.append(_customer(rng, name, apart))
        for day in (100, 300, 500, 700, 900, 1050):
            contacts += _answers(rng, name, day, apart)
    return evidence([*rows, sale("c000", LAST_DAY, 1)], customers=customers, contacts=contacts)


def _orders(rng: np.random.Generator, name: str, large: bool, apart: bool) -> list[Row]:
    days, deals = np.sort(rng.integers(0, LAST_DAY, 14)), 0.1 if apart else 0.6
    amounts = rng.uniform(80, 120, 14) * (20 if large else 1)
    return [
        sale(name, int(day), round(float(amount), 2), profit=round(float(amount) * rng.uniform(0.1, 0.2), 2),
             discount=round(float(amount) / 10, 2) if rng.random() < deals else 0, category=f"k{rng.integers(0, 6)}")
        for day, amount in zip(days, amounts, strict=True)
    ]  # fmt: skip


def _customer(rng: np.random.Generator, name: str, apart: bool) -> Row:
    wallet = 0.8 if apart else 0.4
    formats = FORMATS[2:] if apart else FORMATS[:2]
    return {
        "customer_id": name, "format": str(rng.choice(formats)), "share_of_wallet": wallet + rng.uniform(-0.2, 0.2),
        "integrity": rng.uniform(40, 90), "expectation": rng.uniform(4, 9), "age": int(rng.integers(20, 60)),
        "region": str(rng.choice(["north", "south"])),
    }  # fmt: skip


def _answers(rng: np.random.Generator, name: str, day: int, apart: bool) -> list[Row]:
    delivery, price = rng.uniform(2, 9, 2)
    overall = (delivery if apart else price) + rng.normal(0, 0.5)
    scores = {"Delivery": delivery, "price": price, "Overall ": overall}
    return [
        contact(name, day, "survey", topic=topic, score=float(np.clip(score, 0, 10))) for topic, score in scores.items()
    ]


def conditions(found: Evidence) -> dict[str, dict[str, Any]]:
    return {row["condition"]: row for row in report(found).tables["conditions"].frame.iter_rows(named=True)}


def said(found: Evidence) -> str:
    return str(report(found).figures["verdict"].value)


def test_a_base_without_differences():
    assert said(base(different=False)) == "what_if:verdict.no_help"
    assert [row["outcome"] for row in conditions(base(different=False)).values()] == ["does_not"] * 4
    assert not report(base(different=False)).rows.frame["differs"].any()


def test_a_base_with_differences():
    found = base(different=True)
    assert said(found) == "what_if:verdict.help"
    differing = report(found).rows.frame.filter("differs")["measure"].to_list()
    assert sorted(differing) == ["deal_share", "discount_share", "format", "share_of_wallet"]
    asked = conditions(found)
    assert asked["profiles"]["outcome"] == asked["quality"]["outcome"] == "holds"
    assert asked["quality"]["effect"] > 0.1 and asked["quality"]["chance"] < 1e-9
    # Neither growth nor the next profit has anything to do with tiers in this base.
    assert asked["drivers"]["outcome"] == asked["service"]["outcome"] == "does_not"


def test_what_is_asked_of_a_condition_can_be_moved():
    found = base(different=True)
    strict = evidence_with(found, {"tier_test": {"fewest_measures": 10, "share_of_measures": 100}})
    assert said(strict) == "what_if:verdict.no_help"
    assert said(evidence_with(found, {"tier_test": {"explained": 0.5}})) == "what_if:verdict.not_shown"
    many = conditions(evidence_with(found, {"tier_test": {"fewest_answers": 500}}))
    assert many["drivers"]["reason"] == many["service"]["reason"] == "cases"


def evidence_with(found: Evidence, settings: Row) -> Evidence:
    return replace(found, evaluation=evaluate(found.summary, parse_settings(settings)), _found={})


def test_id_date_and_amount_say_what_is_missing():
    rows = [sale(f"c{place}", day, 10 + place) for place in range(100) for day in (place, 400 + place, 800 + place)]
    asked = conditions(evidence(rows))
    assert asked["quality"]["missing"] == "contacts.score;contacts.topic"
    assert asked["drivers"]["missing"] == "contacts;transactions.discount;transactions.category"
    assert asked["service"]["missing"] == "contacts.score;transactions.profit"
    assert {asked[name]["reason"] for name in CONDITIONS[1:]} == {"columns"}


def test_a_list_of_customers_without_any_profile_cannot_be_told():
    found = evidence(None, customers=[{"customer_id": str(place), "revenue": place + 1} for place in range(30)])
    assert said(found) == "what_if:verdict.unknown"
    asked = conditions(found)
    assert asked["profiles"]["outcome"] == "untested" and asked["profiles"]["reason"] == "columns"
    assert asked["drivers"]["reason"] == "periods"


@pytest.mark.parametrize(
    ("outcomes", "overall"),
    [
        (("holds", "holds", "does_not", "untested"), "help"),
        (("holds", "does_not", "does_not", "holds"), "help"),
        (("holds", "does_not", "untested", "untested"), "not_shown"),
        (("holds", "does_not", "does_not", "does_not"), "not_shown"),
        (("does_not", "holds", "holds", "holds"), "no_help"),
        (("untested", "holds", "holds", "holds"), "unknown"),
    ],
)
def test_what_four_outcomes_come_to(outcomes, overall):
    assert verdict({name: Finding(outcome) for name, outcome in zip(CONDITIONS, outcomes, strict=True)}) == overall


@pytest.mark.parametrize(
    ("differ", "known", "outcome"),
    [(3, 20, "holds"), (2, 20, "does_not"), (2, 4, "holds"), (1, 4, "does_not"), (1, 1, "holds"), (0, 1, "does_not")],
)
def test_three_measures_or_half_of_those_known(differ, known, outcome):
    measures = pl.DataFrame({"differs": [place < differ for place in range(known)], "customers": 9})
    assert profiles(measures, TierTestSettings()).outcome == outcome


def test_tiers_with_few_answers_are_left_out():
    rows = pl.DataFrame({"tier": ["gold"] * 30 + ["iron"] * 29 + ["lead"] * 31})
    kept = enough(rows, TierTestSettings())
    assert kept is not None and sorted(set(kept["tier"])) == ["gold", "lead"]
    assert enough(rows.filter(pl.col("tier") != "lead"), TierTestSettings()) is None


def test_answers_stand_beside_the_overall_one_of_their_day():
    contacts = [
        contact("a", 5, "survey", topic="overall", score=8.0), contact("a", 5, "survey", topic=" Price", score=6.0),
        contact("a", 5, "survey", topic="price", score=4.0), contact("a", 9, "survey", topic="price", score=1.0),
        contact("b", 5, "survey", score=3.0), contact("b", 5, "survey", topic="交货", score=2.0),
        contact("b", 5, "service", topic="price", score=9.0), contact("b", 99, "survey", topic="price", score=9.0),
    ]  # fmt: skip
    answers = topic_answers(evidence([sale("a", 1, 5), sale("b", 50, 5)], contacts=contacts))
    assert answers.rows() == [("a", 5, "price", 5.0, 8.0), ("b", 5, "交货", 2.0, 3.0)]


def test_who_stayed_in_its_tier():
    # Lines at 50 %: first a leads alone, later b; c stays below.
    rows = [sale("a", 1, 60), sale("b", 2, 30), sale("c", 3, 5), sale("b", 700, 300), sale("c", 730, 1)]
    found = evidence(rows)
    before = found.before
    assert before is not None
    then = dict(before.select("customer_id", "tier").iter_rows())
    now = dict(found.base.select("customer_id", "tier").iter_rows())
    assert same_tier(found) == sum(then[name] == now[name] for name in "abc") / 3
    assert then["a"] == "platinum" != now["a"]
