"""Where customers stand: their tiers, and what each flag needs to know of a tier, asked of whole arrays.

The same rules as row by row (`crmdash.model.tiers`, `crmdash.model.flags`). A missing number is NaN, for which no
comparison holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.engine import quantile
from crmdash.engine.arrays import (
    NOTHING,
    Floats,
    Marks,
    Numbers,
    Plain,
    Rows,
    as_bytes,
    as_held,
    as_marks,
    numbers_of,
    pieces,
)
from crmdash.engine.language import text_of
from crmdash.model.flags import LEADERS_PERCENTILE, earns_little, eased, is_broad, is_narrow, little_share
from crmdash.model.rules import Rule
from crmdash.model.tiers import Cuts, last_value_tier
from crmdash.rule_settings import FlagSettings
from crmdash.settings import Settings

FURTHER: Final = ("breadth", "potential_value", "referred_value")
BESIDE: Final = ("poor", "poor_gone", "narrow", "broad", "referring")
"""How customers stand beside their tier, in the order of the bits.

poor says that somebody who does not lose earns little, poor_gone the same of who is gone.
"""

Places = NDArray[np.int8]

_SAMPLED: Final = 509
_LOWEST: Final = np.iinfo(np.int64).min


@dataclass(frozen=True, eq=False)
class Earned:
    """What customers earn us over the days that they are judged on.

    Attributes
    ----------
    ratio : profit of revenue; anything where one of them is missing.
    telling : where the ratio tells who earns little (`crmdash.model.flags.little_share`).
    """

    profit: pl.Series
    revenue: pl.Series
    ratio: Floats
    telling: Marks

    @classmethod
    def of(cls, profit: pl.Series, revenue: pl.Series, bought: pl.Series) -> "Earned":
        """Divide profit by revenue, which tells something unless more was given back than bought."""
        ratio, given, sold = np.empty(len(profit), np.float64), as_held(profit), as_held(revenue)
        with np.errstate(all="ignore"):
            for piece in pieces(len(ratio)):
                np.divide(given[piece], sold[piece], out=ratio[piece])
        telling = (bought & profit.is_not_null() & (revenue >= 0)).fill_null(False)
        return cls(profit, revenue, ratio, as_marks(telling))

    def is_little(
        self, line: Floats, usual: Sequence[float], standings: Numbers, limits: FlagSettings, rows: Rows | slice
    ) -> Marks:
        """Return who of `rows` earns little beside what is usual where it stands; of who loses, any.

        Parameters
        ----------
        line : the `little_share` of each.
        """
        ratio = self.ratio[rows]
        told = (ratio <= line) & self.telling[rows]
        unsure = np.flatnonzero(told != ((eased(ratio) <= line) & self.telling[rows]))
        if len(unsure):
            there = unsure + (rows.start or 0) if isinstance(rows, slice) else rows[unsure]
            profit, revenue = (numbers_of(each[there]) for each in (self.profit, self.revenue))
            margins = np.array(usual)[standings[unsure]]
            told[unsure] = earns_little(profit, revenue, margins, limits)
        return told


@dataclass(frozen=True, eq=False)
class Worth:
    """What customers are worth, row by row: as long as the data, whatever the rules are.

    Attributes
    ----------
    value : the measure that tiers go by; where it is missing, less than any line.
    losing : whether customer profit is known and not above zero.
    sold : whether a profit is known, and any revenue to hold it against; None where nobody's is.
    earned : over the days that customers are judged on, and over those of who is gone; none without profit.
    further : breadth, potential_value, referred_value, where they are known.
    """

    value: NDArray[np.int64]
    losing: Numbers | None
    sold: pl.Series | None
    earned: tuple[Earned, ...]
    further: Mapping[str, Plain]

    @classmethod
    def of(cls, customers: pl.DataFrame, measure: str, judged: pl.DataFrame | None) -> "Worth":
        """Read it off customers with `measure` and, where known, the further columns.

        Parameters
        ----------
        judged : with losing, bought, judged profit and revenue (`crmdash.model.flags.Judged`), both also as of somebody
            who is gone; None without profit.
        """
        value = customers[measure].cast(pl.Int64).fill_null(_LOWEST).to_numpy()
        further: dict[str, Plain] = {name: numbers_of(customers[name]) for name in FURTHER if name in customers.columns}
        if judged is None:
            return cls(value, None, None, (), further)
        earned = tuple(
            Earned.of(judged[f"profit{end}"], judged[f"revenue{end}"], judged["bought"]) for end in ("", "_gone")
        )
        sold = (judged["profit"].is_not_null() & (judged["revenue"] > 0)).fill_null(False)
        return cls(value, as_bytes(judged["losing"]), sold, earned, further)


@dataclass(frozen=True)
class Usual:
    """What is usual in a tier; NaN where there is nothing to tell it from."""

    value: float = NOTHING
    margin: float = NOTHING
    leaders_breadth: float = NOTHING


def tier_places(worth: Worth, cuts: Cuts, settings: Settings) -> Places:
    """Return the place of each customer's tier among the tiers: the highest whose cut its value reaches."""
    codes, lines = settings.tiers.codes, [cut for cut in cuts.values() if cut is not None]
    places = np.full(len(worth.value), codes.index(last_value_tier(settings)), np.int8)
    for piece in pieces(len(places)):
        # Lines stand in order: whoever reaches one reaches all below, so each lifts by one.
        for cut in lines:
            places[piece] -= (worth.value[piece] >= cut).view(np.int8)
    if settings.tiers.lead_if_loss and worth.losing is not None:
        places += (np.int8(len(codes) - 1) - places) * worth.losing.view(np.int8)
    return places


