"""Several columns as one whole number: a key that is grouped and sorted faster than they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from typing import Final

import narwhals as nw
import polars as pl

from crmdash.engine.collecting import Lazy, is_in_memory

_WHOLE: Final = 2**63
"""Keys stay below this."""
_KEY: Final = ":key"
_AT_A_TIME: Final = 3_000_000
"""Rows grouped at a time: while groups are found they take several times the memory of the result."""


@dataclass(frozen=True)
class Packing:
    """How columns of whole numbers, flags or `coded` texts make one number that sorts as they do, missing ones first.

    Attributes
    ----------
    types : of the columns, in the order in which they count.
    lowest : the number of each that is packed as 1; a missing one is packed as 0.
    sizes : how many different numbers each takes.
    """

    types: dict[str, pl.DataType]
    lowest: tuple[int, ...]
    sizes: tuple[int, ...]

    @property
    def key(self) -> pl.Expr:
        """The one number."""
        number = pl.lit(0, pl.Int64)
        for name, low, size in zip(self.types, self.lowest, self.sizes, strict=True):
            number = number * size + (number_of(name) - (low - 1)).fill_null(0)
        return number

    def columns(self, key: str) -> dict[str, pl.Expr]:
        """Return the columns out of the number in the column `key`."""
        found, rest = {}, pl.col(key)
        for (name, dtype), low, size in reversed(list(zip(self.types.items(), self.lowest, self.sizes, strict=True))):
            part = rest % size
            value = pl.when(part > 0).then(part + (low - 1))
            coded = isinstance(dtype, pl.Categorical)
            found[name] = value.cast(pl.UInt32).cat.to(dtype) if coded else value.cast(dtype)
            rest = rest // size
        return {name: found[name] for name in self.types}


def number_of(name: str) -> pl.Expr:
    """Return a column as whole numbers: coded texts by their codes."""
    return pl.col(name).to_physical().cast(pl.Int64)


def packing(table: pl.DataFrame, names: Iterable[str]) -> Packing | None:
    """Return how columns of a table make one number; None where they are of other types or 64 bits do not hold it."""
    types = {name: table.schema[name] for name in names}
    if not all(dtype.is_integer() or isinstance(dtype, pl.Boolean | pl.Categorical) for dtype in types.values()):
        return None
    lowest, highest = (
        table.select(end(number_of(name)).fill_null(0).alias(name) for name in types).row(0)
        if table.height
        else (0,) * len(types)
        for end in (pl.Expr.min, pl.Expr.max)
    )
    sizes = tuple(high - low + 2 for low, high in zip(lowest, highest, strict=True))
    return Packing(types, lowest, sizes) if prod(sizes) < _WHOLE else None


def grouped(frame: Lazy, by: Iterable[str], **sums: nw.Expr) -> Lazy:
    """Aggregate the rows of each group, as `group_by` does; in memory by one number where the columns make one."""
    names = list(by)
    if not is_in_memory(frame):
        return frame.group_by(*names).agg(**sums)
    table = frame.to_native().collect(engine="streaming")
    packed = packing(table, names)
    if packed is None:
        return frame.group_by(*names).agg(**sums)
    wanted = {**packed.columns(_KEY), **{name: pl.col(name) for name in sums}}
    pieces = 1 + table.height // _AT_A_TIME
    keyed = table.lazy().with_columns(packed.key.alias(_KEY))
    found = []
    for number in range(pieces):
        piece = keyed if pieces == 1 else keyed.filter(pl.col(_KEY) % pieces == number)
        summed: pl.LazyFrame = nw.from_native(piece).group_by(_KEY).agg(**sums).to_native()
        found.append(
            summed.select(**wanted) if pieces == 1 else summed.select(**wanted).collect(engine="streaming").lazy()
        )
    return nw.from_native(pl.concat(found))
