"""The relationship lifecycle: every rule on both sides of its limit, and which rule goes first."""

from typing import Any

import polars as pl
import pytest

from crmdash.engine import collect, lazy
from crmdash.model.lifecycle import PHASES_OF, add_stage
from crmdash.settings import Settings
from tests.unit.frames import evaluated, labels, sales
from tests.unit.lifecycle.rows import LONG_FILE, placed, stage_of


@pytest.mark.parametrize(
    ("expected", "facts"),
    [
        ("prospect", {"prospect": True, "orders": 0, "tenure": None, "recency": None, "silence": None}),
        # ended: three purchases or more, silent for six times the rhythm and at least 90 days
        ("ended", {"orders": 3, "silence": 6.0, "recency": 90}),
        ("deterioration", {"orders": 3, "silence": 5.99, "recency": 90}),
        ("deterioration", {"orders": 3, "silence": 6.0, "recency": 89}),
        # … with one or two purchases, four times the rhythm
        ("ended", {"orders": 2, "silence": 4.0, "recency": 90}),
        ("exploration", {"orders": 2, "silence": 3.99, "recency": 90}),
        ("exploration", {"orders": 2, "silence": 4.0, "recency": 89}),
        ("deterioration", {"orders": 3, "silence": 4.0, "recency": 90}),
        # … or two years without an order, or closed
        ("ended", {"recency": 730}),
        ("stable", {"recency": 729}),
        ("ended", {"status": "closed"}),
        ("stable", {"status": "active"}),
        # … but nobody is ended with something unsettled
        ("deterioration", {"orders": 3, "silence": 6.0, "recency": 90, "open_matters": True}),
        ("deterioration", {"orders": 1, "silence": 4.0, "recency": 90, "open_matters": True}),
        ("deterioration", {"recency": 730, "open_matters": True}),
        ("deterioration", {"status": "closed", "open_matters": True}),
        ("stable", {"open_matters": True}),
        # deterioration: three purchases or more, and late by the own rhythm
        ("deterioration", {"silence": 2.0}),
        ("stable", {"silence": 1.99}),
        ("deterioration", {"orders": 3, "silence": 2.0}),
        ("exploration", {"orders": 2, "silence": 2.0}),
        # … or with a share of all revenue more than halved
        ("deterioration", {"relative_growth": -0.67}),
        ("stable", {"relative_growth": -0.66}),
        ("stable", {"relative_growth": -2.0, "orders_before": 2}),
        ("exploration", {"relative_growth": -2.0, "orders": 2}),
        # … or, from the first purchase on, disappointed
        ("deterioration", {"satisfaction_change": -2.0, "satisfaction": 6.0}),
        ("stable", {"satisfaction_change": -1.99, "satisfaction": 6.0}),
        ("stable", {"satisfaction_change": -2.0, "satisfaction": 6.1}),
        ("stable", {"satisfaction": 1.0}),
        ("deterioration", {"orders": 1, "satisfaction_change": -2.0, "satisfaction": 6.0}),
        # exploration: up to two purchases, however long ago the first
        ("exploration", {"orders": 1, "tenure": 0}),
        ("exploration", {"orders": 2, "tenure": 1_000}),
        ("stable", {"orders": 3, "tenure": 1_000}),
        # formation: up to five purchases in less than two years, or less than half a year
        ("formation", {"orders": 3, "tenure": 729}),
        ("formation", {"orders": 5, "tenure": 729}),
        ("stable", {"orders": 5, "tenure": 730}),
        ("stable", {"orders": 6, "tenure": 729}),
        ("formation", {"orders": 6, "tenure": 182}),
        ("stable", {"orders": 6, "tenure": 183}),
        # what is missing never counts as evidence
        ("exploration", {"orders": 0, "tenure": None, "recency": None, "silence": None}),
        ("stable", {"tenure": None, "orders": 3}),
        ("stable", {"orders": None, "tenure": None, "silence": None}),
    ],
)
def test_rules(expected: str, facts: dict[str, Any]):
    assert stage_of(**facts) == expected


def test_every_limit_is_a_setting():
    limits = {
        "cooling_silence": 1.5, "lapsed_silence": 3, "lapsed_silence_early": 2, "cooling_growth": -0.2,
        "lapsed_days_at_least": 0, "lapsed_days_at_most": 180, "exploration_up_to": 1, "formation_up_to": 2,
        "stable_by_age": 200, "formation_at_least": 20, "dissatisfied": 3, "satisfaction_fall": 1,
    }  # fmt: skip
    assert stage_of(limits, silence=1.5) == "deterioration"
    assert stage_of(limits, silence=3, recency=0) == "ended"
    assert stage_of(limits, orders=2, silence=2, recency=0) == "ended"
    assert stage_of(limits, relative_growth=-0.2) == "deterioration"
    assert stage_of(limits, recency=180) == "ended"
    assert stage_of(limits, orders=2, tenure=199) == "formation"
    assert stage_of(limits, orders=2, tenure=200) == "stable"
    assert stage_of(limits, tenure=19) == "formation"
    assert stage_of(limits, satisfaction=3, satisfaction_change=-1) == "deterioration"
    assert stage_of(limits, satisfaction=3.5, satisfaction_change=-1) == "stable"
    assert stage_of({"regular_from": 10}, orders=9, silence=3.9) == "stable"
    assert stage_of({"regular_from": 2}, orders=2, silence=2) == "deterioration"
    assert stage_of({"regular_from": 10}, orders=9, silence=4, recency=90) == "ended"


def test_without_recency_nobody_has_a_stage():
    frame = pl.DataFrame({"orders": [3], "prospect": [False], "open_matters": [False]})
    found = collect(add_stage(lazy(frame), Settings(), LONG_FILE))
    assert found.select("stage", "phase").rows() == [(None, None)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"prospect": True}, ("prospect", "before")),
        ({"orders": 1}, ("exploration", "early")),
        ({"orders": 3, "tenure": 300}, ("formation", "growing")),
        ({}, ("stable", "steady")),
        ({"silence": 3.0}, ("deterioration", "falling")),
        ({"recency": 730}, ("ended", "gone")),
    ],
)
def test_phases(facts: dict[str, Any], expected: tuple[str, str]):
    assert placed("relationship", **facts) == expected
    assert PHASES_OF["relationship"][expected[0]] == expected[1]


def test_from_rows_to_stages():
    # T = 900. Everybody's rhythm is 30 days, with b = 30.
    monthly = {day: 1.0 for day in range(0, 901, 30)}
    rows = [
        *sales("steady", monthly),
        *sales("cooling", {day: 1.0 for day in range(0, 841, 30)}),  # silent for 60 days: twice the rhythm
        *sales("ended", {day: 1.0 for day in range(0, 721, 30)}),  # 180 days: six times
        *sales("forming", {780: 1, 810: 1, 840: 1, 870: 1}),
        *sales("new", {870: 1, 900: 1}),
        *sales("gone", {750: 1, 780: 1}),  # two purchases, 120 days: four times
        *sales("returned", {900: -1}),
    ]
    found = evaluated(rows, customers=[{"customer_id": "prospect"}])
    assert found.base_rhythm == 30
    assert labels(found, "stage") == {
        "steady": "stable",
        "cooling": "deterioration",
        "ended": "ended",
        "forming": "formation",
        "new": "exploration",
        "gone": "ended",
        "returned": "exploration",
        "prospect": "prospect",
    }
