"""What the clicks on tiers, cells and strategies leave of the customers."""

import polars as pl

from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.ui import state
from crmdash.ui.words import stage_words, strategy_words, tier_words


def narrowed(evaluation: Evaluation) -> pl.DataFrame:
    """Return the customers that the clicks leave, largest value first; internal customers left out."""
    filters = state.filters()
    placed = evaluation.customers.filter(~pl.col("internal"))
    standing = pl.coalesce("tier", "potential_tier")
    if filters.tier is not None:
        placed = placed.filter(standing == filters.tier if filters.stage else pl.col("tier") == filters.tier)
    if filters.stage is not None:
        placed = placed.filter(pl.col("stage") == filters.stage)
    if filters.strategy is not None:
        placed = placed.filter(pl.col("strategy") == filters.strategy)
    return placed


def held(_: Wording, rows: pl.DataFrame) -> str:
    """Say how many customers and prospects a list holds, and their value."""
    prospects, value = int(rows["prospect"].sum()), _.compact_money(int(rows["value"].sum()))
    customers = _.integer(len(rows) - prospects)
    if not prospects:
        return _("{count} customers, {value}", count=customers, value=value)
    return _(
        "{count} customers, {value}, and {prospects} prospects",
        count=customers, value=value, prospects=_.integer(prospects),
    )  # fmt: skip


def clicked_words(_: Wording) -> tuple[str, ...]:
    """Return what the list is narrowed to, in the reader's words."""
    filters = state.filters()
    chosen = ((filters.tier, tier_words), (filters.stage, stage_words), (filters.strategy, strategy_words))
    return tuple(words(code, _) for code, words in chosen if code is not None)
