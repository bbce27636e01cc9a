"""How much few customers hold: Gini by brute force, shares, the whale curve, and where nothing can be said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdash.cuts import Distribution
from crmdash.model.concentration import Whale, concentration, cumulative_curve, gini, whale

NUMBERS = st.lists(st.integers(-20, 50), max_size=30)


def values(*numbers: int) -> Distribution:
    return Distribution.of(np.array(numbers, dtype=np.int64))


@given(st.lists(st.integers(0, 50), max_size=20))
def test_gini_is_half_the_mean_difference_over_the_mean(numbers: list[int]):
    found = gini(values(*numbers))
    if sum(numbers) == 0:
        assert found is None
    else:
        differences = sum(abs(one - other) for one in numbers for other in numbers)
        assert found == pytest.approx(differences / (2 * len(numbers) * sum(numbers)), abs=1e-12)


def test_gini_of_equals_is_zero():
    assert concentration(values(4, 4, 4)).gini == pytest.approx(0)


def test_gini_leaves_negative_values_out_and_counts_them():
    figures = concentration(values(1, 3, -9, -1, 0))
    # 0, 1, 3: mean difference 12 / 9, mean 4 / 3.
    assert figures.gini == pytest.approx(0.5)
    assert figures.gini_left_out == 2


def test_the_top_fifth_is_rounded_up():
    # 6 customers: 1.2, so 2; of the positive sum 25.
    assert concentration(values(10, 5, 4, 3, 2, 1)).top20_share == pytest.approx(15 / 25)
    assert concentration(values(10, 5, 4, 3, 3)).top20_share == pytest.approx(10 / 25)


def test_shares_are_of_the_positive_sum():
    figures = concentration(values(60, 40, -70))
    assert (figures.total, figures.top20_share, figures.customers_for_80) == (30, 0.6, 2)


@pytest.mark.parametrize(("numbers", "needed"), [((80, 20), 1), ((79, 21), 2), ((1, 1, 1, 1, 1), 4), ((5,), 1)])
def test_customers_for_eighty_per_cent(numbers: tuple[int, ...], needed: int):
    assert concentration(values(*numbers)).customers_for_80 == needed


@pytest.mark.parametrize("numbers", [(), (0,), (-4, 0)])
def test_without_anything_positive_there_is_no_share(numbers: tuple[int, ...]):
    figures = concentration(values(*numbers))
    assert (figures.top20_share, figures.customers_for_80, figures.gini) == (None, None, None)
    assert figures.total == sum(numbers)


def test_whale_curve():
    # 70 earned by three, 20 destroyed by two, one at zero.
    found = whale(values(40, 20, 10, 0, -5, -15))
    assert found == Whale(total=50, peak_share=70 / 50, peak_at=3, loss_makers=2, profit_destroyed=-20)


def test_whale_without_profit_has_no_peak_share():
    assert whale(values(10, -10)).peak_share is None
    assert whale(values(10, -30)) == Whale(-20, None, 1, 1, -30)
    assert whale(values()) == Whale(0, None, 0, 0, 0)


@given(NUMBERS)
def test_whale_by_brute_force(numbers: list[int]):
    running = np.cumsum(sorted(numbers, reverse=True)).tolist()
    found = whale(values(*numbers))
    assert found.total == sum(numbers)
    assert found.profit_destroyed == sum(number for number in numbers if number < 0)
    assert found.loss_makers == sum(number < 0 for number in numbers)
    if sum(numbers) > 0:
        assert found.peak_share == pytest.approx(max(running) / sum(numbers))
        assert running[found.peak_at - 1] == max(running)


@given(st.lists(st.integers(-20, 50), max_size=60), st.integers(2, 10))
def test_a_thinned_curve_keeps_its_ends_and_its_peak(numbers: list[int], points: int):
    curve = cumulative_curve(values(*numbers), points)
    running = [0, *np.cumsum(sorted(numbers, reverse=True)).tolist()]
    assert [running[count] for count in curve.customers] == curve.value.tolist()
    assert (curve.customers[0], curve.customers[-1]) == (0, len(numbers))
    if numbers and max(numbers) > 0:
        assert max(running) == curve.value.max()
    assert len(curve.customers) <= points + 2
