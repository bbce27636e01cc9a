"""What can be wrong with a rule set, found on a table of cases and the rules that hold in each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["gap", "overlap", "unreachable", "order_dependent"]


@dataclass(frozen=True)
class Finding:
    """One finding of a lint.

    Attributes
    ----------
    kind : gap (no rule holds), overlap (several hold and nothing says which wins), unreachable (a rule that never
        wins), order_dependent (several hold, and the first wins).
    rule, other : the rule that it is about, and the one that would decide otherwise; None for a gap.
    cases : number of cases concerned; for an unreachable rule those in which it holds and another one wins.
    where : the first case concerned, as a code.
    """

    kind: Kind
    rule: str | None
    other: str | None
    cases: int
    where: str = ""


def lint_table(
    holds: NDArray[np.bool_],
    rules: Sequence[str],
    outcomes: Sequence[Any],
    where: Callable[[int], str],
    *,
    ordered: bool,
    catches_all: bool = False,
) -> list[Finding]:
    """Find gaps, overlaps, unreachable rules and dependence on order.

    Parameters
    ----------
    holds : (cases, rules) whether a rule holds in a case, rules in their order.
    outcomes : what each rule decides; two that decide the same do not contradict each other.
    where : gives the name of a case.
    ordered : whether the rule set says that the first rule wins; otherwise what several claim is an overlap.
    catches_all : whether the last outcome takes what no rule claims, so that it leaves no gap.
    """
    any_holds = np.asarray(holds.any(axis=1))
    first = np.where(any_holds, holds.argmax(axis=1), -1)
    found = [] if catches_all else _gaps(any_holds, where)
    found += _contradictions(holds, first, rules, outcomes, where, ordered=ordered)
    found += _unreachable(holds, first, rules, outcomes, where)
    return found


def _gaps(any_holds: NDArray[np.bool_], where: Callable[[int], str]) -> list[Finding]:
    return [Finding("gap", None, None, 1, where(int(case))) for case in np.flatnonzero(~any_holds)]


def _contradictions(
    holds: NDArray[np.bool_], first: NDArray[np.int64], rules: Sequence[str], outcomes: Sequence[Any],
    where: Callable[[int], str], *, ordered: bool,
) -> list[Finding]:  # fmt: skip
    """Find pairs of a winning rule and the next one that holds, where the two decide otherwise."""
    remaining = holds.copy()
    remaining[np.arange(len(holds)), np.maximum(first, 0)] = False
    following = np.where(remaining.any(axis=1), remaining.argmax(axis=1), -1)
    kind: Kind = "order_dependent" if ordered else "overlap"
    found = []
    for winner in range(len(rules)):
        for loser in range(winner + 1, len(rules)):
            cases = np.flatnonzero((first == winner) & (following == loser))
            if len(cases) and outcomes[winner] != outcomes[loser]:
                found.append(Finding(kind, rules[winner], rules[loser], len(cases), where(int(cases[0]))))
    return found


def _unreachable(
    holds: NDArray[np.bool_], first: NDArray[np.int64], rules: Sequence[str], outcomes: Sequence[Any],
    where: Callable[[int], str],
) -> list[Finding]:  # fmt: skip
    """Find rules that never win; `other` is the one that most often wins in their place."""
    found = []
    for place, rule in enumerate(rules):
        if (first == place).any():
            continue
        cases = np.flatnonzero(holds[:, place])
        winners = np.bincount(first[cases], minlength=len(rules)) if len(cases) else None
        other = None if winners is None else rules[int(winners.argmax())]
        found.append(Finding("unreachable", rule, other, len(cases), where(int(cases[0])) if len(cases) else ""))
    return found
