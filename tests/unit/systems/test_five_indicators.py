"""S16: grades, nominations, rewards, and who rose since one period ago."""

from typing import Any

import polars as pl
import pytest

from crmdash.evaluate import evaluate
from crmdash.i18n import Wording
from crmdash.phrases import say
from crmdash.scope import Scope
from crmdash.systems.evidence import Evidence
from crmdash.systems.five_indicators import explain, indicator_totals, report
from crmdash.systems.registry import gather
from tests.unit.frames import evidence, money, of_customer, sale, sales

FOUR = [sale(name, 0, amount, profit=amount / 2) for name, amount in zip("abcd", (10, 20, 30, 40), strict=True)]


def column(found: Evidence, name: str) -> dict[str, Any]:
    return dict(report(found).rows.frame.select("customer_id", name).iter_rows())


def looked_at(found: Evidence, scope: Scope) -> Evidence:
    narrowed = evaluate(found.summary, found.settings, scope)
    return gather(found.tables, found.summary, narrowed, found.summary_at)


def test_grades_follow_the_points():
    found = evidence(FOUR)
    # Only contribution is known: places 12.5, 37.5, 62.5 and 87.5.
    assert column(found, "total") == {"a": 12.5, "b": 37.5, "c": 62.5, "d": 87.5}
    assert column(found, "grade") == {"a": "d", "b": "d", "c": "c", "d": "a"}
    assert report(found).rows.frame["customer_id"].to_list() == ["d", "c", "b", "a"]
    grades = report(found).tables["grades"].frame
    assert dict(grades.select("grade", "customers").iter_rows()) == {"a": 1, "b": 0, "c": 1, "d": 2}


def test_the_best_of_a_group_share_one_per_cent_of_its_profit():
    found = evidence(FOUR)
    assert column(found, "nominated") == {"a": False, "b": False, "c": False, "d": True}
    # Profits of 5, 10, 15 and 20: 1 % of 50.
    assert column(found, "reward") == {"a": None, "b": None, "c": None, "d": money(0.5)}
    figures = report(found).figures
    assert (figures["nominated"].value, figures["reward"].value, figures["grade_a"].value) == (1, money(0.5), 1)


def test_without_profit_the_reward_is_not_known():
    found = evidence([sale(name, 0, amount) for name, amount in zip("abcd", (10, 20, 30, 40), strict=True)])
    assert column(found, "nominated")["d"]
    assert column(found, "reward")["d"] is None
    assert report(found).figures["reward"].value is None
    said = explain(report(found), of_customer(found.customers, "d"))
    assert said is not None
    assert say(said.because[-1], Wording()) == "Nominated for an award; the reward needs profit."


def test_equal_points_are_nominated_alike_and_share_the_reward():
    rows = [sale(name, 0, 10, profit=4) for name in "ab"] + [sale(str(n), 0, 1, profit=0) for n in range(6)]
    found = evidence(rows, {"worth": {"award_score": 80}})
    assert {name for name, named in column(found, "nominated").items() if named} == {"a", "b"}
    assert column(found, "reward")["a"] == column(found, "reward")["b"] == money(0.04)


@pytest.mark.parametrize(
    ("settings", "contacts"),
    [
        ({"award_score": 90}, []),
        ({}, [{"customer_id": "d", "date": 0, "kind": "complaint"}]),
    ],
)
def test_nobody_is_nominated_with_too_few_points_or_an_open_complaint(settings, contacts):
    more = {"contacts": contacts} if contacts else {}
    assert not any(column(evidence(FOUR, {"worth": settings}, **more), "nominated").values())


def test_a_weak_indicator_bars_from_the_award():
    customers = [{"customer_id": name, "integrity": 49.0 if name == "d" else 90.0} for name in "abcd"]
    found = evidence(FOUR, {"worth": {"award_score": 50}}, customers=customers)
    assert not column(found, "nominated")["d"]
    # Without the floor the best of the four is d, with (49 x 20 + 87.5 x 25) / 45 points behind c.
    assert column(found, "total")["d"] == pytest.approx((49 * 20 + 87.5 * 25) / 45)


def test_the_change_since_one_period_ago():
    rows = [*sales("a", {0: 100, 300: 500, 400: 1}), *sales("b", {0: 300})]
    found = evidence(rows)
    assert found.clock.comparison == 182
    # On day 218 a had 100 and b 300; now a has 601.
    assert column(found, "change") == {"a": 50.0, "b": -50.0}
    figures = report(found).figures
    assert (figures["risen"].value, figures["fallen"].value) == (1, 1)


def test_a_file_of_one_day_has_no_change():
    assert set(column(evidence(FOUR), "change").values()) == {None}


def test_a_filter_changes_nobodys_points_and_no_reward():
    regions = dict(zip("abcd", ("north", "south", "north", "north"), strict=True))
    customers = [{"customer_id": name, "region": region} for name, region in regions.items()]
    rows = [*FOUR, *sales("a", {300: 50}, profit=1), *sales("b", {400: 1}, profit=1)]
    whole = evidence(rows, customers=customers)
    part = looked_at(whole, Scope(region=("north",)))
    for name in ("total", "reward", "change", "peers_kind"):
        everybody = column(whole, name)
        assert column(part, name) == {one: everybody[one] for one in "acd"}


def test_totals_can_be_a_measure_of_the_whole_base():
    found = evidence(FOUR)
    totals = indicator_totals(found.summary, found.settings.worth)
    assert dict(totals.iter_rows()) == {"a": 12.5, "b": 37.5, "c": 62.5, "d": 87.5}


def test_dark_indicators_are_named():
    notes = [say(note, Wording()) for note in report(evidence(FOUR)).notes]
    assert notes[0] == "No data for: Integrity. Its weight is shared out over the others."
    assert len(notes) == 4


def test_a_customer_is_explained():
    found = evidence(FOUR)
    said = explain(report(found), of_customer(found.customers, "d"))
    assert said is not None
    assert say(said.label, Wording()) == "Grade A: 87.5 of 100 points; compared with: All customers."
    assert [say(because, Wording()) for because in said.because] == [
        "Strongest: Contribution, 87.5. Weakest: Contribution, 87.5. Known: 1 of 5 indicators.",
        "Nominated for an award; its part of the reward is 0.50.",
    ]


def test_prospects_are_not_scored():
    found = evidence(FOUR, customers=[{"customer_id": "x"}])
    assert "x" not in column(found, "total")
    assert explain(report(found), of_customer(found.customers, "x")) is None


def test_rows_stand_in_every_column_once():
    table = report(evidence(FOUR)).rows
    assert len({one.name for one in table.columns}) == len(table.columns)
    assert table.frame.filter(pl.col("total").is_null()).is_empty()
