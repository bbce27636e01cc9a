"""The only place that collects: lazy frames become tables here, and nowhere else."""

from typing import Any

import narwhals as nw
import polars as pl

Lazy = nw.LazyFrame[Any]
"""A lazy frame of whichever engine, seen through Narwhals."""


def lazy(frame: pl.DataFrame) -> Lazy:
    """Return `frame` as a lazy frame for the engine-independent expressions."""
    return nw.from_native(frame.lazy())


def collect(frame: Lazy) -> pl.DataFrame:
    """Compute `frame` and return it as a Polars table."""
    return frame.collect("polars").to_native()


def collect_row(frame: Lazy) -> dict[str, Any]:
    """Compute a frame of one row and return it as a dictionary."""
    return collect(frame).row(0, named=True)
