"""The step table: at every step of every line, what a browser reads off it is what a recount finds."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crmdash.adjusting import with_value
from crmdash.errors import SettingsError
from crmdash.evaluate import Evaluation, evaluate
from crmdash.lines import near_lines
from crmdash.model.step_payload import as_payload
from crmdash.model.steps import idle_line
from crmdash.scope import Scope
from crmdash.settings import LINE_FIELDS, SCHEMES, Mode, Scheme, Settings, parse_settings
from crmdash.summary import Summary
from tests.unit.frames import Row, evaluated, sale, sales
from tests.unit.steps.bases import cdnow_master, invented
from tests.unit.steps.reading import handed_over, in_force, matrix_at, tiers_at
from tests.unit.steps.recount import Recount
from tests.unit.test_properties import files, profiles

PROFIT: Final = {"measure": "customer_profit", "lead_if_loss": True}
AMOUNTS: Final = {"mode": "amount", "amounts": {"platinum": 900, "gold": 300.5, "iron": 40}}
slow = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)  # fmt: skip


def moves(found: Evaluation) -> Iterator[tuple[str, int]]:
    """Yield every line with every step that it can take."""
    for code in found.steps.lines:
        for step in found.steps.reach(code):
            yield code, step


def check(found: Evaluation, one_in: int = 1) -> int:
    """Compare every step of every line with a recount, and every `one_in`th with an evaluation; count the steps."""
    table, recount = found.steps, Recount(found)
    payload = handed_over(as_payload(table, found.settings))
    counted = 0
    for number, (code, step) in enumerate(moves(found)):
        lines = table.moved(table.lines, code, step)
        chosen = table.settings_at(found.settings, lines)
        shown, matrix = tiers_at(payload, lines), matrix_at(payload, lines)
        standing = recount.standing(chosen)
        assert shown == recount.tiers(chosen, standing)
        if table.stages:
            assert {cell: there for cell, there in matrix.items() if there[0]} == recount.matrix(standing)
        if number % one_in == 0:
            compare(shown, matrix, evaluate(found.groundwork.summary, chosen, found.scope))
        counted += 1
    return counted


def compare(shown: dict[str, Any], matrix: dict[tuple[str, str], tuple[int, int]], found: Evaluation) -> None:
    """Compare what is shown with the tables of an evaluation."""
    columns = ("customers", "value", "profit", "value_share", "cut")
    assert {code: tuple(one) for code, one in shown.items()} == {
        row["tier"]: tuple(row[name] for name in columns) for row in found.tiers.iter_rows(named=True)
    }
    if matrix:
        cells = found.matrix.select("tier", "stage", "customers", "value").iter_rows()
        assert matrix == {(tier, stage): (customers, value) for tier, stage, customers, value in cells}


@pytest.fixture(scope="module")
def base() -> Summary:
    return invented()


@pytest.fixture(scope="module")
def cdnow(shared_datasets: Path) -> Summary:
    return cdnow_master(shared_datasets)


@pytest.mark.parametrize(
    "tiers", [{}, PROFIT, {"mode": "amount", "amounts": {"platinum": 9e4, "gold": 3e4, "iron": 4e3}}]
)
def test_every_step_on_the_sample(sample: Summary, tiers: Row):
    assert check(evaluate(sample, parse_settings({"tiers": tiers})), one_in=3) >= 270


@pytest.mark.parametrize("scheme", ["pyramid", "textbook"])
def test_every_step_on_a_real_base(cdnow: Summary, scheme: str):
    found = evaluate(cdnow, parse_settings({"tiers": {"scheme": scheme}}))
    assert check(found, one_in=9) == {"pyramid": 279, "textbook": 291}[scheme]


@pytest.mark.parametrize("mode", list(LINE_FIELDS))
@pytest.mark.parametrize("scheme", list(SCHEMES))
@pytest.mark.parametrize("more", [{}, PROFIT], ids=["revenue", "profit"])
def test_every_step_of_every_scheme_and_mode(base: Summary, scheme: Scheme, mode: Mode, more: Row):
    lines: Row = {"mode": mode}
    if mode == "amount" or scheme == "amounts":
        codes = SCHEMES[scheme][:-1]
        lines |= {"amounts": dict(zip(codes, (800, 300, 90.5, 10, 1), strict=False))}
    if scheme == "amounts" and mode != "amount":
        codes = SCHEMES[scheme][:4]
        stated = (9, 30, 31, 80) if mode != "score" else (80, 31, 30, 9)
        lines[LINE_FIELDS[mode]] = dict(zip(codes, stated, strict=True))
    check(evaluate(base, parse_settings({"tiers": {"scheme": scheme} | lines | more})), one_in=7)


SCOPES: Final = [
    Scope(region=("north",)), Scope(region=("north", ""), redraw=True), Scope(region=("nowhere",)),
    Scope(region=("nowhere",), redraw=True),
]  # fmt: skip


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("tiers", [{}, PROFIT, AMOUNTS, {"mode": "score"}], ids=["share", "profit", "amount", "score"])
def test_every_step_of_those_looked_at(base: Summary, scope: Scope, tiers: Row):
    check(evaluate(base, parse_settings({"tiers": tiers}), scope), one_in=5)


CUSTOMERS_ONLY: Final = [
    {"customer_id": "a", "orders": 3, "revenue": 50, "recency": 10, "region": "north"},
    {"customer_id": "b", "orders": 1, "revenue": None, "recency": 700, "region": "south"},
    {"customer_id": "c", "orders": 8, "revenue": -20, "recency": 40, "region": "south"},
    {"customer_id": "d", "orders": 0, "revenue": 0, "potential_value": 60, "region": "north"},
    {"customer_id": "e", "orders": 0, "revenue": None, "potential_value": None, "region": "north"},
    {"customer_id": "f", "orders": 2, "revenue": 50, "recency": 100, "region": None},
]


@pytest.mark.parametrize("mode", ["share", "heads", "score", "amount"])
def test_every_step_where_values_are_missing(mode: str):
    tiers = {"mode": mode} | (AMOUNTS if mode == "amount" else {})
    check(evaluated(customers=CUSTOMERS_ONLY, settings={"tiers": tiers}))


@pytest.mark.parametrize("mode", ["share", "heads", "score"])
def test_a_base_without_a_positive_value(mode: str):
    found = evaluated([sale("a", 0, 0), sale("b", 5, -3)], {"tiers": {"mode": mode}})
    check(found)
    assert (found.steps.cuts[0] is None) == (mode == "share")


def test_before_the_first_row_there_is_nobody_to_count():
    found = evaluated(sales("a", {0: 60, 400: 40}), as_of=-1, customers=[{"customer_id": "p"}])
    check(found)
    assert (found.steps.size, found.steps.cuts[0]) == (0, None)


def test_without_recency_there_are_no_stages():
    found = evaluated(customers=[{"customer_id": "a", "revenue": 5}, {"customer_id": "b", "revenue": 1}])
    assert check(found) == 279
    assert found.steps.stages == ()


def test_amounts_beyond_53_bits_are_added_up_exactly():
    rows = [sale(name, day, 1) for day, name in enumerate("abc")]
    found = evaluated(rows)
    large = [2**60 + 1, 2**60 + 3, 5]
    customers = found.groundwork.summary.customers.with_columns(revenue=pl.Series(large, dtype=pl.Int64))
    check(evaluate(replace(found.groundwork.summary, customers=customers)), one_in=20)


@slow
@given(files(), profiles(), st.data())
def test_every_step_of_any_small_base(rows: list[Row], customers: list[Row], data: st.DataObject):
    scheme: Scheme = data.draw(st.sampled_from(["pyramid", "two", "three", "abc", "textbook"]))
    mode = data.draw(st.sampled_from(list(LINE_FIELDS)))
    tiers: Row = {"scheme": scheme, "mode": mode, "lead_if_loss": data.draw(st.booleans())}
    tiers["measure"] = data.draw(st.sampled_from(["revenue", "gross_profit", "customer_profit"]))
    if mode == "amount":
        tiers["amounts"] = dict(zip(SCHEMES[scheme][:-1], (40, 12.5, 0), strict=False))
    model = data.draw(st.sampled_from(["relationship", "commercial", "journey", "acquaintance", "personal_cycle"]))
    found = evaluated(rows, {"tiers": tiers, "lifecycle": {"model": model}}, customers=customers)
    check(found, one_in=40)


@pytest.mark.parametrize("tiers", [{}, {"scheme": "two"}, {"scheme": "textbook", "mode": "score"}, PROFIT,
                                   {"shares": {"platinum": 5, "gold": 6, "iron": 7}}])  # fmt: skip
def test_a_line_pushes_as_the_settings_do(base: Summary, tiers: Row):
    found = evaluate(base, parse_settings({"tiers": tiers}))
    table, field = found.steps, LINE_FIELDS[found.settings.tiers.mode]
    for code in table.lines:
        for step, value in enumerate(table.grid):
            pushed = with_value(found.settings, f"tiers.{field}.{code}", value)
            lines = table.moved(table.lines, code, step)
            assert table.settings_at(found.settings, lines) == pushed


def test_steps_between_the_usual_ones_are_steps(base: Summary):
    found = evaluate(base, parse_settings({"tiers": {"shares": {"platinum": 49.5, "gold": 80, "iron": 95}}}))
    assert len(found.steps.grid) == 96
    assert found.steps.grid[found.steps.lines["platinum"]] == 49.5
    check(found, one_in=10)


def test_round_amounts_each_move_somebody(base: Summary):
    found = evaluate(base, parse_settings({"tiers": AMOUNTS}))
    table = found.steps
    offered = [step for step, amount in enumerate(table.grid) if amount not in (900, 300.5, 40)]
    counts = [int(table.base.above.customers[step]) for step in offered]
    assert counts == sorted(set(counts))
    assert {900.0, 300.5, 40.0} <= set(table.grid)
    assert table.grid == tuple(sorted(table.grid, reverse=True))


def test_the_totals_stay_the_same_while_lines_move(base: Summary):
    one = evaluate(base, Settings())
    other = evaluate(base, with_value(Settings(), "tiers.shares.gold", 60))
    assert one.steps.base is other.steps.base
    assert as_payload(one.steps, one.settings) == as_payload(other.steps, other.settings)
    assert one.steps.signature == other.steps.signature
    assert (one.steps.lines, other.steps.lines) == (
        {"platinum": 45, "gold": 75, "iron": 90},
        {"platinum": 45, "gold": 55, "iron": 90},
    )


def test_another_rule_of_the_stages_counts_anew(base: Summary):
    one = evaluate(base, Settings())
    other = evaluate(base, with_value(Settings(), "lifecycle.exploration_up_to", 1))
    assert one.steps.base is not other.steps.base


def test_the_line_above_loss_makers_is_idle():
    settings = parse_settings({"tiers": PROFIT})
    assert (idle_line(settings), idle_line(Settings())) == ("iron", None)
    found = evaluated([sale("a", 0, 5, profit=1), sale("b", 0, 5, profit=-1)], {"tiers": PROFIT})
    assert in_force(as_payload(found.steps, found.settings)) == ["platinum", "gold"]


@pytest.mark.parametrize(
    ("tiers", "idle"),
    [
        ({"amounts": {"platinum": 60}}, None),
        ({"amounts": {"platinum": 60, "gold": 20}}, None),
        ({"amounts": {"platinum": 60, "gold": 20, "iron": 5}}, "iron"),
        ({"scheme": "two", "amounts": {"gold": 60}}, None),
    ],
)
def test_the_line_without_a_cut_is_the_idle_one(tiers: Row, idle: str | None):
    rows = [sale(name, 0, amount, profit=1) for name, amount in zip("abcde", (100, 50, 30, 20, 10), strict=True)]
    found = evaluated(rows, {"tiers": {"mode": "amount", "lead_if_loss": True} | tiers})
    assert idle_line(found.settings) == idle
    assert [code for code in found.steps.lines if found.cuts[code] is None] == ([idle] if idle else [])
    assert near_lines(found, reach=0).ranks


LINES: Final = ("platinum", "gold", "iron")
AT_HAND: Final = [
    (2, 2, 3), (5, 2, 9), (-1, 2, 9), (1, 2, 95), (93, 94, 90), (1.0, 2, 3), (True, 2, 3), ("1", 2, 3), (None, 2, 3),
    (1, 2), (1, 2, 3, 4), (),
]  # fmt: skip


@pytest.mark.parametrize("steps", AT_HAND)
def test_lines_that_no_hand_can_have_left_are_refused(base: Summary, steps: tuple[Any, ...]):
    found = evaluate(base)
    with pytest.raises(SettingsError, match="tiers"):
        found.steps.settings_at(found.settings, dict(zip((*LINES, "lead"), steps, strict=False)))
    with pytest.raises(SettingsError, match="tiers"):
        found.steps.settings_at(found.settings, {"vital": 1, "gold": 2, "iron": 3})
