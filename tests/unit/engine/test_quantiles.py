"""Quantiles in two passes are those of a sort, to the last digit."""

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdash.engine import lazy, quantiles
from tests.unit.engine.test_binned import FEW, on_duckdb

NUMBERS = st.one_of(st.none(), st.floats(-1e9, 1e9, allow_subnormal=False), st.integers(0, 40).map(lambda n: n / 7))
ROWS = st.lists(st.tuples(st.sampled_from(["gold", "iron", "lead"]), NUMBERS, st.integers(-5, 10**6)), max_size=40)
ASKED = {
    "usual_margin": (nw.col("margin"), 0.5),
    "leaders": (nw.col("whole"), 0.75),
    "halved": (nw.col("margin") / 2, 0.5),
}


def frame_of(rows: list[tuple[str, float | None, int]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"tier": pl.String, "margin": pl.Float64, "whole": pl.Int64}, orient="row")


@FEW
@given(ROWS)
def test_by_group(rows: list[tuple[str, float | None, int]]):
    frame = frame_of(rows)
    here, there = (quantiles(rows, ASKED, "tier").sort("tier") for rows in (lazy(frame), on_duckdb(frame)))
    assert there.equals(here)


@FEW
@given(ROWS)
def test_of_everybody(rows: list[tuple[str, float | None, int]]):
    frame = frame_of(rows)
    here, there = (quantiles(rows, ASKED) for rows in (lazy(frame), on_duckdb(frame)))
    assert there.equals(here)
    assert there.height == 1


@pytest.mark.parametrize("engine", [lazy, on_duckdb])
def test_between_two_values(engine):
    frame = frame_of([("gold", 1.0, 0), ("gold", 2.0, 0), ("gold", 4.0, 10), ("gold", None, 20)])
    found = quantiles(engine(frame), {"median": (nw.col("margin"), 0.5), "upper": (nw.col("whole"), 0.75)})
    # 0, 0, 10, 20: place 2.25 of 0..3.
    assert found.row(0) == (2.0, 12.5)
