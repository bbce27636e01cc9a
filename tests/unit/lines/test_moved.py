"""How many moved, counted without a list, is what the ledger counts."""

from typing import Any

import pytest
from hypothesis import given

from crmdash.evaluate import Evaluation, evaluate
from crmdash.lines import Moved, ledger, moved
from crmdash.scope import Scope
from crmdash.settings import parse_settings
from tests.unit.frames import Row, money, sale, sales, summarised
from tests.unit.test_properties import files, profiles, small, tier_settings

LINES = {"mode": "amount", "amounts": {"platinum": 300, "gold": 100, "iron": 20}}
HIGHER = LINES | {"amounts": {"platinum": 400, "gold": 150, "iron": 20}}
NOBODY = Moved(0, 0, 0.0)


def both(rows: list[Row], one: Row, other: Row, scopes: tuple[Scope, ...] = (), **more: Any) -> list[Evaluation]:
    """Evaluate one summary twice."""
    summary = summarised(rows, **more)
    return [
        evaluate(summary, parse_settings(settings), scope)
        for settings, scope in zip((one, other), scopes or (Scope(), Scope()), strict=True)
    ]


def listed(before: Evaluation, now: Evaluation) -> Moved:
    found = ledger(before, now)
    return Moved(found.customers, found.value, found.hours_wanted)


def test_the_line_moves_past_two_customers():
    # Two purchases a year apart: early. At the top 30 visits of 100 minutes, in the upper class 15 of 85, in the middle
    # one no more often than it orders: once a year, of 70.
    rows = [*sales("a", {0: 200, 365: 190}), *sales("b", {0: 60, 365: 60}), *sales("c", {0: 500, 365: 500})]
    before, now = both(rows, {"tiers": LINES}, {"tiers": HIGHER})
    assert moved(before, now) == Moved(2, money(390 + 120), round(2 * 70 / 60 - 50, 6)) == listed(before, now)
    assert moved(now, before) == Moved(2, money(390 + 120), round(50 - 2 * 70 / 60, 6))
    assert moved(now, now) == NOBODY


def test_another_policy_counts_for_the_side_that_has_it():
    rows = sales("a", {0: 200, 365: 190})
    before, now = both(rows, {"tiers": LINES}, {"tiers": HIGHER, "service": {"travel_minutes": 0}})
    assert moved(before, now) == Moved(1, money(390), 15 * 45 / 60 - 50) == listed(before, now)


def test_what_is_not_a_moved_line_is_counted_from_the_list():
    rows = [sale("a", 0, 500), sale("b", 0, 50)]
    three = {"tiers": {"scheme": "three"}}
    before, now = both(rows, {"tiers": LINES}, three)
    assert moved(before, now) == listed(before, now) and moved(before, now).customers == 2
    other_day = evaluate(summarised(rows, as_of=400), parse_settings({"tiers": HIGHER}))
    assert moved(before, other_day) == listed(before, other_day)


def test_only_those_looked_at_count():
    rows, customers = [sale("a", 0, 390), sale("b", 0, 380)], [{"customer_id": "a", "region": "north"}]
    north = Scope(region=("north",))
    before, now = both(rows, {"tiers": LINES}, {"tiers": HIGHER}, (north, north), customers=customers)
    assert moved(before, now) == listed(before, now) and moved(before, now).value == money(390)
    everybody = evaluate(now.groundwork.summary, now.settings)
    with pytest.raises(ValueError, match="different customers"):
        moved(before, everybody)


@small
@given(files(), profiles(), tier_settings(), tier_settings())
def test_it_is_what_the_ledger_counts(rows: list[Row], customers: list[Row], one: Row, other: Row):
    before, now = both(rows, {"tiers": one}, {"tiers": other | {"scheme": one.get("scheme", "pyramid")}} if (
        "amounts" not in other) else {"tiers": other}, customers=customers)  # fmt: skip
    assert moved(before, now) == listed(before, now)