def usual_in(worth: Worth, members: pl.Series) -> Usual:
    """Return what is usual among the marked customers, who stand in one tier."""
    found = {}
    if worth.sold is not None:
        found["margin"] = pl.Series(worth.earned[0].ratio).filter(members & worth.sold).to_numpy()
    if "referred_value" in worth.further:
        values = worth.value[members.to_numpy()]
        found["value"] = values[values > _LOWEST].astype(np.float64)
    told = {name: quantile(numbers, 0.5) for name, numbers in found.items()}
    if (breadth := worth.further.get("breadth")) is not None:
        known = breadth[members.to_numpy()].astype(np.float64)
        told["leaders_breadth"] = quantile(known[~np.isnan(known)], LEADERS_PERCENTILE)
    return Usual(**{name: number for name, number in told.items() if number is not None})


@dataclass(frozen=True)
class Ruler:
    """What customers are held against by their standing.

    Attributes
    ----------
    usual, above : by standing, what is usual there, and the cut of the next tier up, which a potential in money is
        held against; None where there is none.
    """

    usual: tuple[Usual, ...]
    above: tuple[int | None, ...]
    limits: FlagSettings

    def is_like(self, other: "Ruler") -> bool:
        """Say whether another one has as many standings and the same limits."""
        return len(self.usual) == len(other.usual) and self.limits == other.limits

    def other(self, before: "Ruler") -> Marks:
        """Return by standing whether anything is other than it was; two rulers of as many standings."""
        pairs = zip(self.usual, before.usual, self.above, before.above, strict=True)
        return np.array([one != was or cut != old for one, was, cut, old in pairs], np.bool_)


def beside_tier(worth: Worth, standings: Numbers, ruler: Ruler, rows: Rows | None = None) -> Numbers:
    """Return how customers stand beside their tiers, as bits in the order of `BESIDE`.

    Parameters
    ----------
    standings : of everybody.
    rows : whom to look at; everybody unless given.
    """
    found = np.empty(len(standings) if rows is None else len(rows), np.uint8)
    for piece in pieces(len(found)):
        some = piece if rows is None else rows[piece]
        found[piece] = _bits_beside(worth, standings[some], ruler, some)
    return found


def _bits_beside(worth: Worth, standings: Numbers, ruler: Ruler, rows: Rows | slice) -> Numbers:
    bits, limits, further = np.zeros(len(standings), np.uint8), ruler.limits, worth.further

    def mark(flag: str, held: Marks) -> None:
        np.bitwise_or(bits, held.view(np.uint8) * np.uint8(1 << BESIDE.index(flag)), out=bits)

    def of_tier(facts: Sequence[float]) -> Floats:
        return np.array(facts).take(standings, mode="clip")

    # Where a tier usually earns nothing, nobody earns little: no comparison holds.
    margins = [told.margin if told.margin > 0 else NOTHING for told in ruler.usual]
    if worth.earned and not np.isnan(margins).all():
        line = of_tier([little_share(margin, limits) for margin in margins])
        for flag, earned in zip(("poor", "poor_gone"), worth.earned, strict=True):
            mark(flag, earned.is_little(line, margins, standings, limits, rows))
    if "breadth" in further:
        breadth, leaders = further["breadth"][rows], of_tier([told.leaders_breadth for told in ruler.usual])
        mark("narrow", is_narrow(breadth, leaders, limits))
        mark("broad", is_broad(breadth, leaders))
    if "potential_value" in further and any(cut is not None for cut in ruler.above):
        above = of_tier([NOTHING if cut is None else cut for cut in ruler.above])
        mark("narrow", further["potential_value"][rows] >= above)
    if "referred_value" in further:
        mark("referring", further["referred_value"][rows] >= of_tier([told.value for told in ruler.usual]))
    return bits


def first_line(
    lines: Sequence[tuple[int, Sequence[Rule]]], asked: Mapping[bytes, pl.Series], customers: int
) -> Numbers:
    """Return of everybody the number of the first line of which every rule holds.

    Parameters
    ----------
    lines : the last has no rules.
    asked : by the text of a condition, of whom it holds.
    """
    *others, (otherwise, _) = lines
    found = np.full(customers, otherwise, np.uint8)
    for number, rules in reversed(others):
        held = reduce(and_, (reduce(or_, (asked[text_of(one)] for one in rule.conditions)) for rule in rules))
        # Numbers turn around at 256: who is held gets the new one, the others keep theirs, without a choice for each.
        found += (np.uint8(number) - found) * as_bytes(held)
    return found


def seem_to_differ(*pairs: tuple[NDArray[np.unsignedinteger[Any]], NDArray[np.unsignedinteger[Any]]]) -> int:
    """Count where numbers differ, by one customer in many: enough to choose what is like them most."""
    return sum(int(np.count_nonzero(one[::_SAMPLED] != other[::_SAMPLED])) for one, other in pairs if one is not other)
