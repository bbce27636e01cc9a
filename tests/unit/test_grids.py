"""Segment grids: clean partitions, cuts that never part equal values, and every customer in one cell."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdash.model.grids import RF, RFM, all_cells, class_of, classes_within, cut_values, empty_classes
from tests.unit.frames import evidence, money, sale, sales

values = st.lists(st.one_of(st.none(), st.integers(-20, 20)), max_size=60)


def classed(numbers: Sequence[int | None], classes: int) -> list[int | None]:
    series = pl.Series("value", numbers, dtype=pl.Int64)
    return series.to_frame().select(class_of(pl.col("value"), cut_values(series, classes))).to_series().to_list()


@pytest.mark.parametrize(("grid", "classes", "cells"), [(RF, 5, 25), (RFM, 3, 27)])
def test_the_maps_are_clean_partitions(grid: Any, classes: int, cells: int):
    found = grid.segment_of(classes)
    assert set(found) == set(all_cells(len(grid.dimensions), classes)) and len(found) == cells
    sizes = {name: 1 for name in grid.segments}
    for name, box in grid.boxes(classes).items():
        for first, last in box:
            sizes[name] *= last - first + 1
    # No cell is claimed twice: the boxes are together as large as the grid.
    assert sum(sizes.values()) == cells and Counter(found.values()) == Counter(sizes)


def test_well_known_cells():
    cells = RF.segment_of(5)
    assert [cells[cell] for cell in ((5, 5), (3, 5), (5, 1), (1, 5), (1, 1))] == [
        "champions", "loyal", "newcomers", "must_not_lose", "lost",
    ]  # fmt: skip
    assert RFM.segment_of(3)[(1, 1, 3)] == "lost_large" and RFM.segment_of(3)[(3, 1, 3)] == "big_spenders"


def test_positions_serve_any_number_of_classes():
    assert [classes_within((60, 100), classes) for classes in (3, 4, 5, 7)] == [(3, 3), (3, 4), (4, 5), (5, 7)]
    assert classes_within((20, 40), 3) == (1, 0)


def test_cuts_are_values_of_the_data():
    assert cut_values(pl.Series([5, 1, 4, 2, 3, None]), 5) == [1, 2, 3, 4]
    assert classed([5, 1, 4, 2, 3, None], 5) == [5, 1, 4, 2, 3, None]
    assert cut_values(pl.Series([1, 1, 1, 2]), 4) == [1, 1, 1] and classed([1, 1, 1, 2], 4) == [1, 1, 1, 4]
    assert empty_classes([1, 1, 1], 2) == [2, 3]
    assert cut_values(pl.Series([], dtype=pl.Int64), 5) == []


@given(values, st.integers(2, 7))
def test_equal_values_are_never_parted_and_larger_ones_never_lower(numbers: list[int | None], classes: int):
    found = classed(numbers, classes)
    pairs = sorted({(value, place or 0) for value, place in zip(numbers, found, strict=True) if value is not None})
    assert len(pairs) == len({value for value, _ in pairs})
    assert [place for _, place in pairs] == sorted(place for _, place in pairs)
    assert all(place is None or 1 <= place <= classes for place in found)
    assert [place is None for place in found] == [value is None for value in numbers]


@given(values, st.integers(2, 7))
def test_exactly_the_classes_named_empty_are_empty(numbers: list[int | None], classes: int):
    known = [value for value in numbers if value is not None]
    if known:
        cuts = cut_values(pl.Series(known), classes)
        assert set(range(1, classes + 1)) - set(classed(known, classes)) == set(empty_classes(cuts, max(known)))


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=40, unique=True), st.integers(2, 5))
def test_without_ties_classes_differ_by_one_at_most(numbers: list[int], classes: int):
    sizes = Counter(classed(list(numbers), classes))
    counts = [sizes.get(place, 0) for place in range(1, classes + 1)]
    assert max(counts) - min(counts) <= 1


ROWS = [
    *sales("a", dict.fromkeys((0, 100, 200, 300, 400), 100)), *sales("b", dict.fromkeys((0, 100, 200, 300), 10)),
    *sales("c", dict.fromkeys((0, 100, 200), 10)), *sales("d", {0: 10, 100: 10}), sale("e", 10, 10),
    sale("f", 300, -5),
]  # fmt: skip


def test_customers_in_the_rf_grid():
    report = evidence(ROWS).report("rf_grid")
    rows = {row["customer_id"]: row for row in report.rows.frame.rows(named=True)}
    places = {name: (row["recency_class"], row["frequency_class"], row["segment"]) for name, row in rows.items()}
    assert places == {
        "a": (5, 5, "champions"), "b": (4, 4, "loyal"), "c": (3, 3, "attention"), "d": (2, 2, "asleep"),
        "e": (1, 1, "lost"), "f": (None, None, None),
    }  # fmt: skip
    cuts = report.tables["cuts"].frame
    assert cuts.filter(dimension="recency")["up_to"].to_list() == [390, 300, 200, 100]
    assert cuts.filter(dimension="frequency")["up_to"].to_list() == [1, 2, 3, 4]
    cells = report.tables["cells"].frame
    assert (len(cells), cells["customers"].sum(), cells["value"].sum()) == (25, 5, money(600))
    assert report.figures["customers"].value == 5 and report.figures["empty_cells"].value == 20
    segments = {row["segment"]: row["customers"] for row in report.tables["by_segment"].frame.rows(named=True)}
    assert segments["champions"] == 1 and sum(segments.values()) == 5


def test_customers_in_the_rfm_grid():
    found = evidence(ROWS)
    report = found.report("rfm_grid")
    rows = {row["customer_id"]: row["segment"] for row in report.rows.frame.rows(named=True)}
    assert rows["a"] == "champions" and rows["f"] is None
    assert sum(report.tables["cells"].frame["customers"]) == 5 and len(report.tables["cells"].frame) == 27
    explain = found.systems["rfm_grid"].explain
    assert explain is not None
    told = explain(report, {"customer_id": "a"})
    assert told is not None and told.because[0].figures["money_class"].value == 3
    assert explain(report, {"customer_id": "f"}) is None


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 300), st.integers(1, 3)), min_size=1, max_size=25))
def test_whoever_bought_is_in_exactly_one_segment(purchases: list[tuple[int, int, int]]):
    rows = [sale(f"c{name}", day, amount) for name, day, amount in purchases]
    for code in ("rf_grid", "rfm_grid"):
        report = evidence(rows).report(code)
        assert report.rows.frame["segment"].null_count() == 0
        assert report.tables["by_segment"].frame["customers"].sum() == len(report.rows.frame)
