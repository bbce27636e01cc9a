"""Comparison length, growth and relative growth, with every reason for them to be missing."""

import pytest

from crmdash.rule_settings import PeriodSettings
from crmdash.summary.clock import set_clock
from tests.unit.frames import Row, measures, sale, sales, summarised


@pytest.mark.parametrize(
    ("span", "length", "season_removed"),
    [(730, 365, True), (729, 182, False), (365, 182, False), (364, 182, False), (363, 181, False), (1, None, False)],
)
def test_comparison_length(span: int, length: int | None, season_removed: bool):
    clock = set_clock(100, 100 + span, PeriodSettings())
    assert (clock.comparison, clock.season_removed) == (length, season_removed)


def two_customers(a: dict[int, float], b: dict[int, float] | None = None) -> list[Row]:
    """Two years: T = 730, L = 365, late (365, 730], before (0, 365]; b buys the same in both unless told."""
    return [*sales("a", a), sale("b", 0, 0), *sales("b", b or {200: 100, 730: 100})]


def test_growth_is_the_change_over_the_mean():
    # a: 60 before, 100 late: 2 x 40 / 160.
    assert measures(two_customers({0: 5, 300: 60, 600: 100}))["growth"] == pytest.approx(0.5)
    assert measures(two_customers({0: 0, 300: 60, 600: 0}))["growth"] == -2
    assert measures(two_customers({0: 0, 600: 60}))["growth"] == 2


def test_the_edges_of_the_periods():
    # Day 365 = T - L belongs to the earlier period, day 0 = T - 2 L to neither.
    assert measures(two_customers({0: 99, 365: 30, 366: 30}))["growth"] == 0


def test_growth_is_missing_below_one_and_a_half_lengths():
    # L = 365: tenure 547 < 547.5 is too short, 548 is enough.
    assert measures(two_customers({183: 10, 600: 20}))["growth"] is None
    assert measures(two_customers({182: 10, 600: 20}))["growth"] == pytest.approx(2 * 10 / 30)


def test_growth_is_missing_where_a_period_is_negative_or_both_are_zero():
    assert measures(two_customers({0: 1, 300: 50, 301: -60, 600: 5}))["growth"] is None
    assert measures(two_customers({0: 1, 300: 5, 600: -1}))["growth"] is None
    found = measures(two_customers({0: 1}))
    assert (found["growth"], found["relative_growth"]) == (None, None)


def test_relative_growth_takes_the_common_trend_out():
    # Everybody doubles: growth 2/3, share unchanged.
    found = measures(two_customers({0: 0, 300: 50, 600: 100}, {200: 10, 730: 20}))
    assert found["growth"] == pytest.approx(2 / 3)
    assert found["relative_growth"] == pytest.approx(0)


def test_relative_growth_compares_shares():
    # a 50 -> 50, b 50 -> 150: share 1/2 -> 1/4, so 2 x (1/4 - 1/2) / (3/4).
    found = measures(two_customers({0: 0, 300: 50, 600: 50}, {200: 50, 730: 150}))
    assert found["relative_growth"] == pytest.approx(-2 / 3)


def test_newcomers_do_not_shrink_the_share_of_others():
    # c first buys after T - L = 365 and is left out; d buys on day 365 and counts.
    rows = [*two_customers({0: 0, 300: 50, 600: 50}, {200: 50, 730: 50}), sale("c", 366, 900)]
    assert measures(rows)["relative_growth"] == pytest.approx(0)
    # With d: shares 50/200 -> 50/100.
    assert measures([*rows, sale("d", 365, 100)])["relative_growth"] == pytest.approx(2 * (0.5 - 0.25) / 0.75)


def test_internal_customers_have_no_share():
    rows = [*two_customers({0: 0, 300: 50, 600: 50}, {200: 50, 730: 50}), *sales("z", {0: 1, 100: 900})]
    found = measures(rows, customers=[{"customer_id": "z", "nature": "internal"}])
    assert found["relative_growth"] == pytest.approx(0)


def test_without_a_file_of_two_days_there_is_no_growth():
    assert "growth" not in measures([sale("a", 0, 1)])


def test_an_unchanged_share_is_exactly_zero_whoever_stands_where():
    # `saturated` reads relative growth <= 0: float noise, different by place in the table, must not decide it.
    rows = [row for size in range(1, 40) for row in sales(f"c{size:02}", {0: 0, 300: size, 730: size * 10.5})]
    found = summarised(rows).customers["relative_growth"]
    assert found.to_list() == [0.0] * 39
