"""Rows in order by several keys are those that sorting by all of them at once gives."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from crmdash.systems.order import in_order

few = st.one_of(st.none(), st.integers(0, 3))


@given(st.lists(st.tuples(few, few, st.booleans())), st.booleans(), st.booleans())
def test_as_one_sort_by_all_keys(listed, first_down, second_down):
    rows = pl.DataFrame(listed, schema={"a": pl.Int64, "b": pl.Int64, "c": pl.Boolean}, orient="row").with_row_index()
    at_once = rows.sort("a", "b", descending=[first_down, second_down], nulls_last=True, maintain_order=True)
    assert_frame_equal(in_order(rows, ("a", first_down), ("b", second_down)), at_once)


def test_keys_may_be_reckoned_or_given_beside():
    rows = pl.DataFrame({"a": [-3, 2, 3, None]})
    size = pl.col("a").abs()
    assert in_order(rows, (size, True))["a"].to_list() == [-3, 3, 2, None]
    assert in_order(rows, (size, True), (pl.Series([1, 0, 0, 0]), False))["a"].to_list() == [3, -3, 2, None]
