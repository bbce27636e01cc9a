"""The command line: ``python -m crmdash evaluate``, ``check``, ``read`` and ``summarise``."""

import argparse
import io
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from crmdash.cli.evaluating import evaluate_inputs, summarise_inputs
from crmdash.cli.exits import REFUSED, USABLE, WRONG_USE
from crmdash.cli.looking import check, read
from crmdash.engine import ENGINES
from crmdash.errors import CrmdashError
from crmdash.i18n import LANGUAGES

__all__ = ["REFUSED", "USABLE", "WRONG_USE", "main"]


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
    command = commands.add_parser("evaluate", help="write customers.csv, summary.json and a CSV for every system")
    add_inputs(command)
    command.add_argument("--settings", type=Path, metavar="S.json", help="settings that differ from the defaults")
    _add_as_of(command)
    _add_engine(command)
    command.add_argument("--out", type=Path, required=True, metavar="DIR")
    command.set_defaults(run=evaluate_inputs)


def _add_summarise(commands: Any) -> None:
    command = commands.add_parser(
        "summarise",
        help="write one row per customer with its measures, as Parquet",
        description="Write one row per customer with its measures, as Parquet that `evaluate` takes as its input. With "
        "--engine spark the result is a folder of Parquet files, written by the workers.",
    )
    add_inputs(command)
    command.add_argument("--settings", type=Path, metavar="S.json", help="settings, of which the period is used")
    _add_as_of(command)
    _add_engine(command)
    command.add_argument("--out", required=True, metavar="FILE.parquet")
    command.set_defaults(run=summarise_inputs)


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
        help="spark://HOST:PORT, local[N], or sc://HOST:PORT for Spark Connect; else what spark-submit says",
    )  # fmt: skip


def _add_check(commands: Any) -> None:
    command = commands.add_parser("check", help="print what was detected in the files, as JSON")
    add_inputs(command)
    command.set_defaults(run=check)


def _add_read(commands: Any) -> None:
    command = commands.add_parser(
        "read",
        help="write what was read as clean text, before any typing",
        description="Write the cells of a file as comma-separated UTF-8 text, before any typing. The first line holds "
        "the column names where the file has them, and no line is added where it has none; a file without any content "
        "gives an empty one, and is said to be empty.",
    )
    command.add_argument("input", type=Path, metavar="INPUT")
    command.add_argument("--out", type=Path, required=True, metavar="FILE.csv")
    command.add_argument("--mapping", type=Path, metavar="M.json", help="how to read the file")
    _add_option(command)
    _add_language(command)
    command.set_defaults(run=read)


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
