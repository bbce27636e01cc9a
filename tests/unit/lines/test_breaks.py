"""Natural breaks: equal to trying every division, on small bases; plain on large ones."""

from itertools import combinations, pairwise
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdash.cuts import Distribution
from crmdash.lines.breaks import Breaks, natural_breaks


def breaks(values: list[int], classes: int) -> Breaks | None:
    return natural_breaks(Distribution.of(np.array(values)), classes)


def spread(values: list[int]) -> float:
    logs = [log(value) for value in values]
    mean = sum(logs) / len(logs)
    return sum((each - mean) ** 2 for each in logs)


def least_spread(values: list[int], classes: int) -> float:
    """Try every division of the different values."""
    different = sorted(set(values))
    ways = combinations(different[1:], classes - 1)
    return min(spread_of_classes(values, way) for way in ways)


def spread_of_classes(values: list[int], cuts: tuple[int, ...]) -> float:
    edges = [0, *sorted(cuts), max(values) + 1]
    parts = [[v for v in values if low <= v < high] for low, high in pairwise(edges)]
    return sum(spread(part) for part in parts if part)


def test_classes_that_are_plain_to_see():
    found = breaks([1_000, 1_100, 900, 100, 110, 90, 10, 11, 9, 0, -5], 3)
    assert found is not None
    assert found.cuts == (900, 90)
    inside = sum(spread(group) for group in ([900, 1_000, 1_100], [90, 100, 110], [9, 10, 11]))
    assert found.fit == pytest.approx(1 - inside / spread([900, 1_000, 1_100, 90, 100, 110, 9, 10, 11]))


def test_too_few_different_values():
    assert breaks([5, 5, 5, 7], 3) is None
    assert breaks([0, -1], 2) is None
    assert breaks([], 2) is None
    assert breaks([5, 5, 7], 2) == Breaks((7,), 1.0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 10_000), min_size=4, max_size=12), st.integers(2, 4))
def test_no_division_is_better(values: list[int], classes: int):
    found = breaks(values, classes)
    if len(set(values)) < classes:
        assert found is None
        return
    assert found is not None and list(found.cuts) == sorted(set(found.cuts), reverse=True)
    assert len(found.cuts) == classes - 1 and set(found.cuts) <= set(values)
    best = least_spread(values, classes)
    assert spread_of_classes(values, found.cuts) == pytest.approx(best, abs=1e-9)
    assert found.fit == pytest.approx(1 - best / spread(values), abs=1e-6)


def test_many_different_values_are_binned():
    rng = np.random.default_rng(7)
    groups = np.exp(rng.normal([[3.0], [8.0], [13.0]], 0.5, (3, 20_000))).astype(np.int64) + 1
    found = breaks(groups.ravel().tolist(), 3)
    assert found is not None
    assert found.cuts == (groups[2].min(), groups[1].min())
    assert found.fit > 0.98
