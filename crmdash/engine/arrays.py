"""Columns in memory as arrays: the quickest way where a million customers are asked a few plain numbers."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Plain = NDArray[np.float64] | NDArray[np.int64]
Marks = NDArray[np.bool_]
Numbers = NDArray[np.uint8]
Rows = NDArray[np.intp]

NOTHING: Final = float("nan")

_AT_A_TIME: Final = 1 << 16
_PLACES: Final = 1 << 18
_HELD: Final[dict[Any, Any]] = {pl.Int64: np.int64, pl.Float64: np.float64}


def pieces(size: int, at_a_time: int = _AT_A_TIME) -> Iterator[slice]:
    """Go through rows piece by piece, so that what is worked out on the way stays in the processor's cache."""
    return (slice(start, start + at_a_time) for start in range(0, size, at_a_time))


def as_bytes(marks: pl.Series) -> Numbers:
    """Return yes or no of everybody as 1 or 0; from the bits they are held in, which is the quickest way."""
    if not len(marks):
        return np.zeros(0, np.uint8)
    held = marks.rechunk().to_arrow()
    bits = np.frombuffer(held.buffers()[1], np.uint8)
    return np.unpackbits(bits, count=held.offset + len(held), bitorder="little")[held.offset :]


def as_marks(marks: pl.Series) -> Marks:
    """Return yes or no of everybody; none may be missing."""
    return as_bytes(marks).view(np.bool_)


def as_held(column: pl.Series) -> Plain:
    """Return numbers as they are held, with anything in place of missing ones."""
    if not column.null_count() or column.dtype not in _HELD:
        return numbers_of(column)
    held = column.rechunk().to_arrow()
    return np.frombuffer(held.buffers()[1], _HELD[column.dtype])[held.offset :][: len(held)]


def numbers_of(column: pl.Series) -> Plain:
    """Return numbers as they are held, where none is missing; else with NaN."""
    return (column.cast(pl.Float64).fill_null(NOTHING) if column.null_count() else column).to_numpy()


def known_in(*columns: pl.Series) -> pl.Series:
    """Return where no column misses anything."""
    first, *others = columns
    known = first.is_not_null()
    for column in others:
        known &= column.is_not_null()
    return known


def where(marked: Marks) -> Rows:
    """Return the places of the marked: Polars filters five times as fast as NumPy finds them."""
    places = [
        _first_places().head(len(marked[piece])).filter(pl.Series(marked[piece])).to_numpy() + piece.start
        for piece in pieces(len(marked), _PLACES)
    ]
    return np.concatenate(places) if places else np.zeros(0, np.intp)


@cache
def _first_places() -> pl.Series:
    return pl.int_range(_PLACES, dtype=pl.Int64, eager=True)
