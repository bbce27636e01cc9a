"""Reasons of every model: what they say must be so, and the way out they name must lead out."""

from typing import Any

import pytest

from crmdash.evaluate import Evaluation
from crmdash.model.reasons import Reason, why_stage
from crmdash.phrases import Phrase
from tests.unit.frames import Row, contact, evaluated, of_customer, sale, sales

MONTHLY = sales("m", {day: 10.0 for day in range(0, 901, 30)})
"""A steady customer that keeps T = 900 and a base rhythm of 30 days."""


def by(model: str, rows: list[Row], as_of: int | None = None, limits: Row | None = None, **tables: Any) -> Evaluation:
    return evaluated([*MONTHLY, *rows], {"lifecycle": {"model": model} | (limits or {})}, as_of=as_of, **tables)


def stage(found: Evaluation) -> str:
    label: str = of_customer(found.customers, "a")["stage"]
    return label


def why(found: Evaluation) -> Reason:
    reason = why_stage(of_customer(found.customers, "a"), found.rulebook)
    assert reason is not None
    return reason


def figure(phrase: Phrase | None, name: str) -> Any:
    assert phrase is not None
    return phrase.figures[name].value


def every(days: range) -> list[Row]:
    return sales("a", {day: 10.0 for day in days})


@pytest.mark.parametrize(
    ("model", "rows", "stages"),
    [
        # Every 30 days, the last time on day 870 or, for the personal cycle, 900.
        ("commercial", every(range(0, 871, 30)), ("maturity", "decline")),
        ("journey", every(range(0, 871, 30)), ("inspire", "retain")),
        ("acquaintance", every(range(0, 871, 30)), ("established_loyal", "established")),
        ("personal_cycle", every(range(0, 901, 30)), ("active", "sleepy")),
        ("relationship", every(range(0, 871, 30)), ("stable", "deterioration")),
    ],
)
def test_the_day_by_which_an_order_keeps_the_stage(model: str, rows: list[Row], stages: tuple[str, str]):
    until = figure(why(by(model, rows)).way_out, "date")
    assert tuple(stage(by(model, rows, as_of=day)) for day in (until, until + 1)) == stages


@pytest.mark.parametrize(
    ("model", "stages"),
    [
        ("relationship", ("stable", "deterioration")),
        ("commercial", ("maturity", "decline")),
        ("acquaintance", ("established_loyal", "established")),
    ],
)
def test_by_days_the_calendar_keeps_the_stage(model: str, stages: tuple[str, str]):
    rows, limits = every(range(0, 871, 30)), {"measured_by": "days"}
    until = figure(why(by(model, rows, limits=limits)).way_out, "date")
    assert until == 870 + 89
    assert tuple(stage(by(model, rows, as_of=day, limits=limits)) for day in (until, until + 1)) == stages


def test_by_days_falling_away_names_the_day_that_counts_as_gone():
    rows, limits = every(range(0, 781, 30)), {"measured_by": "days"}
    reason = why(by("relationship", rows, limits=limits))
    assert (reason.because.key, figure(reason.because, "recency")) == ("stage.cooling_days", 120)
    gone = figure(reason.way_out, "date")
    found = [stage(by("relationship", rows, as_of=day, limits=limits)) for day in (gone - 1, gone)]
    assert found == ["deterioration", "ended"]
    late = why(by("relationship", rows, as_of=gone, limits=limits))
    assert (late.because.key, figure(late.because, "limit")) == ("stage.too_long_ago", 180)


@pytest.mark.parametrize(
    ("model", "falling", "gone"),
    [("commercial", "decline", "ended"), ("journey", "retain", "lapsed"), ("acquaintance", "established", "lapsed")],
)
def test_falling_away_names_the_day_that_counts_as_gone(model: str, falling: str, gone: str):
    rows = every(range(0, 811, 30))
    reason = why(by(model, rows))
    assert (reason.because.key, figure(reason.because, "silence")) == ("stage.cooling", 3)
    day = figure(reason.way_out, "date")
    assert [stage(by(model, rows, as_of=at)) for at in (day - 1, day)] == [falling, gone]
    assert why(by(model, rows, as_of=day)).because.key == "stage.silent_out"


def test_sleep_grows_deeper_on_the_day_named():
    rows = every(range(0, 871, 30))
    sleepy = why(by("personal_cycle", rows))
    assert (stage(by("personal_cycle", rows)), figure(sleepy.way_out, "date")) == ("sleepy", 930)
    assert [stage(by("personal_cycle", rows, as_of=day)) for day in (929, 930, 959, 960)] == [
        "sleepy", "half_asleep", "half_asleep", "asleep",
    ]  # fmt: skip
    assert figure(why(by("personal_cycle", rows, as_of=930)).way_out, "date") == 960


def test_a_share_that_fell_by_a_third_names_the_revenue_that_regains_it():
    # T = 730, L = 365: from 100 to 50 a purchase, beside one that stays.
    rows = [
        *sales("a", {day: 100.0 if day <= 365 else 50.0 for day in range(5, 731, 25)}),
        *sales("b", {day: 100.0 for day in range(0, 731, 25)}),
    ]
    settings = {"lifecycle": {"model": "commercial"}}
    found = evaluated(rows, settings)
    reason = why(found)
    assert (stage(found), reason.because.key) == ("decline", "stage.shrinking")
    assert figure(reason.because, "limit") == pytest.approx(1 / 3)
    missing = figure(reason.way_out, "missing") / 10_000
    assert stage(evaluated([*rows, sale("a", 730, missing)], settings)) != "decline"
    assert stage(evaluated([*rows, sale("a", 730, missing - 1)], settings)) == "decline"


