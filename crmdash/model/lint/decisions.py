"""The lint of the decision table: every combination of class, phase and flags that the definitions allow."""

from functools import lru_cache
from itertools import product
from typing import Final

import numpy as np

from crmdash.model.flags import FLAGS
from crmdash.model.lifecycle.phases import PHASES
from crmdash.model.lint.findings import Finding, lint_table
from crmdash.model.strategies import TABLE, Row, shown_strategy
from crmdash.model.tiers import CLASSES

Combination = tuple[str, str, frozenset[str]]

_NEVER_AT_RISK: Final = ("before", "gone")


@lru_cache
def combinations() -> tuple[Combination, ...]:
    """Return every combination of class, phase and flags that can occur.

    Who loses money is poor; nobody is saturated and has upside; only who is gone left not long ago; nobody is at risk
    before the first purchase or after the last.
    """
    flags = [frozenset(flag for flag, holds in zip(FLAGS, held, strict=True) if holds)
             for held in product((False, True), repeat=len(FLAGS))]  # fmt: skip
    return tuple(
        (tier_class, phase, held) for tier_class, phase, held in product(CLASSES, PHASES, flags) if _can_be(phase, held)
    )


def _can_be(phase: str, flags: frozenset[str]) -> bool:
    if "loses" in flags and "poor" not in flags:
        return False
    if {"saturated", "upside"} <= flags or ("fresh" in flags and phase != "gone"):
        return False
    return "risk" not in flags or phase not in _NEVER_AT_RISK


def _holds(row: Row, combination: Combination) -> bool:
    tier_class, phase, flags = combination
    if tier_class not in row.classes or phase not in row.phases:
        return False
    return (not row.given or bool(flags & set(row.given))) and not flags & set(row.unless)


@lru_cache
def lint_decisions() -> tuple[Finding, ...]:
    """Return what the lint finds in the decision table, on every combination: its order is meant."""
    cases = combinations()
    holds = np.array([[_holds(row, case) for row in TABLE] for case in cases])
    rules = [row.reason for row in TABLE]
    return tuple(
        lint_table(holds, rules, [shown_strategy(row) for row in TABLE], lambda case: _code(cases[case]), ordered=True)
    )


def _code(combination: Combination) -> str:
    tier_class, phase, flags = combination
    return "/".join((tier_class, phase, *sorted(flags)))
