"""A limit of the lifecycle under the hand: tiers and stages at every step of its slider."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.adjusting import Adjustable, adjustables, pushed_along
from crmdash.engine import collect, label_type, lazy
from crmdash.engine.language import natively, nw
from crmdash.errors import SettingsError
from crmdash.evaluate import Evaluation
from crmdash.groundwork import Groundwork
from crmdash.labelling import potentials_of_everybody, tiers_of_everybody
from crmdash.model import lifecycle, rhythm
from crmdash.model.rule_steps import Changes, Codes, Places, RuleSteps, TellStages, counted, followed
from crmdash.model.step_payload import Payload, money
from crmdash.model.tally import amounts_of
from crmdash.rule_settings import LifecycleSettings
from crmdash.settings import Settings, get_value


def rule_steps(evaluation: Evaluation, path: str) -> RuleSteps:
    """Count the customers looked at, prospects among them, by tier and stage at every step of one lifecycle limit.

    Every step is what an evaluation finds with that value (`crmdash.adjusting.with_value`) and all other settings.

    Raises
    ------
    SettingsError
        If `path` is no limit that the chosen lifecycle model reads.
    """
    ground, settings = evaluation.groundwork, evaluation.settings
    grid = limit_grid(settings, path)
    stages = lifecycle.stages_of(settings) if len(evaluation.stages) else ()
    codes = settings.tiers.codes
    shape = (len(grid), len(codes), len(stages))
    customers, value = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    if stages:
        rows = _rows(ground)
        tiers = np.maximum(
            tiers_of_everybody(ground, evaluation.cuts), potentials_of_everybody(ground, evaluation.cuts)
        )
        amounts = amounts_of(ground.summary.customers[ground.measure][rows])
        customers, value = counted(tiers[rows], *_changes(ground, path, grid, rows), amounts, shape)
    at = grid.index(float(get_value(settings, path)))
    return RuleSteps(path, grid, at, codes, stages, customers, value)


def limit_grid(settings: Settings, path: str) -> tuple[float, ...]:
    """Return every value that a limit can take, smallest first; the present one is among them.

    Raises
    ------
    SettingsError
        If `path` is no limit that the chosen lifecycle model reads.
    """
    item = next((item for item in adjustables(settings) if item.path == path), None)
    if item is None or not path.startswith("lifecycle."):
        raise SettingsError(f"{path}: the chosen lifecycle reads no such limit")
    return tuple(sorted({*_steps(item), float(get_value(settings, path))}))


def _steps(item: Adjustable) -> list[float]:
    count = int((item.high - item.low) / item.step + 1e-9)
    return [round(item.low + place * item.step, 6) for place in range(count + 1)]


def _rows(ground: Groundwork) -> Places:
    """Return the places of those looked at who have a tier, or would have one."""
    customers, looked_at = ground.summary.customers, ground.seen
    placed = (customers["in_base"] | customers["prospect"]).to_numpy()
    return np.flatnonzero(placed if looked_at is None else placed & looked_at)


@natively()
def _changes(ground: Groundwork, path: str, grid: tuple[float, ...], rows: Places) -> tuple[Codes, Changes]:
    """Return who is in which stage at the first step, and who changes at which; tier lines may move meanwhile."""
    settings = ground.settings
    own = (settings.period.model_dump_json(), settings.lifecycle.model_dump_json())

    def found() -> tuple[Codes, Changes]:
        return followed(len(rows), len(grid), _stages_at(ground, rows, pushed_along(settings, path, grid)))

    return ground.kept("limit", (path, own, ground.scope), found, few=2)


def _stages_at(ground: Groundwork, rows: NDArray[np.intp], limits: Mapping[str, NDArray[np.float64]]) -> TellStages:
    """Return what tells the stages of customers in `rows`, each with the limits of a step of its own."""
    settings, clock = ground.settings, ground.summary.clock
    timed = collect(lazy(ground.known).with_columns(rhythm=rhythm.rhythm(ground.base_rhythm, settings.period)))
    if "recency" in timed.columns:
        timed = collect(lazy(timed).with_columns(silence=rhythm.silence()))
    # A limit that differs by row is a column in the place of its number: the rules compare with either alike.
    columns = {path.partition(".")[2]: f"limit:{path}" for path in limits}
    asked: dict[str, Any] = {name: nw.col(column) for name, column in columns.items()}
    by_row = LifecycleSettings.model_construct(**settings.lifecycle.model_dump() | asked)
    chosen = settings.model_copy(update={"lifecycle": by_row})

    def told(customers: Places, steps: Places) -> Codes:
        # Rows are taken lazily, so that only the few columns that the rules read are.
        there = timed.lazy().select(pl.all().gather(pl.Series(rows[customers])))
        stepped: Any = there.with_columns(pl.Series(f"limit:{path}", values[steps]) for path, values in limits.items())
        staged = lifecycle.add_stage(stepped, chosen, clock, labels=label_type(stepped), facts=ground.lifecycle_facts)
        return collect(staged.select("stage"))["stage"].to_physical().to_numpy().astype(np.uint8)

    return told


def rule_payload(steps: RuleSteps) -> Payload:
    """Return the steps as a browser is handed them: lists by step, tier and stage, money as decimal text."""
    return {
        "path": steps.path,
        "grid": list(steps.grid),
        "at": steps.at,
        "tiers": list(steps.tiers),
        "stages": list(steps.stages),
        "customers": steps.customers.tolist(),
        "value": [[money(row) for row in step] for step in steps.value],
    }
