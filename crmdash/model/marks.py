"""Flags as bits: what a customer's own marks and its standing beside its tier make of the eight flags.

A million customers share few combinations of marks, so each combination is judged once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.engine.arrays import Numbers, Rows, as_bytes
from crmdash.model.cells import OWN_FLAGS, TIER_FLAGS
from crmdash.model.lifecycle import Situation
from crmdash.model.standing import BESIDE
from crmdash.model.warning import UNSCORED

GONE: Final = "gone"
OWN: Final = (*OWN_FLAGS, "room", "full", "shrinking", "bound")
"""A customer's own marks, in the order of their bits."""

_SIGNS: Final = (*OWN, *BESIDE, GONE)


@dataclass(frozen=True, eq=False)
class Own:
    """What customers are by themselves, as bits in the order of `OWN`: as long as the rules of risk and own flags.

    Attributes
    ----------
    going, gone : in any phase but gone, and in that; the risk of who has no score is not yet left out.
    """

    going: Numbers
    gone: Numbers

    @classmethod
    def of(cls, marks: Mapping[str, pl.Series], alerted: pl.Series) -> "Own":
        """Read it off marks (`crmdash.model.flags.marks`) and alerts."""
        both = {name: marks[name] for name in ("contested", "room", "full", "shrinking", "bound")}
        going = both | {"loses": marks["loses"], "risk": alerted}
        gone = both | {"loses": marks["loses_gone"], "fresh": marks["fresh_gone"]}
        return cls(_bits(going), _bits(gone))

    def at_risk(self, situations: Numbers, named: Sequence[Situation]) -> NDArray[np.bool_]:
        """Return who has an alert in the situation that it is in."""
        alerted = self.going & _bit(OWN, "risk") != 0
        return alerted & (_within(situations, named, UNSCORED) == 0)

    def flags(
        self, situations: Numbers, named: Sequence[Situation], beside: Numbers, rows: Rows | slice = slice(None)
    ) -> Numbers:
        """Return all flags of the customers in `rows` as bits (`crmdash.model.cells.decided`).

        Parameters
        ----------
        situations : of these customers, numbers of `named` from 1.
        beside : how these customers stand beside their tiers (`crmdash.model.standing.beside_tier`).
        """
        gone, own = _within(situations, named, (GONE,)), self.going[rows]
        own = own ^ ((own ^ self.gone[rows]) & -gone)
        own &= ~(_within(situations, named, UNSCORED) * _bit(OWN, "risk"))
        signs = (beside | gone * np.uint8(1 << len(BESIDE))).astype(np.uint16)
        signs *= np.uint16(1 << len(OWN))
        signs |= own
        return _judged().take(signs, mode="clip")


def _within(situations: Numbers, named: Sequence[Situation], phases: Sequence[str]) -> Numbers:
    """Return 1 for the customers in one of the phases, else 0."""
    found = np.zeros(len(situations), np.uint8)
    for number, (_, phase) in enumerate(named, 1):
        if phase in phases:
            found |= (situations == number).view(np.uint8)
    return found


def _bits(marks: dict[str, pl.Series]) -> Numbers:
    bits = np.zeros(len(next(iter(marks.values()))), np.uint8)
    for name, held in marks.items():
        # NumPy multiplies ten times as fast as it shifts.
        bits |= as_bytes(held) * _bit(OWN, name)
    return bits


def _bit(names: Sequence[str], name: str) -> np.uint8:
    return np.uint8(1 << names.index(name))


@cache
def _judged() -> Numbers:
    """Return the flags of every combination of signs."""
    every = np.arange(1 << len(_SIGNS))

    def has(sign: str) -> NDArray[np.bool_]:
        return (every >> _SIGNS.index(sign) & 1).astype(np.bool_)

    upside = has("room") | has("narrow")
    told = {
        "poor": has("loses") | np.where(has(GONE), has("poor_gone"), has("poor")),
        "upside": upside,
        "saturated": (has("full") | has("broad") & has("shrinking")) & ~upside,
        "guard": has("bound") | has("referring"),
    } | {name: has(name) for name in OWN_FLAGS}
    flags = np.zeros(len(every), np.uint8)
    for bit, name in enumerate((*TIER_FLAGS, *OWN_FLAGS)):
        flags |= told[name].view(np.uint8) << np.uint8(bit)
    return flags
