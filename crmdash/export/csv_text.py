"""A sheet as CSV that opens well in a spreadsheet and runs nothing there.

UTF-8 with a byte order mark (without it Excel takes Chinese for another encoding), lines end in CRLF, every text is
quoted, numbers are plain, dates are ISO, missing is empty.

A spreadsheet takes text that begins like a formula for one, quoted or not, and a formula may send data away or start
programs. Such text gets an apostrophe in front: the spreadsheet then shows text. That follows what OWASP writes on CSV
injection. It concerns text and ids alone; negative numbers stay numbers. Who reads the file with a program takes the
apostrophe off again; the workbook (`crmdash.export.workbook`) needs none of this and holds every text as it is.
"""

from io import BytesIO
from typing import Final

import polars as pl

from crmdash.columns import MONEY_SCALE
from crmdash.export.sheet import Kind, Sheet, SheetColumn

# Blanks, control and invisible characters, with fillers and variation selectors that count as letters or marks.
_UNSEEN: Final = (
    r"[\s\p{Z}\p{C}\x{034F}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{180B}-\x{180F}\x{2800}\x{3164}\x{FE00}-\x{FE0F}\x{FFA0}]*"
)
# Half-width, full-width and small forms, and the minus sign.
_STARTS: Final = r"[=+\-@＝＋－＠﹦﹢﹣﹫\x{2212}]"
_AT_THE_START: Final = rf"^([\t\r\n\x00]|{_UNSEEN}{_STARTS})"
# Where a list separator is the semicolon, a comma-separated line is torn apart at semicolons, tabs and line ends even
# inside quotes, and what follows begins a cell of its own.
_WITHIN: Final = rf"([;\t\r\n]{_UNSEEN})({_STARTS})"
_EXACT_MONEY: Final = pl.Decimal(38, 4)


def csv_text(sheet: Sheet) -> bytes:
    """Return a sheet as the bytes of a CSV file, headers in the reader's language."""
    named = {str(place): _written(column) for place, column in enumerate(sheet.columns)}
    headers = neutralised(pl.Series([column.header for column in sheet.columns], dtype=pl.String)).to_list()
    lines = BytesIO()
    heading = pl.DataFrame({str(place): [header] for place, header in enumerate(headers)})
    for frame, first in ((heading, True), (pl.DataFrame(named), False)):
        frame.write_csv(
            lines, include_bom=first, include_header=False, line_terminator="\r\n", quote_style="non_numeric",
            float_scientific=False,
        )  # fmt: skip
    return lines.getvalue()


def neutralised(texts: pl.Series) -> pl.Series:
    """Return texts with an apostrophe before whatever a spreadsheet may take for the beginning of a formula.

    Examples
    --------
    >>> neutralised(pl.Series(["=1+1", " ＝A1", "A-1", "a;=b"])).to_list()
    ["'=1+1", "' ＝A1", 'A-1', "a;'=b"]
    """
    at_start = pl.when(pl.col("text").str.contains(_AT_THE_START)).then(pl.lit("'")).otherwise(pl.lit(""))
    within = pl.col("text").str.replace_all(_WITHIN, "${1}'${2}")
    return texts.to_frame("text").select(text=at_start + within).to_series()


def _written(column: SheetColumn) -> pl.Series:
    values = column.values
    kinds: dict[Kind, pl.Expr] = {
        "money": (pl.col("value").cast(_EXACT_MONEY) / MONEY_SCALE).cast(_EXACT_MONEY),
        "date": pl.col("value").cast(pl.Int32).cast(pl.Date),
    }
    if column.kind in ("text", "id"):
        return neutralised(values)
    if column.kind in kinds:
        return values.to_frame("value").select(kinds[column.kind]).to_series()
    return values.fill_nan(None) if values.dtype.is_float() else values
