"""Who moved: hand-checked rows, causes in words, and counts equal to a recount of every small base."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdash.evaluate import Evaluation, evaluate
from crmdash.i18n import Wording
from crmdash.lines import CAUSES, STAGE_CAUSES, Ledger, ledger, why_moved
from crmdash.phrases import say
from crmdash.scope import Scope
from crmdash.settings import SCHEMES, parse_settings
from tests.unit.frames import Row, evaluated, money, of_customer, sale, sales, summarised
from tests.unit.test_properties import files, small, tier_settings

LINES = {"mode": "amount", "amounts": {"platinum": 300, "gold": 100, "iron": 20}}
HIGHER = LINES | {"amounts": {"platinum": 400, "gold": 150, "iron": 20}}
BASE = [
    sale("a", 0, 500, profit=200),
    sale("b", 0, 350, profit=-10),
    sale("c", 0, 120, profit=30),
    sale("d", 0, 110, profit=0),
    sale("e", 0, 50, profit=5),
    sale("f", 0, 10, profit=-1),
]


def of(tiers: Row, rows: list[Row] | None = None, **more: Any) -> Evaluation:
    return evaluated(BASE if rows is None else rows, {"tiers": tiers}, **more)


def moved(found: Ledger, *columns: str) -> list[tuple[Any, ...]]:
    return found.moves.select("customer_id", *columns).rows()


def sentences(found: Ledger, before: Evaluation, now: Evaluation) -> list[str]:
    rows = [*found.moves.iter_rows(named=True), *found.stage_moves.iter_rows(named=True)]
    return [say(why_moved(row, before, now), Wording("en")) for row in rows]


def test_the_line_moves_past_customers():
    before, now = of(LINES), of(HIGHER)
    found = ledger(before, now)
    assert moved(found, "tier_before", "tier_now", "up", "line", "cause") == [
        ("b", "platinum", "gold", False, "platinum", "line_moved"),
        ("c", "gold", "iron", False, "gold", "line_moved"),
        ("d", "gold", "iron", False, "gold", "line_moved"),
    ]
    assert (found.customers, found.ups, found.downs, found.entered, found.left) == (3, 0, 3, 0, 0)
    assert found.value == money(350 + 120 + 110)
    assert found.by_line.select("line", "up", "down", "value_up", "value_down").rows() == [
        ("platinum", 0, 1, 0, money(350)),
        ("gold", 0, 2, 0, money(230)),
        ("iron", 0, 0, 0, 0),
    ]
    assert sentences(found, before, now)[0] == (
        "The Platinum line went up from 300 to 400, and 350 no longer reaches it"
    )
    back = ledger(now, before)
    assert moved(back, "up", "line") == [("b", True, "platinum"), ("c", True, "gold"), ("d", True, "gold")]
    assert sentences(back, now, before)[0] == "The Platinum line came down from 400 to 300, and 350 reaches it"


def test_nothing_moves_between_equals():
    found = ledger(of(LINES), of(LINES))
    assert (found.customers, found.value, found.hours, found.moves.height, found.stage_moves.height) == (0, 0, 0, 0, 0)
    assert found.by_line["line"].to_list() == ["platinum", "gold", "iron"]


def test_visit_hours_follow_the_tier():
    # Two purchases a year apart: early, so 30 visits at the top and 15 in the upper class, of 100 and 85 minutes.
    rows = [*sales("a", {0: 200, 365: 200}), *sales("b", {0: 50, 365: 90})]
    before, now = of(LINES, rows), of(HIGHER | {"amounts": {"platinum": 410, "gold": 100, "iron": 20}}, rows)
    found = ledger(before, now)
    assert moved(found, "hours_before", "hours_now") == [("a", 30 * 100 / 60, 15 * 85 / 60)]
    assert found.hours == pytest.approx(21.25 - 50)
    assert found.by_line["hours"].to_list() == pytest.approx([21.25 - 50, 0, 0])


def test_cost_may_cut_the_hours_of_a_higher_tier():
    # 3,000 of profit pay for 450 of visits: two of 212.50 in the upper class, one of 250 at the top.
    rows = sales("a", {0: 200, 365: 200}, profit=1_500)
    now = of(LINES, rows)
    found = ledger(of(LINES | {"amounts": {"platinum": 410, "gold": 100, "iron": 20}}, rows), now)
    row = found.moves.row(0, named=True)
    assert (row["hours_before"], row["hours_now"]) == pytest.approx((2 * 85 / 60, 100 / 60))
    assert (row["wanted_before"], row["wanted_now"]) == pytest.approx((21.25, 50))
    assert (found.hours, found.hours_wanted) == pytest.approx((100 / 60 - 170 / 60, 28.75))


def test_who_jumps_a_tier_counts_at_both_lines_and_once_in_the_totals():
    found = ledger(of(LINES), of(LINES | {"amounts": {"platinum": 600, "gold": 550, "iron": 20}}))
    assert moved(found, "tier_before", "tier_now", "line") == [
        ("a", "platinum", "iron", "gold"),
        ("b", "platinum", "iron", "gold"),
        ("c", "gold", "iron", "gold"),
        ("d", "gold", "iron", "gold"),
    ]
    assert found.by_line.select("line", "down").rows() == [("platinum", 2), ("gold", 4), ("iron", 0)]
    assert (found.customers, found.downs) == (4, 4)


def test_another_day_changes_values_brings_customers_and_stages():
    rows = [*sales("a", {0: 90, 100: 60, 110: 1}), *sales("b", {0: 30, 110: 1}), sale("c", 100, 40)]
    before, now = of(LINES, rows, as_of=50), of(LINES, rows, as_of=120)
    found = ledger(before, now)
    assert moved(found, "tier_before", "tier_now", "value_before", "value_now", "up", "cause") == [
        ("a", "iron", "gold", money(90), money(151), True, "value_changed"),
        ("c", None, "iron", None, money(40), None, "entered"),
    ]
    assert moved(found, "stage_before", "hours_before")[1] == ("c", None, None)
    assert (found.ups, found.entered, found.left, found.value) == (1, 1, 0, money(191))
    said = sentences(found, before, now)
    assert said[0] == "Its value went from 90.00 to 151, past the Gold line at 100 (before: 100)"
    assert said[1] == "Not among the customers on Feb 20, 1970; worth 40.00 on May 1, 1970"
    back = ledger(now, before)
    assert moved(back, "tier_now", "value_now", "cause") == [
        ("a", "iron", money(90), "value_changed"),
        ("c", None, None, "left"),
    ]
    assert (back.left, back.downs, back.value) == (1, 1, money(90))
    assert sentences(back, now, before)[1].startswith("Worth 40.00 on May 1, 1970")


def test_stages_that_change_within_a_tier_are_kept_apart():
    rows = [*sales("a", {0: 60, 30: 60, 60: 60}), sale("b", 200, 30)]
    before, now = of(LINES, rows, as_of=65), of(LINES, rows, as_of=200)
    found = ledger(before, now)
    assert found.moves["customer_id"].to_list() == ["b"]
    assert found.stage_moves.select("customer_id", "stage_before", "stage_now", "cause", "line", "up").rows() == [
        ("a", "formation", "deterioration", "time_passed", None, None)
    ]
    assert "Formation on Mar 7, 1970, Deterioration on Jul 20, 1970" in sentences(found, before, now)
    stricter = evaluated(rows, {"tiers": LINES, "lifecycle": {"exploration_up_to": 3}}, as_of=65)
    ruled = ledger(before, stricter).stage_moves
    assert ruled.select("stage_now", "cause").rows() == [("exploration", "stage_rule")]
    assert ledger(stricter, now).stage_moves["cause"].to_list() == ["time_and_rule"]


def test_the_switch_of_the_loss_rule():
    before, now = of(LINES), of(LINES | {"lead_if_loss": True})
    found = ledger(before, now)
    assert moved(found, "tier_before", "tier_now", "up", "line", "cause", "profit_now") == [
        ("b", "platinum", "lead", False, "lead", "loss_rule", money(-10)),
        ("d", "gold", "lead", False, "lead", "loss_rule", 0),
    ]
    assert found.by_line.select("line", "up", "down").rows() == [
        ("platinum", 0, 0), ("gold", 0, 0), ("iron", 0, 0), ("lead", 0, 2),
    ]  # fmt: skip
    assert sentences(found, before, now)[0] == "Heavy lead now means losing money; its customer profit is -10.00"
    assert sentences(ledger(now, before), now, before)[0].startswith("Losing money no longer makes")


def test_the_loss_rule_drops_the_line_above_lead():
    rows = [*BASE, sale("g", 0, 5, profit=1)]
    before, now = of(LINES, rows), of(LINES | {"lead_if_loss": True}, rows)
    found = ledger(before, now)
    assert moved(found, "tier_before", "tier_now", "up", "line", "cause")[-1] == (
        "g", "lead", "iron", True, "iron", "loss_rule",
    )  # fmt: skip
    assert "the line at 20.00 is no longer drawn" in sentences(found, before, now)[-1]
    assert "is below the line at 20.00" in sentences(ledger(now, before), now, before)[-1]


def test_profit_crosses_zero_under_the_loss_rule():
    rows = [sale("a", 0, 400, profit=50), sale("a", 90, 10, profit=-60)]
    tiers = LINES | {"lead_if_loss": True}
    before, now = of(tiers, rows, as_of=50), of(tiers, rows, as_of=100)
    found = ledger(before, now)
    assert moved(found, "tier_now", "line", "cause") == [("a", "lead", "lead", "profit_changed")]
    assert sentences(found, before, now) == ["Its customer profit went from 50.00 to -10.00, across zero"]


def test_another_measure_and_another_scheme():
    before = of(LINES)
    now = of(LINES | {"measure": "gross_profit"})
    found = ledger(before, now)
    assert moved(found, "tier_before", "tier_now", "value_before", "value_now", "cause")[0] == (
        "a", "platinum", "gold", money(500), money(200), "measure_changed",
    )  # fmt: skip
    assert sentences(found, before, now)[0].startswith("Tiers now go by gross profit: 200, with the Platinum line")
    other = of({"scheme": "abc"})
    renamed = ledger(before, other)
    assert renamed.customers == 6 and set(renamed.moves["cause"]) == {"scheme_changed"}
    assert renamed.moves["up"].null_count() == renamed.moves["line"].null_count() == 6
    assert (renamed.ups, renamed.downs, renamed.by_line.height) == (0, 0, 0)
    assert sentences(renamed, before, other)[0] == (
        "The tiers have other names now; it was Platinum in the customer pyramid"
    )


def test_names_and_prospects():
    customers = [{"customer_id": "b", "name": "Bella"}, {"customer_id": "p", "name": "New", "potential_value": 350}]
    found = ledger(of(LINES, customers=customers), of(HIGHER, customers=customers))
    assert moved(found, "name") == [("b", "Bella"), ("c", None), ("d", None)]
    assert "name" not in ledger(of(LINES), of(HIGHER)).moves.columns


def test_other_customers_looked_at_are_no_moves():
    customers = [{"customer_id": "a", "region": "north"}, {"customer_id": "b", "region": "south"}]
    summary = summarised(BASE, customers=customers)
    before, now = (parse_settings({"tiers": tiers}) for tiers in (LINES, HIGHER))
    south = Scope(region=("south",))
    with pytest.raises(ValueError, match="different customers"):
        ledger(evaluate(summary, before), evaluate(summary, now, south))
    assert moved(ledger(evaluate(summary, before, south), evaluate(summary, now, south))) == [("b",)]


@small
@given(files(), tier_settings(), tier_settings(), st.integers(0, 1_100), st.booleans())
def test_counts_equal_a_recount(rows: list[Row], one: Row, other: Row, day: int, same_scheme: bool):
    if same_scheme:
        other = other | {"scheme": one.get("scheme", "pyramid")} | ({"mode": "share"} if "amounts" in other else {})
        other.pop("amounts", None)
    before, now = evaluated(rows, {"tiers": one}, as_of=day), evaluated(rows, {"tiers": other})
    found = ledger(before, now)
    sides = [dict(side.customers.filter("in_base").select("customer_id", "tier").iter_rows()) for side in (before, now)]
    ids, same = sides[0].keys() | sides[1].keys(), before.settings.tiers.scheme == now.settings.tiers.scheme
    expected = {name: (sides[0].get(name), sides[1].get(name)) for name in ids}
    expected = {name: tiers for name, tiers in expected.items() if tiers[0] != tiers[1] or not same}
    assert {row[0]: row[1:] for row in moved(found, "tier_before", "tier_now")} == expected
    assert (found.customers, found.entered) == (len(expected), sum(was is None for was, _ in expected.values()))
    assert found.left == sum(stands is None for _, stands in expected.values())
    values = {name: of_customer(now.customers, name)["value"] or 0 for name, (_, to) in expected.items() if to}
    assert found.value == sum(values.values())
    assert set(found.moves["cause"]) <= set(CAUSES) and set(found.stage_moves["cause"]) <= set(STAGE_CAUSES)
    assert all(sentences(found, before, now))
    assert_lines_add_up(found, before, now, expected)


def assert_lines_add_up(found: Ledger, before: Evaluation, now: Evaluation, expected: dict[str, Any]) -> None:
    """Up minus down at a line is by how many the tiers above it grew, those who entered or left taken away."""
    scheme = now.settings.tiers.scheme
    if scheme != before.settings.tiers.scheme:
        assert (found.ups, found.downs) == (0, 0) and found.by_line.is_empty()
        return
    stayed = [(was, to) for was, to in expected.values() if was and to]
    order = (*SCHEMES[scheme], "lead")
    assert found.ups == sum(order.index(to) < order.index(was) for was, to in stayed)
    assert found.downs == len(stayed) - found.ups
    if before.settings.tiers.lead_if_loss or now.settings.tiers.lead_if_loss:
        return
    for line, up, down in found.by_line.select("line", "up", "down").iter_rows():
        above = set(order[: order.index(line) + 1])
        assert up - down == sum((to in above) - (was in above) for was, to in stayed)


@small
@given(files(), tier_settings())
def test_nobody_moves_when_nothing_changes(rows: list[Row], tiers: Row):
    found = ledger(evaluated(rows, {"tiers": tiers}), evaluated(rows, {"tiers": tiers}))
    assert found.moves.is_empty() and found.stage_moves.is_empty() and found.hours == 0
    assert found.moves.schema["up"] == pl.Boolean
