"""Recounts of what the pages of warnings and what-ifs show."""

import numpy as np
import pytest

from tests.unit.recounts.found import PENCE, ROUNDED, Found, alike, money, recount, same
from tests.unit.reference_systems import lifecycles, warnings, what_if
from tests.unit.reference_systems.sample import Day


@recount("S4")
def trust_ladder(found: Found, day: Day) -> None:
    assert found.table("trust_ladder", "ladder", "rung", "customers") == what_if.ladder(day)
    rate, observed = what_if.second_order_rate(day)
    assert found.figure("trust_ladder", "observed") == observed
    assert found.figure("trust_ladder", "second_order_rate") == pytest.approx(rate, rel=1e-9)


@recount("S7")
def tiers_help(found: Found, day: Day) -> None:
    frame = found.evidence.report("tiers_help").rows.frame
    effects = dict(zip(frame["measure"].to_list(), frame["effect"].to_list(), strict=True))
    for measure, values in (
        ("payment_terms", "payment_terms"),
        ("deal_share", "deal_share"),
        ("satisfaction", "satisfaction"),
    ):
        own = what_if.eta_squared(day.base[values], day.base["tier"])
        assert effects[measure] == pytest.approx(own, rel=1e-9)
    assert effects["format"] == pytest.approx(what_if.cramers_v(day.base["format"], day.base["tier"]), rel=1e-9)


@recount("S10")
def retention_gain(found: Found, day: Day) -> None:
    gain = sum(what_if.retention_gain(day).values())
    newcomer = what_if.newcomer_profit(day)
    assert found.figure("retention_gain", "newcomer_profit") == money(newcomer)
    assert found.figure("retention_gain", "gain") == pytest.approx(gain * PENCE, rel=1e-6)  # of rounded profits
    assert found.figure("retention_gain", "newcomers_needed") == pytest.approx(gain / newcomer, rel=1e-6)


@recount("S11")
def price_cut(found: Found, day: Day) -> None:
    frame = found.evidence.report("price_cut").rows.frame
    volumes = dict(zip(frame["tier"].to_list(), frame["volume_needed"].to_list(), strict=True))
    assert volumes == pytest.approx(what_if.break_even(day), rel=1e-9)


@recount("S12")
def cross_sell(found: Found, day: Day) -> None:
    gap, stays = what_if.breadth_gap(day), warnings.living(day.base)
    same(found.rows("cross_sell", "gap"), gap[(gap > 0) & stays])
    own = what_if.next_values(day) * PENCE
    own = own[stays.reindex(own.index)]
    told = found.rows("cross_sell", "next_value").reindex(own.index)
    assert (told - own).abs().le(1).all()
    assert len(told) == len(own)


@recount("S13b")
def due_list(found: Found, day: Day) -> None:
    own = warnings.due(day)
    assert found.figure("due_list", "orders_due") == len(own)
    basket = found.rows("due_list", "basket_expected").reindex(own.index)
    np.testing.assert_allclose(basket, own["basket"] * PENCE, atol=1)


@recount("S20b")
def channels(found: Found, day: Day) -> None:
    frame = found.evidence.report("channels").rows.frame
    told = [(row["customers"], row["revenue"]) for row in frame.sort("channels").iter_rows(named=True)]
    assert told == [(number, revenue * PENCE) for _, number, revenue in what_if.by_channels(day).itertuples()]


@recount("S25")
def acquisition(found: Found, day: Day) -> None:
    own = what_if.newcomers(day)
    told = found.table("acquisition", "quarters", "quarter", "new_customers")
    assert {quarter.replace("-", ""): number for quarter, number in told.items()} == own
    assert found.figure("acquisition", "change") == pytest.approx(own["2026Q2"] / own["2025Q2"] - 1, rel=1e-9)
    assert found.figure("acquisition", "fading")


@recount("S26b")
def walk_away_value(found: Found, day: Day) -> None:
    own = warnings.walk_away(day)
    same(found.rows("walk_away_value", "value"), own["revenue"] * PENCE)
    assert found.figure("walk_away_value", "foremost") == own.groupby("owner")["revenue"].sum().idxmax()


@recount("S30")
def loss_of_the_top(found: Found, day: Day) -> None:
    left = found.figure("loss_of_the_top", "revenue_left"), found.figure("loss_of_the_top", "customer_profit_left")
    assert left == tuple(amount * PENCE for amount in what_if.remaining(day))


@recount("S31b")
def open_matters(found: Found, day: Day) -> None:
    own = lifecycles.only_open(day)
    same(found.rows("open_matters", "value"), own["revenue"] * PENCE)


@recount("S32")
def exit_barriers(found: Found, day: Day) -> None:
    own = warnings.barriers()
    same(found.rows("exit_barriers", "barriers"), own["number"])
    same(found.rows("exit_barriers", "bonds"), own["bonds"])
    assert found.figure("exit_barriers", "captive") == own["captive"].sum()


@recount("S33")
def transaction_cost(found: Found, day: Day) -> None:
    own = warnings.cost_per_order()
    dear = own[own["dear"]]
    saving = (dear["each"] - dear["usual"]) * dear["orders"] * PENCE
    told = found.rows("transaction_cost", "saving").reindex(dear.index)
    assert (told - saving).abs().le(dear["orders"]).all()  # of a cost per order in whole ten-thousandths
    assert found.figure("transaction_cost", "customers") == len(dear)


@recount("S34")
def early_warning(found: Found, day: Day) -> None:
    scores = warnings.scores(day).dropna()
    same(found.rows("early_warning", "risk_score"), scores, 2 * ROUNDED)
    alike(found.rows("early_warning", "cause"), warnings.causes(day).reindex(scores.index))
    assert found.figure("early_warning", "alerts") == (scores >= 60).sum()


@recount("S34b")
def lost_customers(found: Found, day: Day) -> None:
    own = warnings.lost()
    assert sorted(found.rows("lost_customers", "cause").index) == sorted(own.index)
    assert found.figure("lost_customers", "cause_stated") == own["end_reason"].notna().sum()


@recount("S37b")
def recommendations(found: Found, day: Day) -> None:
    number, revenue = what_if.brought(day)
    assert found.figure("recommendations", "referred_buying") == number
    assert found.figure("recommendations", "brought_value") == revenue * PENCE


@recount("expected_profit")
def expected_profit(found: Found, day: Day) -> None:
    told = found.rows("expected_profit", "expected_profit")
    np.testing.assert_allclose(told.reindex(day.base.index), warnings.expected_profit() * PENCE, atol=1)
