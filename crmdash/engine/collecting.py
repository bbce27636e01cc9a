"""Lazy frames of any engine, and how they become tables."""

from collections.abc import Callable, Sequence
from typing import Any, cast

import narwhals
import polars as pl

from crmdash.engine.language import is_native, nw

Lazy = narwhals.LazyFrame[Any]
"""A lazy frame of whichever engine, seen through Narwhals."""

LabelType = Callable[[Sequence[str]], Any]
"""Gives the type of a column of labels, by the names that can occur in it."""


def as_text(names: Sequence[str]) -> Any:
    """Return the type of labels that every engine knows."""
    return nw.String


def label_type(frame: Lazy) -> LabelType:
    """Return how an engine holds labels best: in Polars one byte each instead of a text each."""
    return nw.Enum if is_in_memory(frame) else as_text


def lazy(frame: pl.DataFrame) -> Lazy:
    """Return `frame` as a lazy frame for the expressions of rules, in whichever language they are said."""
    return cast(Lazy, frame.lazy()) if is_native() else narwhals.from_native(frame.lazy())


def collect(frame: Lazy) -> pl.DataFrame:
    """Compute `frame` and return it as a Polars table."""
    native: Any = frame
    return native.collect() if isinstance(native, pl.LazyFrame) else frame.collect("polars").to_native()


def collect_row(frame: Lazy) -> dict[str, Any]:
    """Compute a frame of one row and return it as a dictionary."""
    return collect(frame).row(0, named=True)


def is_in_memory(frame: Lazy) -> bool:
    """Say whether `frame` is one of Polars, which sorts a column of millions faster than it is counted in bins."""
    native: Any = frame
    return isinstance(native, pl.LazyFrame) or frame.implementation.is_polars()
