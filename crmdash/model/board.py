"""What every evaluation tells, wherever its customers are: the board's tables and key figures."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from crmdash.issues import Issue
from crmdash.model import tables
from crmdash.model.cells import Cell
from crmdash.model.concentration import Concentration, Whale
from crmdash.model.tiers import Cuts
from crmdash.settings import Settings
from crmdash.summary.clock import Clock
from crmdash.summary.growth import Market


@dataclass(frozen=True, eq=False)
class Board:
    """Every table of the board for one setting of every slider.

    Attributes
    ----------
    cuts : tier -> cut value in ten-thousandths; None where the tier has no lower line.
    cells : how many customers share every label; what the tables are added up from.
    tiers, stages, matrix, strategies : see `crmdash.model.tables`.
    base_rhythm : days between two purchases that are usual in the base.
    """

    settings: Settings
    clock: Clock
    market: Market | None
    cuts: Cuts
    concentration: Concentration
    whale: Whale | None
    cells: Sequence[Cell]
    tiers: pl.DataFrame
    stages: pl.DataFrame
    matrix: pl.DataFrame
    strategies: pl.DataFrame
    base_rhythm: float
    cost_source: str | None
    issues: tuple[Issue, ...]

    @property
    def base(self) -> int:
        """Number of customers in the base."""
        return int(self.tiers["customers"].sum())


def counted_tables(
    cells: Sequence[Cell], cuts: Cuts, settings: Settings, total: int, *, profit_known: bool, dark: bool
) -> dict[str, Any]:
    """Return the parts of a board that are added up from cells.

    Parameters
    ----------
    total : net sum of the values, in ten-thousandths.
    dark : whether nobody's recency is known, so that there are no stages.
    """
    return {
        "cuts": cuts,
        "cells": cells,
        "tiers": tables.tier_table(cells, cuts, total, profit_known=profit_known),
        "stages": tables.stage_table(cells, settings, dark=dark),
        "matrix": tables.matrix_table(cells, settings),
        "strategies": tables.strategy_table(cells, settings),
    }


def findings(unknown: Collection[str], figures: Concentration) -> list[Issue]:
    """Return what the board leaves in the dark: measures that nobody has, values below zero beside a Gini."""
    issues = []
    if "recency" in unknown:
        issues.append(Issue("warning", "lifecycle_dark", "customers", "recency"))
    elif "orders" in unknown:
        issues.append(Issue("warning", "orders_unknown", "customers", "orders"))
    if figures.gini_left_out:
        issues.append(Issue("info", "gini_left_out", count=figures.gini_left_out))
    return issues
