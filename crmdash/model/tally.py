"""One pass over a million customers: their tiers, what is usual in each, and how many share every label.

The same rules as row by row (`crmdash.model.tiers`, `crmdash.model.flags`), asked of whole arrays. A missing number is
NaN, for which no comparison holds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.engine import quantile
from crmdash.model.cells import OWN_FLAGS, TIER_FLAGS, Keys, own_key
from crmdash.model.flags import LEADERS_PERCENTILE, earns_little, is_broad, is_narrow
from crmdash.model.lifecycle.phases import PHASES
from crmdash.model.tiers import Cuts, last_value_tier
from crmdash.rule_settings import FlagSettings
from crmdash.settings import Settings

Numbers = NDArray[np.float64]
Marks = NDArray[np.bool_]
Places = NDArray[np.int8]
Row = NDArray[np.intp]
"""Places of customers among the rows."""

FURTHER: Final = ("breadth", "potential_value", "referred_value")
MARKS: Final = ("loses", "room", "full", "shrinking", "bound")
NOTHING: Final = float("nan")

_EXACT: Final = 2**53
"""Whole numbers up to here are exact as floating-point numbers, and so are their sums."""
_LOW_BITS: Final = 24


@dataclass(frozen=True, eq=False)
class Amounts:
    """Whole amounts of customers in ten-thousandths, ready to be added up exactly.

    Attributes
    ----------
    parts : what the amounts are the sum of, each with the factor that it counts for.
    """

    parts: tuple[tuple[Numbers, int], ...]

    @classmethod
    def of(cls, amounts: pl.Series) -> "Amounts":
        """Take apart amounts that are too large to be added up as they are; missing ones count as zero."""
        whole = amounts.cast(pl.Int64).fill_null(0).to_numpy()
        if float(np.abs(whole).sum(dtype=np.float64)) < _EXACT:
            return cls(((whole.astype(np.float64), 1),))
        high = whole >> _LOW_BITS
        low = whole - (high << _LOW_BITS)
        return cls(((high.astype(np.float64), 1 << _LOW_BITS), (low.astype(np.float64), 1)))

    def by_key(self, keys: Keys, rows: Row) -> NDArray[np.int64]:
        """Return the sum for every key of the customers in `rows`."""
        sums = [np.bincount(keys, weights=part[rows]).astype(np.int64) * factor for part, factor in self.parts]
        return np.sum(sums, axis=0)


@dataclass(frozen=True, eq=False)
class Worth:
    """What customers of the base are worth, row by row: as long as the data, whatever the rules are.

    Attributes
    ----------
    value : the measure that tiers go by; where it is missing, less than any line.
    losing : whether customer profit is known and not above zero.
    amount, profit : value and customer profit to be added up; profit is None where nobody's is known.
    margin : customer profit of revenue (NaN where there is none).
    further : breadth, potential_value, referred_value, where they are known.
    """

    value: NDArray[np.int64]
    losing: Marks | None
    amount: Amounts
    profit: Amounts | None
    margin: Numbers | None
    further: Mapping[str, Numbers]

    @classmethod
    def of(cls, customers: pl.DataFrame, measure: str) -> "Worth":
        """Read it off customers with `measure` and, where known, customer_profit, margin and the further columns."""
        known, lowest = customers.columns, np.iinfo(np.int64).min
        profit = customers["customer_profit"] if "customer_profit" in known else None
        return cls(
            value=customers[measure].cast(pl.Int64).fill_null(lowest).to_numpy(),
            losing=None if profit is None else (profit <= 0).fill_null(False).to_numpy(),
            amount=Amounts.of(customers[measure]),
            profit=None if profit is None else Amounts.of(profit),
            margin=_numbers(customers["margin"]) if "margin" in known else None,
            further={name: _numbers(customers[name]) for name in FURTHER if name in known},
        )


@dataclass(frozen=True, eq=False)
class Own:
    """What customers are by themselves, row by row: as long as the rules of stages, risk and own flags.

    Attributes
    ----------
    key : stage, phase and own flags as one number (`crmdash.model.cells`).
    marks : loses, room, full, shrinking and bound as bits, in the order of `MARKS`.
    """

    key: Keys
    judged_profit: Numbers
    judged_revenue: Numbers
    marks: NDArray[np.uint8]

    @classmethod
    def of(cls, customers: pl.DataFrame, stages: Sequence[str]) -> "Own":
        """Read it off customers with their own labels."""
        flags = _bits([customers[name] for name in OWN_FLAGS])
        return cls(
            key=own_key(_codes(customers["stage"], stages), _codes(customers["phase"], PHASES), flags),
            judged_profit=_numbers(customers["judged_profit"]),
            judged_revenue=_numbers(customers["judged_revenue"]),
            marks=_bits([customers[name] for name in MARKS]),
        )


@dataclass(frozen=True)
class Usual:
    """What is usual in a tier; NaN where there is nothing to tell it from."""

    value: float = NOTHING
    margin: float = NOTHING
    leaders_breadth: float = NOTHING


def tier_places(worth: Worth, cuts: Cuts, settings: Settings) -> Places:
    """Return the place of each customer's tier among the tiers: the highest whose cut its value reaches."""
    codes = settings.tiers.codes
    places = np.full(len(worth.value), codes.index(last_value_tier(settings)), np.int8)
    for cut in cuts.values():
        # Lines stand in order: whoever reaches one reaches all below, so each lifts by one.
        if cut is not None:
            places -= (worth.value >= cut).view(np.int8)
    if settings.tiers.lead_if_loss and worth.losing is not None:
        np.copyto(places, np.int8(len(codes) - 1), where=worth.losing)
    return places


