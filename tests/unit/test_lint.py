"""The lint of rule sets: it finds what is wrong with famous grids, and nothing wrong with ours."""

from typing import Any

import numpy as np
import pytest

from crmdash.model.grids import RF, RFM
from crmdash.model.lifecycle import MODELS
from crmdash.model.lint import Finding, combinations, lint_boxes, lint_decisions, lint_stages, lint_table
from crmdash.model.lint.stages import synthetic_customers
from crmdash.model.strategies import TABLE, decide
from crmdash.rule_settings import LifecycleSettings
from crmdash.rule_settings.lifecycle import Model
from crmdash.settings import LIFECYCLE_PRESETS, Settings, parse_settings
from crmdash.summary import Clock
from tests.unit.frames import evidence, sale, sales
from tests.unit.test_strategies import INTENDED
from tests.unit.test_strategies import combinations as printed_combinations

CLOCK = Clock(as_of=1_000, window=365, span=1_000, value_start=None)

# Eleven segments of recency (first) and frequency as found in many guides: everybody fits, several times over.
ELEVEN = {
    "champions": ((4, 5), (4, 5)),
    "loyal": ((2, 5), (3, 5)),
    "potential_loyalist": ((3, 5), (1, 3)),
    "recent": ((4, 5), (1, 1)),
    "promising": ((3, 4), (1, 1)),
    "needs_attention": ((2, 3), (2, 3)),
    "about_to_sleep": ((2, 3), (1, 2)),
    "at_risk": ((1, 2), (2, 5)),
    "cannot_lose": ((1, 1), (4, 5)),
    "hibernating": ((1, 2), (1, 2)),
    "lost": ((1, 2), (1, 2)),
}
# The same with money as a third dimension: the boxes no longer reach every cell.
ELEVEN_WITH_MONEY = {
    "champions": ((4, 5), (4, 5), (4, 5)),
    "loyal": ((2, 5), (3, 5), (3, 5)),
    "potential_loyalist": ((3, 5), (1, 3), (1, 3)),
    "new": ((4, 5), (1, 1), (1, 1)),
    "promising": ((3, 4), (1, 1), (1, 1)),
    "needs_attention": ((2, 3), (2, 3), (2, 3)),
    "about_to_sleep": ((2, 3), (1, 2), (1, 2)),
    "at_risk": ((1, 2), (2, 5), (2, 5)),
    "cannot_lose": ((1, 1), (4, 5), (4, 5)),
    "hibernating": ((1, 2), (1, 2), (1, 2)),
    "lost": ((1, 2), (1, 2), (1, 2)),
}


def kinds(findings: list[Finding]) -> dict[str, list[str | None]]:
    return {kind: [one.rule for one in findings if one.kind == kind] for kind in ("gap", "overlap", "unreachable")}


def test_a_famous_grid_has_segments_that_nobody_reaches():
    found = lint_boxes(ELEVEN, 5)
    assert kinds(found)["gap"] == []
    assert kinds(found)["unreachable"] == ["recent", "promising", "cannot_lose", "lost"]
    by_rule = {one.rule: one.other for one in found if one.kind == "unreachable"}
    assert [by_rule[name] for name in ("recent", "promising")] == ["potential_loyalist"] * 2
    assert by_rule["cannot_lose"] == "at_risk"
    overlaps = {(one.rule, one.other): one.cases for one in found if one.kind == "overlap"}
    assert overlaps[("champions", "loyal")] == 4 and overlaps[("hibernating", "lost")] == 1


def test_its_form_with_money_leaves_gaps_too():
    found = lint_boxes(ELEVEN_WITH_MONEY, 5)
    gaps = {one.where for one in found if one.kind == "gap"}
    # Bought lately and often for little; long ago, once, for much: no segment takes them.
    assert {"5-5-1", "1-1-5"} <= gaps
    held = np.zeros((5, 5, 5), dtype=bool)
    for box in ELEVEN_WITH_MONEY.values():
        held[tuple(slice(first - 1, last) for first, last in box)] = True
    assert len(gaps) == 125 - int(held.sum()) == 36
    assert {"new", "promising", "cannot_lose", "lost"} <= set(kinds(found)["unreachable"])


def test_our_grids_are_clean_as_they_come():
    assert lint_boxes(RF.boxes(5), 5) == [] == lint_boxes(RFM.boxes(3), 3)


@pytest.mark.parametrize("classes", range(2, 8))
def test_other_numbers_of_classes_leave_no_gap_and_no_overlap(classes: int):
    for grid in (RF, RFM):
        found = kinds(lint_boxes(grid.boxes(classes), classes))
        assert found["gap"] == found["overlap"] == []


def test_a_coarse_grid_leaves_segments_without_a_cell():
    assert kinds(lint_boxes(RF.boxes(3), 3))["unreachable"] == ["asleep"]
    assert kinds(lint_boxes(RF.boxes(4), 4))["unreachable"] == ["attention", "slipping"]


