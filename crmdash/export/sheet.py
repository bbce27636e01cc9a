"""A table as it is handed out: words in the reader's language, values with the kind that says how to write them."""

from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import polars as pl

Kind = Literal["text", "id", "money", "count", "decimal", "percent", "date"]
"""How values are stored here: money in ten-thousandths, percent as a fraction, date as a day number since 1970."""

Person = Literal["customer", "contact", "owner"]
"""Whom a value names: a pseudonym takes its place where names are not to be handed out."""

DTYPES: Final[dict[Kind, type[pl.DataType]]] = {
    "text": pl.String,
    "id": pl.String,
    "money": pl.Int64,
    "count": pl.Int64,
    "decimal": pl.Float64,
    "percent": pl.Float64,
    "date": pl.Int64,
}


@dataclass(frozen=True, eq=False)
class SheetColumn:
    """One column of a sheet.

    Attributes
    ----------
    name : a code that stays the same in every language, unique in the sheet.
    header : the column's name in the reader's language.
    values : of the type that `DTYPES` gives the kind; null is an empty cell.
    person : whom the values name, None where they name nobody.
    wrap : whether long text is broken into lines within its cell.
    """

    name: str
    header: str
    kind: Kind
    values: pl.Series
    person: Person | None = None
    wrap: bool = False

    @classmethod
    def of(cls, name: str, header: str, kind: Kind, values: Any, **more: Any) -> "SheetColumn":
        """Make a column from any sequence of values, cast to the kind's type."""
        series = values if isinstance(values, pl.Series) else pl.Series(list(values), dtype=DTYPES[kind])
        return cls(name, header, kind, series.cast(DTYPES[kind]), **more)

    def with_values(self, values: pl.Series) -> "SheetColumn":
        """Return the column with other values of the same type."""
        return replace(self, values=values.cast(DTYPES[self.kind]))


@dataclass(frozen=True, eq=False)
class Sheet:
    """A named table whose columns have the same length."""

    name: str
    columns: tuple[SheetColumn, ...]

    def __post_init__(self) -> None:
        """Refuse columns of different lengths.

        Raises
        ------
        ValueError
            If the columns differ in length.
        """
        if len({len(column.values) for column in self.columns}) > 1:
            raise ValueError(f"sheet {self.name!r}: columns of different lengths")

    @property
    def rows(self) -> int:
        """Number of rows below the header."""
        return len(self.columns[0].values) if self.columns else 0

    def column(self, name: str) -> SheetColumn:
        """Return one column.

        Raises
        ------
        KeyError
            If the sheet has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)
