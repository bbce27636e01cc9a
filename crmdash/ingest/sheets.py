"""Workbooks (xlsx, xlsm, xls, xlsb, ods): the chosen sheet as a frame of text cells, read in a child process."""

import re
from typing import Any

import polars as pl

from crmdash.errors import UnreadableFile
from crmdash.ingest.headers import name_columns
from crmdash.ingest.isolation import read_apart
from crmdash.ingest.options import Options
from crmdash.ingest.raw import RawTable, Source
from crmdash.issues import Issue


def read_workbook(source: Source, options: Options) -> RawTable:
    """Read one sheet of a workbook as text cells: the one asked for, else the visible one with most cells.

    Raises
    ------
    UnreadableFile
        If the bytes are no workbook or go beyond a limit, the sheet is not there, or every sheet is empty.
    """
    told, cells = read_apart("sheet", source, sheet=options.sheet)
    if cells.is_empty():
        raise UnreadableFile(Issue("error", "file_empty"))
    sheet, sheets = told["sheet"], tuple(told["sheets"])
    rows = pl.int_range(1, cells.height + 1, eager=True).rename("row")
    headed = name_columns(cells, rows, options.header)
    issues = [*headed.issues, *_lost_values(told)]
    if options.sheet is None and len(sheets) > 1:
        others = ", ".join(name for name in sheets if name != sheet)
        issues.append(Issue("info", "sheet_chosen", count=len(sheets), example=sheet, values={"others": others}))
    return RawTable(
        name=source.name,
        frame=headed.frame,
        header_row=headed.header_row,
        sheet=sheet,
        sheets=sheets,
        first_row=int(headed.rows[0]) if len(headed.rows) else (headed.header_row or 0) + 1,
        issues=tuple(issues),
        rows=headed.rows,
        epoch_1904=told["epoch_1904"],
    )


def _lost_values(told: dict[str, Any]) -> list[Issue]:
    """Name cells that hold an error such as #DIV/0!, or a formula whose value was never saved: both read as empty."""
    issues = []
    for code, counted, first in (
        ("cells_in_error", "errors", "first_error"),
        ("formulas_empty", "formulas", "first_formula"),
    ):
        if told[counted]:
            row = int(re.sub(r"\D", "", told[first]))
            issues.append(Issue("warning", code, row=row, count=told[counted], example=told[first]))
    return issues
