"""The tables of the board, counted from classified customers.

Money in whole ten-thousandths. Tiers count the base; stages, matrix and strategies also show prospects, by the tier
that their potential would reach and with no value.
"""

from dataclasses import dataclass

import polars as pl

from crmdash.model.lifecycle import is_unknown, phase_of, stages_of
from crmdash.model.strategies import CLOSED, STRATEGIES, decide, shown_strategy
from crmdash.settings import Settings

SHOWN_STRATEGIES = (*STRATEGIES, CLOSED)
_END = STRATEGIES.index("end") + 1
_TIE_ORDER = (*STRATEGIES[:_END], CLOSED, *STRATEGIES[_END:])
"""Among equals the earlier strategy is shown; `closed` is the `end` of those already gone."""


def tier_table(customers: pl.DataFrame, cuts: dict[str, int | None], total: int) -> pl.DataFrame:
    """Count each tier: tier, customers, value, value_share (of the net total; null where that is <= 0), cut, profit."""
    sums = [pl.len().cast(pl.Int64).alias("customers"), pl.col("value").sum()]
    sums.append(_profit_sum(customers))
    counted = customers.filter("in_base").group_by("tier").agg(sums)
    frame = pl.DataFrame({"tier": list(cuts), "cut": pl.Series(list(cuts.values()), dtype=pl.Int64)})
    joined = frame.join(counted, on="tier", how="left", maintain_order="left")
    filled = joined.with_columns(pl.col("customers", "value").fill_null(0))
    # Divided one by one: a column divided by a number is rounded by the row's place in the table.
    shares = [value / total if total > 0 else None for value in filled["value"]]
    return filled.with_columns(value_share=pl.Series(shares, dtype=pl.Float64)).select(
        "tier", "customers", "value", "value_share", "cut", "profit"
    )


def stage_table(customers: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Count each stage of the chosen model: stage, customers, value. Empty where the lifecycle is dark."""
    if is_unknown(customers, "recency"):
        return pl.DataFrame(schema={"stage": pl.String, "customers": pl.Int64, "value": pl.Int64})
    counted = customers.group_by("stage").agg(pl.len().cast(pl.Int64).alias("customers"), pl.col("value").sum())
    frame = pl.DataFrame({"stage": stages_of(settings)})
    joined = frame.join(counted, on="stage", how="left", maintain_order="left")
    return joined.with_columns(pl.col("customers", "value").fill_null(0))


@dataclass(frozen=True)
class Standing:
    """How many customers stand somewhere, and what they are worth (ten-thousandths)."""

    customers: int
    value: int


def in_phase(customers: pl.DataFrame, phase: str) -> Standing | None:
    """Count the customers in a phase, internal ones left out; None where the lifecycle is dark."""
    if is_unknown(customers, "recency"):
        return None
    there = customers.filter((pl.col("phase") == phase) & pl.col("stage").is_not_null())
    return Standing(len(there), int(there["value"].sum()))


def matrix_table(customers: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Count each tier x stage cell: tier, stage, customers, value, strategy, strategy_share.

    `strategy` is the commonest of the cell's customers (ties by the order of the strategies), with its share; an empty
    cell shows what the decision table says without flags, with no share. A stage whose phase differs by customer counts
    there with the phase of the last line of its rule.
    """
    placed = customers.with_columns(tier=pl.coalesce("tier", "potential_tier")).filter(
        pl.col("tier").is_not_null() & pl.col("stage").is_not_null()
    )
    order = pl.col("strategy").replace_strict({code: place for place, code in enumerate(_TIE_ORDER)})
    by_strategy = placed.group_by("tier", "stage", "strategy").agg(
        pl.len().cast(pl.Int64).alias("customers"), pl.col("value").sum()
    )
    ranked = by_strategy.sort("customers", order, descending=[True, False])
    cells = ranked.group_by("tier", "stage", maintain_order=True).agg(
        pl.col("customers", "value").sum(),
        pl.col("strategy").first(),
        strategy_share=pl.col("customers").first() / pl.col("customers").sum(),
    )
    every_cell = _cells_without_flags(settings).join(cells, on=["tier", "stage"], how="left", maintain_order="left")
    return every_cell.with_columns(
        pl.col("customers", "value").fill_null(0), strategy=pl.coalesce("strategy", "by_table")
    ).drop("by_table")


def _cells_without_flags(settings: Settings) -> pl.DataFrame:
    cells = [
        {"tier": tier, "stage": stage, "by_table": shown_strategy(decide(name, phase))}
        for tier, name in settings.tiers.classes.items()
        for stage, phase in phase_of(settings).items()
    ]
    return pl.DataFrame(cells)


def strategy_table(customers: pl.DataFrame) -> pl.DataFrame:
    """Count each strategy: strategy, customers, value, reason_code (the commonest) and reason_share."""
    decided = customers.filter(pl.col("strategy").is_not_null())
    by_reason = decided.group_by("strategy", "reason_code").agg(
        pl.len().cast(pl.Int64).alias("customers"), pl.col("value").sum()
    )
    ranked = by_reason.sort("customers", "reason_code", descending=[True, False])
    counted = ranked.group_by("strategy", maintain_order=True).agg(
        pl.col("customers", "value").sum(),
        pl.col("reason_code").first(),
        reason_share=pl.col("customers").first() / pl.col("customers").sum(),
    )
    frame = pl.DataFrame({"strategy": list(SHOWN_STRATEGIES)})
    joined = frame.join(counted, on="strategy", how="left", maintain_order="left")
    return joined.with_columns(pl.col("customers", "value").fill_null(0))


def _profit_sum(customers: pl.DataFrame) -> pl.Expr:
    known = "customer_profit" in customers.columns
    return (pl.col("customer_profit").sum() if known else pl.lit(None, pl.Int64)).alias("profit")
