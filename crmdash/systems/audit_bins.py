"""Bins of round figures for distributions over customers."""

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import Final

import polars as pl

from crmdash.systems.report import Column, Kind, Table

PURCHASES: Final = (1, 2, 3, 4, 5, 6, 11, 21, 51)
"""Where bins of purchases begin."""

_BINS: Final = 12
_LOW, _HIGH = 0.02, 0.95
"""Between these quantiles bins are equally wide; the ends are open."""


def round_edges(values: pl.Series) -> list[int]:
    """Return the edges of about a dozen equally wide bins of round width that hold most of the values.

    Examples
    --------
    >>> round_edges(pl.Series([1, 5, 12, 18, 24, 30]))
    [0, 5, 10, 15, 20, 25, 30]
    """
    low, high = values.quantile(_LOW), values.quantile(_HIGH)
    if low is None or high is None:
        return []
    low, high = min(low, 0), max(high, 1)
    rough = (high - low) / _BINS
    power = 10 ** floor(log10(rough)) if rough > 1 else 1
    step = next(int(power * factor) for factor in (1, 2, 5, 10) if power * factor >= rough)
    return [place * step for place in range(floor(low / step), ceil(high / step) + 1)]


def binned(values: pl.Series, edges: Sequence[int]) -> pl.DataFrame:
    """Count customers and sum their values by bin: below the first edge, from each edge to the next, from the last on.

    Columns: lower, upper (not included; missing at an open end), customers, share, sum, sum_share. Open bins
    without anybody are left out.
    """
    known = values.drop_nulls().alias("value")
    places = pl.Series(edges, dtype=pl.Int64).search_sorted(known, side="right").cast(pl.Int64).alias("place")
    counted = pl.DataFrame([known, places]).group_by("place").agg(
        customers=pl.len().cast(pl.Int64), sum=pl.col("value").sum()
    )  # fmt: skip
    bins = pl.DataFrame(
        {"place": range(len(edges) + 1), "lower": [None, *edges], "upper": [*edges, None]},
        schema={"place": pl.Int64, "lower": pl.Int64, "upper": pl.Int64},
    )
    filled = bins.join(counted, on="place", how="left").with_columns(pl.col("customers", "sum").fill_null(0))
    closed = pl.col("lower").is_not_null() & pl.col("upper").is_not_null()
    whole = known.sum()
    return filled.sort("place").filter(closed | (pl.col("customers") > 0)).select(
        "lower", "upper", "customers", "sum",
        share=pl.col("customers") / (len(known) or None),
        sum_share=pl.col("sum") / (whole if whole > 0 else None),
    )  # fmt: skip


def bin_table(values: pl.Series, edges: Sequence[int], kind: Kind) -> Table:
    """Return the bins as a table; `kind` says in which unit the values are stored."""
    columns = (
        Column("lower", kind), Column("upper", kind), Column("customers", "count"), Column("share", "percent"),
        Column("sum", kind), Column("sum_share", "percent"),
    )  # fmt: skip
    return Table(binned(values, edges), columns)