def test_a_table_by_hand():
    holds = np.array([[True, False, False], [True, True, False], [False, False, False], [True, True, True]])
    found = lint_table(holds, ["x", "y", "z"], ["1", "2", "1"], lambda case: f"case {case}", ordered=True)
    assert found == [
        Finding("gap", None, None, 1, "case 2"),
        Finding("order_dependent", "x", "y", 2, "case 1"),
        Finding("unreachable", "y", "x", 2, "case 1"),
        Finding("unreachable", "z", "x", 1, "case 3"),
    ]
    same = lint_table(holds[:, :2], ["x", "y"], ["1", "1"], str, ordered=False, catches_all=True)
    assert [one.kind for one in same] == ["unreachable"]


def test_the_decision_table_contradicts_itself_only_where_it_is_meant_to():
    assert set(combinations()) == set(printed_combinations()) and len(combinations()) == 1_584
    numbers = {row.reason: number for number, row in enumerate(TABLE, 1)}
    pairs: dict[int, set[int]] = {}
    for one in lint_decisions():
        assert one.kind == "order_dependent" and one.rule and one.other
        pairs.setdefault(numbers[one.rule], set()).add(numbers[one.other])
    assert pairs == INTENDED
    tier_class, phase, flag = "middle", "gone", "fresh"
    assert any(one.where == f"{tier_class}/{phase}/{flag}" and one.rule == decide(tier_class, phase, {flag}).reason
               for one in lint_decisions())  # fmt: skip


def stages(settings: Settings, model: Model, base_rhythm: float = 30) -> list[Finding]:
    return lint_stages(settings, model, synthetic_customers(settings, base_rhythm, CLOCK), CLOCK)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("preset", ["distributor", "online_shop", "fixed_days"])
def test_every_stage_can_be_reached_with_the_presets(model: Model, preset: str):
    settings = parse_settings({"lifecycle": {"model": model} | LIFECYCLE_PRESETS[preset]})
    assert {one.kind for one in stages(settings, model)} == {"order_dependent"}


@pytest.mark.parametrize("base_rhythm", [7, 30, 91, 400])
def test_whatever_the_rhythm_of_the_base(base_rhythm: float):
    for model in MODELS:
        assert {one.kind for one in stages(Settings(), model, base_rhythm)} == {"order_dependent"}, model


def broken(**limits: Any) -> Settings:
    """Settings that the check of a settings file would refuse."""
    return Settings().model_copy(update={"lifecycle": LifecycleSettings(**limits)})


@pytest.mark.parametrize(
    ("model", "limits", "stage", "instead"),
    [
        ("relationship", {"exploration_up_to": 5, "formation_up_to": 3, "formation_at_least": 0}, "formation",
         "exploration"),
        ("commercial", {"measured_by": "days", "introduction_days": 365, "growth_days": 200}, "growth", "introduction"),
        ("personal_cycle", {"half_asleep_from": 4.0, "asleep_from": 3.0}, "half_asleep", "asleep"),
        ("personal_cycle", {"sleepy_from": 3.0, "half_asleep_from": 2.5, "asleep_from": 5.0}, "sleepy", "half_asleep"),
    ],
)  # fmt: skip
def test_a_stage_without_room_is_found(model: Model, limits: dict[str, Any], stage: str, instead: str):
    found = [one for one in stages(broken(**limits), model) if one.kind == "unreachable"]
    assert [(one.rule, one.other) for one in found] == [(stage, instead)]


def test_synthetic_customers_are_possible_ones():
    customers = synthetic_customers(Settings(), 30, CLOCK)
    bought = customers.filter("in_base", orders=2)
    assert (bought["recency"] <= bought["tenure"] - 1).all()
    once = customers.filter("in_base", orders=1)
    assert (once["recency"] == once["tenure"]).all()
    assert set(customers.filter("prospect")["orders"]) == {0}


ROWS = [*sales("a", dict.fromkeys(range(0, 700, 30), 10)), *(sale(name, 10, 5) for name in "bcdef")]


def test_the_report_names_clean_rule_sets_and_faults_first():
    report = evidence(ROWS).report("rule_lint")
    rows = report.rows.frame
    # Five of six customers bought once, on the same day, for the same amount: most classes stay empty.
    first = rows.filter(finding="unreachable")
    assert rows["intended"].to_list()[: len(first)] == [False] * len(first)
    assert ("rf_grid", "frequency_class", "2") in first.select("rule_set", "rule", "where").rows()
    clean = rows.filter(finding="clean")["rule_set"].to_list()
    assert clean == [*MODELS, "strategies"]
    table = {row["rule_set"]: row for row in report.tables["by_rule_set"].frame.rows(named=True)}
    assert table["strategies"]["cases"] == 1_584 and table["strategies"]["order_decides"] == 26
    assert not table["rf_grid"]["clean"] and report.figures["clean"].value == len(clean)


def test_customers_without_a_date_do_not_stop_it():
    customers = [{"customer_id": "a", "revenue": 5.0}, {"customer_id": "b", "revenue": 7.0}]
    report = evidence(None, customers=customers).report("rule_lint")
    assert set(report.rows.frame.filter(finding="clean")["rule_set"]) == {"rf_grid", "rfm_grid", *MODELS, "strategies"}
