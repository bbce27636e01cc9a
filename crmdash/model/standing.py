"""Where customers stand: their tiers, and what each flag needs to know of a tier, asked of whole arrays.

The same rules as row by row (`crmdash.model.tiers`, `crmdash.model.flags`). A missing number is NaN, for which no
comparison holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.engine import quantile
from crmdash.model.flags import LEADERS_PERCENTILE, earns_little, is_broad, is_narrow
from crmdash.model.tiers import Cuts, last_value_tier
from crmdash.rule_settings import FlagSettings
from crmdash.settings import Settings

Floats = NDArray[np.float64]
Numbers = NDArray[np.uint8]
Places = NDArray[np.int8]
Rows = NDArray[np.intp]

FURTHER: Final = ("breadth", "potential_value", "referred_value")
NOTHING: Final = float("nan")
BESIDE: Final = ("poor", "poor_gone", "narrow", "broad", "referring")
"""How customers stand beside their tier, in the order of the bits: poor also for somebody who is gone."""

_LOWEST: Final = np.iinfo(np.int64).min


@dataclass(frozen=True, eq=False)
class Worth:
    """What customers are worth, row by row: as long as the data, whatever the rules are.

    Attributes
    ----------
    value : the measure that tiers go by; where it is missing, less than any line.
    losing : whether customer profit is known and not above zero.
    margin : customer profit of revenue; None where no profit is known.
    judged : profit and revenue that customers are judged by, and both of those who are gone; none without profit.
    further : breadth, potential_value, referred_value, where they are known.
    """

    value: NDArray[np.int64]
    losing: Numbers | None
    margin: pl.Series | None
    judged: tuple[tuple[Floats, Floats], ...]
    further: Mapping[str, Floats]

    @classmethod
    def of(cls, customers: pl.DataFrame, measure: str, judged: pl.DataFrame | None) -> "Worth":
        """Read it off customers with `measure` and, where known, the further columns.

        Parameters
        ----------
        judged : with losing, margin, and the columns of `crmdash.model.flags.add_judged`; None without profit.
        """
        value = customers[measure].cast(pl.Int64).fill_null(_LOWEST).to_numpy()
        further = {name: _numbers(customers[name]) for name in FURTHER if name in customers.columns}
        if judged is None:
            return cls(value, None, None, (), further)
        pairs = tuple(
            (_numbers(judged[f"judged_profit{suffix}"]), _numbers(judged[f"judged_revenue{suffix}"]))
            for suffix in ("", "_gone")
        )
        return cls(value, as_bytes(judged["losing"]), judged["margin"], pairs, further)


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
        places += (np.int8(len(codes) - 1) - places) * worth.losing.view(np.int8)
    return places


def usual_in(worth: Worth, members: pl.Series) -> Usual:
    """Return what is usual among the marked customers, who stand in one tier."""
    breadth = worth.further.get("breadth")
    known = np.empty(0)
    if "referred_value" in worth.further:
        values = worth.value[members.to_numpy()]
        known = values[values > _LOWEST].astype(np.float64)
    return Usual(
        value=_quantile(known, 0.5),
        margin=NOTHING
        if worth.margin is None
        else _quantile(worth.margin.filter(members).drop_nulls().to_numpy(), 0.5),
        leaders_breadth=NOTHING if breadth is None else _quantile(breadth[members.to_numpy()], LEADERS_PERCENTILE),
    )


def beside_tier(
    worth: Worth,
    standings: Numbers,
    usual: Sequence[Usual],
    above: Sequence[int | None],
    limits: FlagSettings,
    rows: Rows | slice = slice(None),
) -> Numbers:
    """Return how the customers in `rows` stand beside their tiers, as bits in the order of `BESIDE`.

    Parameters
    ----------
    standings : of these customers; as many as `usual` and `above` have entries, which say by standing what is usual,
        and the cut of the next tier up, which a potential in money is held against; None where there is none.
    """
    bits = np.zeros(len(standings), np.uint8)

    def mark(flag: str, held: NDArray[np.bool_]) -> None:
        np.bitwise_or(bits, held.view(np.uint8) << np.uint8(BESIDE.index(flag)), out=bits)

    def of_tier(facts: Sequence[float]) -> Floats:
        return np.array(facts).take(standings, mode="clip")

    # What no tier earns a part of cannot be little: missing, the comparison does not hold.
    margins = [told.margin if told.margin > 0 else NOTHING for told in usual]
    if not np.isnan(margins).all():
        margin = of_tier(margins)
        for flag, (profit, revenue) in zip(("poor", "poor_gone"), worth.judged, strict=True):
            mark(flag, earns_little(profit[rows], revenue[rows], margin, limits))
    if "breadth" in worth.further:
        breadth, leaders = worth.further["breadth"][rows], of_tier([told.leaders_breadth for told in usual])
        mark("narrow", is_narrow(breadth, leaders, limits))
        mark("broad", is_broad(breadth, leaders))
    if "potential_value" in worth.further and any(cut is not None for cut in above):
        mark("narrow", worth.further["potential_value"][rows] >= of_tier([_or_nothing(cut) for cut in above]))
    if "referred_value" in worth.further:
        mark("referring", worth.further["referred_value"][rows] >= of_tier([told.value for told in usual]))
    return bits


def as_bytes(marks: pl.Series) -> Numbers:
    """Return yes or no of everybody as 1 or 0; from the bits they are held in, which is the quickest way."""
    if not len(marks):
        return np.zeros(0, np.uint8)
    held = marks.rechunk().to_arrow()
    bits = np.frombuffer(held.buffers()[1], np.uint8)
    return np.unpackbits(bits, count=held.offset + len(held), bitorder="little")[held.offset :]


def _or_nothing(cut: int | None) -> float:
    return NOTHING if cut is None else cut


def _quantile(values: Floats, fraction: float) -> float:
    """Return a quantile; what is missing is left out."""
    missing = np.isnan(values)
    found = quantile(values[~missing] if missing.any() else values, fraction)
    return NOTHING if found is None else found


def _numbers(column: pl.Series) -> Floats:
    return column.cast(pl.Float64).fill_null(NOTHING).to_numpy()
