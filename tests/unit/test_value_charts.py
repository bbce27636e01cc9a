"""Pictures of value: what is drawn, where, and that both axes say what they count."""

from typing import Any

import pytest

from crmdash.charts.large_type import enlarged
from crmdash.charts.picture_words import PictureWords
from crmdash.charts.value import (
    Dots,
    Series,
    against_peers_figure,
    balance_figure,
    dumbbell_figure,
    iceberg_figure,
    means_figure,
    ranked_figure,
)

WORDS = PictureWords("Title", "Across", "Up", "#123456")


def series(*values: float | None, name: str = "s") -> Series:
    return Series(name, "#2a7ab0", values, tuple(str(value) for value in values))


DRAWN: dict[str, Any] = {
    "means": means_figure(["a", "b"], [series(1, 2), series(3, None)], WORDS, 10),
    "peers": against_peers_figure(["a", "b"], series(1, 2), series(3, None), WORDS),
    "balance": balance_figure([Dots("gold", "#2a7ab0", (10, 90), (20, 80), ("x", "y"))], list("abcd"), 50, WORDS),
    "dumbbell": dumbbell_figure(["a", "b"], series(7, 8), series(6.5, None), WORDS),
    "iceberg": iceberg_figure(["a", "b"], series(3, 0), series(6, 2), WORDS),
    "ranked": ranked_figure(["a", "b"], series(4_000, 1_000), WORDS, lambda mark: f"{mark} pieces"),
}


@pytest.mark.parametrize("drawn", DRAWN.values(), ids=DRAWN)
def test_axes_are_named_in_ink_and_the_figure_can_be_enlarged(drawn: Any):
    layout = drawn.layout
    assert (layout.title.text, layout.xaxis.title.text, layout.yaxis.title.text) == ("Title", "Across", "Up")
    assert layout.xaxis.title.font.color == layout.font.color == "#123456"
    height = layout.height
    assert enlarged(drawn, 1.5).layout.height == round(height * 1.5)


def test_means_stand_side_by_side_and_missing_ones_are_left_out():
    first, second = DRAWN["means"].data
    assert (list(first.y), list(second.y)) == ([1, 2], [3, None])
    assert tuple(DRAWN["means"].layout.yaxis.range) == (0, 10)


def test_the_silent_lie_below_the_water_line():
    above, below = DRAWN["iceberg"].data
    assert (list(above.y), list(below.y)) == ([3, 0], [-6, -2])
    assert (list(above.text), list(below.text)) == (["3", ""], ["6", "2"])


def test_expected_and_experienced_are_joined():
    shapes = DRAWN["dumbbell"].layout.shapes
    assert [(shape.x0, shape.x1) for shape in shapes] == [(7, 6.5)]
    low, high = DRAWN["dumbbell"].layout.xaxis.range
    assert high - low == pytest.approx(2)


def test_the_fields_of_give_and_take_are_named():
    assert [note.text for note in DRAWN["balance"].layout.annotations] == [f"<b>{name}</b>" for name in "abcd"]
    assert len(DRAWN["balance"].layout.shapes) == 2


def test_amounts_beside_an_axis_are_in_the_readers_words():
    axis = DRAWN["ranked"].layout.xaxis
    assert list(axis.ticktext) == [f"{mark} pieces" for mark in axis.tickvals]
    assert (min(axis.tickvals), max(axis.tickvals)) == (0, 4_000)
