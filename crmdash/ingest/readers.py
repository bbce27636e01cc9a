"""Bytes of any supported kind → a table of text. What cannot be read says why, in one issue."""

import io
from typing import Final

import polars as pl

from crmdash.errors import UnreadableFile
from crmdash.ingest.delimited import read_delimited
from crmdash.ingest.options import Options
from crmdash.ingest.raw import RawTable, Source
from crmdash.ingest.sheets import read_workbook
from crmdash.issues import Issue

__all__ = ["RawTable", "Source", "read_table"]

_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_FOREIGN: Final = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"RIFF": "RIFF",
    b"\x1f\x8b": "gzip",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!": "RAR",
    b"SQLite format 3\x00": "SQLite",
    b"{\\rtf": "RTF",
}
_MARKUP: Final = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<svg")


def read_table(source: Source, options: Options = Options()) -> RawTable:  # noqa: B008  (a frozen value)
    """Read the table of a file as text cells, whatever its format; the content decides, not the name.

    Raises
    ------
    UnreadableFile
        If there is no table to be had from the bytes; its issue says why and what to do.
    """
    content = source.content
    if not content.strip():
        raise UnreadableFile(Issue("error", "file_empty"))
    if content.startswith(_WORKBOOKS):
        return read_workbook(source, options)
    if content.startswith(b"PAR1"):
        return _read_parquet(source)
    _refuse_foreign(content)
    return read_delimited(source, options)


def _refuse_foreign(content: bytes) -> None:
    for signature, kind in _FOREIGN.items():
        # Two letters also begin a plain text file, so a signature counts only with bytes that text never has.
        if content.startswith(signature) and (len(signature) > 2 or 0 in content[:64]):
            raise UnreadableFile(Issue("error", "file_foreign", example=kind))
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_MARKUP):
        raise UnreadableFile(Issue("error", "file_foreign", example="HTML / XML"))
    head = content[:4096]
    zeros = head.count(0)
    if zeros and not _looks_utf16(head):
        raise UnreadableFile(Issue("error", "file_binary"))


def _looks_utf16(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    zeros = sorted((head[0::2].count(0), head[1::2].count(0)))
    return zeros[1] * 4 >= len(head) // 2 and zeros[0] * 20 <= zeros[1]


def _read_parquet(source: Source) -> RawTable:
    try:
        frame = pl.read_parquet(io.BytesIO(source.content))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UnreadableFile(Issue("error", "parquet_broken", example=str(error).splitlines()[0])) from error
    if not frame.width:
        raise UnreadableFile(Issue("error", "file_empty"))
    nested = [name for name, dtype in frame.schema.items() if dtype.is_nested() or dtype == pl.Binary]
    issues = [Issue("warning", "column_nested", column=name) for name in nested]
    frame = frame.drop(nested)
    text = frame.select(_as_text(name, dtype) for name, dtype in frame.schema.items())
    blank = pl.all().str.strip_chars() == ""
    return RawTable(source.name, text.with_columns(pl.when(~blank).then(pl.all())), issues=tuple(issues))


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Datetime:
        return pl.col(name).dt.strftime("%Y-%m-%d %H:%M:%S")
    return pl.col(name).cast(pl.String)
