"""Settings and customers to every table, on one screen."""

from dataclasses import dataclass

import narwhals as nw
import polars as pl

from crmdash.cuts import Distribution, resolve_cuts
from crmdash.engine import Lazy, collect, lazy
from crmdash.errors import SettingsError
from crmdash.issues import Issue
from crmdash.model import lifecycle, rhythm, strategies, tables, warning
from crmdash.model.concentration import Concentration, Whale, concentration, whale
from crmdash.model.flags import add_flags, referred_value, tier_facts
from crmdash.model.reasons import Rulebook
from crmdash.model.tiers import Cuts, cut_above, in_money, potential_tier, tier, tier_class
from crmdash.rule_settings import PeriodSettings
from crmdash.scope import Scope, within
from crmdash.settings import Settings
from crmdash.summary import Clock, Summary
from crmdash.summary.growth import Market
from crmdash.summary.tables import columns_of


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Every table of the board for one setting of every slider.

    Attributes
    ----------
    scope : which customers are looked at; every table, figure and distribution below is of them.
    customers : one row per customer, largest value first, with measures, tier, stage, phase, flags, strategy and
        reason_code; prospects have no tier but a `potential_tier`, internal customers have neither.
    cuts : tier -> cut value in ten-thousandths; None where the tier has no lower line.
    tiers, stages, matrix, strategies : see `crmdash.model.tables`.
    base_rhythm : days between two purchases that are usual in the base.
    """

    settings: Settings
    scope: Scope
    clock: Clock
    market: Market | None
    customers: pl.DataFrame
    cuts: Cuts
    values: Distribution
    profits: Distribution | None
    concentration: Concentration
    whale: Whale | None
    tiers: pl.DataFrame
    stages: pl.DataFrame
    matrix: pl.DataFrame
    strategies: pl.DataFrame
    base_rhythm: float
    cost_source: str | None
    issues: tuple[Issue, ...]

    @property
    def rulebook(self) -> Rulebook:
        """What labels were given by, for explaining them."""
        return Rulebook(self.settings, self.cuts, self.clock, self.market)

    @property
    def base(self) -> int:
        """Number of customers in the base."""
        return int(self.tiers["customers"].sum())


def evaluate(summary: Summary, settings: Settings = Settings(), scope: Scope = Scope()) -> Evaluation:
    """Classify every customer, and fill every table with those looked at.

    Tier lines, rhythms and what is usual in a tier come from all customers, so that the parts of a base add up; with
    `scope.redraw` the tier lines come from the customers looked at.

    Raises
    ------
    SettingsError
        If the chosen measure, or customer profit for lead, is not in the data, or if the summary was made for another
        window or value period.
    """
    if not _fits(summary.period, settings.period):
        raise SettingsError("period: the summary was made for another window or value period; summarise again")
    if missing := missing_measures(summary, settings):
        raise SettingsError(
            f"tiers: the data holds no {', '.join(missing)}; map a column for it or choose another measure"
        )
    everybody, looked_at = summary.customers, within(summary.customers, scope)
    values = distribute(looked_at, settings.tiers.measure)
    profits = distribute(looked_at, "customer_profit") if "customer_profit" in looked_at.columns else None
    whole = values if scope.redraw or not scope.active else distribute(everybody, settings.tiers.measure)
    cuts = resolve_cuts(whole, settings)
    base_rhythm = rhythm.base_rhythm(lazy(everybody), settings.period.window)
    customers = within(classify(everybody, cuts, base_rhythm, settings, summary.clock), scope)
    figures = concentration(values)
    return Evaluation(
        settings=settings,
        scope=scope,
        clock=summary.clock,
        market=summary.market,
        customers=customers,
        cuts=cuts,
        values=values,
        profits=profits,
        concentration=figures,
        whale=None if profits is None else whale(profits),
        tiers=tables.tier_table(customers, cuts, values.total),
        stages=tables.stage_table(customers, settings),
        matrix=tables.matrix_table(customers, settings),
        strategies=tables.strategy_table(customers),
        base_rhythm=base_rhythm,
        cost_source=summary.cost_source,
        issues=(*summary.issues, *_findings(everybody, figures)),
    )


def _fits(made_for: PeriodSettings, wanted: PeriodSettings) -> bool:
    """Say whether a summary made for one period serves another: rhythms are told when evaluating."""
    return all(getattr(made_for, name) == getattr(wanted, name) for name in ("window", "value_months", "hourly_cost"))


def distribute(customers: pl.DataFrame, measure: str) -> Distribution:
    """Sort the base's values of one measure."""
    values = customers.filter("in_base")[measure]
    known = values.drop_nulls()
    return Distribution.of(known.to_numpy(), missing=len(values) - len(known))


