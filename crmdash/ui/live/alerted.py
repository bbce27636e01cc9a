"""Cells by what is at risk in them, in numbers and words."""

from typing import Any

import polars as pl

from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.labelling import base_rows
from crmdash.model.tables import Standing

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


def alerted_cells(_: Wording, evaluation: Evaluation) -> dict[str, Any]:
    """Return the same as a browser is handed it: amount, words in the cell, and words for those who do not see it."""
    return {
        f"{tier}|{stage}": {
            "value": str(there.value),
            "words": _("{count} at risk", count=_.integer(there.customers)),
            "told": _(
                "{cell}; at risk {count}, {amount}",
                cell="{cell}", count=_.integer(there.customers), amount=_.compact_money(there.value),
            ),
        }
        for (tier, stage), there in alerted(evaluation).items()
    }  # fmt: skip
