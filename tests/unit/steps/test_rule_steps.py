"""What a limit of the lifecycle moves: at every step the same as evaluating with that value."""

import json
import random
from typing import Any, Final

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crmdash.adjusting import adjustables, pushed_along, with_value
from crmdash.errors import SettingsError
from crmdash.evaluate import Evaluation, evaluate, label
from crmdash.lines import limit_grid, rule_payload, rule_steps
from crmdash.model.lifecycle import MODELS
from crmdash.model.rule_steps import RuleSteps, followed
from crmdash.scope import Scope
from crmdash.settings import Settings, get_value, parse_settings
from crmdash.summary import Summary
from tests.unit.frames import Row, contact, evaluated, money, sale, sales, summarised
from tests.unit.test_properties import files, profiles

FEW: Final = 60
"""Of a longer slider, steps are asked about in strides, and wherever something changes."""


def every_limit() -> list[tuple[str, str, str]]:
    """Return model, yardstick and path of every limit that is read."""
    found: list[tuple[str, str, str]] = []
    for model in MODELS:
        for by in ("rhythm", "days"):
            chosen = parse_settings({"lifecycle": {"model": model, "measured_by": by}})
            paths = [item.path for item in adjustables(chosen) if item.path.startswith("lifecycle.")]
            found += [(model, by, path) for path in paths if (model, "rhythm", path) not in found]
    return found


def varied(count: int = 90) -> Summary:
    """A base whose customers differ in everything that a rule of the lifecycle reads."""
    chance = random.Random(5)
    rows: list[Row] = []
    customers: list[Row] = []
    contacts: list[Row] = []
    for number in range(count):
        name, first = f"c{number:02}", chance.randint(0, 1_400)
        scores = [None, None, 3, 5.5, 6, 8, 9.5]
        customers.append({
            "customer_id": name, "region": chance.choice(["north", "south"]), "recommend": chance.choice(scores),
            "status": chance.choice([None, None, None, "closed"]), "potential_value": chance.choice([None, 50]),
            "referred_by": chance.choice([None, None, "c00", "c01"]),
        })  # fmt: skip
        for place in range(chance.choice([1, 1, 2, 3, 5, 9])):
            day = min(1_500, first + place * chance.choice([3, 30, 90, 200]))
            rows.append(sale(name, day, chance.choice([10, 10, 40, 200, -5]), discount=chance.choice([0, 0, 3])))
        for _ in range(3):
            day, resolved = chance.randint(0, 1_490), chance.choice([None, 1_495])
            if chance.random() < 0.8:
                contacts.append(contact(name, day, "survey", score=chance.choice(scores)))
            else:
                contacts.append(contact(name, day, "complaint", resolved_date=resolved))
    prospects = [{"customer_id": f"p{number}", "potential_value": [None, 30, 900][number % 3]} for number in range(6)]
    contacts.append(contact("p1", 900, "visit"))
    return summarised(rows, customers=customers + prospects, contacts=contacts, as_of=1_500)


@pytest.fixture(scope="module")
def base() -> Summary:
    return varied()


def counted(steps: RuleSteps, step: int) -> dict[tuple[str, str], tuple[int, int]]:
    """Return the cells of a step in which somebody is."""
    return {
        (tier, stage): (int(steps.customers[step, row, column]), int(steps.value[step, row, column]))
        for row, tier in enumerate(steps.tiers)
        for column, stage in enumerate(steps.stages)
        if steps.customers[step, row, column]
    }


def labelled(found: Evaluation, chosen: Settings) -> dict[tuple[str, str], tuple[int, int]]:
    """Label everybody with other settings, and count them one by one."""
    cells: dict[tuple[str, str], list[int]] = {}
    shown = label(found.groundwork.summary, chosen)
    for tier, potential, stage, value, internal in shown.select(
        "tier", "potential_tier", "stage", found.settings.tiers.measure, "internal"
    ).iter_rows():
        if not internal:
            cell = cells.setdefault((tier or potential, stage), [0, 0])
            cell[0] += 1
            cell[1] += value or 0
    return {cell: (count, value) for cell, (count, value) in cells.items()}


