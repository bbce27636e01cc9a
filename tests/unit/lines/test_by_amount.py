"""The same tiers with their lines drawn by amount: nobody moves."""

import pytest
from hypothesis import given

from crmdash.adjusting import with_value
from crmdash.evaluate import Evaluation, evaluate
from crmdash.lines import drawn_by_amount
from crmdash.scope import Scope
from crmdash.settings import Settings, parse_settings
from tests.unit.frames import Row, labels, sale, summarised
from tests.unit.test_properties import files, profiles, small, tier_settings

HEADS = {"mode": "heads", "heads": {"platinum": 10, "gold": 50, "iron": 90}}
LOSES = {"lead_if_loss": True}


def both(amounts: list[float], tiers: Row, scope: Scope = Scope()) -> tuple[Evaluation, Evaluation]:
    """Evaluate customers a, b, c … worth `amounts`, and again with the lines of `tiers` drawn by amount."""
    names = "abcdefghij"[: len(amounts)]
    rows = [sale(name, 0, amount, profit=1) for name, amount in zip(names, amounts, strict=True)]
    regions = [{"customer_id": name, "region": "north" if name < "c" else "south"} for name in names]
    summary = summarised(rows, customers=regions)
    before = evaluate(summary, parse_settings({"tiers": tiers}), scope)
    now = evaluate(summary, drawn_by_amount(before), scope)
    assert now.settings.tiers.mode == "amount"
    return before, now


def sizes(found: Evaluation) -> list[int]:
    return found.tiers["customers"].to_list()


@pytest.mark.parametrize(
    ("amounts", "tiers", "customers"),
    [
        ([100] * 10, {}, [10, 0, 0, 0]),
        ([100] * 6 + [5] * 4, {}, [6, 0, 0, 4]),
        ([100] * 6 + [5] * 4, {"mode": "heads"}, [6, 0, 0, 4]),
        ([100] * 10, {"mode": "score"}, [0, 0, 0, 10]),
        ([100] * 6 + [5] * 4, {"mode": "score"}, [0, 0, 0, 10]),
        ([0, 0, -5], {}, [0, 0, 0, 3]),
        ([100, 50, 0, 0, 0, 0, 0, 0, 0, 0], HEADS | {"heads": {"platinum": 10, "gold": 20, "iron": 90}}, [1, 1, 8, 0]),
        ([100, 50, 30, 20, 10, 5], LOSES, [2, 1, 3, 0]),
    ],
)
def test_the_same_customers_stand_in_every_tier(amounts, tiers, customers):
    before, now = both(amounts, tiers)
    assert sizes(before) == sizes(now) == customers
    assert labels(before, "tier") == labels(now, "tier")


def test_below_a_line_at_zero_there_is_no_other():
    before, now = both([100, 50, 0, 0, 0, 0, 0, 0, -5, -20], HEADS)
    assert sizes(before) == [1, 7, 1, 1]
    assert sizes(now) == [1, 7, 2]
    assert now.settings.tiers.lines == {"platinum": 100, "gold": 0}


def test_a_line_out_of_force_keeps_its_place_too():
    before, now = both([100, 50, 30, 20, 10, 5], LOSES)
    cuts = [evaluate(found.groundwork.summary, in_force(found)).cuts for found in (before, now)]
    assert cuts[0] == cuts[1]


def in_force(found: Evaluation) -> Settings:
    return with_value(found.settings, "tiers.lead_if_loss", False)


@pytest.mark.parametrize("redraw", [False, True])
def test_lines_come_from_those_whom_they_are_drawn_on(redraw: bool):
    before, now = both([100, 50, 30, 20, 10, 5], {}, Scope(region=("south",), redraw=redraw))
    assert before.cuts == now.cuts


@small
@given(files(), profiles(), tier_settings())
def test_who_stands_above_zero_stays(rows: list[Row], customers: list[Row], tiers: Row):
    summary = summarised(rows, customers=customers)
    before = evaluate(summary, parse_settings({"tiers": tiers}))
    now = evaluate(summary, drawn_by_amount(before))
    for code in now.settings.tiers.lines:
        if (before.cuts[code] or 0) >= 0:
            assert members(before, code) == members(now, code)


def members(found: Evaluation, code: str) -> set[str]:
    return {name for name, tier in labels(found, "tier").items() if tier == code}
