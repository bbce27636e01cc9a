"""Cells: how many customers share tier, stage, phase and flags, and what they are worth.

Every table of the board is counted from cells, so a million customers are read once, and the decision table is asked
once for each cell instead of once for each customer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import narwhals as nw
import polars as pl

from crmdash.engine import Lazy
from crmdash.model.lifecycle.phases import PHASES
from crmdash.model.rules import label_of
from crmdash.model.strategies import Row, decide
from crmdash.settings import Tier
from crmdash.summary.tables import columns_of

OWN_FLAGS: Final = ("loses", "risk", "contested", "fresh")
TIER_FLAGS: Final = ("poor", "upside", "saturated", "guard")
_FLAGS: Final = (*TIER_FLAGS, *OWN_FLAGS)
"""In the order of their bits in a key, the lowest first."""

_OF_TIER: Final = 1 << len(TIER_FLAGS)
_OF_OWN: Final = 1 << len(OWN_FLAGS)
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


def own_key(stages: Sequence[str]) -> nw.Expr:
    """Return one whole number for stage, phase and the customer's own flags."""
    stage = label_of(nw.col("stage"), _numbered(stages), nw.Int32).fill_null(0)
    phase = label_of(nw.col("phase"), _numbered(PHASES), nw.Int32).fill_null(0)
    return _with_bits(stage * _OF_PHASES + phase, OWN_FLAGS)


def count(customers: Lazy, value: str, by: Sequence[str] = ()) -> Lazy:
    """Count customers by key.

    Parameters
    ----------
    customers : with own_key and the flags that depend on the tier.
    value : the measure that tiers go by.
    by : further columns to count by.
    """
    profit = nw.col("customer_profit") if "customer_profit" in columns_of(customers) else nw.lit(None, nw.Int64)
    keyed = customers.select(*by, key=_with_bits(nw.col("own_key"), TIER_FLAGS), value=nw.col(value), profit=profit)
    return keyed.group_by(*by, "key").agg(
        customers=nw.len().cast(nw.Int64),
        value=nw.col("value").sum().cast(nw.Int64),
        profit=nw.col("profit").sum().cast(nw.Int64),
    )


def cells(counted: pl.DataFrame, tier: Tier, stages: Sequence[str], *, in_base: bool) -> list[Cell]:
    """Return the cells of one tier.

    Parameters
    ----------
    counted : key, customers, value, profit.
    """
    found = []
    for key, customers, value, profit in counted.select("key", "customers", "value", "profit").iter_rows():
        place, flags = divmod(key, _OF_OWN * _OF_TIER)
        stage, phase = divmod(place, _OF_PHASES)
        names = stages[stage - 1] if stage else None, PHASES[phase - 1] if phase else None
        found.append(Cell(tier, in_base, *names, flags, customers, value or 0, profit or 0))
    return found


@cache
def decided(tier_class: str, phase: str, flags: int) -> Row:
    """Return the row of the decision table that holds for a cell; the lowest bit of `flags` is the first of _FLAGS."""
    return decide(tier_class, phase, {name for bit, name in enumerate(_FLAGS) if flags >> bit & 1})


def _with_bits(number: nw.Expr, flags: Iterable[str]) -> nw.Expr:
    names = tuple(flags)
    shifted = number * (1 << len(names))
    for bit, name in enumerate(names):
        shifted = shifted + nw.col(name).cast(nw.Int32) * (1 << bit)
    return shifted


def _numbered(codes: Sequence[str]) -> dict[str, int]:
    return {code: number for number, code in enumerate(codes, start=1)}
