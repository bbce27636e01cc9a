"""What systems found, as files: a CSV of codes for the command line, a branch of summary.json, a sheet for readers."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from crmdash.columns import MONEY_SCALE
from crmdash.export.sheet import Kind, Person, Sheet, SheetColumn
from crmdash.i18n import Wording
from crmdash.phrases import Figure, Unit, say, show
from crmdash.summary import to_date
from crmdash.systems.barriers import entries_of
from crmdash.systems.evidence import Evidence
from crmdash.systems.registry import SYSTEMS
from crmdash.systems.report import Column, Report, Table

_EXACT_MONEY: Final = pl.Decimal(38, 4)
_PERSONS: Final[dict[str, Person]] = {
    "customer_id": "customer",
    "name": "customer",
    "referred_by": "customer",
    "contact_person": "contact",
    "owner": "owner",
    "staff": "owner",
    "main_contact": "owner",
    "paid_by": "contact",
    "decided_by": "contact",
    "used_by": "contact",
}
_JSON_UNITS: Final[dict[str, Unit]] = {"money": "money", "date": "date"}
WORDED: Final = ("code", "flag", "quarter", "barriers")
"""Kinds of columns whose values a reader sees in words."""
_SHEET_KINDS: Final[dict[str, Kind]] = {"times": "decimal", "score": "decimal", **dict.fromkeys(WORDED, "text")}


def reports_of(evidence: Evidence) -> dict[str, Report]:
    """Compute every system that the settings list and whose columns are held."""
    wanted = [code for code in evidence.settings.systems if code in SYSTEMS and evidence.can(code)]
    return {code: evidence.report(code) for code in wanted}


def systems_tree(evidence: Evidence, reports: Mapping[str, Report], wording: Wording) -> dict[str, Any]:
    """Return the `systems` branch of summary.json: figures and small tables by system, or what is missing for it.

    Missing columns are a list of lists; one of each inner list is enough.
    """
    tree: dict[str, Any] = {}
    for code in (code for code in evidence.settings.systems if code in SYSTEMS):
        system = SYSTEMS[code]
        if code in reports:
            tree[code] = {"number": system.number, **_branch(reports[code], wording)}
        else:
            tree[code] = {
                "number": system.number,
                "missing": [list(anyone) for anyone in evidence.missing(system.needs)],
            }
    return tree


def _branch(report: Report, wording: Wording) -> dict[str, Any]:
    assert not report.figures.keys() & (report.tables.keys() | {"rows", "notes", "number"}), "two things of one name"
    branch: dict[str, Any] = {name: plain(figure) for name, figure in report.figures.items()}
    branch |= {name: _records(table) for name, table in report.tables.items()}
    branch |= {"rows": len(report.rows.frame)}
    return branch | ({"notes": [say(note, wording) for note in report.notes]} if report.notes else {})


def _records(table: Table) -> list[dict[str, Any]]:
    """Return a small table row by row; a column divided by a number would be rounded by a row's place in it."""
    units = {column.name: _JSON_UNITS.get(column.kind, "text") for column in table.held}
    rows = table.frame.select(list(units)).to_dicts()
    return [{name: plain(Figure(units[name], value)) for name, value in row.items()} for row in rows]


def plain(figure: Figure) -> Any:
    """Return a figure for JSON: money in currency units, days as ISO dates, codes as they are."""
    if figure.value is None:
        return None
    if figure.unit == "money":
        return figure.value / MONEY_SCALE
    if figure.unit == "date":
        return to_date(figure.value).isoformat()
    return figure.value.rpartition(".")[2] if figure.unit == "term" else figure.value


def table_rows(table: Table) -> pl.DataFrame:
    """Return a table in plain values: money in currency units as exact decimals, days as ISO dates."""
    return table.frame.select(_plain_column(column) for column in table.held)


def _plain_column(column: Column) -> pl.Expr:
    held = pl.col(column.name)
    if column.kind == "money":
        return (held.cast(_EXACT_MONEY) / MONEY_SCALE).cast(_EXACT_MONEY)
    return held.cast(pl.Int32).cast(pl.Date) if column.kind == "date" else held


def write_reports(folder: Path, reports: Mapping[str, Report]) -> None:
    """Write the rows of every report as ``<system>.csv``: UTF-8, LF, plain decimals, missing empty."""
    for code, report in reports.items():
        table_rows(report.rows).write_csv(folder / f"{code}.csv", float_scientific=False)


def report_sheet(table: Table, name: str, wording: Wording) -> Sheet:
    """Return a table of a report as a sheet in the reader's words."""
    return Sheet(name, tuple(_sheet_column(column, table.frame[column.name], wording) for column in table.held))


def _sheet_column(column: Column, values: pl.Series, wording: Wording) -> SheetColumn:
    header = wording.term("systems", f"column.{column.header}")
    if column.kind in WORDED:
        values = in_words(values, words_of(column, wording))
    kind: Any = _SHEET_KINDS.get(column.kind, column.kind)
    return SheetColumn.of(column.name, header, kind, values, person=_PERSONS.get(column.name))


def words_of(column: Column, wording: Wording) -> Callable[[Any], str]:
    """Return how the values of a column that are no words themselves are said."""
    if column.kind == "flag":
        return lambda held: wording.term("export", "answer.yes" if held else "answer.no")
    if column.kind == "quarter":
        return lambda held: show(Figure("quarter", held), wording)
    if column.kind == "barriers":
        return lambda held: show(entries_of(held), wording)
    assert column.words is not None, f"column {column.name} has codes and no words"
    kind, _, key = column.words.partition(":")
    return lambda code: wording.term(kind, f"{key}.{code}")


def in_words(codes: pl.Series, words: Callable[[Any], str]) -> pl.Series:
    """Return codes in words; missing stays missing."""
    known = {code: words(code) for code in codes.drop_nulls().unique()}
    return codes.replace_strict(known, return_dtype=pl.String)
