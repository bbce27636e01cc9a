"""Summaries and evaluations on DuckDB or Spark, from files to files: only counts and tables pass through here."""

import json
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from shutil import rmtree
from typing import Final

import narwhals as nw
import polars as pl

from crmdash.engine import Engine, Lazy, collect, collect_row, lazy
from crmdash.evaluate import absent_measures
from crmdash.export import summary_tree
from crmdash.export.customer_rows import labelled_columns
from crmdash.i18n import Wording
from crmdash.ingest.lazy_tables import NAMED, open_lazily
from crmdash.ingest.options import Mapping
from crmdash.issues import Issue
from crmdash.on_engine import EngineEvaluation, evaluate_on_engine
from crmdash.rule_settings import PeriodSettings
from crmdash.settings import Settings
from crmdash.summary import LazySummary, Summary, summarise_lazily
from crmdash.summary.stored import NOTE, check_asked, from_store, is_stored, to_store
from crmdash.summary.tables import columns_of

CUSTOMERS: Final = "customers.parquet"
SUMMARY: Final = "summary.parquet"
"""What a cluster writes on the way: the summary, as `summarise` would."""


class Refused(Exception):
    """Inputs that nothing can be worked out from; `issues` say why."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        super().__init__("the inputs cannot be used")
        self.issues = tuple(issues)


@dataclass(frozen=True)
class Inputs:
    """What to read: paths or ``table:NAME``, how to read it, and the day to look at it from."""

    names: Sequence[str]
    mappings: MappingOf[str, Mapping]
    as_of: int | None = None


@dataclass(frozen=True, eq=False)
class _Opened:
    summary: LazySummary
    rows: dict[str, int]
    issues: tuple[Issue, ...]
    stored: bool


def summarise_files(inputs: Inputs, engine: Engine, out: str, period: PeriodSettings) -> None:
    """Write one row per customer with the measures, as Parquet that evaluations open.

    Raises
    ------
    Refused
        If the inputs hold neither orders nor customers.
    EngineError
        If the engine cannot read, calculate or write.
    """
    opened = _open(inputs, engine, period)
    engine.write(to_store(opened.summary), out)


def store_summary(summary: Summary, out: str) -> None:
    """Write a summary that lies in memory as `summarise_files` does."""
    kept = LazySummary(
        lazy(summary.customers), summary.clock, summary.period, summary.market, (), 0, summary.cost_source
    )
    collect(to_store(kept)).write_parquet(out)


def evaluate_files(inputs: Inputs, engine: Engine, folder: Path, settings: Settings, wording: Wording) -> None:
    """Write summary.json and customers.parquet into `folder`, with DuckDB also customers.csv, with Spark `SUMMARY`.

    Raises
    ------
    Refused
        If the inputs hold neither orders nor customers, or not the measure that the settings ask for.
    EngineError
        If the engine cannot read, calculate or write.
    """
    opened = _open(inputs, engine, settings.period)
    if missing := absent_measures(opened.summary.customers.collect_schema().names(), settings):
        raise Refused([*opened.issues, *(Issue("error", "measure_missing", column=name) for name in missing)])
    customers = engine.keep(opened.summary.customers if opened.stored else _written_first(opened, engine, folder))
    evaluation = evaluate_on_engine(replace(opened.summary, customers=customers), settings, engine.keep)
    folder.mkdir(parents=True, exist_ok=True)
    tree = summary_tree(evaluation, opened.rows, (*opened.issues, *evaluation.issues), wording)
    text = json.dumps(tree, ensure_ascii=False, indent=2, allow_nan=False)
    (folder / "summary.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    _write_customers(evaluation, opened.summary, engine, folder)


def _open(inputs: Inputs, engine: Engine, period: PeriodSettings) -> _Opened:
    stored = _stored(inputs, engine)
    if stored is not None:
        check_asked(stored, period, inputs.as_of)
        count = collect_row(stored.customers.select(rows=nw.len()))["rows"]
        return _Opened(stored, {"rows": count, "rows_used": count, "rows_set_aside": 0}, (), stored=True)
    dataset = open_lazily(inputs.names, inputs.mappings, engine)
    if not dataset.usable:
        raise Refused(dataset.issues or [Issue("error", "nothing_usable", count=len(inputs.names))])
    summary = summarise_lazily(dataset.tables, period, inputs.as_of, engine.keep)
    rows = {
        "rows": dataset.rows,
        "rows_used": dataset.rows_used - summary.rows_after,
        "rows_set_aside": dataset.rows_set_aside + summary.rows_after,
    }
    return _Opened(summary, rows, dataset.issues, stored=False)


def _written_first(opened: _Opened, engine: Engine, folder: Path) -> Lazy:
    """Return the customers of a summary, on a cluster read back from files.

    Each question to Spark is planned with all that led to its rows, and a worker that is lost takes what it held with
    it: rows that were written start anew.
    """
    if engine.one_file:
        return opened.summary.customers
    path = str((folder / SUMMARY).absolute())
    engine.write(to_store(opened.summary), path)
    return engine.parquet(path).drop(NOTE)


def _stored(inputs: Inputs, engine: Engine) -> LazySummary | None:
    """Open a stored summary, which comes alone."""
    name = inputs.names[0]
    if len(inputs.names) > 1 or name.startswith(NAMED) or PurePath(name).suffix.lower() not in (".parquet", ""):
        return None
    frame = engine.parquet(name)
    return from_store(frame) if is_stored(frame) else None


def _write_customers(evaluation: EngineEvaluation, summary: LazySummary, engine: Engine, folder: Path) -> None:
    """Write measures and labels with the note of the summary, by which whoever opens them knows what unit money has."""
    target = folder / CUSTOMERS
    if target.is_dir():
        rmtree(target)
    measures = columns_of(summary.customers)
    labels = [name for name in evaluation.customers.collect_schema().names() if name not in measures]
    noted = to_store(replace(summary, customers=_in_order(evaluation, engine)), labels)
    engine.write(noted, str(target.absolute()))
    if engine.one_file:
        known = list(pl.read_parquet_schema(target))
        rows = pl.scan_parquet(target).select(labelled_columns(known))
        rows.sink_csv(folder / "customers.csv", float_scientific=False)


def _in_order(evaluation: EngineEvaluation, engine: Engine) -> Lazy:
    """Put the largest value first where one machine writes; on a cluster that would be a sort of everything."""
    if not engine.one_file:
        return evaluation.customers
    measure = evaluation.settings.tiers.measure
    return evaluation.customers.sort(measure, "customer_id", descending=[True, False], nulls_last=True)
