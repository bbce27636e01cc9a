"""Cells: how many customers share tier, stage, phase and flags, and what they are worth.

Every table of the board is counted from cells, so a million customers are read once, and the decision table is asked
once for each cell instead of once for each customer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.engine import Lazy
from crmdash.model.lifecycle.phases import PHASES
from crmdash.model.strategies import Row, decide
from crmdash.settings import Tier
from crmdash.summary.tables import columns_of, total

Keys = NDArray[np.uint16]

OWN_FLAGS: Final = ("loses", "risk", "contested", "fresh")
TIER_FLAGS: Final = ("poor", "upside", "saturated", "guard")
_FLAGS: Final = (*TIER_FLAGS, *OWN_FLAGS)
"""In the order of their bits in a key, the lowest first."""

_OF_PHASES: Final = len(PHASES) + 1
"""Codes are numbered from 1; 0 is a missing one."""


@dataclass(frozen=True)
class Cell:
    """Customers that share every label.

    Attributes
    ----------
    tier : the tier of customers in the base, of prospects the one that their potential would reach.
    flags : as bits, see `decided`.
    value, profit : sums in ten-thousandths; customers without one add nothing.
    """

    tier: Tier
    in_base: bool
    stage: str | None
    phase: str | None
    flags: int
    customers: int
    value: int
    profit: int


def own_key(stages: NDArray[np.uint8], phases: NDArray[np.uint8], flags: NDArray[np.uint8]) -> Keys:
    """Return one whole number for stage, phase and a customer's own flags.

    Parameters
    ----------
    stages, phases : numbered from 1, 0 where one is missing.
    flags : as bits, the first of `OWN_FLAGS` lowest.
    """
    places = (stages * np.uint8(_OF_PHASES) + phases).astype(np.uint16)
    return (places << np.uint16(len(OWN_FLAGS))) | flags


def cell_of(tier: Tier, in_base: bool, stages: Sequence[str], counted: tuple[int, int, int, int]) -> Cell:
    """Return the cell of one key of a tier, with its customers, value and profit."""
    key, customers, value, profit = counted
    stage, phase, flags = read_key(key, stages)
    return Cell(tier, in_base, stage, phase, flags, customers, value, profit)


def read_key(key: int, stages: Sequence[str]) -> tuple[str | None, str | None, int]:
    """Return stage, phase and flags of a key."""
    place, flags = divmod(key, 1 << len(_FLAGS))
    stage, phase = divmod(place, _OF_PHASES)
    return stages[stage - 1] if stage else None, PHASES[phase - 1] if phase else None, flags


def has(flag: str, flags: int) -> bool:
    """Say whether a flag is among the bits."""
    return bool(flags >> _FLAGS.index(flag) & 1)


def count(customers: Lazy, value: str) -> Lazy:
    """Count labelled customers by every label that they share: the same on any engine.

    Gives standing (the tier, of prospects the one that their potential would reach), in_base, stage, phase, the flags,
    and customers, value, profit (sums in ten-thousandths).
    """
    known = columns_of(customers)
    profit = nw.col("customer_profit") if "customer_profit" in known else nw.lit(None, nw.Int64)
    standing = nw.coalesce(nw.col("tier"), nw.col("potential_tier"))
    names = ("standing", "in_base", "stage", "phase", *_FLAGS)
    placed = customers.with_columns(standing=standing).filter(~nw.col("standing").is_null())
    return (
        placed.select(*names, value=nw.col(value), profit=profit)
        .group_by(*names)
        .agg(customers=nw.len().cast(nw.Int64), value=total(nw.col("value")), profit=total(nw.col("profit")))
    )


def cells_of(counted: pl.DataFrame) -> list[Cell]:
    """Return the cells of customers counted by `count`."""
    found = []
    for row in counted.iter_rows(named=True):
        flags = sum(1 << bit for bit, name in enumerate(_FLAGS) if row[name])
        sums = row["customers"], row["value"] or 0, row["profit"] or 0
        found.append(Cell(row["standing"], row["in_base"], row["stage"], row["phase"], flags, *sums))
    return found


@cache
def decided(tier_class: str, phase: str, flags: int) -> Row:
    """Return the row of the decision table that holds for a cell; the lowest bit of `flags` is the first of _FLAGS."""
    return decide(tier_class, phase, {name for bit, name in enumerate(_FLAGS) if flags >> bit & 1})
