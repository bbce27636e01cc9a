"""``evaluate`` and ``summarise``, on this machine or on an engine."""

import argparse
from collections.abc import Callable
from functools import cache
from pathlib import Path, PurePath
from typing import Any, Final

from crmdash.cli.exits import USABLE, refuse
from crmdash.cli.inputs import WrongUse, open_inputs, read_mappings, read_settings, with_options
from crmdash.engine import Engine, open_engine
from crmdash.engine_runs import Inputs, Refused, evaluate_files, store_summary, summarise_files
from crmdash.evaluate import evaluate, missing_measures
from crmdash.export import (
    customer_rows,
    reports_of,
    summary_tree,
    systems_tree,
    write_evaluation,
    write_reports,
)
from crmdash.i18n import Wording
from crmdash.ingest.clean_checks import CleanLines, open_clean
from crmdash.ingest.dataset import Dataset
from crmdash.ingest.options import Mapping
from crmdash.issues import Issue
from crmdash.settings import Settings
from crmdash.summary import Summary, summarise, to_day
from crmdash.systems.registry import gather
from crmdash.systems.tier_measures import with_tier_measure

_ENGINE_OPTIONS: Final = {"memory_limit": "duckdb", "spark_master": "spark"}
"""Options that one engine alone understands."""


def evaluate_inputs(options: argparse.Namespace) -> int:
    """Write customers.csv, summary.json and a CSV for every system."""
    settings = _settings(options)
    if options.engine != "polars":
        return _on_engine(options, settings, _evaluate_there)
    dataset, wording = open_inputs(options), Wording(options.language)
    if not dataset.usable:
        return refuse(dataset.issues, wording)
    as_of = _as_of(options)
    fits: dict[str, Any] = {}
    summary = with_tier_measure(dataset.summarised(settings.period, as_of), settings, fits)
    if missing := missing_measures(summary, settings):
        absent = (Issue("error", "measure_missing", column=measure) for measure in missing)
        return refuse((*dataset.issues, *absent), wording)
    evaluation = evaluate(summary, settings)
    evidence = gather(dataset.tables, summary, evaluation, _summaries(dataset, settings, fits), fits)
    reports = reports_of(evidence)
    rows = {
        "rows": dataset.rows,
        "rows_used": dataset.rows_used - summary.rows_after,
        "rows_set_aside": dataset.rows_set_aside + summary.rows_after,
    }
    issues = (*dataset.issues, *evaluation.issues)
    tree = summary_tree(evaluation, rows, issues, wording, systems_tree(evidence, reports, wording))
    write_evaluation(options.out, customer_rows(evaluation, wording), tree)
    write_reports(options.out, reports)
    return USABLE


def summarise_inputs(options: argparse.Namespace) -> int:
    """Write one row per customer with its measures."""
    settings = _settings(options)
    if options.engine != "polars":
        return _on_engine(options, settings, _summarise_there)
    if (clean := _open_clean(options)) is not None:
        store_summary(summarise(clean.tables, settings.period, _as_of(options)), options.out)
        return USABLE
    dataset = open_inputs(options)
    if not dataset.usable:
        return refuse(dataset.issues, Wording(options.language))
    store_summary(dataset.summarised(settings.period, _as_of(options)), options.out)
    return USABLE


def _settings(options: argparse.Namespace) -> Settings:
    """Read the settings, after a look at whether the options go together.

    Raises
    ------
    WrongUse
        If an option is meant for another engine: without a word, a limit that does not hold would seem to hold.
    """
    for name, engine in _ENGINE_OPTIONS.items():
        if getattr(options, name) is not None and options.engine != engine:
            raise WrongUse(f"--{name.replace('_', '-')}: only {engine} takes it; add --engine {engine} or leave it out")
    return Settings() if options.settings is None else read_settings(options.settings)


def _open_clean(options: argparse.Namespace) -> CleanLines | None:
    """Open one file of clean order lines without holding it in memory; None where the thorough way is asked for."""
    if len(options.inputs) != 1 or options.set_aside is not None or options.orphans is not None:
        return None
    path = Path(options.inputs[0])
    if path.is_dir():
        return None
    mappings = with_options(read_mappings(options.mapping, [path.name]), [path.name], options.option)
    return open_clean(path, mappings.get(path.name, Mapping()))


def _as_of(options: argparse.Namespace) -> int | None:
    return None if options.as_of is None else to_day(options.as_of)


def _on_engine(
    options: argparse.Namespace, settings: Settings, run: Callable[[argparse.Namespace, Inputs, Engine, Settings], None]
) -> int:
    """Carry a command out on DuckDB or Spark.

    Raises
    ------
    WrongUse
        If rows set aside are asked for, which stay on the engine.
    """
    for name in ("set_aside", "orphans"):
        if getattr(options, name) is not None:
            raise WrongUse(f"--{name.replace('_', '-')}: rows stay on the engine; leave --engine out for it")
    names = [PurePath(name).name for name in options.inputs]
    inputs = Inputs(
        options.inputs, with_options(read_mappings(options.mapping, names), names, options.option), _as_of(options)
    )
    try:
        with open_engine(options.engine, memory_limit=options.memory_limit, master=options.spark_master) as engine:
            run(options, inputs, engine, settings)
    except Refused as refused:
        return refuse(refused.issues, Wording(options.language))
    return USABLE


def _evaluate_there(options: argparse.Namespace, inputs: Inputs, engine: Engine, settings: Settings) -> None:
    evaluate_files(inputs, engine, options.out, settings, Wording(options.language))


def _summarise_there(options: argparse.Namespace, inputs: Inputs, engine: Engine, settings: Settings) -> None:
    summarise_files(inputs, engine, options.out, settings.period)


def _summaries(dataset: Dataset, settings: Settings, fits: dict[str, Any]) -> Callable[[int], Summary]:
    """Return how the customers are summarised as at another day, each day once, with the measure of the tiers."""
    return cache(lambda day: with_tier_measure(dataset.summarised(settings.period, day), settings, fits))
