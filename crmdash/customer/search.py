"""Customers found by number or name, in three scripts."""

from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Final

import polars as pl

from crmdash.customer.folding import fold, fold_all

SHOWN: Final = 50
"""So many of those found are shown."""


@dataclass(frozen=True, eq=False)
class Index:
    """Every customer's number and name as they are compared: `customer_id`, `id`, `name` (empty where unknown)."""

    folded: pl.DataFrame


@dataclass(frozen=True, eq=False)
class Found:
    """The first customers found, best match first and then largest value first; `count` is the number of all."""

    customers: pl.DataFrame
    count: int


def build_index(customers: pl.DataFrame) -> Index:
    """Fold the numbers and names of all customers (`Summary.customers`) once for all searches."""
    ids = customers["customer_id"]
    names = customers["name"] if "name" in customers.columns else pl.repeat(None, len(ids), dtype=pl.String, eager=True)
    return Index(pl.DataFrame({"customer_id": ids, "id": fold_all(ids), "name": fold_all(names)}))


def search(index: Index, customers: pl.DataFrame, query: str, limit: int = SHOWN) -> Found:
    """Return the customers whose number or name holds every word of `query`.

    The number itself comes first, then the whole name, then numbers and names that begin so, then the rest; within
    each, `customers` keeps its order. A query without a word finds everybody.

    Parameters
    ----------
    index : of the data that `customers` are from.
    customers : those looked at, one row each, in the order wanted (`Evaluation.customers`).
    query : as typed.
    """
    words = fold(query).split()
    if not words:
        return Found(customers.head(limit), len(customers))
    matches = index.folded.filter(_holds_all(words)).select("customer_id", place=_place(" ".join(words)))
    found = customers.join(matches, on="customer_id", how="inner", maintain_order="left")
    best = found.sort("place", maintain_order=True).head(limit).drop("place")
    return Found(best, len(found))


def _holds_all(words: list[str]) -> pl.Expr:
    number, name = pl.col("id").str, pl.col("name").str
    return reduce(and_, [number.contains(word, literal=True) | name.contains(word, literal=True) for word in words])


def _place(wanted: str) -> pl.Expr:
    number, name = pl.col("id"), pl.col("name")
    begins = number.str.starts_with(wanted) | name.str.starts_with(wanted)
    return pl.when(number == wanted).then(0).when(name == wanted).then(1).when(begins).then(2).otherwise(3)
