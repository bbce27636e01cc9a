"""One customer as the rules of a stage read it."""

from typing import Any

import polars as pl

from crmdash.engine import collect, lazy
from crmdash.model.lifecycle import add_stage
from crmdash.settings import parse_settings
from crmdash.summary.clock import Clock

SCHEMA = {
    "customer_id": pl.String,
    "orders": pl.Int64,
    "first_purchase": pl.Int64,
    "last_purchase": pl.Int64,
    "tenure": pl.Int64,
    "recency": pl.Int64,
    "rhythm": pl.Float64,
    "silence": pl.Float64,
    "relative_growth": pl.Float64,
    "orders_before": pl.Int64,
    "satisfaction": pl.Float64,
    "satisfaction_change": pl.Float64,
    "recommend": pl.Float64,
    "deal_share": pl.Float64,
    "contacts_made": pl.Int64,
    "referred_by": pl.String,
    "open_matters": pl.Boolean,
    "prospect": pl.Boolean,
    "in_base": pl.Boolean,
    "status": pl.String,
}
STEADY = {
    "customer_id": "a", "orders": 10, "tenure": 1_000, "recency": 10, "silence": 0.5, "orders_before": 3,
    "open_matters": False, "prospect": False, "in_base": True,
}  # fmt: skip
"""Ten purchases in 1,000 days, the last one half a rhythm ago; nothing else is known."""

PROSPECT = {"prospect": True, "in_base": False, "orders": 0, "tenure": None, "recency": None, "silence": None}
RETURNED = {"orders": 0, "tenure": None, "recency": None, "silence": None}
"""Only returned something: no purchase, and yet no prospect."""

LONG_FILE = Clock(as_of=2_000, window=365, span=2_000, value_start=None)


def staged(*rows: dict[str, Any], clock: Clock = LONG_FILE, **limits: Any) -> list[tuple[str, str]]:
    """Return stage and phase of customers, each the steady one with some facts changed."""
    frame = pl.DataFrame([dict.fromkeys(SCHEMA) | STEADY | row for row in rows], schema=SCHEMA)
    found = collect(add_stage(lazy(frame), parse_settings({"lifecycle": limits}), clock))
    labels = dict(zip(found["customer_id"], found.select("stage", "phase").rows(), strict=False))
    return [labels[row.get("customer_id", "a")] for row in rows]


def stage_of(limits: dict[str, Any] | None = None, clock: Clock = LONG_FILE, **facts: Any) -> str:
    """Return the stage of the steady customer with some facts changed."""
    return staged(facts, clock=clock, **(limits or {}))[0][0]


def placed(model: str, **facts: Any) -> tuple[str, str]:
    """Return stage and phase by a model."""
    return staged(facts, model=model)[0]
