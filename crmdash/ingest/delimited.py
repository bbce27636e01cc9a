"""Delimited text: bytes → encoding → dialect → a frame of text cells.

The delimiter is what DuckDB finds on the first lines; runs of blanks, which it does not know, are tried where that
delimiter does not occur. The encoding is read off byte-order marks and strict decoding, else guessed by
charset-normalizer.
"""

import csv
import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import polars as pl
from charset_normalizer import from_bytes

from crmdash.errors import UnreadableFile
from crmdash.ingest.aliases import is_known
from crmdash.ingest.headers import name_columns
from crmdash.ingest.options import Options
from crmdash.ingest.raw import RawTable, Source
from crmdash.issues import Issue

_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_LEGACY: Final = ["gb18030", "big5", "shift_jis", "euc_kr", "cp1252"]
_SNIFFED_BYTES: Final = 1 << 16
_GUESSED_BYTES: Final = 1 << 20
_HEADER_LINES: Final = 5
_WELL_FORMED: Final = 50
"""So many good multi-byte characters for each broken one still make a file UTF-8."""
_MISREAD: Final = (pl.exceptions.ComputeError, pl.exceptions.SchemaError)
BLANKS: Final = " "
"""The delimiter of tables whose cells are separated by runs of blanks."""


@dataclass(frozen=True)
class Decoded:
    """Text as UTF-8 bytes without a mark, the encoding it came in, and what was doubtful about it."""

    text: bytes
    encoding: str
    issues: tuple[Issue, ...] = ()


def decode(content: bytes, encoding: str | None = None) -> Decoded:
    """Turn the bytes of a text file into UTF-8.

    Raises
    ------
    UnreadableFile
        If `encoding` is given but unknown.
    """
    if encoding is not None:
        return _decode_as(content, encoding)
    for mark, name in _BOMS:
        if content.startswith(mark):
            return _decode_as(content, name)
    if unmarked := _unmarked_utf16(content):
        return _decode_as(content, unmarked)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(content)
    return Decoded(content, "utf-8")


def _decode_as(content: bytes, encoding: str) -> Decoded:
    try:
        text = content.decode(encoding, "replace")
    except LookupError as error:
        raise UnreadableFile(Issue("error", "encoding_unknown", example=encoding)) from error
    broken = text.count("\ufffd")
    issues = (Issue("warning", "characters_lost", count=broken, values={"encoding": encoding}),) if broken else ()
    return Decoded(text.removeprefix("\ufeff").encode(), encoding, issues)


def _unmarked_utf16(content: bytes) -> str | None:
    head = content[:4096]
    zeros = (head[0::2].count(0), head[1::2].count(0))
    if max(zeros) * 4 < len(head) // 2:
        return None
    return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"


def _by_headers(head: bytes) -> str | None:
    """Return the encoding in which the first lines hold the most column names we know; None where none does.

    A few short lines are too little for a guess from letters alone: Chinese reads as Korean there.
    """
    known = {encoding: _known_names(head, encoding) for encoding in _LEGACY}
    best = max(_LEGACY, key=known.__getitem__)
    return best if known[best] else None


def _known_names(head: bytes, encoding: str) -> int:
    try:
        text = head.decode(encoding)
    except UnicodeDecodeError:
        return 0
    names = [name for line in text.splitlines()[:_HEADER_LINES] for name in re.split(r"[,;\t|，]", line)]
    return sum(is_known(name) and not name.isascii() for name in names)


def _decode_legacy(content: bytes) -> Decoded:
    text = content.decode("utf-8", "replace")
    good = sum(1 for character in text[:_GUESSED_BYTES] if character > "\x7f" and character != "\ufffd")
    if good > _WELL_FORMED * text[:_GUESSED_BYTES].count("\ufffd"):
        return _decode_as(content, "utf-8")
    head = content[:_GUESSED_BYTES]
    cut = head.rfind(b"\n") if len(content) > _GUESSED_BYTES else -1
    head = head if cut < 0 else head[:cut]
    best = from_bytes(head, cp_isolation=_LEGACY).best()
    decoded = _decode_as(content, _by_headers(head) or (best.encoding if best is not None else "cp1252"))
    guessed = Issue("info", "encoding_guessed", values={"encoding": decoded.encoding})
    return Decoded(decoded.text, decoded.encoding, (guessed, *decoded.issues))


@dataclass(frozen=True)
class Dialect:
    """What separates cells, and what encloses a cell that contains a separator."""

    delimiter: str
    quote: str = '"'


