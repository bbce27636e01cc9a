"""The tables of the board, added up from cells.

Money in whole ten-thousandths. Tiers count the base; stages, matrix and strategies also show prospects, by the tier
that their potential would reach and with no value.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import polars as pl

from crmdash.model.cells import Cell, decided
from crmdash.model.lifecycle import phase_of, stages_of
from crmdash.model.strategies import CLOSED, SHOWN_STRATEGIES, STRATEGIES, decide, shown_strategy
from crmdash.model.tiers import Cuts
from crmdash.settings import Settings

_END: Final = STRATEGIES.index("end") + 1
_TIE_ORDER: Final = (*STRATEGIES[:_END], CLOSED, *STRATEGIES[_END:])
"""Among equals the earlier strategy is shown; `closed` is the `end` of those already gone."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Standing:
    """How many customers stand somewhere, and what they are worth (ten-thousandths)."""

    customers: int
    value: int


_NOBODY: Final = Standing(0, 0)


def tier_table(cells: Iterable[Cell], cuts: Cuts, total: int, *, profit_known: bool) -> pl.DataFrame:
    """Count each tier: tier, customers, value, value_share (of the net total; null where that is <= 0), cut, profit."""
    base = [cell for cell in cells if cell.in_base]
    found, profits = _standings(base, lambda cell: cell.tier), defaultdict[str, int](int)
    for cell in base:
        profits[cell.tier] += cell.profit
    values = [found.get(tier, _NOBODY).value for tier in cuts]
    return pl.DataFrame(
        {
            "tier": list(cuts),
            "customers": _whole(found.get(tier, _NOBODY).customers for tier in cuts),
            "value": _whole(values),
            "value_share": pl.Series([value / total if total > 0 else None for value in values], dtype=pl.Float64),
            "cut": _whole(cuts.values()),
            "profit": _whole(profits[tier] if profit_known and tier in found else None for tier in cuts),
        }
    )


def stage_table(cells: Iterable[Cell], settings: Settings, *, dark: bool) -> pl.DataFrame:
    """Count each stage of the chosen model: stage, customers, value. Empty where the lifecycle is dark."""
    stages = () if dark else stages_of(settings)
    found = _standings(cells, lambda cell: cell.stage)
    there = [found.get(stage, _NOBODY) for stage in stages]
    return pl.DataFrame(
        {
            "stage": pl.Series(stages, dtype=pl.String),
            "customers": _whole(standing.customers for standing in there),
            "value": _whole(standing.value for standing in there),
        }
    )


def in_phase(cells: Iterable[Cell], phase: str) -> Standing:
    """Count the customers in a phase."""
    return _standings((cell for cell in cells if cell.stage is not None), lambda cell: cell.phase).get(phase, _NOBODY)


def matrix_table(cells: Sequence[Cell], settings: Settings) -> pl.DataFrame:
    """Count each tier x stage cell: tier, stage, customers, value, strategy, strategy_share.

    `strategy` is the commonest of the cell's customers (ties by the order of the strategies), with its share; an empty
    cell shows what the decision table says without flags, with no share. A stage whose phase differs by customer counts
    there with the phase of the last line of its rule.
    """
    classes = settings.tiers.classes
    chosen = _standings(
        [cell for cell in cells if cell.phase is not None],
        lambda cell: (cell.tier, cell.stage, _strategy(cell, classes)),
    )
    by_cell: dict[tuple[str, str | None], list[tuple[str, Standing]]] = defaultdict(list)
    for (tier, stage, strategy), standing in chosen.items():
        by_cell[tier, stage].append((strategy, standing))
    rows = []
    for tier, name in classes.items():
        for stage, phase in phase_of(settings).items():
            there = by_cell.get((tier, stage), [])
            usual = shown_strategy(decide(name, phase))
            rows.append([tier, stage, *_commonest(there, usual, _TIE_ORDER.index)])
    schema = {"tier": pl.String, "stage": pl.String, "customers": pl.Int64, "value": pl.Int64}
    return pl.DataFrame(rows, schema=schema | {"strategy": pl.String, "strategy_share": pl.Float64}, orient="row")


def strategy_table(cells: Iterable[Cell], settings: Settings) -> pl.DataFrame:
    """Count each strategy: strategy, customers, value, reason_code (the commonest) and reason_share."""
    classes = settings.tiers.classes
    reasons: dict[str, list[tuple[str, Standing]]] = defaultdict(list)
    told = _standings(
        [cell for cell in cells if cell.phase is not None],
        lambda cell: (_strategy(cell, classes), decided(classes[cell.tier], str(cell.phase), cell.flags).reason),
    )
    for (strategy, reason), standing in told.items():
        reasons[strategy].append((reason, standing))
    rows = [[strategy, *_commonest(reasons[strategy], None, str)] for strategy in SHOWN_STRATEGIES]
    schema = {"strategy": pl.String, "customers": pl.Int64, "value": pl.Int64}
    return pl.DataFrame(rows, schema=schema | {"reason_code": pl.String, "reason_share": pl.Float64}, orient="row")


def _strategy(cell: Cell, classes: Any) -> str:
    return shown_strategy(decided(classes[cell.tier], str(cell.phase), cell.flags))


def _standings(cells: Iterable[Cell], key: Callable[[Cell], Key]) -> dict[Key, Standing]:
    sums: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for cell in cells:
        there = sums[key(cell)]
        there[0] += cell.customers
        there[1] += cell.value
    return {place: Standing(*there) for place, there in sums.items()}


def _commonest(
    found: Sequence[tuple[str, Standing]], otherwise: str | None, order: Callable[[str], Any]
) -> tuple[int, int, str | None, float | None]:
    """Return how many there are, their value, the commonest name with its share; `otherwise` where nobody is."""
    customers = sum(standing.customers for _, standing in found)
    if not customers:
        return 0, 0, otherwise, None
    name, most = min(found, key=lambda one: (-one[1].customers, order(one[0])))
    return customers, sum(standing.value for _, standing in found), name, most.customers / customers


def _whole(numbers: Iterable[int | None]) -> pl.Series:
    return pl.Series(list(numbers), dtype=pl.Int64)
