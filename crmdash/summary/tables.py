"""The canonical tables as lazy frames, and small words for sums over them."""

from dataclasses import dataclass

import narwhals as nw
import polars as pl

from crmdash.engine import Lazy, lazy


@dataclass(frozen=True)
class Tables:
    """The canonical tables of `crmdash.columns`, lazily; None where a table is absent."""

    transactions: Lazy | None = None
    customers: Lazy | None = None
    contacts: Lazy | None = None
    staff: Lazy | None = None

    @classmethod
    def of(
        cls,
        transactions: pl.DataFrame | None = None,
        customers: pl.DataFrame | None = None,
        contacts: pl.DataFrame | None = None,
        staff: pl.DataFrame | None = None,
    ) -> "Tables":
        """Make tables from Polars frames with canonical columns."""
        frames = (transactions, customers, contacts, staff)
        return cls(*(None if frame is None else lazy(frame) for frame in frames))


def columns_of(frame: Lazy | None) -> frozenset[str]:
    """Return the names of a table's columns; none for an absent table."""
    return frozenset() if frame is None else frozenset(frame.collect_schema().names())


def total(values: nw.Expr, where: nw.Expr | None = None) -> nw.Expr:
    """Sum whole numbers inside an aggregation, only the rows `where` holds; rows left out count as 0."""
    kept = values if where is None else nw.when(where).then(values).otherwise(nw.lit(0))
    return kept.sum().cast(nw.Int64)


def number_of(where: nw.Expr) -> nw.Expr:
    """Count rows inside an aggregation for which `where` holds."""
    return total(nw.lit(1, nw.Int64), where)


def ratio(part: nw.Expr, whole: nw.Expr) -> nw.Expr:
    """Divide, missing where the whole is not positive."""
    return nw.when(whole > 0).then(part / whole)
