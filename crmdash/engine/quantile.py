"""Quantiles on any engine: in two passes over bins where the values do not lie in this machine's memory.

Pass one counts the values in each bin, pass two asks for the values inside the bins that hold the places looked for.
Nothing is sorted but those. What comes out is exact, and the same on every engine to the last digit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.engine.bins import with_bins_of_numbers
from crmdash.engine.collecting import Lazy, collect, is_in_memory
from crmdash.engine.language import nw

Quantile = tuple[nw.Expr, float]
"""Numbers, and the share of them that lies below the quantile: 0.5 for the median."""

_EVERYBODY: Final = "all"


@dataclass(frozen=True)
class _Place:
    """Where a quantile lies: between the values `lower` and `upper` of a group, counted from 0 in rising order.

    Attributes
    ----------
    share : of the way from the lower to the upper.
    before : how many values lie below the first of the two bins.
    """

    group: Any
    name: str
    lower: int
    upper: int
    share: float
    bins: tuple[int, int]
    before: int


def quantiles(frame: Lazy, asked: Mapping[str, Quantile], by: str | None = None) -> pl.DataFrame:
    """Return each quantile asked for, interpolated between the two nearest values; missing numbers do not count.

    Parameters
    ----------
    asked : name -> (numbers, share below).
    by : column to group by.

    Returns
    -------
    pl.DataFrame
        `by` and the names (Float64), one row per group that has a number, in no order; without `by` one row.
    """
    if is_in_memory(frame):
        return _in_memory(frame, asked, by)
    rows = _numbers(frame, asked, by)
    places = [
        _place(group, str(name), asked[str(name)][1], counted)
        for (group, name), counted in _counted(rows, "bin").group_by("group", "name")
    ]
    wanted = sorted({number for place in places for number in place.bins})
    inside = _counted(rows.filter(nw.col("bin").is_in(wanted)), "bin", "number")
    known = inside.partition_by("group", "name", as_dict=True)
    values = {(place.group, place.name): _value(place, known[place.group, place.name]) for place in places}
    return _table(values, asked, by)


def quantile(numbers: NDArray[np.float64], below: float) -> float | None:
    """Return a quantile of numbers, none of them missing, interpolated between the two nearest; None of no number."""
    if not len(numbers):
        return None
    place = float(len(numbers) - 1) * below
    lower = int(place)
    # For one place NumPy has a quicker way than for two; the next larger number is the least of those behind it.
    around = np.partition(numbers, lower)
    low = float(around[lower])
    high = float(around[lower + 1 :].min()) if lower + 1 < len(numbers) else low
    return low + (high - low) * (place - lower)


def usual_value(frame: Lazy, values: nw.Expr, where: nw.Expr) -> float | None:
    """Return the median of `values` in the rows that `where` holds; None where none is known."""
    if is_in_memory(frame):
        told = collect(frame.filter(where).select(value=values.cast(nw.Float64)))
        return quantile(told["value"].drop_nulls().to_numpy(), 0.5)
    found = quantiles(frame.filter(where), {"usual": (values, 0.5)})["usual"][0]
    return None if found is None else float(found)


def _in_memory(frame: Lazy, asked: Mapping[str, Quantile], by: str | None) -> pl.DataFrame:
    """Look for the place itself, which for a column in memory is the faster way."""
    if by is None:
        held = collect(frame.select(**{name: numbers.cast(nw.Float64) for name, (numbers, _) in asked.items()}))
        told = {name: quantile(held[name].drop_nulls().to_numpy(), below) for name, (_, below) in asked.items()}
        return pl.DataFrame(told, schema=dict.fromkeys(asked, pl.Float64))
    found = {name: numbers.cast(nw.Float64).quantile(below, "linear") for name, (numbers, below) in asked.items()}
    grouped = collect(frame.group_by(by).agg(**found))
    return grouped.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in asked))


def _numbers(frame: Lazy, asked: Mapping[str, Quantile], by: str | None) -> Lazy:
    """Return all numbers below each other: group, name, number, bin."""
    group = nw.lit(_EVERYBODY) if by is None else nw.col(by)
    each = [
        frame.select(group=group, name=nw.lit(name), number=numbers.cast(nw.Float64))
        for name, (numbers, _) in asked.items()
    ]
    known = nw.concat(each).filter(~nw.col("number").is_null())
    return with_bins_of_numbers(known, "number")


def _counted(rows: Lazy, *columns: str) -> pl.DataFrame:
    counted = rows.group_by("group", "name", *columns).agg(rows=nw.len().cast(nw.Int64))
    return collect(counted).sort(*columns)


def _place(group: Any, name: str, below: float, counted: pl.DataFrame) -> _Place:
    """Find the place of a quantile among the bins of one group, which come in rising order."""
    ends, numbers = counted["rows"].to_numpy().cumsum(), counted["bin"].to_list()
    place = float(ends[-1] - 1) * below
    lower = int(place)
    upper = min(lower + 1, int(ends[-1]) - 1)
    first, last = (int(np.searchsorted(ends, place, side="right")) for place in (lower, upper))
    before = int(ends[first] - counted["rows"][first])
    return _Place(group, name, lower, upper, place - lower, (numbers[first], numbers[last]), before)


def _value(place: _Place, inside: pl.DataFrame) -> float:
    """Read a quantile from the values inside its bins; bins wanted by another group do not count."""
    rows = inside.filter(pl.col("bin").is_in(place.bins)).sort("number")
    ends, numbers = place.before + rows["rows"].to_numpy().cumsum(), rows["number"].to_numpy()
    lower, upper = (float(numbers[np.searchsorted(ends, at, side="right")]) for at in (place.lower, place.upper))
    return lower + (upper - lower) * place.share


def _table(values: dict[tuple[Any, str], float], asked: Mapping[str, Quantile], by: str | None) -> pl.DataFrame:
    groups = list(dict.fromkeys(group for group, _ in values)) if by is not None else [_EVERYBODY]
    columns = {name: pl.Series([values.get((group, name)) for group in groups], dtype=pl.Float64) for name in asked}
    return pl.DataFrame(({} if by is None else {by: groups}) | columns)
