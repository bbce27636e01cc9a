"""Which customers are looked at: a filter by region, owner, format, market and nature, and whether it redraws lines."""

from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

SCOPE_COLUMNS: Final = ("region", "owner", "format", "market", "nature")
"""Columns of the customers table that the whole board can be narrowed by."""


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
        """Return the scope with other values of one column; none look at all of them."""
        chosen: dict[str, Any] = {column: values}
        return replace(self, **chosen)

    @property
    def active(self) -> bool:
        """Whether anything is left out."""
        return bool(self.chosen)


def within(customers: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Return the customers looked at; a column that the data does not hold narrows nothing."""
    held = [(column, values) for column, values in scope.chosen.items() if column in customers.columns]
    return customers.filter(pl.col(column).is_in(values) for column, values in held) if held else customers


def scope_values(customers: pl.DataFrame, column: str) -> list[str]:
    """Return the values of a column that customers can be narrowed by, in order; empty where it is not held."""
    if column not in customers.columns:
        return []
    return customers[column].drop_nulls().unique().sort().to_list()
