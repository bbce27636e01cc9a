"""Text cells → the stored form of a mapped column, with everything the user said about the notation."""

from typing import Final

import polars as pl

from crmdash.columns import Column
from crmdash.ingest.cells import parse_cells
from crmdash.ingest.dates import parse_date
from crmdash.ingest.identifiers import parse_id
from crmdash.ingest.options import Options
from crmdash.ingest.values import Parsed, parse_count, parse_money, parse_number, parse_within

_ERROR: Final = r"^(?:#(?:N/A|DIV/0!|REF!|NAME\?|VALUE!|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|GETTING_DATA)|#{3,})$"
_TOPS: Final = {"score": 10, "points": 100, "fraction": 1}
_MAY_BE_NEGATIVE: Final = ("credit_overdue_days",)
"""Counts below zero that say something: not due yet."""


def read_column(
    text: pl.Series,
    column: Column,
    options: Options,
    *,
    decimal: str | None = None,
    power: int = 0,
) -> Parsed:
    """Read the cells of a file column as the canonical `column`.

    Parameters
    ----------
    decimal
        The decimal sign that other columns of the file show, where the options name none.
    power
        The power of ten in which amounts stand.
    """
    text, errors = _without_errors(text)
    parsed = _read(text, column, options, options.decimal or decimal, power)
    return parsed if errors is None else _with_errors(parsed, errors)


def _read(text: pl.Series, column: Column, options: Options, decimal: str | None, power: int) -> Parsed:
    if column.name == "discount":
        text = text.str.replace(r"\s*[%％]\s*$", "")
    if column.kind in ("money", "number"):
        return parse_money(text, decimal, power=power) if column.kind == "money" else parse_number(text, decimal)
    if column.kind == "count":
        return parse_count(text, decimal, lowest=None if column.name in _MAY_BE_NEGATIVE else 0)
    if column.kind in _TOPS:
        return parse_within(text, _TOPS[column.kind], decimal)
    if column.kind == "date":
        system = options.date_system or 1900
        return parse_date(text, options.date_order, serials=True, calendar=options.calendar, system=system)
    return parse_id(text) if column.kind == "id" else parse_cells(text, column, options)


def _without_errors(text: pl.Series) -> tuple[pl.Series, pl.Series | None]:
    """Blank the error values of spreadsheets (#DIV/0!), and say where they stood."""
    if not text.str.starts_with("#").any():
        return text, None
    errors = text.str.strip_chars().str.to_uppercase().str.contains(_ERROR).fill_null(False)
    if not errors.any():
        return text, None
    frame = pl.select(text=text, error=errors)
    return frame.select(pl.when(~pl.col("error")).then("text")).to_series(), errors


def _with_errors(parsed: Parsed, errors: pl.Series) -> Parsed:
    return parsed.with_findings({**parsed.findings, "excel_error": errors})
