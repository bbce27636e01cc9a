"""Lazy frames of any engine, and how they become tables."""

from collections.abc import Callable, Sequence
from typing import Any

import narwhals as nw
import polars as pl

Lazy = nw.LazyFrame[Any]
"""A lazy frame of whichever engine, seen through Narwhals."""

LabelType = Callable[[Sequence[str]], Any]
"""Gives the type of a column of labels, by the names that can occur in it."""


def as_text(names: Sequence[str]) -> Any:
    """Return the type of labels that every engine knows."""
    return nw.String


def label_type(frame: Lazy) -> LabelType:
    """Return how an engine holds labels best: in Polars one byte each instead of a text each."""
    return nw.Enum if frame.implementation.is_polars() else as_text


def lazy(frame: pl.DataFrame) -> Lazy:
    """Return `frame` as a lazy frame for the engine-independent expressions."""
    return nw.from_native(frame.lazy())


def collect(frame: Lazy) -> pl.DataFrame:
    """Compute `frame` and return it as a Polars table."""
    return frame.collect("polars").to_native()


def collect_counts(frame: Lazy) -> pl.DataFrame:
    """Compute groups of whole numbers, in any order: in Polars piece by piece, so that pieces stay in the cache."""
    native = frame.to_native()
    return native.collect(engine="streaming") if isinstance(native, pl.LazyFrame) else collect(frame)


def collect_row(frame: Lazy) -> dict[str, Any]:
    """Compute a frame of one row and return it as a dictionary."""
    return collect(frame).row(0, named=True)


def is_in_memory(frame: Lazy) -> bool:
    """Say whether `frame` is one of Polars, which sorts a column of millions faster than it is counted in bins."""
    return frame.implementation.is_polars()
