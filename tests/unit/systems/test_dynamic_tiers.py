"""Tiers step by step, on customers whose every move was worked out by hand."""

from typing import Any

import pytest

from crmdash.evaluate import evaluate
from crmdash.phrases import Figure, Phrase
from crmdash.scope import Scope
from crmdash.settings import parse_settings
from crmdash.summary import Clock, summarise
from crmdash.systems.dynamic_tiers import explain, report
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report
from crmdash.systems.tier_steps import step_days
from tests.unit.frames import evidence, money, sale, sales, tables

# Steps at days 30, 60 and 90; one line at 100.
ROWS = [
    *sales("held", {0: 100, 50: -3, 80: 1}),
    *sales("flapping", {0: 90, 50: 12, 80: -10}),
    *sales("grown", {0: 50, 80: 60}),
    *sales("new", {70: 200}),
    *sales("shrunk", {0: 120, 80: -30, 90: 0}),
]
SETTINGS: dict[str, Any] = {"period": {"window": 30}, "tiers": {"scheme": "amounts", "amounts": {"tier1": 100}}}


def moved(settings: dict[str, Any] | None = None, rows: list[dict[str, Any]] = ROWS, **more: Any) -> Report:
    return report(evidence(rows, settings or SETTINGS, **more))


def column(found: Report, name: str) -> dict[str, Any]:
    return dict(found.rows.frame.select("customer_id", name).iter_rows())


def test_steps_reach_back_as_far_as_the_data():
    assert step_days(Clock(90, 30, 90, None), 24) == [30, 60, 90]
    assert step_days(Clock(90, 30, 89, None), 24) == [30, 60, 90]
    assert step_days(Clock(90, 30, 90, None), 2) == [60, 90]
    assert step_days(Clock(90, 30, 0, None), 24) == [90]
    assert step_days(Clock(None, 30, None, None), 24) == []


def test_who_moved_and_why():
    found = moved()
    assert column(found, "direction") == {
        "held": "stayed", "flapping": "stayed", "grown": "up", "new": "new", "shrunk": "down",
    }  # fmt: skip
    assert column(found, "cause") == {
        "held": None, "flapping": None, "grown": "grew", "new": "new", "shrunk": "shrank",
    }  # fmt: skip
    assert column(found, "moved_on") == {"held": None, "flapping": None, "grown": 90, "new": 90, "shrunk": 90}
    assert column(found, "path")["grown"] == "tier2 > tier2 > tier1"
    assert column(found, "path")["new"] == "tier1"
    figures = {name: figure.value for name, figure in found.figures.items()}
    assert figures == {
        "periods": 3, "first_day": 30, "moved_up": 1, "moved_down": 1, "newcomers": 1, "value_moved": money(200),
        "held": 1, "flapped": 1, "margin": 0.05,
    }  # fmt: skip


def test_who_moved_stands_first_and_then_the_largest():
    assert moved().rows.frame["customer_id"].to_list() == ["grown", "shrunk", "new", "held", "flapping"]


def test_what_the_margin_spares():
    found = moved()
    assert column(found, "held") == {"held": True, "flapping": False, "grown": False, "new": False, "shrunk": False}
    assert column(found, "flapped") == {"held": False, "flapping": True, "grown": False, "new": False, "shrunk": False}
    assert column(found, "tier_without_margin")["held"] == "tier2"
    without = moved({**SETTINGS, "movement": {"margin": 0}})
    assert column(without, "moves") == {"held": 1, "flapping": 2, "grown": 1, "new": 0, "shrunk": 1}
    assert without.figures["held"].value == 0 and without.figures["flapped"].value == 0


def test_the_movement_matrix():
    matrix = moved().tables["matrix"].frame.select("tier_before", "tier", "customers", "value", "value_before")
    assert matrix.rows() == [
        ("tier1", "tier1", 1, money(98), money(97)),
        ("tier1", "tier2", 1, money(90), money(120)),
        ("tier2", "tier1", 1, money(110), money(50)),
        ("tier2", "tier2", 1, money(92), money(102)),
        (None, "tier1", 1, money(200), 0),
    ]


