"""The flags of the strategy table, each on both sides of its limit, and false where its data is missing."""

from typing import Any

import polars as pl
import pytest

from crmdash.engine import collect, lazy
from crmdash.model.flags import FLAGS, add_own_flags, add_tier_flags, margin, referred_value, tier_facts
from crmdash.rule_settings import FlagSettings
from crmdash.summary import Clock
from tests.unit.frames import evaluated, money, of_customer, sale, sales

TODAY = 1_000
CLOCK = Clock(as_of=TODAY, window=365, span=TODAY, value_start=None)
TYPES = {"phase": pl.String, "tags": pl.String, "open_matters": pl.Boolean}
FRACTIONS = {
    "usual_margin", "leaders_breadth", "share_of_wallet", "share_of_wallet_before", "relative_growth", "category_loss",
}  # fmt: skip


def flags(**facts: Any) -> set[str]:
    """Return the flags of one customer of whom only `facts` are known."""
    row = {"orders": 5, "phase": "steady", "cut_above": None, "open_matters": False, "usual_value": None} | facts
    schema = {name: TYPES.get(name, pl.Float64 if name in FRACTIONS else pl.Int64) for name in row}
    own = add_own_flags(lazy(pl.DataFrame([row], schema=schema)), FlagSettings(), CLOCK)
    found = collect(add_tier_flags(own, FlagSettings())).row(0, named=True)
    return {name for name in FLAGS if found[name]}


def profits(window: int, last_window: int | None = None, **more: Any) -> dict[str, Any]:
    known = {"customer_profit_window": window, "customer_profit_last_window": last_window}
    return known | {"revenue_window": 1_000, "revenue_last_window": 1_000} | more


def test_with_nothing_known_no_flag_holds():
    assert flags() == set()
    assert flags(phase="gone") == set()


@pytest.mark.parametrize(
    ("facts", "loses"),
    [
        (profits(0), True),
        (profits(1), False),
        (profits(-1, orders=0), False),
        (profits(-1, last_window=1, phase="gone"), False),
        (profits(1, last_window=0, phase="gone"), True),
        ({"customer_profit": 0, "revenue": 10}, True),
        ({"customer_profit": 1, "revenue": 10}, False),
        ({"customer_profit": None, "revenue": 10}, False),
    ],
)
def test_loses(facts: dict[str, Any], loses: bool):
    assert ("loses" in flags(**facts)) is loses


@pytest.mark.parametrize(
    ("facts", "poor"),
    [
        # Half of 1,000 x 20 % is 100.
        (profits(100, usual_margin=0.2), True),
        (profits(101, usual_margin=0.2), False),
        (profits(0, usual_margin=0.2), True),
        (profits(0), True),  # always, if it loses
        (profits(1, usual_margin=-0.2), False),  # a tier that earns nothing sets no margin
        (profits(1, usual_margin=0.0), False),
        (profits(-1, usual_margin=-0.2), True),
        ({"customer_profit": 100, "revenue": 1_000, "usual_margin": 0.2}, True),
        ({"customer_profit": 101, "revenue": 1_000, "usual_margin": 0.2}, False),
        ({"customer_profit": None, "revenue": 1_000, "usual_margin": 0.2}, False),
    ],
)
def test_poor(facts: dict[str, Any], poor: bool):
    assert ("poor" in flags(**facts)) is poor


def test_poor_looks_at_the_same_days_as_loses():
    # Gone, and good to us while it bought: 500 of 1,000 in its last window, nothing in the window up to today.
    gone = profits(0, last_window=500, phase="gone", revenue_window=0, usual_margin=0.2)
    assert not {"loses", "poor"} & flags(**gone)


@pytest.mark.parametrize(
    ("facts", "contested"),
    [
        ({"share_of_wallet_before": 0.7, "share_of_wallet": 0.6}, True),
        ({"share_of_wallet_before": 0.7, "share_of_wallet": 0.61}, False),
        ({"share_of_wallet_before": None, "share_of_wallet": 0.1}, False),
        ({"category_loss": 1 / 3, "orders_late": 3}, True),
        ({"category_loss": 0.32, "orders_late": 3}, False),
        ({"category_loss": 1.0, "orders_late": 2}, False),
        ({"category_loss": None, "orders_late": 3}, False),
        ({"contract_end": TODAY + 90}, True),
        ({"contract_end": TODAY + 91}, False),
        ({"contract_end": TODAY - 1}, False),
        ({"tags": "benchmark;competitor"}, True),
        ({"tags": "benchmark"}, False),
        ({"tags": None}, False),
    ],
)
def test_contested(facts: dict[str, Any], contested: bool):
    assert ("contested" in flags(**facts)) is contested


@pytest.mark.parametrize(
    ("facts", "upside"),
    [
        ({"share_of_wallet": 0.6}, True),
        ({"share_of_wallet": 0.61}, False),
        ({"breadth": 2, "leaders_breadth": 4.0}, True),
        ({"breadth": 2, "leaders_breadth": 3.9}, False),
        ({"breadth": None, "leaders_breadth": 4.0}, False),
        ({"relative_growth": 0.4, "orders_before": 3}, True),
        ({"relative_growth": 0.39, "orders_before": 3}, False),
        ({"relative_growth": 2.0, "orders_before": 2}, False),
        ({"potential_value": 500, "cut_above": 500}, True),
        ({"potential_value": 499, "cut_above": 500}, False),
        ({"potential_value": 499, "cut_above": None}, False),
    ],
)
def test_upside(facts: dict[str, Any], upside: bool):
    assert ("upside" in flags(**facts)) is upside


