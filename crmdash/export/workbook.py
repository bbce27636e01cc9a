"""Sheets as an Excel workbook: real tables with number formats, every text kept as text.

Excel holds 1,048,576 rows on a sheet: longer tables go on to further sheets, each a table of its own. It holds 32,767
characters in a cell: longer text is an error that names the place, as cutting it would lose data unseen. Control
characters stay, in the escaped form that Excel itself writes. Money is a floating-point number there, exact to 15
digits. Dates that Excel does not know (before March 1900) are written as ISO text.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time
from io import BytesIO
from math import isfinite
from typing import Any, Final
from unicodedata import east_asian_width
from xml.sax.saxutils import escape

import xlsxwriter

from crmdash.columns import MONEY_SCALE
from crmdash.errors import CrmdashError
from crmdash.export.facts import Facts, facts_sheet
from crmdash.export.sheet import Kind, Sheet, SheetColumn
from crmdash.i18n import Wording
from crmdash.summary import to_date

MOST_ROWS: Final = 1_048_576
"""Rows of a sheet, the header included."""

LONGEST_TEXT: Final = 32_767
"""UTF-16 units of a cell."""

LONGEST_NAME: Final = 31
"""UTF-16 units of a sheet's name."""

NUMBER_FORMATS: Final[dict[Kind, str]] = {
    "text": "@",
    "id": "@",
    "money": "#,##0.00",
    "count": "#,##0",
    "decimal": "#,##0.00",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
}
_STYLE: Final = "Table Style Medium 2"
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_DAY_ZERO: Final = 25_569
_FIRST_DATE, _LAST_DATE = 61, 2_958_465
"""Excel counts days from 1900 on as if 29 February 1900 had been; from 1 March on the count is right."""

_NARROWEST, _WIDEST, _BUTTON = 9, 60, 3
_MEASURED_ROWS: Final = 1_000
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


class TextTooLong(CrmdashError):
    """A text that no cell can hold; the message says where it is, in the reader's language."""


def workbook(sheets: Sequence[Sheet], facts: Facts, wording: Wording) -> bytes:
    """Return a workbook of `sheets` and a last sheet about the file, the same bytes for the same content.

    Raises
    ------
    TextTooLong
        If a text is longer than a cell can hold.
    """
    content = BytesIO()
    book = xlsxwriter.Workbook(content, _OPTIONS)
    book.set_properties({"created": datetime.combine(facts.made_on, time())})
    taken: set[str] = set()
    for sheet in (*sheets, facts_sheet(facts, wording)):
        for part in _parts(sheet, wording):
            name = sheet_name(part.name, taken)
            taken.add(name.lower())
            _Page(book, book.add_worksheet(name), wording).write(part)
    book.close()
    return content.getvalue()


def sheet_name(words: str, taken: set[str]) -> str:
    """Return a name that Excel accepts and that is not taken (names in lower case), by number if need be."""
    plain = _NOT_IN_NAMES.sub(" ", words).strip(" '") or "-"
    name, number = _cut(plain, LONGEST_NAME), 1
    while name.lower() in taken:
        number += 1
        name = _cut(plain, LONGEST_NAME - len(f" {number}")) + f" {number}"
    return name


def _cut(text: str, longest: int) -> str:
    while _units(text) > longest:
        text = text[:-1]
    return text.rstrip(" '")


def _units(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)


def _parts(sheet: Sheet, wording: Wording) -> Iterator[Sheet]:
    """Yield the sheet, in parts where it has more rows than Excel."""
    room = MOST_ROWS - 1
    if sheet.rows <= room:
        yield sheet
        return
    for number, start in enumerate(range(0, sheet.rows, room), 1):
        columns = tuple(replace(column, values=column.values.slice(start, room)) for column in sheet.columns)
        yield Sheet(wording.term("export", "sheet.part", name=sheet.name, number=number), columns)


