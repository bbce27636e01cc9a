"""Nearest to a line: the customers that miss it by least, and those that clear it by least."""

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.evaluate import Evaluation
from crmdash.labelling import Rows, base_rows, tiers_of_everybody
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
    ground, codes = evaluation.groundwork, evaluation.settings.tiers.codes
    base = base_rows(ground)
    valued = base
    if loses_into_lead(evaluation):
        valued = base[tiers_of_everybody(ground, evaluation.cuts)[base] != codes.index(LEAD)]
    parts = [_next_to(evaluation, valued, line, ground.measure, cut, per_side)
             for line, cut in evaluation.cuts.items() if cut is not None]  # fmt: skip
    if loses_into_lead(evaluation):
        parts.append(_next_to(evaluation, base, LEAD, "customer_profit", _SMALLEST_PROFIT, per_side))
    if not parts:
        parts = [_next_to(evaluation, base[:0], LEAD, ground.measure, 0, per_side)]
    found = pl.concat(parts)
    return found.select(name for name in _COLUMNS if name in found.columns)


def _next_to(evaluation: Evaluation, rows: Rows, line: str, measure: str, cut: int, per_side: int) -> pl.DataFrame:
    customers = evaluation.groundwork.summary.customers
    amounts = customers[measure][rows]
    held, known = rows[amounts.is_not_null().to_numpy()], amounts.drop_nulls().to_numpy()
    parts = []
    for side, there in (("below", known < cut), ("above", known >= cut)):
        closest = _closest(np.abs(known[there] - cut), per_side)
        chosen = held[there][closest]
        names = [name for name in ("customer_id", "name") if name in customers.columns]
        labels = evaluation.labels(chosen).select("tier", "stage", "strategy")
        shown = customers[chosen].select(*names, value=pl.col(measure), distance=(pl.col(measure) - cut).abs())
        parts.append(shown.hstack(labels).with_columns(line=pl.lit(line), side=pl.lit(side)))
    return pl.concat(parts)


def _closest(distances: NDArray[np.int64], few: int) -> NDArray[np.intp]:
    """Return the places of the smallest distances, of equals the first: customers stand by id."""
    if len(distances) > few:
        limit = np.partition(distances, few - 1)[few - 1]
        near = np.flatnonzero(distances <= limit)
    else:
        near = np.arange(len(distances))
    return near[np.argsort(distances[near], kind="stable")][:few]
