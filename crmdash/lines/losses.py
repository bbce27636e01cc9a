"""Revenue is not profit: who would stand at the top by revenue, and costs money."""

from typing import Final

import polars as pl

from crmdash.cuts import cut_at
from crmdash.evaluate import Evaluation
from crmdash.labelling import base_rows, stages_and_strategies

_SCHEMA: Final = {
    "customer_id": pl.String, "revenue": pl.Int64, "customer_profit": pl.Int64, "stage": pl.String,
    "strategy": pl.String,
}  # fmt: skip


def losing_at_the_top(evaluation: Evaluation) -> pl.DataFrame:
    """Return the customers that reach the top tier's line by revenue and have a customer profit below zero.

    Whatever measure orders the customers now, the line is drawn on revenue in the same way (share, heads, amount,
    score); where it orders by another one, among the customers looked at. Columns: customer_id, name (if held),
    revenue, customer_profit (ten-thousandths), stage, strategy; the largest loss first, equals by id. Empty where the
    data holds no revenue or no customer profit.
    """
    customers = evaluation.groundwork.summary.customers
    cut = _top_line(evaluation) if {"revenue", "customer_profit"} <= set(customers.columns) else None
    if cut is None:
        return pl.DataFrame(schema=_SCHEMA)
    losing = (customers["revenue"] >= cut) & (customers["customer_profit"] < 0)
    rows = base_rows(evaluation.groundwork)
    rows = rows[losing.fill_null(False).to_numpy()[rows]]
    first, *others = _SCHEMA
    shown = [first, *(["name"] if "name" in customers.columns else []), *others]
    held = customers.select(name for name in shown if name in customers.columns)[rows]
    found = held.hstack(stages_and_strategies(evaluation.groundwork, evaluation.cuts, rows))
    return found.sort("customer_profit", "customer_id").select(shown)


def _top_line(evaluation: Evaluation) -> int | None:
    tiers = evaluation.settings.tiers
    top = tiers.codes[0]
    if tiers.measure == "revenue":
        return evaluation.cuts[top]
    return cut_at(evaluation.groundwork.values("revenue"), tiers.mode, tiers.lines[top])