class _Page:
    """One worksheet being written."""

    def __init__(self, book: Any, page: Any, wording: Wording) -> None:
        self.book, self.page, self.wording = book, page, wording

    def write(self, sheet: Sheet) -> None:
        """Write a sheet as one table with a header that stays in sight."""
        headers = _distinct([column.header for column in sheet.columns])
        bold = self.book.add_format({"bold": True, "valign": "vcenter", "text_wrap": True})
        formats = [self._format(column) for column in sheet.columns]
        options = [
            {"header": header, "header_format": bold, "format": style}
            for header, style in zip(headers, formats, strict=True)
        ]
        last_row = max(sheet.rows, 1)
        self.page.add_table(0, 0, last_row, len(headers) - 1, {"columns": options, "style": _STYLE})
        self.page.freeze_panes(1, 1)
        for place, column in enumerate(sheet.columns):
            self._cells(place, column, formats[place])
            self.page.set_column(place, place, _width(column, self.wording))
        self.page.ignore_errors({"number_stored_as_text": f"A1:XFD{last_row + 1}"})

    def _format(self, column: SheetColumn) -> Any:
        style: dict[str, Any] = {"num_format": NUMBER_FORMATS[column.kind], "valign": "top"}
        return self.book.add_format(style | {"text_wrap": column.wrap})

    def _cells(self, place: int, column: SheetColumn, style: Any) -> None:
        convert = _CELLS[column.kind]
        for row, value in enumerate(column.values, 1):
            content = None if value is None else convert(value)
            if isinstance(content, str):
                self.page.write_string(row, place, self._literal(content, column, row), style)
            elif content is not None and isfinite(content):
                self.page.write_number(row, place, content, style)

    def _literal(self, text: str, column: SheetColumn, row: int) -> str:
        """Return text for a cell; XlsxWriter takes ``<r>…</r>`` for ready XML, so such text is made exactly that."""
        ready = text.startswith("<r>") and text.endswith("</r>")
        written = f'<r><t xml:space="preserve">{escape(text)}</t></r>' if ready else text
        if _units(written) > LONGEST_TEXT:
            where = {"column": column.header, "row": self.wording.integer(row + 1)}
            limit = self.wording.integer(LONGEST_TEXT)
            raise TextTooLong(self.wording.term("export", "error.cell_too_long", limit=limit, **where))
        return written


def _distinct(headers: Sequence[str]) -> list[str]:
    """Number headers that Excel would take for the same: a table's headers must differ, whatever their case."""
    found: list[str] = []
    for header in headers:
        name, number = header, 1
        while name.lower() in (earlier.lower() for earlier in found):
            number += 1
            name = f"{header} ({number})"
        found.append(name)
    return found


def _date_cell(day: int) -> float | str:
    serial = day + _DAY_ZERO
    return serial if _FIRST_DATE <= serial <= _LAST_DATE else to_date(day).isoformat()


_CELLS: Final[dict[Kind, Callable[[Any], float | str]]] = {
    "text": str,
    "id": str,
    "money": lambda money: money / MONEY_SCALE,
    "count": int,
    "decimal": float,
    "percent": float,
    "date": _date_cell,
}


def _width(column: SheetColumn, wording: Wording) -> int:
    """Return a column's width in characters of the usual font, of which a wide (Chinese) character takes two."""
    known = column.values.drop_nulls().head(_MEASURED_ROWS)
    lines = (line for value in known for line in _display(column.kind, value, wording).splitlines())
    widest = max(map(_characters, lines), default=0)
    header = max(map(_characters, column.header.split()), default=0) + _BUTTON
    return min(max(widest + 1, header, _NARROWEST), _WIDEST)


def _display(kind: Kind, value: Any, wording: Wording) -> str:
    """Return a value about as a spreadsheet shows it."""
    if kind in ("text", "id"):
        return str(value)
    if kind == "date":
        return "2000-01-01"
    if kind == "percent":
        return wording.percent(value)
    return wording.money(value, 2) if kind == "money" else wording.decimal(value, 0 if kind == "count" else 2)


def _characters(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
