"""Workbooks (xlsx, xls, xlsb, ods): the chosen sheet as a frame of text cells."""

import fastexcel
import polars as pl

from crmdash.errors import UnreadableFile
from crmdash.ingest.headers import name_columns
from crmdash.ingest.options import Options
from crmdash.ingest.raw import RawTable, Source
from crmdash.issues import Issue


def read_workbook(source: Source, options: Options) -> RawTable:
    """Read one sheet of a workbook as text cells: the one asked for, else the one with most cells.

    Raises
    ------
    UnreadableFile
        If the bytes are no workbook, the sheet is not there, or every sheet is empty.
    """
    try:
        book = fastexcel.read_excel(source.content)
        sheets = tuple(book.sheet_names)
        sheet, cells = _choose(book, sheets, options.sheet)
    except fastexcel.FastExcelError as error:
        raise UnreadableFile(Issue("error", "workbook_broken", example=str(error).splitlines()[0])) from error
    if cells.is_empty():
        raise UnreadableFile(Issue("error", "file_empty"))
    rows = pl.int_range(1, cells.height + 1, eager=True).rename("row")
    headed = name_columns(cells, rows, options.header)
    issues = list(headed.issues)
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
    )


def _choose(book: fastexcel.ExcelReader, sheets: tuple[str, ...], asked: str | None) -> tuple[str, pl.DataFrame]:
    if asked is not None:
        if asked not in sheets:
            raise UnreadableFile(Issue("error", "sheet_missing", example=asked, values={"others": ", ".join(sheets)}))
        return asked, _cells(book, asked)
    best = ("", pl.DataFrame())
    for name in sheets:
        cells = _cells(book, name)
        if cells.height * cells.width > best[1].height * best[1].width:
            best = (name, cells)
    return best


def _cells(book: fastexcel.ExcelReader, name: str) -> pl.DataFrame:
    """Return every cell as text; a date without a time of day loses its midnight."""
    cells = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
    text = pl.all().str.strip_suffix(" 00:00:00")
    return cells.select(text).select(pl.when(pl.all().str.strip_chars() != "").then(pl.all()))
