"""The step table of a summary's customers, kept as long as no rule that it reads changes."""

from dataclasses import replace
from typing import Literal

import numpy as np
import polars as pl

from crmdash.groundwork import Groundwork
from crmdash.labelling import stages_of_everybody
from crmdash.model import lifecycle
from crmdash.model.steps import Group, StepTable, resolved, running_totals, step_grid
from crmdash.model.tally import amounts_of
from crmdash.model.tiers import in_money


def step_table(ground: Groundwork) -> StepTable:
    """Return every step that a tier line can take, and where the lines stand now.

    Cuts come from everybody, or with `scope.redraw` from the customers looked at; what is counted are those looked at.
    """
    tiers, limits = ground.settings.tiers, ground.settings.lifecycle
    grid = step_grid(ground.drawn_on, ground.settings)
    own = (ground.settings.period.model_dump_json(), limits.model_dump_json())
    key = (ground.measure, tiers.lead_if_loss, tiers.mode, grid, tiers.codes, own, ground.scope)
    table = ground.kept("steps", key, lambda: _counted(ground, grid))
    place = {value: step for step, value in enumerate(grid)}
    return replace(table, lines={code: place[float(value)] for code, value in tiers.lines.items()})


def _counted(ground: Groundwork, grid: tuple[float, ...]) -> StepTable:
    settings, values = ground.settings, ground.values(ground.measure)
    cuts = resolved(ground.drawn_on, settings.tiers.mode, grid)
    stages = () if ground.is_dark else lifecycle.stages_of(settings)
    ranks = [0 if cut is None else values.count_at_or_above(cut) for cut in cuts]
    return StepTable(
        mode=settings.tiers.mode,
        grid=grid,
        cuts=cuts,
        stages=stages,
        base=running_totals(_base(ground), cuts, len(stages)),
        prospects=running_totals(_prospects(ground), cuts, len(stages)),
        curve_customers=np.array(ranks, np.int64),
        curve_value=np.array([values.sum_of_largest(rank) for rank in ranks], np.int64),
        total=values.total,
        positive_total=values.positive_total,
        size=values.base,
        lines={},
    )


def _base(ground: Groundwork) -> Group:
    return _group(ground, "in_base", ground.measure, loses=ground.settings.tiers.lead_if_loss)


def _prospects(ground: Groundwork) -> Group:
    """Prospects by their potential; all of them apart where there is no line to hold it against."""
    known = ground.summary.customers.columns
    placed = "potential_value" in known and in_money(ground.settings)
    return _group(ground, "prospect", "potential_value" if placed else None)


def _group(
    ground: Groundwork, who: Literal["in_base", "prospect"], reaches: str | None, *, loses: bool = False
) -> Group:
    """Read customers; `reaches` names what is held against the cuts."""
    everybody, stage, seen = ground.summary.customers, stages_of_everybody(ground), ground.seen
    among = everybody[who].to_numpy()
    rows = None if seen is None and among.all() else np.flatnonzero(among if seen is None else among & seen)
    profitable = "customer_profit" in everybody.columns
    names = {ground.measure, *(["customer_profit"] if profitable else []), *([reaches] if reaches else [])}
    customers = everybody.select(names) if rows is None else everybody.select(names)[rows]
    here = stage if rows is None else stage[rows]
    lowest = np.iinfo(np.int64).min
    held = customers[reaches] if reaches else pl.repeat(None, len(customers), dtype=pl.Int64, eager=True)
    apart = None
    if who == "prospect":
        apart = held.is_null().to_numpy()
    elif loses:
        apart = (customers["customer_profit"] <= 0).fill_null(False).to_numpy()
    return Group(
        reaches=held.cast(pl.Int64).fill_null(lowest).to_numpy(),
        value=amounts_of(customers[ground.measure]),
        profit=amounts_of(customers["customer_profit"]) if profitable else None,
        stage=(here + 1).astype(np.uint8),
        apart=apart,
    )
