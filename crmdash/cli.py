"""The command line: ``python -m crmdash evaluate``, ``check``, ``read`` and ``summarise``."""

import argparse
import io
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path, PurePath
from typing import Any, Final

from crmdash.engine import ENGINES, Engine, open_engine
from crmdash.engine_runs import Inputs, Refused, evaluate_files, store_summary, summarise_files
from crmdash.errors import CrmdashError, UnreadableFile
from crmdash.evaluate import evaluate, missing_measures
from crmdash.export import (
    customer_rows,
    issue_tree,
    reports_of,
    summary_tree,
    systems_tree,
    write_evaluation,
    write_reports,
)
from crmdash.i18n import LANGUAGES, Wording
from crmdash.ingest.clean_checks import CleanLines, open_clean
from crmdash.ingest.dataset import Dataset, FileReport, open_dataset
from crmdash.ingest.options import Mapping, Options, unknown
from crmdash.ingest.raw import RawTable, Source
from crmdash.ingest.readers import read_table
from crmdash.issues import Issue
from crmdash.settings import Settings, parse_settings
from crmdash.summary import Summary, summarise, to_day
from crmdash.systems.registry import gather
from crmdash.systems.tier_measures import with_tier_measure

USABLE: Final = 0
REFUSED: Final = 1
WRONG_USE: Final = 2

_NUMBERED: Final = ("header", "date_system")
_TRUTH: Final = {"true": True, "false": False}
_KEPT_WITH: Final = ("version", "header")
"""What a mapping downloaded from the data page holds beside the mapping itself."""