def sniff_dialect(text: bytes, delimiter: str | None = None) -> Dialect:
    """Find the dialect of UTF-8 text from its first lines."""
    head = text[:_SNIFFED_BYTES]
    if len(text) > _SNIFFED_BYTES:
        head = head[: head.rfind(b"\n") + 1] or head
    lines = head.decode("utf-8", "replace").splitlines()
    found = _ask_duckdb(head, delimiter)
    if delimiter is not None:
        return Dialect(delimiter, found.quote)
    if not any(found.delimiter in line for line in lines) and _separated_by_blanks(lines):
        return Dialect(BLANKS)
    return found


def _ask_duckdb(head: bytes, delimiter: str | None) -> Dialect:
    asked = "" if delimiter in (None, BLANKS) else ", delim = ?"
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / "head.csv"
        path.write_bytes(head)
        query = f"select Delimiter, Quote from sniff_csv(?, strict_mode = false, ignore_errors = true{asked})"
        try:
            row = connection.execute(query, [str(path), *([delimiter] if asked else [])]).fetchone()
        except duckdb.Error:
            row = None
    if row is None:
        return Dialect(delimiter or ",")
    return Dialect(row[0], row[1] if row[1] in ("'", '"') else '"')


def _separated_by_blanks(lines: list[str]) -> bool:
    widths = {len(line.split()) for line in lines if line.strip()}
    return len(widths) == 1 and widths.pop() > 1


def read_delimited(source: Source, options: Options) -> RawTable:
    """Read a delimited text file as text cells.

    Raises
    ------
    UnreadableFile
        If there is no line with anything in it.
    """
    decoded = decode(source.content, options.encoding)
    text = decoded.text if b"\n" in decoded.text else decoded.text.replace(b"\r", b"\n")
    if not text.strip():
        raise UnreadableFile(Issue("error", "file_empty"))
    dialect = sniff_dialect(text, options.delimiter)
    if dialect.delimiter == BLANKS:
        text = re.sub(rb"(?m)^ | $", b"", re.sub(rb"[ \t\r]+", b" ", text))
    cells, broken = _read_cells(text, dialect)
    headed = name_columns(cells, _file_rows(cells), options.header)
    return RawTable(
        name=source.name,
        frame=headed.frame,
        encoding=decoded.encoding,
        delimiter=dialect.delimiter,
        header_row=headed.header_row,
        first_row=int(headed.rows[0]) if len(headed.rows) else (headed.header_row or 0) + 1,
        issues=(*decoded.issues, *broken, *headed.issues),
        rows=headed.rows,
    )


def _read_cells(text: bytes, dialect: Dialect) -> tuple[pl.DataFrame, tuple[Issue, ...]]:
    """Read every row: fast, else as wide as the widest row further down, else forgiving broken quotes."""
    with suppress(*_MISREAD):
        return _polars_cells(text, dialect, _width(text[:_SNIFFED_BYTES], dialect)), ()
    with suppress(*_MISREAD):
        return _polars_cells(text, dialect, _width(text, dialect)), ()
    rows = list(_rows(text, dialect))
    width = max(map(len, rows), default=1)
    cells = pl.DataFrame(
        [row + [None] * (width - len(row)) for row in rows],
        schema={f"c{position}": pl.String for position in range(width)},
        orient="row",
    )
    return _without_blanks(cells), (Issue("warning", "quotes_broken", example=dialect.quote),)


def _rows(text: bytes, dialect: Dialect) -> Iterator[list[str | None]]:
    csv.field_size_limit(1 << 30)
    lines = io.StringIO(text.decode("utf-8", "replace"), newline="")
    yield from csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote)


def _width(text: bytes, dialect: Dialect) -> int:
    return max(map(len, _rows(text, dialect)), default=1) or 1


def _polars_cells(text: bytes, dialect: Dialect, width: int) -> pl.DataFrame:
    cells = pl.read_csv(
        text,
        has_header=False,
        schema={f"c{position}": pl.String for position in range(width)},
        missing_columns="insert",
        separator=dialect.delimiter,
        quote_char=dialect.quote if dialect.quote.encode() in text else None,
    )
    return _without_blanks(cells)


def _without_blanks(cells: pl.DataFrame) -> pl.DataFrame:
    return cells.with_columns(pl.when(pl.all().str.strip_chars() != "").then(pl.all()))


def _file_rows(cells: pl.DataFrame) -> pl.Series:
    """Return the 1-based line on which each row begins; a cell may hold line breaks."""
    breaks = cells.select(pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True).fill_null(0))).to_series()
    before = breaks.cast(pl.Int64).cum_sum().shift(1, fill_value=0)
    return (pl.int_range(1, cells.height + 1, eager=True) + before).rename("row")