def test_low_satisfaction_is_named_as_the_cause_of_decline():
    found = by("commercial", every(range(0, 901, 30)), contacts=[contact("a", 890, "survey", score=5)])
    reason = why(found)
    assert (stage(found), reason.because.key, figure(reason.because, "satisfaction")) == (
        "decline", "stage.dissatisfied", 5,
    )  # fmt: skip


def test_the_introduction_ends_after_purchases_and_days():
    rows = every(range(880, 901, 20))
    reason = why(by("commercial", rows))
    assert (reason.because.key, reason.way_out and reason.way_out.key) == ("stage.new", "stage.moves_on_from")
    assert (figure(reason.way_out, "more"), figure(reason.way_out, "date")) == (1, 880 + 91)
    third = [*rows, sale("a", 901, 10)]
    waiting = why(by("commercial", third))
    assert (waiting.because.key, figure(waiting.way_out, "date")) == ("stage.new_for", 971)
    kept = [*third, sale("a", 930, 10), sale("a", 960, 10)]
    assert [stage(by("commercial", kept, as_of=day)) for day in (970, 971)] == ["introduction", "growth"]


def test_growth_ends_with_the_first_year_unless_the_share_grows():
    rows = every(range(600, 901, 30))
    reason = why(by("commercial", rows))
    assert (reason.because.key, figure(reason.way_out, "date")) == ("stage.grows_for", 965)


def test_a_retained_customer_hears_what_it_lacks():
    few = why(by("journey", every(range(810, 901, 30))))
    assert few.way_out is not None and few.way_out.key == "stage.moves_on_from"
    assert (figure(few.way_out, "more"), figure(few.way_out, "date")) == (2, 810 + 365)
    young = why(by("journey", every(range(690, 901, 30))))
    assert young.way_out is not None and (young.way_out.key, figure(young.way_out, "date")) == (
        "stage.moves_on", 690 + 365,
    )  # fmt: skip
    old = why(by("journey", every(range(0, 901, 225))))
    assert old.way_out is not None and (old.way_out.key, figure(old.way_out, "more")) == ("stage.more_orders", 1)
    asked = [{"customer_id": "a", "recommend": 4}]
    found = by("journey", every(range(0, 901, 30)), customers=asked)
    reason = why(found)
    assert (stage(found), reason.way_out and reason.way_out.key) == ("retain", "stage.speaks")
    points = figure(reason.way_out, "recommend")
    better = by("journey", every(range(0, 901, 30)), customers=[{"customer_id": "a", "recommend": points}])
    assert (stage(better), why(better).because.key) == ("inspire", "stage.recommends")


@pytest.mark.parametrize(
    ("tables", "key"),
    [
        ({"customers": [{"customer_id": "p", "referred_by": "a"}]}, "stage.brought"),
        ({"customers": [{"customer_id": "a", "satisfaction": 9.5}]}, "stage.content"),
        ({}, "stage.stable"),
    ],
)
def test_an_inspired_customer_hears_by_which_sign(tables: dict[str, Any], key: str):
    found = by("journey", every(range(0, 901, 30)), **tables)
    assert (stage(found), why(found).because.key) == ("inspire", key)


def test_an_inspired_customer_without_answers_buys_at_full_price():
    # One purchase of 31 on a deal; another customer buys nothing else, and `m` nothing so: the median is its own share.
    rows = [row | {"discount": float(row["date"] == 0)} for row in every(range(0, 901, 30))]
    found = by("journey", [*rows, sale("z", 900, 10, discount=1.0)])
    assert (stage(found), why(found).because.key) == ("inspire", "stage.full_price")


def test_the_established_hear_what_makes_them_loyal():
    found = by("acquaintance", every(range(0, 901, 30)), customers=[{"customer_id": "a", "satisfaction": 7}])
    assert (stage(found), figure(why(found).way_out, "satisfaction")) == ("established", 8)
    happy = by("acquaintance", every(range(0, 901, 30)), customers=[{"customer_id": "a", "satisfaction": 8}])
    assert (stage(happy), why(happy).because.key) == ("established_loyal", "stage.content")


def test_prospects_hear_what_comes_first():
    prospects = [{"customer_id": "a"}]
    reached = by("journey", [], customers=prospects, contacts=[contact("a", 10, "ad")])
    assert (stage(reached), why(reached).because.key) == ("reach", "stage.reach")
    met = by("journey", [], customers=prospects, contacts=[contact("a", 10, "visit"), contact("a", 20, "call")])
    assert (stage(met), figure(why(met).because, "contacts")) == ("acquire", 2)
    assert why(by("acquaintance", [], customers=prospects)).because.key == "stage.prospect"


@pytest.mark.parametrize(("model", "label"), [("journey", "convert"), ("personal_cycle", "new")])
def test_one_purchase_asks_for_a_second(model: str, label: str):
    found = by(model, [sale("a", 890, 10)])
    assert (stage(found), figure(why(found).way_out, "more")) == (label, 1)
    assert stage(by(model, [sale("a", 890, 10), sale("a", 900, 10)])) != label


@pytest.mark.parametrize("model", ["commercial", "journey", "acquaintance"])
def test_what_is_unsettled_is_named(model: str):
    found = by(model, every(range(0, 601, 30)), contacts=[contact("a", 890, "complaint")])
    reason = why(found)
    assert (reason.because.key, reason.way_out and reason.way_out.key) == ("stage.unsettled", "stage.settle")
