"""A distribution that asks an engine answers what one in memory does."""

from collections.abc import Callable

import duckdb
import narwhals as nw
import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmdash.cuts import BinnedDistribution, Distribution, Ranked, cut_at, resolve_cuts
from crmdash.engine import Lazy, collect, lazy
from crmdash.engine.bins import bin_holding, with_bins_of_numbers, with_bins_of_whole
from crmdash.model.concentration import concentration, whale
from crmdash.settings import Settings

NEAR_POWERS = st.builds(lambda power, near: 2**power + near, st.integers(0, 61), st.integers(-3, 3))
MONEY = st.one_of(st.integers(-50, 50), NEAR_POWERS, NEAR_POWERS.map(lambda value: -value), st.integers(0, 10**9))
SMALL = st.one_of(st.integers(-30, 60), st.integers(-(10**7), 10**7))


FEW = settings(max_examples=25, deadline=None)
CONNECTION = duckdb.connect()


def on_duckdb(frame: pl.DataFrame) -> Lazy:
    return nw.from_native(CONNECTION.from_arrow(frame.to_arrow())).lazy()


ENGINES = pytest.mark.parametrize("engine", [lazy, on_duckdb], ids=["polars", "duckdb"])


def both(
    values: list[int], missing: int, engine: Callable[[pl.DataFrame], Lazy]
) -> tuple[Distribution, BinnedDistribution]:
    column = pl.Series("value", [*values, *([None] * missing)], dtype=pl.Int64)
    return Distribution.of(np.array(values, np.int64), missing), BinnedDistribution(engine(column.to_frame()))


@ENGINES
@FEW
@given(values=st.lists(MONEY, min_size=1, max_size=40))
@example(values=[0, -1, 2**14, 2**14 - 1, 2**62, -(2**62)])
def test_bins_rise_with_the_values_and_are_known_here_too(values: list[int], engine: Callable[[pl.DataFrame], Lazy]):
    frame = engine(pl.DataFrame({"value": sorted(values)}, schema={"value": pl.Int64}))
    found = collect(with_bins_of_whole(frame, "value")).sort("value")
    assert found["bin"].to_list() == sorted(bin_holding(value) for value in values)
    assert found["bin"].to_list() == [bin_holding(value) for value in found["value"]]


def test_only_nothing_shares_the_bin_of_nothing():
    assert [bin_holding(value) for value in (-1, 0, 1, 255, 256)] == [-1025, 0, 1024, 2046, 2048]


@ENGINES
@FEW
@given(numbers=st.lists(st.floats(-1e12, 1e12, allow_subnormal=False), min_size=2, max_size=40))
def test_bins_of_fractions_rise_with_them(numbers: list[float], engine: Callable[[pl.DataFrame], Lazy]):
    found = collect(with_bins_of_numbers(engine(pl.DataFrame({"n": numbers})), "n")).sort("n")
    assert found["bin"].is_sorted()


@ENGINES
@FEW
@given(values=st.lists(SMALL, max_size=30), missing=st.integers(0, 3), prepared=st.booleans())
@example(values=[], missing=0, prepared=True)
@example(values=[], missing=2, prepared=False)
@example(values=[-5, 0], missing=0, prepared=True)
def test_every_answer_is_that_of_memory(
    values: list[int], missing: int, prepared: bool, engine: Callable[[pl.DataFrame], Lazy]
):
    here, there = both(values, missing, engine)
    if prepared:
        there.prepare(lambda ranked: (resolve_cuts(ranked, Settings()), concentration(ranked)))
    assert (there.size, there.missing, there.base) == (here.size, here.missing, here.base)
    assert (there.positives, there.negatives) == (here.positives, here.negatives)
    assert concentration(there) == concentration(here)
    assert whale(there) == whale(here)
    assert resolve_cuts(there, Settings()) == resolve_cuts(here, Settings())
    for mode, line in (("share", 33.3), ("share", 100), ("heads", 12.5), ("score", 40), ("score", 99)):
        assert cut_at(there, mode, line) == cut_at(here, mode, line), (mode, line)  # type: ignore[arg-type]
    for rank in range(1, here.size + 1):
        assert there.at(rank) == here.at(rank)
        assert there.sum_of_largest(rank) == here.sum_of_largest(rank)
        assert there.count_at_or_above(here.at(rank) + 1) == here.count_at_or_above(here.at(rank) + 1)


def test_questions_are_asked_in_two_passes():
    asked: list[object] = []
    values = np.random.default_rng(5).lognormal(13, 2, 3000).astype(np.int64)
    there = BinnedDistribution(lazy(pl.DataFrame({"value": values})))

    def questions(ranked: Ranked) -> object:
        return resolve_cuts(ranked, Settings()), concentration(ranked)

    there.prepare(questions)
    there._ask = asked.append  # type: ignore[method-assign, assignment]
    questions(there)
    assert not asked


def test_gini_is_exact_beyond_the_digits_of_a_fraction():
    # (1 + 2 + ... + n of equal values) would lose its last digits as a fraction; the Gini coefficient of equals is 0.
    here, there = both([10**15] * 3001, 0, lazy)
    assert concentration(here).gini == concentration(there).gini == 0
