"""The seven relationship strategies and the decision table that chooses one for every customer (S23).

The order of the rows matters on purpose: the first row that holds wins.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from crmdash.engine import LabelType, as_text
from crmdash.engine.language import nw
from crmdash.model.rules import surely
from crmdash.model.tiers import CLASSES

STRATEGIES: Final = ("start", "protect", "re_engineer", "enhance", "harvest", "end", "win_back")
CLOSED: Final = "closed"
"""`end` for customers already gone: file closed, no spending."""

SHOWN_STRATEGIES: Final = (*STRATEGIES, CLOSED)


@dataclass(frozen=True)
class Row:
    """One row of the decision table: it holds for these classes and phases, if any of `given` and none of `unless`."""

    reason: str
    classes: tuple[str, ...]
    phases: tuple[str, ...]
    strategy: str
    given: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


_VALUABLE = ("top", "upper")
_SMALL = ("middle", "bottom")
_KEEP = ("upside", "guard")

TABLE: Final = (
    Row("gone_valuable", _VALUABLE, ("gone",), "win_back", unless=("loses",)),
    Row("gone_lately", ("middle",), ("gone",), "win_back", given=("fresh",), unless=("loses",)),
    Row("gone_worth_keeping", CLASSES, ("gone",), "win_back", given=_KEEP),
    Row("gone", CLASSES, ("gone",), "end"),
    Row("prospect_small", ("bottom",), ("before",), "end", unless=_KEEP),
    Row("prospect", CLASSES, ("before",), "start"),
    Row("early_costly", ("bottom",), ("early",), "re_engineer", given=("poor",), unless=_KEEP),
    Row("early", CLASSES, ("early",), "start"),
    Row("bottom_loses", ("bottom",), ("steady", "falling"), "end", given=("loses",), unless=_KEEP),
    Row("costly", CLASSES, ("growing", "steady", "falling"), "re_engineer", given=("poor",)),
    Row("falling_valuable", _VALUABLE, ("falling",), "protect"),
    Row("valuable_in_danger", _VALUABLE, ("growing", "steady"), "protect", given=("risk", "contested")),
    Row("falling_worth_keeping", _SMALL, ("falling",), "protect", given=_KEEP),
    Row("falling_small", _SMALL, ("falling",), "harvest"),
    Row("has_upside", CLASSES, ("growing", "steady"), "enhance", given=("upside",)),
    Row("growing", ("top", "upper", "middle"), ("growing",), "enhance", unless=("saturated",)),
    Row("top_kept", ("top",), ("growing", "steady"), "protect"),
    Row("upper_steady", ("upper",), ("steady",), "enhance", unless=("saturated",)),
    Row("steady", CLASSES, ("growing", "steady"), "harvest"),
)
"""The decision table; `reason` names each row."""


def decide(tier_class: str, phase: str, flags: Collection[str] = ()) -> Row:
    """Return the first row that holds for one combination.

    Raises
    ------
    LookupError
        If no row holds (a test enumerates every combination, so that none is unmatched).

    Examples
    --------
    >>> decide("top", "falling").strategy
    'protect'
    >>> decide("middle", "gone", {"fresh"}).strategy
    'win_back'
    """
    for row in TABLE:
        if tier_class not in row.classes or phase not in row.phases:
            continue
        if (not row.given or set(row.given) & set(flags)) and not set(row.unless) & set(flags):
            return row
    raise LookupError(f"no row for {tier_class}, {phase}, {sorted(flags)}")


def shown_strategy(row: Row) -> str:
    """Return the row's strategy as it is shown and counted: `end` for those already gone reads `closed`."""
    return CLOSED if row.strategy == "end" and row.phases == ("gone",) else row.strategy


def _row_holds(row: Row) -> nw.Expr:
    holds = nw.col("phase").is_in(row.phases)
    if row.classes != CLASSES:
        holds = holds & nw.col("tier_class").is_in(row.classes)
    if row.given:
        holds = holds & nw.any_horizontal(*(nw.col(flag) for flag in row.given), ignore_nulls=True)
    for flag in row.unless:
        holds = holds & ~nw.col(flag)
    return surely(holds)


def decided_rows(labels: LabelType = as_text) -> tuple[nw.Expr, nw.Expr]:
    """Return the strategy and the reason code of each row with tier_class, phase and flags; missing without a phase.

    Parameters
    ----------
    labels : gives the type that both are held in.
    """
    shown, told = labels(SHOWN_STRATEGIES), labels([row.reason for row in TABLE])
    strategy: nw.Expr = nw.lit(None, shown)
    reason: nw.Expr = nw.lit(None, told)
    for row in reversed(TABLE):
        holds = _row_holds(row)
        strategy = nw.when(holds).then(nw.lit(shown_strategy(row), shown)).otherwise(strategy)
        reason = nw.when(holds).then(nw.lit(row.reason, told)).otherwise(reason)
    return strategy, reason
