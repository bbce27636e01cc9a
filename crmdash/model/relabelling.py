"""Labels of everybody, told anew only of those of whom something changed since labels were told before."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crmdash.engine.arrays import Numbers, Rows, where
from crmdash.model.cells import Keys, key_of
from crmdash.model.lifecycle import Situation
from crmdash.model.marks import Own
from crmdash.model.standing import Ruler, Worth, beside_tier, seem_to_differ

_FEW: Final = 8
"""Looking again at those who moved is worth it while they are no more than one in so many."""


@dataclass(frozen=True, eq=False)
class Stand:
    """Where everybody stands by the lines of one setting.

    Attributes
    ----------
    standings : 0 for who is not counted, then from 1 the tiers of the base, then the potential tiers of prospects.
    beside : how everybody stands beside its tier (`crmdash.model.standing.beside_tier`).
    """

    worth: Worth
    standings: Numbers
    ruler: Ruler
    beside: Numbers

    @classmethod
    def of(cls, worth: Worth, standings: Numbers, ruler: Ruler, earlier: "Sequence[Stand]" = ()) -> "Stand":
        """Tell how everybody stands beside its tier: only of those who moved or whose tier changed, where few."""
        alike = [one for one in earlier if one.worth is worth and one.ruler.is_like(ruler)]
        if alike:
            before = min(alike, key=lambda one: seem_to_differ((one.standings, standings)))
            other = ruler.other(before.ruler).take(standings, mode="clip")
            moved = other | (standings != before.standings)
            if np.count_nonzero(moved) * _FEW <= len(standings):
                rows = where(moved)
                beside = before.beside.copy()
                beside[rows] = beside_tier(worth, standings, ruler, rows)
                return cls(worth, standings, ruler, beside)
        return cls(worth, standings, ruler, beside_tier(worth, standings, ruler))


@dataclass(frozen=True, eq=False)
class Labelled:
    """The labels of everybody by one setting (`crmdash.model.cells`), and what they were given by."""

    stand: Stand
    situations: Numbers
    named: tuple[Situation, ...]
    own: Own
    keys: Keys

    @classmethod
    def of(
        cls,
        stand: Stand,
        situations: Numbers,
        named: tuple[Situation, ...],
        own: Own,
        earlier: "Sequence[Labelled]" = (),
    ) -> "Labelled":
        """Label everybody: only those of whom something changed, where few."""
        rows: Rows | slice = slice(None)
        keys = np.empty(len(situations), np.uint16)
        if alike := [one for one in earlier if one.own is own and one.named == named]:
            before = min(alike, key=lambda one: seem_to_differ(*one.beside(stand, situations)))
            changed = reduce(or_, (_differ(*pair) for pair in before.beside(stand, situations)))
            if np.count_nonzero(changed) * _FEW <= len(keys):
                rows, keys = where(changed), before.keys.copy()
        some = situations[rows]
        keys[rows] = key_of(stand.standings[rows], some, own.flags(some, named, stand.beside[rows], rows))
        return cls(stand, situations, named, own, keys)

    def beside(self, stand: Stand, situations: Numbers) -> tuple[tuple[Numbers, Numbers], ...]:
        """Return what labels are given by, each beside what gave these."""
        was = self.stand
        standings, beside = (was.standings, stand.standings), (was.beside, stand.beside)
        return standings, beside, (self.situations, situations)


def _differ(now: Numbers, before: Numbers) -> NDArray[np.bool_]:
    return np.zeros(len(now), np.bool_) if now is before else now != before
