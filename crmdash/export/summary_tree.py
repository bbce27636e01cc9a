"""summary.json: an evaluation's figures as a tree, and both files of the command line written into a folder."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from crmdash.columns import MONEY_SCALE
from crmdash.i18n import Wording
from crmdash.issues import Issue
from crmdash.model.board import Board
from crmdash.summary import to_date


def summary_tree(
    evaluation: Board,
    rows: Mapping[str, int],
    issues: Iterable[Issue],
    wording: Wording,
    systems: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return `summary.json` as a tree: money in currency units, shares as fractions, codes in English.

    Parameters
    ----------
    rows : rows, rows_used and rows_set_aside of everything that was read.
    systems : what further systems found (`crmdash.export.reports.systems_tree`).
    """
    figures, whale = evaluation.concentration, evaluation.whale
    as_of = evaluation.clock.as_of
    return {
        **rows,
        "customers": evaluation.base,
        "as_of": None if as_of is None else to_date(as_of).isoformat(),
        "concentration": {
            "measure": evaluation.settings.tiers.measure,
            "total": _units(figures.total),
            "top20_share": figures.top20_share,
            "customers_for_80": figures.customers_for_80,
            "gini": figures.gini,
        },
        "whale": whale
        and {
            "total": _units(whale.total),
            "peak_share": whale.peak_share,
            "peak_at": whale.peak_at,
            "loss_makers": whale.loss_makers,
            "profit_destroyed": _units(whale.profit_destroyed),
        },
        "tiers": _records(evaluation.tiers, "tier", "customers", "value", "value_share", "cut"),
        "stages": _records(evaluation.stages, "stage", "customers", "value"),
        "matrix": _records(evaluation.matrix, "tier", "stage", "customers", "value", "strategy"),
        "strategies": _records(evaluation.strategies, "strategy", "customers", "value"),
        "systems": dict(systems or {}),
        "issues": [issue_tree(issue, wording) for issue in issues],
    }


def issue_tree(issue: Issue, wording: Wording) -> dict[str, Any]:
    """Return an issue with its message in the reader's language."""
    return {
        "severity": issue.severity,
        "code": issue.code,
        "table": issue.table,
        "column": issue.column,
        "row": issue.row,
        "count": issue.count,
        "example": issue.example,
        "message": wording.issue(issue),
    }


def _units(money: int | None) -> float | None:
    return None if money is None else money / MONEY_SCALE


def _records(table: pl.DataFrame, *columns: str) -> list[dict[str, Any]]:
    rows = table.select(columns).to_dicts()
    return [{key: _units(value) if key in ("value", "cut") else value for key, value in row.items()} for row in rows]


def write_evaluation(folder: Path, customers: pl.DataFrame, summary: Mapping[str, Any]) -> None:
    """Write customers.csv (UTF-8, LF, plain decimals, missing empty) and summary.json into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    customers.write_csv(folder / "customers.csv", float_scientific=False)
    text = json.dumps(summary, ensure_ascii=False, indent=2, allow_nan=False)
    (folder / "summary.json").write_text(text + "\n", encoding="utf-8", newline="\n")
