"""Nearest to a line: the customers that miss it by least, and those that clear it by least."""

from typing import Final

import polars as pl

from crmdash.evaluate import Evaluation
from crmdash.lines.ladder import LEAD, loses_into_lead

_COLUMNS: Final = (
    "line", "side", "customer_id", "name", "tier", "stage", "value", "distance", "strategy",
)  # fmt: skip
_SMALLEST_PROFIT: Final = 1
"""The least profit, in ten-thousandths, that is above zero."""


def nearest(evaluation: Evaluation, per_side: int = 5) -> pl.DataFrame:
    """Return the customers next to every line, closest first, first those below and then those above.

    Columns: line (the tier whose lower edge it is; ``lead`` for zero profit, where lead means losing money), side
    ("below" or "above"), customer_id, name (if held), tier, stage, value (of the measure that the line is drawn on:
    customer profit for ``lead``), distance (ten-thousandths, never negative: below the amount that is missing, above
    the amount that can be lost with the line still reached), strategy. Equals stand by id. Those in lead by losing
    money are next to no line of value, as no value would lift them.
    """
    base = evaluation.customers.filter("in_base")
    valued = base.filter(pl.col("tier") != LEAD) if loses_into_lead(evaluation) else base
    parts = [_next_to(valued, line, "value", cut, per_side) for line, cut in evaluation.cuts.items() if cut is not None]
    if loses_into_lead(evaluation):
        parts.append(_next_to(base, LEAD, "customer_profit", _SMALLEST_PROFIT, per_side))
    if not parts:
        parts = [_next_to(base.clear(), LEAD, "value", 0, per_side)]
    found = pl.concat(parts)
    return found.select(name for name in _COLUMNS if name in found.columns)


def _next_to(customers: pl.DataFrame, line: str, measure: str, cut: int, per_side: int) -> pl.DataFrame:
    amount = pl.col(measure)
    sides = {"below": customers.filter(amount < cut), "above": customers.filter(amount >= cut)}
    kept = [name for name in ("customer_id", "name", "tier", "stage", "strategy") if name in customers.columns]
    closest = [
        some.select(*kept, value=amount, distance=(amount - cut).abs())
        .with_columns(line=pl.lit(line), side=pl.lit(side))
        .sort("distance", "customer_id")
        .head(per_side)
        for side, some in sides.items()
    ]
    return pl.concat(closest)