BROAD = {"breadth": 4, "leaders_breadth": 4.0, "orders_before": 3}


@pytest.mark.parametrize(
    ("facts", "saturated"),
    [
        ({"share_of_wallet": 0.8}, True),
        ({"share_of_wallet": 0.79}, False),
        (BROAD | {"relative_growth": 0.0}, True),
        (BROAD | {"relative_growth": 0.01}, False),
        (BROAD | {"relative_growth": None}, False),
        (BROAD | {"relative_growth": 0.0, "orders_before": 2}, False),
        (BROAD | {"relative_growth": 0.0, "breadth": 3}, False),
        # not upside
        (BROAD | {"relative_growth": 0.0, "share_of_wallet": 0.6}, False),
        ({"share_of_wallet": 0.8, "potential_value": 5, "cut_above": 5}, False),
    ],
)
def test_saturated(facts: dict[str, Any], saturated: bool):
    assert ("saturated" in flags(**facts)) is saturated


@pytest.mark.parametrize(
    ("facts", "guard"),
    [
        *(({"tags": f"competitor;{tag}"}, True) for tag in
          ("strategic", "benchmark", "door_opener", "inspiring", "sole_outlet")),
        ({"tags": "competitor"}, False),
        ({"referred_value": 50, "usual_value": 50}, True),
        ({"referred_value": 49, "usual_value": 50}, False),
        ({"referred_value": None, "usual_value": 50}, False),
        ({"open_matters": True}, True),
        ({"tenure": 182}, True),  # half of 365 days is 182.5
        ({"tenure": 183}, False),
        ({"tenure": None}, False),
    ],
)  # fmt: skip
def test_guard(facts: dict[str, Any], guard: bool):
    assert ("guard" in flags(**facts)) is guard


@pytest.mark.parametrize(
    ("phase", "recency", "fresh"),
    [("gone", 365, True), ("gone", 366, False), ("gone", None, False), ("falling", 10, False)],
)
def test_fresh(phase: str, recency: int | None, fresh: bool):
    assert ("fresh" in flags(phase=phase, recency=recency)) is fresh


def test_risk_stays_false_until_there_is_a_score():
    assert "risk" not in flags(**profits(-5), share_of_wallet_before=0.9, share_of_wallet=0.1, tags="competitor")


def test_facts_of_a_tier():
    frame = pl.DataFrame(
        {
            "tier": ["gold"] * 5 + ["iron"],
            "in_base": [True] * 6,
            "revenue": [1, 2, 3, 4, 100, 7],
            "customer_profit_window": [10, 20, 30, None, 5, -7],
            "revenue_window": [100, 100, 100, 100, 0, 7],
            "customer_profit": [0] * 6,
            "breadth": [1, 2, 3, 4, None, 2],
        }
    )
    base = lazy(frame).with_columns(margin=margin(frozenset(frame.columns)))
    found = tier_facts(base, "revenue").sort("tier").rows(named=True)
    # Margins 0.1, 0.2, 0.3 are known; the 75th percentile of 1, 2, 3, 4 lies a quarter of the way from 3 to 4.
    assert found[0] == {
        "tier": "gold", "usual_value": 3, "usual_margin": pytest.approx(0.2), "leaders_breadth": pytest.approx(3.25),
    }  # fmt: skip
    assert (found[1]["usual_margin"], found[1]["leaders_breadth"]) == (-1, 2)


def test_referred_value_sums_the_customers_brought():
    frame = pl.DataFrame({"customer_id": ["a", "b", "c"], "referred_by": [None, "a", "a"], "revenue": [1, 2, 3],
                          "in_base": [True, True, True]})  # fmt: skip
    found = referred_value(lazy(frame), "revenue")
    assert found is not None and collect(found).rows() == [("a", 5)]
    assert referred_value(lazy(frame.drop("referred_by")), "revenue") is None


def test_who_names_itself_as_its_introducer_brought_nobody():
    frame = pl.DataFrame({"customer_id": ["a", "b"], "referred_by": ["a", "a"], "revenue": [100, 2], "in_base": True})
    found = referred_value(lazy(frame), "revenue")
    assert found is not None and collect(found).rows() == [("a", 2)]


def test_flags_of_whole_customers():
    # T = 730. Tier platinum: a, b (equal revenue); margin of the window 0.5 and 0.1, median 0.3, half 0.15.
    rows = [*sales("a", {0: 100, 700: 100}, profit=50), *sales("b", {0: 100, 700: 100}, profit=10)]
    evaluation = evaluated([*rows, sale("c", 730, 1, profit=-1)])
    held = {name: {flag for flag in FLAGS if of_customer(evaluation.customers, name)[flag]} for name in "abc"}
    assert of_customer(evaluation.customers, "b")["usual_margin"] == pytest.approx(0.3)
    assert held == {"a": set(), "b": {"poor"}, "c": {"loses", "poor", "guard"}}


def test_where_cost_to_serve_is_only_a_total_profit_is_judged_on_totals():
    rows = [*sales("a", {0: 100, 700: 100}, profit=50), sale("b", 730, 100, profit=50)]
    customers = [{"customer_id": "a", "cost_to_serve": 100}, {"customer_id": "b", "cost_to_serve": 49}]
    evaluation = evaluated(rows, customers=customers)
    found = {name: of_customer(evaluation.customers, name) for name in "ab"}
    assert [(found[name]["customer_profit"], found[name]["loses"]) for name in "ab"] == [(0, True), (money(1), False)]