def matrix(found: Evaluation) -> dict[tuple[str, str], tuple[int, int]]:
    cells = found.matrix.select("tier", "stage", "customers", "value").filter(pl.col("customers") > 0)
    return {(tier, stage): (customers, value) for tier, stage, customers, value in cells.iter_rows()}


def asked(steps: RuleSteps) -> list[int]:
    """Return the steps to be asked about: all of a short slider."""
    count = len(steps.grid)
    if count <= FEW:
        return list(range(count))
    changed = np.flatnonzero((np.diff(steps.customers, axis=0) != 0).any(axis=(1, 2)))
    strides = range(0, count, count // 12)
    return sorted({*strides, *changed[::6].tolist(), *(changed[::6] + 1).tolist(), count - 1})


@pytest.mark.parametrize(("model", "by", "path"), every_limit())
def test_every_step_of_every_limit(base: Summary, model: str, by: str, path: str):
    found = evaluate(base, parse_settings({"lifecycle": {"model": model, "measured_by": by}}))
    steps = rule_steps(found, path)
    for step in asked(steps):
        assert counted(steps, step) == labelled(found, with_value(found.settings, path, steps.grid[step])), step
    assert steps.grid[steps.at] == get_value(found.settings, path)
    for step in (0, steps.at, len(steps.grid) - 1):
        chosen = with_value(found.settings, path, steps.grid[step])
        assert counted(steps, step) == matrix(evaluate(base, chosen)), step


@pytest.mark.parametrize(("model", "by", "path"), [one for one in every_limit() if one[2].endswith("silence")])
def test_the_sample(sample: Summary, model: str, by: str, path: str):
    found = evaluate(sample, parse_settings({"lifecycle": {"model": model, "measured_by": by}}))
    steps = rule_steps(found, path)
    for step in range(0, len(steps.grid), 8):
        assert counted(steps, step) == matrix(evaluate(sample, with_value(found.settings, path, steps.grid[step])))


MOVING: Final = {
    "lifecycle.cooling_silence", "lifecycle.lapsed_days_at_most", "lifecycle.stable_by_age", "lifecycle.growth_days",
    "lifecycle.inspire_satisfaction", "lifecycle.loyal_satisfaction", "lifecycle.asleep_from", "lifecycle.cooling_days",
}  # fmt: skip


@pytest.mark.parametrize(("model", "by", "path"), [one for one in every_limit() if one[2] in MOVING])
def test_the_base_is_moved_by_the_limits(base: Summary, model: str, by: str, path: str):
    found = evaluate(base, parse_settings({"lifecycle": {"model": model, "measured_by": by}}))
    assert (np.diff(rule_steps(found, path).customers, axis=0) != 0).any()


@pytest.mark.parametrize("scope", [Scope(region=("north",)), Scope(region=("south", ""), redraw=True)])
@pytest.mark.parametrize("tiers", [{}, {"measure": "revenue", "scheme": "textbook"}])
def test_only_those_looked_at_are_counted(base: Summary, scope: Scope, tiers: Row):
    found, path = evaluate(base, parse_settings({"tiers": tiers}), scope), "lifecycle.cooling_silence"
    steps = rule_steps(found, path)
    for step in range(0, len(steps.grid), 5):
        chosen = with_value(found.settings, path, steps.grid[step])
        assert counted(steps, step) == matrix(evaluate(base, chosen, scope))


def test_tier_lines_may_move_meanwhile(base: Summary):
    path = "lifecycle.cooling_silence"
    for gold in (80, 60):
        found = evaluate(base, with_value(Settings(), "tiers.shares.gold", gold))
        steps = rule_steps(found, path)
        for step in (0, 7, 40):
            assert counted(steps, step) == matrix(evaluate(base, with_value(found.settings, path, steps.grid[step])))


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)  # fmt: skip
@given(files(), profiles(), st.sampled_from(every_limit()), st.data())
def test_any_step_of_any_small_base(
    rows: list[Row], customers: list[Row], limit: tuple[str, str, str], data: st.DataObject
):
    model, by, path = limit
    chosen = {"lifecycle": {"model": model, "measured_by": by}, "tiers": {"measure": "customer_profit"}}
    found = evaluated(rows, chosen, customers=customers)
    steps = rule_steps(found, path)
    for _ in range(4):
        step = data.draw(st.integers(0, len(steps.grid) - 1))
        assert counted(steps, step) == labelled(found, with_value(found.settings, path, steps.grid[step]))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_changes_are_found_wherever_they_are(data: st.DataObject):
    customers, steps = data.draw(st.integers(0, 6)), data.draw(st.integers(1, 90))
    # Stages that only rise: none comes back once it was left.
    told = np.array(
        [sorted(data.draw(st.lists(st.integers(0, 3), min_size=steps, max_size=steps))) for _ in range(customers)],
        np.uint8,
    ).reshape(customers, steps)
    first, changes = followed(customers, steps, lambda who, step: told[who, step])
    rebuilt = np.tile(first[:, None], (1, steps))
    order = np.argsort(changes.step, kind="stable")
    for who, step, before, after in zip(
        changes.customer[order], changes.step[order], changes.before[order], changes.after[order], strict=True
    ):
        assert rebuilt[who, step] == before
        rebuilt[who, step:] = after
    assert (rebuilt == told).all()


