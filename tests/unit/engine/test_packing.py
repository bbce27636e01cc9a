"""Columns as one number, rows beside each other, and tables held: the same as without."""

from collections.abc import Sequence

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as some
from polars.testing import assert_frame_equal

from crmdash.engine import coded, collect, collect_together, grouped, hold, lazy, with_neighbours
from crmdash.engine.packing import packing

WHOLE = some.none() | some.integers(-5, 5) | some.sampled_from([-(2**40), 2**40])
ROWS = some.lists(some.tuples(some.sampled_from(["x", "y", "zz", None]), WHOLE, some.booleans()), max_size=30)


def table(rows: Sequence[tuple[str | None, int | None, bool]]) -> pl.DataFrame:
    return pl.DataFrame(rows, {"name": pl.String, "day": pl.Int64, "sold": pl.Boolean}, orient="row")


@given(ROWS)
def test_packed_columns_come_back_and_sort_as_they_do(rows):
    frame = collect(coded(lazy(table(rows)), ["name"]))
    packed = packing(frame, frame.columns)
    assert packed is not None
    back = frame.lazy().with_columns(key=packed.key).with_columns(**packed.columns("key"))
    assert_frame_equal(collect(nw.from_native(back)).drop("key"), frame)
    by_key = frame.select("day", "sold", key=packing(frame, ["day", "sold"]).key).sort("key")  # type: ignore[union-attr]
    assert_frame_equal(by_key.select("day", "sold"), frame.select("day", "sold").sort("day", "sold", nulls_last=False))


def test_what_64_bits_do_not_hold_is_not_packed():
    frame = pl.DataFrame({"a": [-(2**62), 2**62], "b": [0, 5]})
    assert packing(frame, ["a", "b"]) is None
    assert packing(pl.DataFrame({"a": ["x"]}), ["a"]) is None


@pytest.mark.parametrize("far", [0, 2**62], ids=["packed", "by columns"])
def test_groups_are_those_of_group_by(far):
    frame = lazy(table([("x", 1, True), ("y", -far, True), ("x", 1, False), (None, 1, True), ("x", far, True)]))
    found = collect(grouped(coded(frame, ["name"]), ("name", "day"), rows=nw.len().cast(nw.Int64)))
    expected = collect(frame.group_by("name", "day").agg(rows=nw.len().cast(nw.Int64)))
    own = found.with_columns(pl.col("name").cast(pl.String))
    assert_frame_equal(own, expected, check_row_order=False)


@pytest.mark.parametrize("far", [9, 2**62], ids=["packed", "by columns"])
def test_neighbours_stay_within_their_group(far):
    rows = [("x", 3, True), ("y", 4, True), ("x", -far, True), ("x", 5, False), ("x", far, True)]
    found = with_neighbours(coded(lazy(table(rows)), ["name"]), ("name", "sold"), "day", {"before": 1, "second": -2})
    own = {(name, day): beside for name, day, _, *beside in collect(found).iter_rows()}
    assert own == {
        ("x", -far): [None, far], ("x", 3): [-far, None], ("x", far): [3, None], ("x", 5): [None, None],
        ("y", 4): [None, None],
    }  # fmt: skip


def test_a_held_table_is_the_same_table():
    frame = lazy(table([("x", 1, True), ("y", 2, False)]))
    assert_frame_equal(collect(hold(frame)), collect(frame), check_row_order=False)
    first, second = collect_together([frame.select("name"), frame.select(rows=nw.len())])
    assert (sorted(first["name"]), second.item()) == (["x", "y"], 2)
