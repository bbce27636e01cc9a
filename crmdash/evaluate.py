"""Settings and customers to every table, on one screen."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from crmdash.cuts import Distribution
from crmdash.engine import collect, label_type, lazy
from crmdash.errors import SettingsError
from crmdash.groundwork import Groundwork, distribute
from crmdash.labelling import Rows, briefly, labelled, labelled_rows
from crmdash.model import classification, tables
from crmdash.model.board import Board, counted_tables, findings
from crmdash.model.reasons import Rulebook
from crmdash.model.steps import StepTable
from crmdash.model.tables import Standing
from crmdash.scope import Scope, within
from crmdash.settings import Settings
from crmdash.stepping import step_table
from crmdash.summary import Summary

__all__ = ["Evaluation", "distribute", "evaluate", "label", "missing_measures"]


@dataclass(frozen=True, eq=False)
class Evaluation(Board):
    """Every table of the board, with the customers behind it at hand.

    Attributes
    ----------
    scope : which customers are looked at; every table, figure and distribution is of them.
    """

    scope: Scope
    values: Distribution
    profits: Distribution | None
    groundwork: Groundwork

    @cached_property
    def customers(self) -> pl.DataFrame:
        """One row per customer, largest value first, with measures, tier, stage, phase, flags, strategy, reason_code.

        Prospects have no tier but a `potential_tier`, internal customers have neither. Labelled when first asked for.
        """
        return within(labelled(self.groundwork, self.cuts), self.scope)

    @cached_property
    def steps(self) -> StepTable:
        """Every step that a tier line can take, with what stands at or above it, of the customers looked at."""
        return step_table(self.groundwork)

    def rows(self, places: Rows) -> pl.DataFrame:
        """Return the same for the customers at some places of the summary, in their order: quick for a few."""
        return labelled_rows(self.groundwork, self.cuts, places)

    def labels(self, places: Rows) -> pl.DataFrame:
        """Return only tier, potential_tier, tier_class, stage, phase, strategy and reason_code: quick for many."""
        return briefly(self.groundwork, self.cuts, places)

    def row(self, customer_id: str) -> pl.DataFrame:
        """Return the row of one customer looked at; empty where there is none."""
        found = (self.groundwork.summary.customers["customer_id"] == customer_id).arg_true().to_numpy()
        return within(self.rows(found.astype(np.intp)), self.scope)

    @property
    def rulebook(self) -> Rulebook:
        """What labels were given by, for explaining them."""
        return Rulebook(self.settings, self.cuts, self.clock, self.market)

    def in_phase(self, phase: str) -> Standing | None:
        """Count the customers looked at in a phase; None where the lifecycle is dark."""
        return tables.in_phase(self.cells, phase) if len(self.stages) else None


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
    if not settings.period.same_sums(summary.period):
        raise SettingsError("period: the summary was made for another window or value period; summarise again")
    if missing := missing_measures(summary, settings):
        raise SettingsError(
            f"tiers: the data holds no {', '.join(missing)}; map a column for it or choose another measure"
        )
    ground = Groundwork(summary, settings, scope)
    cuts = ground.begin()
    values = ground.values(settings.tiers.measure)
    profits = ground.values("customer_profit") if "customer_profit" in summary.customers.columns else None
    figures = ground.concentration
    unknown = [name for name in ("recency", "orders") if ground.is_unknown(name)]
    return Evaluation(
        settings=settings,
        scope=scope,
        clock=summary.clock,
        market=summary.market,
        values=values,
        profits=profits,
        concentration=figures,
        whale=None if profits is None else ground.whale,
        base_rhythm=ground.base_rhythm,
        cost_source=summary.cost_source,
        issues=(*summary.issues, *findings(unknown, figures)),
        groundwork=ground,
        **counted_tables(
            ground.cells(cuts), cuts, settings, values.total, profit_known=profits is not None, dark=ground.is_dark
        ),
    )


def label(summary: Summary, settings: Settings, scope: Scope = Scope()) -> pl.DataFrame:
    """Give every customer rhythm, tier, stage, phase and risk, without flags and strategy; in the summary's order.

    What a look at another day needs: the lines are those that the settings draw on the summary's own customers, with
    `scope.redraw` on those of them that are looked at.
    """
    ground = Groundwork(summary, settings, scope)
    cuts = ground.cuts
    customers = lazy(ground.known)
    tiered = classification.add_tier(customers, cuts, settings, label_type(customers))
    staged = classification.add_stage(tiered, ground.base_rhythm, settings, summary.clock, label_type(customers))
    return classification.as_names(collect(staged))


def missing_measures(summary: Summary, settings: Settings) -> tuple[str, ...]:
    """Return the measures that the settings need and the data does not hold."""
    return absent_measures(summary.customers.columns, settings)


def absent_measures(known: Collection[str], settings: Settings) -> tuple[str, ...]:
    """Return the measures that the settings need and customers with the columns `known` do not have."""
    needed = [settings.tiers.measure, *(["customer_profit"] if settings.tiers.lead_if_loss else [])]
    return tuple(measure for measure in needed if measure not in known)
