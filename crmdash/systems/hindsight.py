"""What was known on an earlier day: facts without a date of their own are taken away.

A satisfaction score or a share of wallet in the customers table is that of today. Put beside the purchases of a period
ago it would let the past know the future, and every forecast would look better than it is.
"""

from typing import Final

import polars as pl

UNDATED: Final = (
    "status", "end_reason", "share_of_wallet", "share_of_wallet_before", "expectation", "experience", "recommend",
    "contract_end", "credit_overdue_days",
)  # fmt: skip
"""Columns of the customers table that hold today's state."""

SCORED: Final = "indicator_total"
"""Points that such facts may have gone into: they are given again without them."""


def without_later(customers: pl.DataFrame, held: frozenset[str]) -> pl.DataFrame:
    """Return customers of an earlier day without facts of today; what surveys had told of satisfaction stays."""
    kept = customers.drop(*({*UNDATED, SCORED} & set(customers.columns)))
    if "customers.satisfaction" not in held:
        return kept
    if "survey_score" not in kept.columns:
        return kept.drop("satisfaction", strict=False)
    return kept.with_columns(satisfaction="survey_score")
