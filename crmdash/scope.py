"""Which customers are looked at: a filter by region, owner, format, market and nature, and whether it redraws lines."""

from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

SCOPE_COLUMNS: Final = ("region", "owner", "format", "market", "nature")
"""Columns of the customers table that the whole board can be narrowed by."""

UNKNOWN: Final = ""
"""Stands for customers of whom a column is not known."""


@dataclass(frozen=True)
class Scope:
    """The values looked at, per column; an empty tuple looks at all of them.

    Tier lines come from all customers. With `redraw` they are drawn again from the customers looked at.
    """

    region: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    market: tuple[str, ...] = ()
    nature: tuple[str, ...] = ()
    redraw: bool = False

    @property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        """The columns that narrow, with the values looked at."""
        named = {column: getattr(self, column) for column in SCOPE_COLUMNS}
        return {column: values for column, values in named.items() if values}

    def with_values(self, column: str, values: tuple[str, ...]) -> "Scope":
        """Return the scope with other values of one column; without any filter left, nothing is redrawn either."""
        chosen: dict[str, Any] = {column: values}
        changed = replace(self, **chosen)
        return changed if changed.active else Scope()

    @property
    def active(self) -> bool:
        """Whether anything is left out."""
        return bool(self.chosen)


def within(customers: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Return the customers looked at; a column that the data does not hold narrows nothing."""
    held = [(column, values) for column, values in scope.chosen.items() if column in customers.columns]
    named = [pl.col(column).fill_null(UNKNOWN).is_in(values) for column, values in held]
    return customers.filter(named) if named else customers


def scope_values(customers: pl.DataFrame, column: str) -> list[str]:
    """Return the values of a column that customers can be narrowed by, in order, the unknown one last.

    Empty where no customer has a value.
    """
    if column not in customers.columns or not customers[column].count():
        return []
    values = customers[column].fill_null(UNKNOWN).unique().sort().to_list()
    return [value for value in values if value != UNKNOWN] + [UNKNOWN] * (UNKNOWN in values)
