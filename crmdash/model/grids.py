"""Segment grids: customers in classes of equal size by recency, frequency and money, and a name for every cell.

Classes are drawn at cut *values*, so that equal values never part; where many customers share a value, a class may stay
empty. Segments are boxes of positions (0-100), so that one map serves any number of classes: a class lies in the box
that holds its middle. Whether a map covers every cell exactly once is for `crmdash.model.lint` to say.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, product
from math import ceil
from typing import Final

import polars as pl

Cell = tuple[int, ...]
"""The class of each dimension, 1 for the lowest."""

Box = tuple[tuple[int, int], ...]
"""Per dimension the first and the last class, both included; the first above the last holds nothing."""

Span = tuple[float, float]


@dataclass(frozen=True)
class SegmentMap:
    """Segments by name, each a box of positions: per dimension from and to, 0-100."""

    dimensions: tuple[str, ...]
    segments: Mapping[str, tuple[Span, ...]]

    def boxes(self, classes: int) -> dict[str, Box]:
        """Return the box of classes that each segment takes in a grid of so many classes a dimension."""
        return {name: tuple(classes_within(span, classes) for span in spans) for name, spans in self.segments.items()}

    def segment_of(self, classes: int) -> dict[Cell, str]:
        """Return the segment of every cell; of several the first, and no entry for a cell without any."""
        found: dict[Cell, str] = {}
        for name, box in self.boxes(classes).items():
            for cell in cells_of(box):
                found.setdefault(cell, name)
        return found


RF: Final = SegmentMap(
    ("recency", "frequency"),
    {
        "champions": ((80, 100), (60, 100)),
        "loyal": ((40, 80), (60, 100)),
        "promising": ((60, 100), (20, 60)),
        "newcomers": ((60, 100), (0, 20)),
        "attention": ((40, 60), (20, 60)),
        "slipping": ((40, 60), (0, 20)),
        "must_not_lose": ((0, 40), (80, 100)),
        "at_risk": ((0, 40), (40, 80)),
        "asleep": ((20, 40), (0, 40)),
        "lost": ((0, 20), (0, 40)),
    },
)
"""Recency x frequency; made for five classes, where it covers each of the 25 cells once."""

RFM: Final = SegmentMap(
    ("recency", "frequency", "money"),
    {
        "champions": ((67, 100), (67, 100), (67, 100)),
        "loyal": ((67, 100), (67, 100), (0, 67)),
        "big_spenders": ((67, 100), (0, 67), (67, 100)),
        "promising": ((67, 100), (0, 67), (0, 67)),
        "attention": ((33, 67), (33, 100), (33, 100)),
        "small_regulars": ((33, 67), (33, 100), (0, 33)),
        "slipping": ((33, 67), (0, 33), (0, 100)),
        "must_not_lose": ((0, 33), (33, 100), (33, 100)),
        "lost_large": ((0, 33), (0, 33), (33, 100)),
        "lost_small": ((0, 33), (0, 100), (0, 33)),
    },
)
"""Recency x frequency x money; made for three classes, where it covers each of the 27 cells once."""


def classes_within(span: Span, classes: int) -> tuple[int, int]:
    """Return the first and the last class whose middle lies in a span of positions, its upper end included.

    Examples
    --------
    >>> classes_within((60, 100), 5), classes_within((33, 67), 3)
    ((4, 5), (2, 2))
    """
    middles = {number: (2 * number - 1) * 50 / classes for number in range(1, classes + 1)}
    inside = [number for number, middle in middles.items() if span[0] < middle <= span[1]]
    return (inside[0], inside[-1]) if inside else (1, 0)


def cells_of(box: Box) -> Iterator[Cell]:
    """Yield the cells that a box holds."""
    yield from product(*(range(first, last + 1) for first, last in box))


def all_cells(dimensions: int, classes: int) -> Iterator[Cell]:
    """Yield every cell of a grid, the highest classes last."""
    yield from product(range(1, classes + 1), repeat=dimensions)


def cut_values(values: pl.Series, classes: int) -> list[float]:
    """Return the largest value of every class but the last: with k classes, those of the lowest 1/k, 2/k … customers.

    Missing values are left out. Where values repeat, cuts may be equal, and the class between them is empty.

    Examples
    --------
    >>> cut_values(pl.Series([1, 1, 1, 2, 3, 4]), 3)
    [1, 2]
    """
    known = values.drop_nulls().sort()
    if not len(known):
        return []
    return [known[ceil(len(known) * number / classes) - 1] for number in range(1, classes)]


def class_of(measured: pl.Expr, cuts: list[float]) -> pl.Expr:
    """Return the class of a value: 1, and one more for every cut that it exceeds; missing stays missing."""
    above = [(measured > cut).cast(pl.Int64) for cut in cuts]
    return pl.when(measured.is_not_null()).then(pl.sum_horizontal(pl.lit(1, pl.Int64), *above))


def empty_classes(cuts: list[float], largest: float) -> list[int]:
    """Return the classes that no value can fall into, because two cuts, or the last and the largest value, are equal.

    Examples
    --------
    >>> empty_classes([1, 1, 4], largest=4)
    [2, 4]
    """
    ends = [*cuts, largest]
    return [number for number, (start, end) in enumerate(pairwise(ends), 2) if start == end]
