"""An evaluation whose customers stay on an engine: the same tables, from few questions to DuckDB or Spark.

Every question is an aggregate: bins and the values inside few of them (cuts, shares, quantiles), then one count of the
customers by all their labels. The rules are those of `crmdash.evaluate`, row by row.
"""

from collections.abc import Callable
from dataclasses import dataclass

import narwhals as nw

from crmdash.cuts import BinnedDistribution, resolve_cuts
from crmdash.engine import Lazy, collect, collect_row
from crmdash.errors import SettingsError
from crmdash.evaluate import absent_measures
from crmdash.model import classification, rhythm
from crmdash.model.board import Board, counted_tables, findings
from crmdash.model.cells import Cell, cells_of, count
from crmdash.model.classification import TIER_FACTS, FactsOfTiers
from crmdash.model.concentration import concentration, whale
from crmdash.model.flags import add_tier_flags, margin, referred_value, tier_facts
from crmdash.model.lifecycle import count_referrals
from crmdash.model.tiers import Cuts, in_money
from crmdash.settings import Settings
from crmdash.summary import Clock, LazySummary
from crmdash.summary.tables import columns_of, number_of

LABELS = (
    "rhythm", "silence", "next_order_due", "recovered", "tier", "potential_tier", "stage", "phase", "risk_score",
    "risk_level", "strategy", "reason_code",
)  # fmt: skip
"""What is written beside a customer's measures."""

_ASKED = ("recency", "orders")
"""Measures without which lifecycles are dark or doubtful."""


@dataclass(frozen=True, eq=False)
class EngineEvaluation(Board):
    """Every table of the board, and the labelled customers.

    Attributes
    ----------
    customers : lazily on the engine, in no order: the measures of the summary, and `LABELS`.
    """

    customers: Lazy


def evaluate_on_engine(summary: LazySummary, settings: Settings, keep: Callable[[Lazy], Lazy]) -> EngineEvaluation:
    """Classify every customer on the engine that holds them, and fill every table.

    Parameters
    ----------
    summary : its customers are read about ten times: the engine should hold them, computed.
    keep : computes a frame once and holds it where its engine does (`crmdash.engine.Engine.keep`).

    Raises
    ------
    SettingsError
        If the chosen measure, or customer profit for lead, is not in the data.
    """
    known = columns_of(summary.customers)
    if missing := absent_measures(known, settings):
        raise SettingsError(
            f"tiers: the data holds no {', '.join(missing)}; map a column for it or choose another measure"
        )
    unknown = _unknown(summary.customers)
    customers = summary.customers.drop("recency") if "recency" in unknown & known else summary.customers
    values = _distribution(customers, settings.tiers.measure)
    values.prepare(lambda ranked: (resolve_cuts(ranked, settings), concentration(ranked)))
    cuts, figures = resolve_cuts(values, settings), concentration(values)
    profits = _distribution(customers, "customer_profit") if "customer_profit" in known else None
    base_rhythm = rhythm.base_rhythm(customers, settings.period.window)
    described = _with_referred(customers, settings, keep)
    labelled = _labelled(described, cuts, base_rhythm, settings, summary.clock)
    counted = _cells(labelled, settings)
    return EngineEvaluation(
        settings=settings,
        clock=summary.clock,
        market=summary.market,
        concentration=figures,
        whale=None if profits is None else whale(profits),
        base_rhythm=base_rhythm,
        cost_source=summary.cost_source,
        issues=(*summary.issues, *findings(unknown, figures)),
        customers=_written(labelled, summary, settings),
        **counted_tables(
            counted, cuts, settings, values.total, profit_known=profits is not None, dark="recency" in unknown
        ),
    )


def _unknown(customers: Lazy) -> frozenset[str]:
    """Return which of the asked measures nobody of the base that may have bought has (`lifecycle.is_unknown`)."""
    known = columns_of(customers)
    buys = nw.col("in_base") & (nw.col("orders").is_null() | (nw.col("orders") > 0))
    asked = {name: number_of(~nw.col(name).is_null()) for name in _ASKED if name in known}
    counts = collect_row(customers.filter(buys).select(buyers=nw.len(), **asked))
    return frozenset(name for name in _ASKED if name not in known or (counts["buyers"] and not counts[name]))


def _distribution(customers: Lazy, measure: str) -> BinnedDistribution:
    return BinnedDistribution(customers.filter(nw.col("in_base")).select(value=nw.col(measure)))


def _with_referred(customers: Lazy, settings: Settings, keep: Callable[[Lazy], Lazy]) -> Lazy:
    """Add what and whom each customer referred, where the data says it: all that rules need of other rows."""
    referred = referred_value(customers, settings.tiers.measure)
    if referred is None:
        return customers
    # Kept, because DuckDB takes minutes to plan rules on top of a join.
    beside = customers.join(referred, on="customer_id", how="left")
    if settings.lifecycle.model == "journey" and (counted := count_referrals(customers)) is not None:
        told = beside.join(counted, on="customer_id", how="left")
        beside = told.with_columns(referrals=nw.col("referrals").fill_null(0))
    return keep(beside)


def _labelled(customers: Lazy, cuts: Cuts, base_rhythm: float, settings: Settings, clock: Clock) -> Lazy:
    """Give every customer every label but the strategy, which depends on nothing else."""
    tiered = classification.add_tier(customers, cuts, settings)
    facts = _facts(tiered, settings)
    own = classification.add_own_labels(tiered, base_rhythm, settings, clock)
    return classification.add_tier_facts(own, facts)


def _facts(tiered: Lazy, settings: Settings) -> FactsOfTiers:
    """Return what is usual in every tier; asked before stages and flags, which nothing of it depends on."""
    base, known = tiered.filter(nw.col("in_base")), columns_of(tiered)
    if "customer_profit" in known:
        base = base.with_columns(margin=margin(known))
    usual = tier_facts(base, settings.tiers.measure)
    found = {row["tier"]: row for row in usual.iter_rows(named=True)}
    return {
        name: {tier: row[name] for tier, row in found.items() if row[name] is not None}
        for name in TIER_FACTS
        if name in usual.columns
    }


def _cells(labelled: Lazy, settings: Settings) -> list[Cell]:
    """Count the base and the prospects by every label that they share."""
    flagged = add_tier_flags(labelled, settings.flags, in_money=in_money(settings))
    return cells_of(collect(count(flagged, settings.tiers.measure)))


def _written(labelled: Lazy, summary: LazySummary, settings: Settings) -> Lazy:
    decided = classification.add_strategy(labelled, settings)
    measures, known = summary.customers.collect_schema().names(), columns_of(decided)
    kept = dict.fromkeys([*measures, *(label for label in LABELS if label in known)])
    return decided.select(*(name for name in kept if name in known))
