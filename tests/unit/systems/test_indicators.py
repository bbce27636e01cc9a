"""The five indicators: as their columns state them, else computed, and weighted over the known ones."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdash.rule_settings import WorthSettings
from crmdash.systems.indicators import INDICATORS, score_customers
from crmdash.systems.peers import peer_groups
from tests.unit.frames import money


def scores(*customers: dict[str, Any], **worth: int) -> list[dict[str, Any]]:
    base = pl.DataFrame([{"customer_id": str(place), **row} for place, row in enumerate(customers)], strict=False)
    settings = WorthSettings(**worth)
    return score_customers(base, peer_groups(base, settings.peers_at_least), settings).rows(named=True)


def test_integrity_is_stated_else_made_of_payments_and_returns():
    computed = {"on_time_share": 0.9, "days_late": 12.0, "return_share": 0.05}
    found = scores(
        {"integrity": 91.0, **computed},
        {"integrity": None, **computed},
        {"integrity": None, "on_time_share": 0.0, "days_late": 90.0, "return_share": 0.4},
        {"integrity": None, "on_time_share": 1.0, "days_late": None, "return_share": 0.0},
    )
    # 60 x 0.9 + 25 x (1 - 12/60) + 15 x (1 - 0.05/0.2) = 54 + 20 + 11.25
    assert [row["integrity"] for row in found] == [91.0, pytest.approx(85.25), 0.0, None]


def test_cooperation_counts_the_known_parts():
    found = scores(
        {"cooperation": 58.0, "planned_share": 1.0, "surveys_window": 0, "suggestions_window": 0},
        {"cooperation": None, "planned_share": 0.5, "surveys_window": 1, "suggestions_window": 1},
        {"cooperation": None, "planned_share": None, "surveys_window": 2, "suggestions_window": 1},
        {"cooperation": None, "planned_share": None, "surveys_window": 0, "suggestions_window": 5},
    )
    # 40 x 0.5 + 30 + 30 x 1/2; without planned orders 45 of 60, and 30 of 60.
    assert [row["cooperation"] for row in found] == [58.0, 65.0, 75.0, 50.0]


def test_who_was_never_asked_did_not_refuse():
    found = scores({"planned_share": 0.5, "surveys_window": 0, "suggestions_window": 0, "market_reports_window": 0})
    assert found[0]["cooperation"] == 50.0


def test_dependence_is_the_share_of_wallet_else_estimated():
    found = scores(
        {"share_of_wallet": 0.4, "breadth": 1, "gap_variation": 0.1},
        {"share_of_wallet": None, "breadth": 3, "gap_variation": 0.9},
        {"share_of_wallet": None, "breadth": 2, "gap_variation": 0.5},
        {"share_of_wallet": None, "breadth": 2, "gap_variation": None},
    )
    # Breadth: places 12.5, 87.5, 50, 50; steady gaps of three: 83.3, 16.7, 50.
    assert [row["dependence"] for row in found] == [40.0, pytest.approx((87.5 + 50 / 3) / 2), 50.0, None]
    assert [row["estimated"] for row in found] == [False, True, True, False]


def test_growth_and_contribution_are_places_among_peers():
    found = scores(
        {"relative_growth": 0.5, "customer_profit": money(-5), "revenue": money(900)},
        {"relative_growth": None, "customer_profit": money(10), "revenue": money(90)},
        {"relative_growth": -0.5, "customer_profit": money(10), "revenue": money(9)},
    )
    assert [row["growth"] for row in found] == [75.0, None, 25.0]
    assert [row["contribution"] for row in found] == pytest.approx([100 / 6, 200 / 3, 200 / 3])


def test_without_profit_contribution_is_gross_profit_and_without_it_revenue():
    gross = scores({"gross_profit": 1, "revenue": 9}, {"gross_profit": 2, "revenue": 8})
    revenue = scores({"gross_profit": None, "revenue": 9}, {"gross_profit": None, "revenue": 8})
    assert [row["contribution"] for row in gross] == [25.0, 75.0]
    assert [row["contribution"] for row in revenue] == [75.0, 25.0]


def test_missing_weights_are_shared_out():
    found = scores(
        {"integrity": 80.0, "cooperation": 60.0, "share_of_wallet": 0.5, "relative_growth": 0.1, "revenue": 1},
        {"integrity": None, "cooperation": None, "share_of_wallet": 0.9, "relative_growth": None, "revenue": 1},
    )
    # (80 x 20 + 60 x 15 + 50 x 20 + 50 x 20 + 50 x 25) / 100; (90 x 20 + 50 x 25) / 45
    assert [row["total"] for row in found] == pytest.approx([57.5, 3050 / 45])
    assert [row["known"] for row in found] == [5, 2]


def test_peers_are_of_the_same_format_where_there_are_enough():
    rows = [{"format": "bar", "revenue": place} for place in range(3)] + [{"format": "inn", "revenue": 99}]
    found = scores(*rows, peers_at_least=3)
    assert [row["peers"] for row in found] == ["bar", "bar", "bar", None]
    assert [row["contribution"] for row in found] == pytest.approx([100 / 6, 50, 500 / 6, 87.5])


VALUES = st.one_of(st.none(), st.floats(0, 100))


@given(st.lists(st.tuples(VALUES, VALUES, st.integers(0, 9)), min_size=1, max_size=20))
def test_totals_stay_between_the_weakest_and_the_strongest(rows):
    names = ("integrity", "cooperation", "revenue")
    found = scores(*(dict(zip(names, row, strict=True)) for row in rows))
    for row in found:
        known = [row[name] for name in INDICATORS if row[name] is not None]
        assert min(known) - 1e-9 <= row["total"] <= max(known) + 1e-9