class WrongUse(CrmdashError):
    """A command that cannot be carried out as given."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 usable, 1 refused, 2 wrong use."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # a console may have an encoding of its own
        sys.stdout.reconfigure(encoding="utf-8")
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except (CrmdashError, OSError, json.JSONDecodeError, UnicodeDecodeError) as error:
        print(f"crmdash {options.command}: {error}", file=sys.stderr)
        return WRONG_USE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="crmdash", description="Customer tiers, lifecycle stages and strategies.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_evaluate(commands)
    _add_check(commands)
    _add_read(commands)
    _add_summarise(commands)
    return parser


def _add_evaluate(commands: Any) -> None:
    evaluate_files = commands.add_parser(
        "evaluate", help="write customers.csv, summary.json and a CSV for every system"
    )
    add_inputs(evaluate_files)
    evaluate_files.add_argument(
        "--settings", type=Path, metavar="S.json", help="settings that differ from the defaults"
    )
    _add_as_of(evaluate_files)
    _add_engine(evaluate_files)
    evaluate_files.add_argument("--out", type=Path, required=True, metavar="DIR")
    evaluate_files.set_defaults(run=_evaluate)


def _add_summarise(commands: Any) -> None:
    summarise_inputs = commands.add_parser(
        "summarise",
        help="write one row per customer with its measures, as Parquet",
        description="Write one row per customer with its measures, as Parquet that `evaluate` takes as its input. With "
        "--engine spark the result is a folder of Parquet files, written by the workers.",
    )
    add_inputs(summarise_inputs)
    summarise_inputs.add_argument(
        "--settings", type=Path, metavar="S.json", help="settings, of which the period is used"
    )
    _add_as_of(summarise_inputs)
    _add_engine(summarise_inputs)
    summarise_inputs.add_argument("--out", required=True, metavar="FILE.parquet")
    summarise_inputs.set_defaults(run=_summarise)


def _add_as_of(command: argparse.ArgumentParser) -> None:
    command.add_argument("--as-of", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the as-at date")


def _add_engine(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--engine", choices=ENGINES, default="polars",
        help="where to calculate: polars in memory, duckdb on disk, spark on a cluster; inputs of duckdb and spark are "
        "Parquet (files or folders), text files with a line of column names, and with spark table:NAME",
    )  # fmt: skip
    command.add_argument(
        "--memory-limit", metavar="SIZE", help="memory that duckdb may take, such as 500MB; beyond, it writes to disk"
    )
    command.add_argument(
        "--spark-master", metavar="URL",
        help="spark://HOST:PORT, local[N], or sc://HOST for Spark Connect; else what SPARK_REMOTE or spark-submit says",
    )  # fmt: skip


def _add_check(commands: Any) -> None:
    check = commands.add_parser("check", help="print what was detected in the files, as JSON")
    add_inputs(check)
    check.set_defaults(run=_check)


def _add_read(commands: Any) -> None:
    read = commands.add_parser(
        "read",
        help="write what was read as clean text, before any typing",
        description="Write the cells of a file as comma-separated UTF-8 text, before any typing. The first line holds "
        "the column names where the file has them, and no line is added where it has none; a file without any content "
        "gives an empty one, and is said to be empty.",
    )
    read.add_argument("input", type=Path, metavar="INPUT")
    read.add_argument("--out", type=Path, required=True, metavar="FILE.csv")
    read.add_argument("--mapping", type=Path, metavar="M.json", help="how to read the file")
    _add_option(read)
    _add_language(read)
    read.set_defaults(run=_read)


def add_inputs(command: argparse.ArgumentParser) -> None:
    """Give a command its input files, the mapping and the language."""
    command.add_argument("inputs", nargs="+", metavar="INPUT")
    command.add_argument("--mapping", type=Path, metavar="M.json", help="which columns are which, and how to read them")
    _add_option(command)
    command.add_argument(
        "--set-aside", type=Path, metavar="FILE.csv", help="write the rows set aside, each with its place and reason"
    )
    command.add_argument(
        "--orphans", type=Path, metavar="FILE.csv", help="write the customers that one table has and another lacks"
    )
    _add_language(command)


def _add_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--option", action="append", default=[], metavar="NAME=VALUE",
        help="how to read every input, such as date_order=dmy or duplicates=aside; may be repeated",
    )  # fmt: skip


def _add_language(command: argparse.ArgumentParser) -> None:
    command.add_argument("--language", choices=LANGUAGES, default="en")


def open_inputs(options: argparse.Namespace) -> Dataset:
    """Open the files of a command line as one dataset, with its mapping file, and write its rows set aside if asked.

    Raises
    ------
    CrmdashError
        If the mapping names what does not exist.
    OSError
        If a file cannot be opened.
    """
    sources = [Source.at(path) for path in options.inputs]
    names = [source.name for source in sources]
    mappings = with_options(read_mappings(options.mapping, names), names, options.option)
    dataset = open_dataset(sources, mappings)
    if options.set_aside is not None:
        dataset.set_aside.write_csv(options.set_aside)
    if options.orphans is not None:
        dataset.orphans.write_csv(options.orphans)
    return dataset


def with_options(mappings: dict[str, Mapping], names: Sequence[str], given: Sequence[str]) -> dict[str, Mapping]:
    """Return the mappings of all files with options from the command line, which outweigh those of the mapping file.

    Raises
    ------
    MappingError, WrongUse
        If an option does not exist, cannot take its value, or is not written as NAME=VALUE.
    """
    if not given:
        return mappings
    chosen = {}
    for option in given:
        name, equals, value = option.partition("=")
        if not equals:
            raise WrongUse(f"--option {option}: write NAME=VALUE")
        chosen[name] = int(value) if name in _NUMBERED and value.isdecimal() else _TRUTH.get(value, value)
    own = {name: mappings.get(name, Mapping()) for name in names}
    return {
        name: replace(mapping, options=Options.from_json(mapping.options.to_json() | chosen))
        for name, mapping in own.items()
    }


def read_mappings(path: Path | None, names: Sequence[str]) -> dict[str, Mapping]:
    """Read a mapping file: one mapping for the one file, as downloaded too, or ``{"files": {name: mapping}}``.

    Raises
    ------
    MappingError, WrongUse
        If it names what does not exist, or does not say which of several files it is for.
    """
    if path is None:
        return {}
    tree = json.loads(path.read_text("utf-8-sig"))
    if isinstance(tree, dict) and "files" in tree:
        if not isinstance(tree["files"], dict):
            raise WrongUse(f'{path}: "files" is an object from file names to mappings')
        for name in tree["files"]:
            if name not in names:
                raise WrongUse(f"{path}: {unknown('file', name, names)}")
        return {name: Mapping.from_json(mapping) for name, mapping in tree["files"].items()}
    if len(names) != 1:
        raise WrongUse(f'{path}: with several files, write {{"files": {{name: mapping}}}}')
    if isinstance(tree, dict):
        tree = {name: part for name, part in tree.items() if name not in _KEPT_WITH}
    return {names[0]: Mapping.from_json(tree)}


def _evaluate(options: argparse.Namespace) -> int:
    settings = Settings() if options.settings is None else read_settings(options.settings)
    if options.engine != "polars":
        return _on_engine(options, settings, _evaluate_there)
    dataset, wording = open_inputs(options), Wording(options.language)
    if not dataset.usable:
        return _refuse(dataset.issues, wording)
    as_of = _as_of(options)
    fits: dict[str, Any] = {}
    summary = with_tier_measure(dataset.summarised(settings.period, as_of), settings, fits)
    if missing := missing_measures(summary, settings):
        absent = (Issue("error", "measure_missing", column=measure) for measure in missing)
        return _refuse((*dataset.issues, *absent), wording)
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


def _summarise(options: argparse.Namespace) -> int:
    settings = Settings() if options.settings is None else read_settings(options.settings)
    if options.engine != "polars":
        return _on_engine(options, settings, _summarise_there)
    if (clean := _open_clean(options)) is not None:
        store_summary(summarise(clean.tables, settings.period, _as_of(options)), options.out)
        return USABLE
    dataset = open_inputs(options)
    if not dataset.usable:
        return _refuse(dataset.issues, Wording(options.language))
    store_summary(dataset.summarised(settings.period, _as_of(options)), options.out)
    return USABLE


def _open_clean(options: argparse.Namespace) -> CleanLines | None:
    """Open one file of clean order lines without holding it in memory; None where the thorough way is asked for."""
    if len(options.inputs) != 1 or options.set_aside is not None or options.orphans is not None:
        return None
    path = Path(options.inputs[0])
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
        return _refuse(refused.issues, Wording(options.language))
    return USABLE


def _evaluate_there(options: argparse.Namespace, inputs: Inputs, engine: Engine, settings: Settings) -> None:
    evaluate_files(inputs, engine, options.out, settings, Wording(options.language))


def _summarise_there(options: argparse.Namespace, inputs: Inputs, engine: Engine, settings: Settings) -> None:
    summarise_files(inputs, engine, options.out, settings.period)


def _summaries(dataset: Dataset, settings: Settings, fits: dict[str, Any]) -> Callable[[int], Summary]:
    """Return how the customers are summarised as at another day, each day once, with the measure of the tiers."""
    return cache(lambda day: with_tier_measure(dataset.summarised(settings.period, day), settings, fits))


def read_settings(path: Path) -> Settings:
    """Read a settings file; what it leaves out takes its default.

    Raises
    ------
    SettingsError
        If it names an unknown setting or holds a value that cannot be.
    """
    return parse_settings(json.loads(path.read_text("utf-8-sig")))


def _refuse(issues: Iterable[Issue], wording: Wording) -> int:
    for issue in issues:
        if issue.severity in ("error", "question"):
            print(wording.issue(issue), file=sys.stderr)
    return REFUSED


def _check(options: argparse.Namespace) -> int:
    dataset = open_inputs(options)
    wording = Wording(options.language)
    report = {
        "usable": dataset.usable,
        "files": [file_json(file) for file in dataset.files],
        "rows": dataset.rows,
        "rows_used": dataset.rows_used,
        "rows_set_aside": dataset.rows_set_aside,
        "issues": [issue_tree(issue, wording) for issue in dataset.issues],
    }
    print(json.dumps(report, ensure_ascii=False, indent=2))
    return USABLE if dataset.usable else REFUSED


def file_json(file: FileReport) -> dict[str, Any]:
    """Return what was detected in one file."""
    return {
        "name": file.name,
        "table": file.table,
        "encoding": file.encoding,
        "delimiter": file.delimiter,
        "header_row": file.header_row,
        "sheet": file.sheet,
        "rows": file.rows,
        "rows_used": file.rows_used,
        "rows_set_aside": file.rows_set_aside,
        "mapping": file.mapping.to_json(),
        "unused": list(file.unused),
    }


def _read(options: argparse.Namespace) -> int:
    source = Source.from_path(options.input)
    mappings = with_options(read_mappings(options.mapping, [source.name]), [source.name], options.option)
    mapping = mappings.get(source.name, Mapping())
    wording = Wording(options.language)
    try:
        raw = read_table(source, mapping.options)
    except UnreadableFile as error:
        issue = replace(error.issue, values={"file": source.name, **error.issue.values})
        print(wording.issue(issue), file=sys.stderr)
        if issue.code != "file_empty":
            return REFUSED
        options.out.write_bytes(b"")
        return USABLE
    raw.frame.write_csv(options.out, include_header=has_names(raw))
    return USABLE


def has_names(raw: RawTable) -> bool:
    """Say whether the file itself names its columns, as Parquet always does."""
    return raw.header_row is not None or (raw.delimiter is None and raw.sheet is None)
