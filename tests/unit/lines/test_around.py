"""Who stands around a line, at its step and at those near by."""

import json
from typing import Any, Final

import pytest

from crmdash.evaluate import Evaluation, evaluate
from crmdash.lines import Around, around_payload, near_lines
from crmdash.model.steps import idle_line
from crmdash.scope import Scope
from crmdash.settings import Settings, parse_settings
from tests.unit.frames import Row, evaluated, money, sale, summarised
from tests.unit.steps.bases import invented

PROFIT: Final = {"measure": "customer_profit", "lead_if_loss": True}
ROWS: Final = [sale(name, 10, amount) for name, amount in zip("abcdefghij", range(100, 0, -10), strict=True)]


def test_ten_customers_around_one_line():
    tiers = {"scheme": "two", "mode": "amount", "amounts": {"gold": 55}}
    found = evaluated(ROWS, {"tiers": tiers}, customers=[{"customer_id": "c", "name": "Cee"}])
    around = near_lines(found, reach=0, per_side=2)
    assert around.ranks == (4, 5, 6, 7)
    assert around.customer_ids == ("d", "e", "f", "g")
    assert around.values == (money(70), money(60), money(50), money(40))
    assert around.names == (None, None, None, None)
    at = found.steps.lines["gold"]
    assert found.steps.grid[at - 1 : at + 2] == (60, 55, 50)
    assert near_lines(found, reach=1, per_side=1).customer_ids == ("e", "f", "g")


def platinum_at(share: int) -> Settings:
    return parse_settings({"tiers": {"shares": {"platinum": share}}})


def test_within_a_block_of_steps_the_same_customers_are_told():
    summary = summarised(ROWS)
    found = {share: evaluate(summary, platinum_at(share)) for share in range(38, 46)}
    blocks: dict[int, set[Around]] = {}
    for evaluation in found.values():
        told = near_lines(evaluation, 3, 1, block=5)
        blocks.setdefault(evaluation.steps.lines["platinum"] // 5, set()).add(told)
        assert set(near_lines(evaluation, 3, 1).customer_ids) <= set(told.customer_ids)
    assert len(blocks) < len(found) and all(len(alike) == 1 for alike in blocks.values())


def test_without_names_there_are_none():
    found = evaluated(ROWS)
    assert near_lines(found).names is None
    assert around_payload(near_lines(found, reach=0, per_side=1))["names"] is None


def test_names_are_handed_over_as_they_are():
    name = "<img src=x onerror=alert(1)>\u202e'\"\\ \u0000</script>"
    found = evaluated(ROWS, customers=[{"customer_id": "a", "name": name}])
    payload = json.loads(json.dumps(around_payload(near_lines(found))))
    assert payload["names"][payload["ids"].index("a")] == name
    assert payload["values"][0] == "1000000"


def nearest_by_hand(found: Evaluation, step: int, per_side: int) -> dict[int, tuple[str, int]]:
    """Return rank -> id and value of those on both sides of a step, from the labelled customers."""
    loses = found.settings.tiers.lead_if_loss
    rows = [row for row in found.customers.sort("customer_id").iter_rows(named=True)
            if row["in_base"] and row["value"] is not None
            and not (loses and row["customer_profit"] is not None and row["customer_profit"] <= 0)]  # fmt: skip
    rows.sort(key=lambda row: -row["value"])
    cut = found.steps.cuts[step]
    above = sum(cut is not None and row["value"] >= cut for row in rows)
    wanted = range(max(0, above - per_side), min(len(rows), above + per_side))
    return {place + 1: (rows[place]["customer_id"], rows[place]["value"]) for place in wanted}


@pytest.mark.parametrize("scope", [Scope(), Scope(region=("north",)), Scope(region=("north",), redraw=True)])
@pytest.mark.parametrize(
    "tiers", [{}, PROFIT, {"scheme": "textbook", "mode": "score"}], ids=["share", "profit", "score"]
)
def test_both_sides_of_every_step_near_a_line(tiers: Row, scope: Scope):
    found = evaluate(invented(), parse_settings({"tiers": tiers}), scope)
    around = near_lines(found, reach=4, per_side=3)
    told = dict(zip(around.ranks, zip(around.customer_ids, around.values, strict=True), strict=True))
    expected: dict[int, Any] = {}
    for code, at in found.steps.lines.items():
        for step in range(at - 4, at + 5):
            if code != idle_line(found.settings) and 0 <= step < len(found.steps.grid):
                expected |= nearest_by_hand(found, step, 3)
    assert told == expected
    assert list(around.ranks) == sorted(set(around.ranks))


def test_an_empty_base_has_nobody_around():
    found = evaluated(ROWS, as_of=-1)
    assert near_lines(found).ranks == ()