def test_steps_flows_and_causes():
    found = moved()
    assert found.tables["steps"].frame.rows() == [
        (30, 4, money(360), 0, 0, 0),
        (60, 4, money(369), 0, 0, 0),
        (90, 5, money(590), 1, 1, 1),
    ]
    flows = found.tables["flows"].frame
    assert flows.filter(day=60).select("day_before", "tier_before", "tier", "customers").rows() == [
        (30, "tier1", "tier1", 2),
        (30, "tier2", "tier2", 2),
    ]
    assert found.tables["causes"].frame["cause"].to_list() == ["grew", "new", "shrank"]


def test_a_line_that_rises_leaves_behind_who_stands_still():
    rows = [*sales("first", {0: 200}), *sales("still", {0: 100}), *sales("rival", {0: 90, 50: 210}), sale("last", 0, 1)]
    settings = {"period": {"window": 30}, "tiers": {"scheme": "two", "heads": {"gold": 50}}}
    found = moved(settings, rows, as_of=60)
    assert column(found, "cause") == {"first": None, "still": "line_rose", "rival": "grew", "last": None}
    assert column(found, "tier") == {"first": "gold", "still": "iron", "rival": "gold", "last": "iron"}


def test_lead_is_who_loses_money():
    settings = {**SETTINGS, "tiers": {**SETTINGS["tiers"], "lead_if_loss": True}}
    rows = [
        *sales("fallen", {0: 100}, profit=5),
        sale("fallen", 80, 1, profit=-9),
        *sales("risen", {0: 100}, profit=-5),
        sale("risen", 90, 30, profit=9),
    ]
    found = moved(settings, rows)
    assert column(found, "cause") == {"fallen": "began_to_lose", "risen": "stopped_losing"}
    assert column(found, "tier") == {"fallen": "lead", "risen": "tier1"}


def test_the_last_step_without_margin_is_the_board():
    found = evidence(ROWS, SETTINGS)
    told = report(found).rows.frame
    board = found.base.select("customer_id", "tier")
    assert told.select("customer_id", tier="tier_without_margin").sort("customer_id").equals(board.sort("customer_id"))


def test_a_value_period_counts_at_every_step():
    rows = [*sales("a", {0: 1, 500: 100, 1100: 60}), *sales("b", {1: 1, 500: 50, 1100: 1})]
    settings = {"period": {"value_months": 12}, "tiers": {"scheme": "amounts", "amounts": {"tier1": 90}}}
    found = moved(settings, rows)
    assert column(found, "value") == {"a": money(60), "b": money(1)}
    assert column(found, "value_before") == {"a": money(100), "b": money(50)}
    assert column(found, "cause") == {"a": "shrank", "b": None}


@pytest.mark.parametrize(("redraw", "tier"), [(False, "iron"), (True, "gold")])
def test_lines_are_those_of_the_board(redraw: bool, tier: str):
    rows = [*sales("large", {0: 100, 90: 100}), *sales("small", {0: 10, 90: 10})]
    data = tables(rows, customers=[{"customer_id": name, "region": name} for name in ("large", "small")])
    settings = parse_settings({"period": {"window": 30}, "tiers": {"scheme": "two"}})
    summary = summarise(data, settings.period)
    looked_at = evaluate(summary, settings, Scope(region=("small",), redraw=redraw))
    found = report(Evidence(data, summary, looked_at, lambda day: summarise(data, settings.period, day)))
    assert column(found, "tier") == {"small": tier}
    assert found.tables["steps"].frame["customers"].to_list() == [1, 1, 1]


def test_one_period_only():
    found = moved({}, [*sales("a", {0: 10})])
    assert found.figures["periods"].value == 1
    assert found.notes == (Phrase("movement.one_step", kind="lifecycle"),)
    assert found.tables["matrix"].frame.is_empty() and column(found, "direction") == {"a": "stayed"}


def test_explained():
    found = moved()
    grown = explain(found, {"customer_id": "grown"})
    assert grown is not None
    assert grown.label.key == "movement.moved"
    (told,) = grown.because
    assert told.key == "movement.grew"
    assert told.figures["value"] == Figure("money", money(110))
    assert told.figures["day"] == Figure("date", 90)
    held = explain(found, {"customer_id": "held"})
    assert held is not None and [phrase.key for phrase in held.because] == ["movement.held"]
    stayed = explain(found, {"customer_id": "flapping"})
    assert stayed is not None and stayed.label.key == "movement.stayed"
    assert explain(found, {"customer_id": "nobody"}) is None