def classify(customers: pl.DataFrame, cuts: Cuts, base_rhythm: float, settings: Settings, clock: Clock) -> pl.DataFrame:
    """Give every customer rhythm, tier, stage, flags and strategy; largest value first, then by id."""
    value = settings.tiers.measure
    if _silent(customers):
        customers = customers.drop("recency")
    tiered = lazy(collect(_stage(_tier(lazy(customers), cuts, settings), base_rhythm, settings, clock)))
    described = tiered.join(tier_facts(tiered, value), on="tier", how="left")
    if (referred := referred_value(tiered, value)) is not None:
        described = described.join(referred, on="customer_id", how="left")
    flagged = add_flags(described, settings.flags, clock, in_money=in_money(settings))
    strategy, reason = strategies.decided_rows()
    decided = flagged.with_columns(strategy=strategy, reason_code=reason).with_columns(
        **{name: nw.when(~nw.col("internal")).then(nw.col(name)) for name in ("strategy", "reason_code", "stage")}
    )
    ordered = collect(decided).with_columns(value=pl.col(value))
    return ordered.sort(["value", "customer_id"], descending=[True, False], nulls_last=True)


def label(summary: Summary, settings: Settings, scope: Scope = Scope()) -> pl.DataFrame:
    """Give every customer rhythm, tier, stage, phase and risk, without flags and strategy; in the summary's order.

    What a look at another day needs: the lines are those that the settings draw on the summary's own customers, with
    `scope.redraw` on those of them that are looked at.
    """
    customers = summary.customers
    drawn_from = within(customers, scope) if scope.redraw else customers
    cuts = resolve_cuts(distribute(drawn_from, settings.tiers.measure), settings)
    base_rhythm = rhythm.base_rhythm(lazy(customers), settings.period.window)
    known = customers.drop("recency") if _silent(customers) else customers
    return collect(_stage(_tier(lazy(known), cuts, settings), base_rhythm, settings, summary.clock))


def _silent(customers: pl.DataFrame) -> bool:
    """Say whether recency has a column and yet is known of nobody."""
    return "recency" in customers.columns and lifecycle.is_unknown(customers, "recency")


def _tier(customers: Lazy, cuts: Cuts, settings: Settings) -> Lazy:
    known = columns_of(customers)
    profit = nw.col("customer_profit") if "customer_profit" in known else nw.lit(None, nw.Int64)
    reached = tier(nw.col(settings.tiers.measure), profit, cuts, settings)
    potential = nw.when(nw.col("prospect")).then(potential_tier(cuts, settings, known))
    placed = customers.with_columns(tier=nw.when(nw.col("in_base")).then(reached), potential_tier=potential)
    standing = nw.coalesce(nw.col("tier"), nw.col("potential_tier"))
    return placed.with_columns(
        tier_class=tier_class(standing, settings),
        cut_above=cut_above(standing, cuts, settings),
    )


def _stage(customers: Lazy, base_rhythm: float, settings: Settings, clock: Clock) -> Lazy:
    timed = customers.with_columns(rhythm=rhythm.rhythm(base_rhythm, settings.period))
    if "recency" in columns_of(customers):
        timed = timed.with_columns(silence=rhythm.silence(), next_order_due=rhythm.next_order_due())
    known = columns_of(timed)
    if {"silence", "last_gap"} <= known:
        timed = timed.with_columns(recovered=rhythm.recovered(settings.lifecycle.cooling_silence, clock))
    return warning.add_risk(lifecycle.add_stage(timed, settings, clock), settings.warning, clock)


def missing_measures(summary: Summary, settings: Settings) -> tuple[str, ...]:
    """Return the measures that the settings need and the data does not hold."""
    needed = [settings.tiers.measure, *(["customer_profit"] if settings.tiers.lead_if_loss else [])]
    return tuple(measure for measure in needed if measure not in summary.customers.columns)


def _findings(customers: pl.DataFrame, figures: Concentration) -> list[Issue]:
    issues = []
    if lifecycle.is_unknown(customers, "recency"):
        issues.append(Issue("warning", "lifecycle_dark", "customers", "recency"))
    elif lifecycle.is_unknown(customers, "orders"):
        issues.append(Issue("warning", "orders_unknown", "customers", "orders"))
    if figures.gini_left_out:
        issues.append(Issue("info", "gini_left_out", count=figures.gini_left_out))
    return issues
