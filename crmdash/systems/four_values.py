"""S17 Four values the customer sees: functional, experiential, social and convenience, each 0-10, weighing the same."""

from typing import Final

import polars as pl

from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.systems.evidence import Evidence
from crmdash.systems.held_measures import with_measures
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, System, Table, row_of

VALUES: Final = ("value_functional", "value_experiential", "value_social", "value_convenience")
_WEAKEST: Final = Column("weakest", "code", "value:seen")
_COLUMNS: Final = (
    *CUSTOMER, TIER, *(Column(name, "score") for name in VALUES), Column("customer_value", "score"), _WEAKEST,
    Column("value", "money"),
)  # fmt: skip
_MEANS: Final = (
    TIER, Column("customers", "count"), *(Column(name, "score") for name in VALUES), Column("customer_value", "score"),
)  # fmt: skip


def report(evidence: Evidence) -> Report:
    """Average what every customer sees; the least value seen first, those not asked last."""
    rows = see_values(evidence.base)
    listed = rows.sort("customer_value", nulls_last=True, maintain_order=True)
    means = {name: Figure("score", rows[name].mean()) for name in (*VALUES, "customer_value")}
    known = {name: mean.value for name in VALUES if (mean := means[name]).value is not None}
    weakest = min(known, key=lambda name: known[name]) if known else None
    figures = {"customers": Figure("count", rows["customer_value"].count()), **means}
    figures["weakest"] = Figure("term", None if weakest is None else f"value:seen.{weakest}")
    tiers = _by_tier(rows, evidence.settings.tiers.codes)
    return Report(figures, Table(listed, _COLUMNS), {"tiers": Table(tiers, _MEANS)})


def see_values(base: pl.DataFrame) -> pl.DataFrame:
    """Return who a customer is, the four values, their mean over the known ones and the weakest of them."""
    lowest = pl.min_horizontal(VALUES)
    weakest = pl.coalesce(pl.when(pl.col(name) == lowest).then(pl.lit(name)) for name in VALUES)
    asked = with_measures(base, "name", *VALUES).select("customer_id", "name", "tier", "value", *VALUES)
    return asked.with_columns(customer_value=pl.mean_horizontal(VALUES), weakest=weakest)


def _by_tier(rows: pl.DataFrame, tiers: tuple[str, ...]) -> pl.DataFrame:
    known = rows.filter(pl.col("customer_value").is_not_null())
    counted = known.group_by("tier").agg(
        pl.len().cast(pl.Int64).alias("customers"), pl.col(*VALUES, "customer_value").mean()
    )
    listed = pl.DataFrame({"tier": list(tiers)}).join(counted, on="tier", how="left", maintain_order="left")
    return listed.with_columns(pl.col("customers").fill_null(0))


def explain(found: Report, customer: Customer) -> Explanation | None:
    """Say how much a customer sees in us, and where least."""
    row = row_of(found, customer)
    if row is None or row["customer_value"] is None:
        return None
    label = Phrase("four_values.label", {"mean": Figure("score", row["customer_value"])}, "value")
    weakest = {
        "weakest": Figure("term", f"value:seen.{row['weakest']}"),
        "score": Figure("score", row[row["weakest"]]),
        "usual": Figure("score", found.figures[row["weakest"]].value),
    }
    return Explanation(label, (Phrase("four_values.weakest", weakest, "value"),))


FOUR_VALUES: Final = System("four_values", "S17", (tuple(f"customers.{name}" for name in VALUES),), report, explain)
