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
from crmdash.model.lifecycle import Situation
from crmdash.model.strategies import Row, decide
from crmdash.settings import Tier
from crmdash.summary.tables import columns_of, total

Keys = NDArray[np.uint16]
Numbers = NDArray[np.uint8]

OWN_FLAGS: Final = ("loses", "risk", "contested", "fresh")
TIER_FLAGS: Final = ("poor", "upside", "saturated", "guard")
_FLAGS: Final = (*TIER_FLAGS, *OWN_FLAGS)
"""In the order of their bits in a key, the lowest first."""

_FOR_FLAGS: Final = len(_FLAGS)
_FOR_SITUATION: Final = 4
"""Bits of a key, from the lowest: eight flags, the situation, the standing; four bits are enough for either."""


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


def key_of(standings: Numbers, situations: Numbers, flags: Numbers) -> Keys:
    """Return one whole number for every label of each customer.

    Parameters
    ----------
    standings : 0 for who is not counted, then from 1 the tiers of the base, then the potential tiers of prospects.
    situations : stage and phase numbered from 1 (`LifecycleModel.situations`), 0 where they are missing.
    flags : as bits, see `decided`.
    """
    # NumPy multiplies ten times as fast as it shifts.
    keys = (standings * np.uint8(1 << _FOR_SITUATION) | situations).astype(np.uint16)
    keys *= np.uint16(1 << _FOR_FLAGS)
    keys |= flags
    return keys


def situation_in(key: int) -> int:
    """Return the number of the situation in a key."""
    return key >> _FOR_FLAGS & (1 << _FOR_SITUATION) - 1


def flags_in(key: int) -> int:
    """Return the flags in a key, as bits."""
    return key & (1 << _FOR_FLAGS) - 1


def cell_of(
    key: int, tiers: Sequence[Tier], situations: Sequence[Situation], customers: int, value: int, profit: int
) -> Cell | None:
    """Return the cell of one key with its customers, value and profit; None of those who are not counted."""
    standing, situation = key >> _FOR_FLAGS + _FOR_SITUATION, situation_in(key)
    if not standing:
        return None
    in_base, tier = standing <= len(tiers), tiers[(standing - 1) % len(tiers)]
    stage, phase = situations[situation - 1] if situation else (None, None)
    return Cell(tier, in_base, stage, phase, flags_in(key), customers, value, profit)


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
