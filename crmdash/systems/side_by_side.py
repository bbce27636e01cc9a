"""The lifecycle models side by side: the same customers, and how many of them each model sees in which phase."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from crmdash.model.lifecycle import MODELS
from crmdash.model.lifecycle.phases import PHASES
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import CUSTOMER, TIER, Column, Table

SHOWN: Final = ("relationship", "commercial", "journey", "acquaintance")
"""The four models of the domain; the personal cycle is a preset beside them."""

_BAD: Final = ("falling", "gone")


@dataclass(frozen=True, eq=False)
class SideBySide:
    """What the models say of the same customers.

    Attributes
    ----------
    phases : model, phase, customers, value.
    customers : how many customers all the models look at; agreed : those whom all see in the same phase.
    disputed : customers whom some model sees falling or gone and another does not, largest value first.
    """

    phases: Table
    customers: int
    agreed: int
    disputed: Table


def side_by_side(evidence: Evidence) -> SideBySide:
    """Lay the models that the data allows beside each other."""
    return evidence.remember("side_by_side", lambda: _compared(evidence))


def _compared(evidence: Evidence) -> SideBySide:
    models = [model for model in MODELS if model in SHOWN and evidence.can(model)]
    found = evidence.customers.filter(~pl.col("internal")).select(
        [name for name in ("customer_id", "name", "tier", "value") if name in evidence.customers.columns]
    )
    for model in models:
        staged = evidence.report(model).rows.frame
        labels = staged.select("customer_id", pl.col("stage").alias(model), pl.col("phase").alias(f"phase:{model}"))
        found = found.join(labels, on="customer_id", how="left", maintain_order="left")
    names = [f"phase:{model}" for model in models]
    seen = found.filter(pl.all_horizontal(pl.col(name).is_not_null() for name in names)) if names else found.clear()
    bad = [pl.col(name).is_in(_BAD) for name in names]
    disputed = seen.filter(pl.any_horizontal(bad) & ~pl.all_horizontal(bad)) if names else seen
    agreed = seen.filter(pl.all_horizontal(pl.col(name) == pl.col(names[0]) for name in names)) if names else seen
    columns = [Column(model, "code", "model:stage") for model in models]
    return SideBySide(
        phases=_phases(seen, models),
        customers=len(seen),
        agreed=len(agreed),
        disputed=Table(disputed, (*CUSTOMER, TIER, Column("value", "money"), *columns)),
    )


def _phases(seen: pl.DataFrame, models: Sequence[str]) -> Table:
    """Count every phase of every model, phases in the order of the relationship."""
    counted = [
        pl.DataFrame({"phase": list(PHASES)})
        .join(
            seen.group_by(phase=f"phase:{model}").agg(
                customers=pl.len().cast(pl.Int64), value=pl.col("value").sum()
            ),
            on="phase", how="left", maintain_order="left",
        )
        .select(pl.lit(model).alias("model"), "phase", pl.col("customers", "value").fill_null(0))
        for model in models
    ]  # fmt: skip
    empty = pl.DataFrame(schema={"model": pl.String, "phase": pl.String, "customers": pl.Int64, "value": pl.Int64})
    columns = (Column("model", "code", "model:model"), Column("phase", "code", "model:phase"))
    return Table(pl.concat([empty, *counted]), (*columns, Column("customers", "count"), Column("value", "money")))
