"""The decision table of the strategies: every combination of class, phase and flags against the printed rows."""

from itertools import product
from typing import Final

import polars as pl
import pytest

from crmdash.model.lifecycle.phases import PHASES
from crmdash.model.strategies import TABLE, Row, decide, decided_rows, shown_strategy
from crmdash.model.tiers import CLASSES
from tests.unit.frames import computed

ANY: Final = "top upper middle bottom"
ROWS: Final = [
    # class, phase, and one of, unless one of, strategy
    ("top upper", "gone", "", "loses", "win_back"),
    ("middle", "gone", "fresh", "loses", "win_back"),
    (ANY, "gone", "upside guard", "", "win_back"),
    (ANY, "gone", "", "", "end"),
    ("bottom", "before", "", "upside guard", "end"),
    (ANY, "before", "", "", "start"),
    ("bottom", "early", "poor", "upside guard", "re_engineer"),
    (ANY, "early", "", "", "start"),
    ("bottom", "steady falling", "loses", "upside guard", "end"),
    (ANY, "growing steady falling", "poor", "", "re_engineer"),
    ("top upper", "falling", "", "", "protect"),
    ("top upper", "growing steady", "risk contested", "", "protect"),
    ("middle bottom", "falling", "upside guard", "", "protect"),
    ("middle bottom", "falling", "", "", "harvest"),
    (ANY, "growing steady", "upside", "", "enhance"),
    ("top upper middle", "growing", "", "saturated", "enhance"),
    ("top", "growing steady", "", "", "protect"),
    ("upper", "steady", "", "saturated", "enhance"),
    (ANY, "growing steady", "", "", "harvest"),
]
FLAGS: Final = ("loses", "poor", "risk", "contested", "upside", "saturated", "guard", "fresh")
Combination = tuple[str, str, frozenset[str]]


def combinations() -> list[Combination]:
    """Return every combination that the definitions of the flags allow."""
    found = []
    for tier_class, phase, held in product(CLASSES, PHASES, product((False, True), repeat=len(FLAGS))):
        flags = {flag for flag, holds in zip(FLAGS, held, strict=True) if holds}
        if "loses" in flags and "poor" not in flags:
            continue
        if {"saturated", "upside"} <= flags or ("fresh" in flags and phase != "gone"):
            continue
        if "risk" in flags and phase in ("before", "gone"):
            continue
        found.append((tier_class, phase, frozenset(flags)))
    return found


ALL: Final = combinations()


def holding(combination: Combination) -> list[int]:
    """Return the numbers of the printed rows that hold, first first."""
    tier_class, phase, flags = combination
    return [
        number
        for number, (classes, phases, given, unless, _) in enumerate(ROWS, start=1)
        if tier_class in classes.split() and phase in phases.split()
        and (not given or flags & set(given.split())) and not flags & set(unless.split())
    ]  # fmt: skip


def test_there_are_1584_combinations():
    assert len(ALL) == 1_584


def test_every_combination_is_decided_as_printed():
    for combination in ALL:
        assert decide(*combination) == TABLE[holding(combination)[0] - 1], combination
        assert decide(*combination).strategy == ROWS[holding(combination)[0] - 1][-1], combination


def test_there_are_nineteen_rows_and_all_are_reached():
    assert len(TABLE) == len({row.reason for row in TABLE}) == 19
    assert {decide(*combination).reason for combination in ALL} == {row.reason for row in TABLE}


def test_no_row_is_redundant():
    for number in range(1, 20):
        changed = [
            others
            for combination in ALL
            if (rows := holding(combination))[0] == number
            and (others := [ROWS[row - 1][-1] for row in rows[1:]])[:1] != [ROWS[number - 1][-1]]
        ]
        assert changed, f"row {number} decides nothing that the rows below it would not"


INTENDED: Final = {
    # named with the table: exceptions before the rule, loss before rescue, upside and the best before the rest
    3: {4},
    7: {8},
    9: {10},
    10: {11, 12, 13, 14, 15, 16, 17, 18, 19},
    15: {17, 19},
    17: {19},
    # a narrower row before the one that takes the rest
    1: {4},
    2: {4},
    5: {6},
    12: {15, 16, 18, 19},
    13: {14},
    16: {17, 19},
    18: {19},
}
"""Rows that would decide otherwise if they stood behind the others: their order is meant."""


def test_order_matters_only_where_it_is_meant_to():
    found: dict[int, set[int]] = {}
    for first, *others in map(holding, ALL):
        if others and ROWS[first - 1][-1] != ROWS[others[0] - 1][-1]:
            found.setdefault(first, set()).add(others[0])
    assert found == INTENDED


PRINTED: Final = {
    "top": "start start enhance protect protect win_back",
    "upper": "start start enhance enhance protect win_back",
    "middle": "start start enhance harvest harvest closed",
    "bottom": "end start harvest harvest harvest closed",
}


@pytest.mark.parametrize("tier_class", CLASSES)
def test_cells_without_flags(tier_class: str):
    found = [shown_strategy(decide(tier_class, phase)) for phase in PHASES]
    assert found == PRINTED[tier_class].split()


def test_a_middle_customer_who_left_lately_is_won_back():
    assert decide("middle", "gone", {"fresh"}).strategy == "win_back"


def test_expressions_decide_like_the_function():
    frame = pl.DataFrame(
        [{"tier_class": name, "phase": phase} | {flag: flag in flags for flag in FLAGS} for name, phase, flags in ALL]
    )
    strategy, reason = decided_rows()
    found = computed(frame, strategy=strategy, reason=reason)
    expected = [decide(*combination) for combination in ALL]
    assert found["reason"].to_list() == [row.reason for row in expected]
    assert found["strategy"].to_list() == [shown_strategy(row) for row in expected]


def test_without_a_phase_there_is_no_strategy():
    frame = pl.DataFrame([{"tier_class": "top", "phase": None} | dict.fromkeys(FLAGS, False)],
                         schema_overrides={"phase": pl.String})  # fmt: skip
    strategy, reason = decided_rows()
    assert computed(frame, strategy=strategy, reason=reason).select("strategy", "reason").row(0) == (None, None)


def test_what_no_row_knows_is_refused():
    with pytest.raises(LookupError, match="steady"):
        decide("nobody", "steady")


def test_only_an_end_after_the_end_is_a_closed_file():
    assert shown_strategy(Row("x", CLASSES, ("gone",), "end")) == "closed"
    assert shown_strategy(Row("x", CLASSES, ("before",), "end")) == "end"
    assert shown_strategy(Row("x", CLASSES, ("gone",), "win_back")) == "win_back"
