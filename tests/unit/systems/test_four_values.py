"""S17: the four values customers see, and S17b: what they get against what they give."""

from typing import Any

import pytest

from crmdash.i18n import Wording
from crmdash.phrases import say
from crmdash.systems import balance, four_values
from crmdash.systems.evidence import Evidence
from crmdash.ui.value.balance_section import sampled
from tests.unit.frames import evidence, money, of_customer, sale

SCORES = ("value_functional", "value_experiential", "value_social", "value_convenience")
AMOUNTS = {"a": 10, "b": 20, "c": 30, "d": 40}


def asked(scores: dict[str, tuple[float | None, ...]], settings: Any = None, **more: dict[str, Any]) -> Evidence:
    customers = [
        {"customer_id": name, **dict(zip(SCORES, scores.get(name, (None,) * 4), strict=True)), **more.get(name, {})}
        for name in AMOUNTS
    ]
    return evidence([sale(name, 0, amount) for name, amount in AMOUNTS.items()], settings, customers=customers)


def test_the_mean_is_over_the_known_values_and_the_least_comes_first():
    found = four_values.report(asked({"a": (8, 6, 4, 6), "b": (None, 3, None, 5), "c": (9, 9, 9, 9)}))
    rows = {row["customer_id"]: row for row in found.rows.frame.rows(named=True)}
    assert [rows[name]["customer_value"] for name in "abcd"] == [6.0, 4.0, 9.0, None]
    assert [rows[name]["weakest"] for name in "abcd"] == [
        "value_social", "value_experiential", "value_functional", None,
    ]  # fmt: skip
    assert found.rows.frame["customer_id"].to_list() == ["b", "a", "c", "d"]
    assert found.figures["customers"].value == 3
    assert found.figures["value_social"].value == 6.5
    assert found.figures["weakest"].value == "value:seen.value_experiential"


def test_means_by_tier_are_of_those_asked():
    found = four_values.report(asked({"c": (1, 1, 1, 1), "d": (5, 6, 7, 8)}))
    tiers = {row["tier"]: row for row in found.tables["tiers"].frame.rows(named=True)}
    # 40 and 30 of 100 reach the first line at 50 %: both are platinum.
    assert tiers["platinum"]["customers"] == 2
    assert tiers["platinum"]["value_functional"] == 3.0
    assert (tiers["gold"]["customers"], tiers["gold"]["value_social"]) == (0, None)


def test_what_a_customer_sees_is_explained():
    found = asked({"a": (8, 6, 4, 6), "b": (8, 8, 8, 8)})
    said = four_values.explain(four_values.report(found), of_customer(found.customers, "a"))
    assert said is not None
    assert say(said.label, Wording()) == "Sees a value of 6.0 of 10 in us."
    assert say(said.because[0], Wording()) == "Least: Social value, 4.0; all customers on average 6.0."
    assert four_values.explain(four_values.report(found), of_customer(found.customers, "d")) is None


def sides(found: Evidence) -> dict[str, Any]:
    return dict(balance.report(found).rows.frame.select("customer_id", "balance").iter_rows())


def test_the_four_sides_of_give_and_take():
    low, high = (4.9,) * 4, (5.0,) * 4
    found = asked({"a": low, "b": high, "c": low, "d": high})
    # Contributions are at 12.5, 37.5, 62.5 and 87.5 per cent of the peers.
    assert sides(found) == {"a": "neglected", "b": "over_served", "c": "under_served", "d": "balanced"}
    report = balance.report(found)
    assert report.rows.frame["customer_id"].to_list() == ["c", "a", "b", "d"]
    assert report.figures["under_served"].value == 1
    assert report.figures["under_served_value"].value == money(30)
    assert dict(report.rows.frame.select("customer_id", "gets").iter_rows())["b"] == 50.0


def test_satisfaction_stands_in_for_the_four_values():
    found = asked({"d": (2, 2, 2, 2)}, c={"satisfaction": 3.0}, d={"satisfaction": 9.0})
    assert sides(found) == {"a": None, "b": None, "c": "under_served", "d": "under_served"}
    assert balance.report(found).figures["unknown"].value == 2


def test_the_line_is_a_setting():
    found = asked({"d": (7, 7, 7, 7)}, {"worth": {"balance_line": 90}})
    assert sides(found)["d"] == "neglected"


def test_balance_is_explained():
    found = asked({"c": (4, 4, 4, 4)})
    said = balance.explain(balance.report(found), of_customer(found.customers, "c"))
    assert said is not None
    assert say(said.label, Wording()) == "Give and take: Under-served."
    assert say(said.because[0], Wording()) == "It gets 40.0 of 100 from us; among its peers it gives 62.5 of 100."


@pytest.mark.parametrize(("most", "drawn"), [(4, 4), (10, 4), (2, 2)])
def test_a_sample_keeps_the_proportions_of_the_tiers(most: int, drawn: int):
    found = asked({name: (5, 5, 5, 5) for name in AMOUNTS})
    assert len(sampled(balance.report(found).rows.frame, most)) in {drawn, drawn + 1}