@pytest.mark.parametrize(("model", "by", "path"), every_limit())
def test_partners_are_pushed_as_the_settings_do(model: str, by: str, path: str):
    chosen = parse_settings({"lifecycle": {"model": model, "measured_by": by}})
    grid = limit_grid(chosen, path)
    moved = pushed_along(chosen, path, grid)
    for step in range(0, len(grid), max(1, len(grid) // 12)):
        pushed = with_value(chosen, path, grid[step])
        for limit in adjustables(chosen):
            if limit.path.startswith("lifecycle."):
                expected = get_value(pushed, limit.path)
                assert moved.get(limit.path, {step: get_value(chosen, limit.path)})[step] == expected


def test_a_value_between_the_usual_steps_is_a_step():
    chosen = parse_settings({"lifecycle": {"cooling_silence": 2.25}})
    found = evaluated(sales("a", {0: 5, 30: 5}), {"lifecycle": {"cooling_silence": 2.25}})
    steps = rule_steps(found, "lifecycle.cooling_silence")
    assert (len(steps.grid), steps.grid[steps.at]) == (42, 2.25)
    assert limit_grid(chosen, "lifecycle.cooling_silence") == steps.grid


def test_three_customers_by_hand():
    rows = [*sales("a", {0: 10, 100: 10, 200: 10}), *sales("b", {0: 5, 50: 5}), sale("c", 600, 1)]
    found = evaluated(rows, {"tiers": {"scheme": "two", "mode": "amount", "amounts": {"gold": 20}}})
    steps = rule_steps(found, "lifecycle.exploration_up_to")
    assert (steps.tiers, steps.grid, steps.at) == (("gold", "iron"), (1, 2, 3, 4, 5), 1)
    stages = list(steps.stages)
    early = steps.customers[:, :, stages.index("exploration")]
    assert early[0].tolist() == [0, 1]
    assert steps.customers.sum(axis=(1, 2)).tolist() == [3] * 5
    assert steps.value.sum(axis=(1, 2)).tolist() == [money(41)] * 5


def test_without_recency_nothing_is_counted():
    found = evaluated(customers=[{"customer_id": "a", "revenue": 5}])
    steps = rule_steps(found, "lifecycle.cooling_silence")
    assert (steps.stages, steps.customers.shape) == ((), (41, 4, 0))


@pytest.mark.parametrize("path", ["lifecycle.asleep_from", "lifecycle.model", "tiers.shares.gold", "x"])
def test_what_the_model_does_not_read_is_refused(path: str):
    with pytest.raises(SettingsError, match="no such limit"):
        rule_steps(evaluated([sale("a", 0, 1)]), path)


def test_the_payload_holds_money_as_text(base: Summary):
    steps = rule_steps(evaluate(base), "lifecycle.cooling_silence")
    payload: dict[str, Any] = json.loads(json.dumps(rule_payload(steps)))
    assert payload["customers"][3] == steps.customers[3].tolist()
    assert payload["value"][3][0][1] == str(steps.value[3, 0, 1])
    assert (payload["at"], payload["grid"][payload["at"]]) == (10, 2.0)
