"""Cells by what is at risk in them, where the lines stand and wherever they could."""

from typing import Any

import numpy as np
import polars as pl

from crmdash.evaluate import Evaluation
from crmdash.labelling import base_rows, stages_of_everybody
from crmdash.model.step_payload import money
from crmdash.model.steps import Counted, Group, running_totals
from crmdash.model.tables import Standing
from crmdash.model.tally import amounts_of

Alerted = dict[tuple[str, str], Standing]
"""Alerted customers and their value by tier and stage."""


def alerted(evaluation: Evaluation) -> Alerted:
    """Return how many customers of each cell are alerted, and their positive value."""
    base = base_rows(evaluation.groundwork)
    rows = base[evaluation.groundwork.at_risk[base]]
    value = evaluation.groundwork.summary.customers[evaluation.settings.tiers.measure][rows]
    found = evaluation.labels(rows).with_columns(value=value).filter(pl.col("stage").is_not_null())
    counted = found.group_by("tier", "stage").agg(
        pl.len().alias("customers"), pl.col("value").clip(lower_bound=0).sum()
    )
    return {(tier, stage): Standing(customers, value) for tier, stage, customers, value in counted.iter_rows()}


def alerted_payload(evaluation: Evaluation) -> dict[str, Any]:
    """Return alerted customers and their positive value by stage, at or above every step of a tier line.

    `customers` and `value` are by step; `everybody` is of all but those in the tier of loss-makers (`losing`).
    """
    ground, table = evaluation.groundwork, evaluation.steps
    base = base_rows(ground)
    rows = base[ground.at_risk[base]]
    measure, loses = evaluation.settings.tiers.measure, evaluation.settings.tiers.lead_if_loss
    customers = ground.summary.customers[rows]
    group = Group(
        reaches=customers[measure].fill_null(np.iinfo(np.int64).min).to_numpy(),
        value=amounts_of(customers[measure].clip(lower_bound=0)),
        profit=None,
        stage=(stages_of_everybody(ground)[rows] + 1).astype(np.uint8),
        apart=(customers["customer_profit"] <= 0).fill_null(False).to_numpy() if loses else None,
    )
    totals = running_totals(group, table.cuts, len(table.stages))
    return {
        "customers": totals.above.stage_customers.tolist(),
        "value": [money(row) for row in totals.above.stage_value],
        "everybody": _by_stage(totals.everybody),
        "losing": _by_stage(totals.apart),
    }


def _by_stage(counted: Counted) -> dict[str, Any]:
    return {"customers": counted.stage_customers[0].tolist(), "value": money(counted.stage_value[0])}
