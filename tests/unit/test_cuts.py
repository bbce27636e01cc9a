"""Tier lines to cut values in four ways: exact examples, and brute force over small whole numbers."""

from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdash.cuts import Distribution, cut_at, resolve_cuts
from crmdash.settings import Mode, parse_settings
from tests.unit.frames import money

VALUES = st.lists(st.integers(-5, 12), max_size=12)
PERCENTS = st.integers(1, 99)


def values(*numbers: int) -> Distribution:
    return Distribution.of(np.array(numbers, dtype=np.int64))


@pytest.mark.parametrize(
    ("numbers", "percent", "cut"),
    [
        ((50, 30, 15, 5), 50, 50),
        ((50, 30, 15, 5), 80, 30),
        ((50, 30, 15, 5), 81, 15),
        ((50, 30, 15, 5), 95, 15),
        ((40, 20, 20, 20), 50, 20),  # ties with the last member come along
        ((50, 50, -100), 50, 50),  # of the positive sum, not of the net total
        ((60, 40, -1_000), 99, 40),
        ((10, 0, 0), 99, 10),
        ((7,), 1, 7),
        ((1, 1, 1), 67, 1),
        ((0, 0), 50, None),
        ((-3, -1), 50, None),
        ((), 50, None),
    ],
)
def test_share(numbers: tuple[int, ...], percent: float, cut: int | None):
    assert cut_at(values(*numbers), "share", percent) == cut


@pytest.mark.parametrize(
    ("numbers", "percent", "cut"),
    [
        ((5, 4, 3, 2, 1), 20, 5),
        ((5, 4, 3, 2, 1), 21, 4),  # 1.05 customers are two
        ((5, 4, 4, 2, 1), 40, 4),
        ((3, 3, 3), 1, 3),
        ((-1, -2), 50, -1),
        ((7,), 1, 7),
        ((), 20, None),
    ],
)
def test_heads(numbers: tuple[int, ...], percent: float, cut: int | None):
    assert cut_at(values(*numbers), "heads", percent) == cut


def test_heads_of_a_whole_number_take_no_extra_customer():
    # 7 % of 100 is 7, though 0.07 * 100 is a little more in binary.
    assert cut_at(values(*range(1, 101)), "heads", 7) == 94


@pytest.mark.parametrize("numbers", [(1, 2), (), (-5,)])
def test_amount_is_taken_as_typed(numbers: tuple[int, ...]):
    assert cut_at(values(*numbers), "amount", 1234.5678) == 12_345_678


@pytest.mark.parametrize(
    ("numbers", "percent", "cut"),
    [
        ((5, 4, 3, 2, 1), 80, 5),  # four of five are smaller
        ((5, 4, 3, 2, 1), 60, 4),
        ((5, 4, 3, 2, 1), 61, 5),
        ((5, 5, 3, 2, 1), 80, 6),  # nobody has 80 % below: just above the largest
        ((5, 5, 3, 2, 1), 60, 5),
        ((2, 2, 2), 1, 3),
        ((7,), 50, 8),
        ((), 50, None),
    ],
)
def test_score(numbers: tuple[int, ...], percent: float, cut: int | None):
    assert cut_at(values(*numbers), "score", percent) == cut


@given(VALUES, PERCENTS)
def test_share_is_the_smallest_set_that_reaches_it(numbers: list[int], percent: int):
    positive = sorted((number for number in numbers if number > 0), reverse=True)
    sets = [positive[:size] for size in range(1, len(positive) + 1)]
    reaching = [chosen for chosen in sets if 100 * sum(chosen) >= percent * sum(positive)]
    assert cut_at(values(*numbers), "share", percent) == (reaching[0][-1] if reaching else None)


@given(VALUES, PERCENTS)
def test_heads_is_the_last_of_the_largest(numbers: list[int], percent: int):
    largest = sorted(numbers, reverse=True)[: ceil(Fraction(percent, 100) * len(numbers))]
    assert cut_at(values(*numbers), "heads", percent) == (largest[-1] if largest else None)


@given(VALUES, PERCENTS)
def test_score_counts_customers_with_a_smaller_value(numbers: list[int], percent: int):
    cut = cut_at(values(*numbers), "score", percent)
    for number in numbers:
        scored = 100 * sum(other < number for other in numbers) >= percent * len(numbers)
        assert cut is not None and (number >= cut) == scored


@given(VALUES, PERCENTS, PERCENTS, st.sampled_from(["share", "heads", "score", "amount"]))
def test_a_stricter_line_never_lets_more_customers_in(numbers: list[int], one: int, other: int, mode: Mode):
    loose, strict = (max(one, other), min(one, other)) if mode in ("share", "heads") else sorted((one, other))
    found = values(*numbers)
    cuts = [cut_at(found, mode, line) for line in (strict, loose)]
    counts = [0 if cut is None else found.count_at_or_above(cut) for cut in cuts]
    assert counts[0] <= counts[1]


@given(VALUES)
def test_a_distribution_counts_what_it_holds(numbers: list[int]):
    found = values(*numbers)
    assert found.total == sum(numbers)
    assert found.positive_total == sum(number for number in numbers if number > 0)
    assert found.positives == sum(number > 0 for number in numbers)
    for cut in range(-6, 14):
        assert found.count_at_or_above(cut) == sum(number >= cut for number in numbers)


def cuts_of(tiers: dict[str, object], *numbers: int) -> dict[str, int | None]:
    return resolve_cuts(values(*numbers), parse_settings({"tiers": tiers}))


HUNDRED = tuple(range(1, 101))


@pytest.mark.parametrize(
    ("tiers", "cuts"),
    [
        # Sum 5,050: 30 largest hold 2,565, 56 hold 4,060, 78 hold 4,797 and 79 hold 4,819 (95 % is 4,797.5).
        ({}, {"platinum": 71, "gold": 45, "iron": 22, "lead": None}),
        ({"lead_if_loss": True}, {"platinum": 71, "gold": 45, "iron": None, "lead": None}),
        ({"scheme": "two"}, {"gold": 81, "iron": None}),
        ({"scheme": "two", "lead_if_loss": True}, {"gold": 81, "iron": None, "lead": None}),
        ({"scheme": "three"}, {"key": 81, "normal": 51, "small": None}),
        ({"scheme": "three", "lead_if_loss": True}, {"key": 81, "normal": 51, "small": None, "lead": None}),
        ({"scheme": "abc"}, {"a": 45, "b": 22, "c": None}),
        ({"scheme": "textbook"}, {"vital": 100, "major": 96, "normal": 81, "small": None}),
        (
            {"scheme": "amounts", "amounts": {"tier1": 0.009, "tier2": 0.005}},
            {"tier1": 90, "tier2": 50, "tier3": None},
        ),
        (
            {"scheme": "amounts", "amounts": {"tier1": 0.009}, "lead_if_loss": True},
            {"tier1": 90, "tier2": None, "lead": None},
        ),
    ],
)
def test_every_scheme(tiers: dict[str, object], cuts: dict[str, int | None]):
    found = cuts_of(tiers, *HUNDRED)
    assert (found, list(found)) == (cuts, list(cuts))


def test_without_anything_positive_no_share_line_can_be_drawn():
    assert cuts_of({}, 0, -5) == {"platinum": None, "gold": None, "iron": None, "lead": None}


def test_amounts_are_money():
    assert cuts_of({"mode": "amount", "amounts": {"platinum": 300, "gold": 20.5, "iron": 1}}, 1) == {
        "platinum": money(300),
        "gold": money(20.5),
        "iron": money(1),
        "lead": None,
    }