def usual_in(worth: Worth, rows: Row) -> Usual:
    """Return what is usual among the customers in `rows`, who stand in one tier."""
    breadth = worth.further.get("breadth")
    values = worth.value[rows] if "referred_value" in worth.further else worth.value[:0]
    known = values[values > np.iinfo(np.int64).min].astype(np.float64)
    return Usual(
        value=_quantile(known, 0.5),
        margin=NOTHING if worth.margin is None else _quantile(worth.margin[rows], 0.5),
        leaders_breadth=NOTHING if breadth is None else _quantile(breadth[rows], LEADERS_PERCENTILE),
    )


def keys_of(worth: Worth, own: Own, rows: Row, usual: Usual, cut_above: int | None, limits: FlagSettings) -> Keys:
    """Return stage, phase and all flags of the customers in `rows`, who stand in one tier, as one number each.

    Parameters
    ----------
    cut_above : the cut of the next tier up, which a potential in money is held against; None where there is none.
    """
    flags = np.zeros(len(rows), np.uint8)
    for bit, flag in enumerate(_tier_flags(worth, own, rows, usual, cut_above, limits)):
        flags |= flag.view(np.uint8) << np.uint8(bit)
    return (own.key[rows] << np.uint16(len(TIER_FLAGS))) | flags


def tally(worth: Worth, keys: Keys, rows: Row) -> Iterator[tuple[int, int, int, int]]:
    """Count the customers in `rows` by their keys: key, customers, value, profit (ten-thousandths)."""
    counts = np.bincount(keys)
    found = np.flatnonzero(counts)
    values = worth.amount.by_key(keys, rows)[found]
    profits = np.zeros_like(values) if worth.profit is None else worth.profit.by_key(keys, rows)[found]
    return zip(found.tolist(), counts[found].tolist(), values.tolist(), profits.tolist(), strict=True)


def _tier_flags(
    worth: Worth, own: Own, rows: Row, usual: Usual, cut_above: int | None, limits: FlagSettings
) -> tuple[Marks, ...]:
    """Return poor, upside, saturated and guard of the customers in `rows`."""
    bits = own.marks[rows]
    poor, upside, full, shrinking, guard = (bits & np.uint8(1 << bit) != 0 for bit in range(len(MARKS)))
    if usual.margin > 0:
        poor = poor | earns_little(own.judged_profit[rows], own.judged_revenue[rows], usual.margin, limits)
    if "breadth" in worth.further:
        breadth = worth.further["breadth"][rows]
        upside = upside | is_narrow(breadth, usual.leaders_breadth, limits)
        full = full | (is_broad(breadth, usual.leaders_breadth) & shrinking)
    if "potential_value" in worth.further and cut_above is not None:
        upside = upside | (worth.further["potential_value"][rows] >= cut_above)
    if "referred_value" in worth.further:
        guard = guard | (worth.further["referred_value"][rows] >= usual.value)
    return poor, upside, full & ~upside, guard


def _quantile(values: Numbers, fraction: float) -> float:
    """Return a quantile; what is missing is left out."""
    missing = np.isnan(values)
    found = quantile(values[~missing] if missing.any() else values, fraction)
    return NOTHING if found is None else found


def _numbers(column: pl.Series) -> Numbers:
    return column.cast(pl.Float64).fill_null(NOTHING).to_numpy()


def _bits(flags: Sequence[pl.Series]) -> NDArray[np.uint8]:
    bits = np.zeros(len(flags[0]), np.uint8)
    for bit, flag in enumerate(flags):
        bits |= flag.to_numpy().view(np.uint8) << np.uint8(bit)
    return bits


def _codes(labels: pl.Series, names: Sequence[str]) -> NDArray[np.uint8]:
    """Return the number of each label, from 1; 0 where it is missing."""
    held = labels if labels.dtype == pl.Enum(names) else labels.cast(pl.Enum(names))
    return (held.to_physical().cast(pl.UInt8) + 1).fill_null(0).to_numpy()
