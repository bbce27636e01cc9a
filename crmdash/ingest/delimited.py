"""Delimited text: bytes → encoding → dialect → a frame of text cells.

A regular file is read by Polars at full speed. One with broken quotation marks, uneven rows or mixed line ends is read
line by line (`records`), and rows with too many or too few cells are fitted to the columns (`ragged`); both are told.
"""

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Final

import numpy as np
import polars as pl

from crmdash.errors import UnreadableFile
from crmdash.ingest.dialects import BLANKS, sniff_dialect
from crmdash.ingest.encodings import decode
from crmdash.ingest.headers import is_value, name_columns
from crmdash.ingest.limits import check_lines, check_longest, check_shape
from crmdash.ingest.options import Options
from crmdash.ingest.ragged import Table
from crmdash.ingest.raw import RawTable, Source
from crmdash.ingest.records import Dialect, read_rows, split_lines
from crmdash.issues import Issue

_SNIFFED_BYTES: Final = 1 << 16
_IN_CACHE: Final = 1 << 18
_MISREAD: Final = (pl.exceptions.ComputeError, pl.exceptions.SchemaError, pl.exceptions.NoDataError)
_SEPARATOR_LINE: Final = re.compile(rb"sep=(.)\r?\n", re.IGNORECASE)

Bytes = np.ndarray[tuple[int], np.dtype[np.uint8]]
Places = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


@dataclass(frozen=True, eq=False)
class Cells:
    """Every row of a file as text cells, blank ones null, the line on which each row begins, and what was broken."""

    frame: pl.DataFrame
    rows: pl.Series
    issues: tuple[Issue, ...] = ()


def read_delimited(source: Source, options: Options) -> RawTable:
    """Read a delimited text file as text cells.

    Raises
    ------
    UnreadableFile
        If there is no line with anything in it, or it goes beyond a limit.
    """
    decoded = decode(source.content, options.encoding)
    text, asked, skipped = _separator_line(decoded.text, options.delimiter)
    if b"\n" not in text:
        text = text.replace(b"\r", b"\n")
    if not text or text.isspace():
        raise UnreadableFile(Issue("error", "file_empty"))
    check_lines(text)
    dialect = sniff_dialect(_head(text), asked)
    text, comments = _leading_comments(text, dialect, skipped)
    skipped += sum(issue.count for issue in comments)
    if dialect.delimiter == BLANKS and dialect.quote.encode() not in text:
        text = re.sub(rb"(?m)^ | $", b"", re.sub(rb"[ \t\r]+", b" ", text))
    cells = _regular(text, dialect, skipped)
    if cells is None:
        with _uncollected():
            cells = _uneven(text, dialect, options.header, skipped)
    check_longest(cells.frame)
    headed = name_columns(cells.frame, cells.rows, options.header)
    return RawTable(
        name=source.name,
        frame=headed.frame,
        encoding=decoded.encoding,
        delimiter=dialect.delimiter,
        header_row=headed.header_row,
        first_row=int(headed.rows[0]) if len(headed.rows) else (headed.header_row or 0) + 1,
        issues=(*decoded.issues, *_together(*comments, *cells.issues), *headed.issues),
        rows=headed.rows,
        encodings=decoded.candidates,
    )


def _separator_line(text: bytes, asked: str | None) -> tuple[bytes, str | None, int]:
    """Take off a first line like ``sep=;``, which spreadsheets write: the rest, the delimiter, the lines taken off."""
    line = _SEPARATOR_LINE.match(text)
    if line is None:
        return text, asked, 0
    return text[line.end() :], asked or line.group(1).decode("ascii", "replace"), 1


def _leading_comments(text: bytes, dialect: Dialect, skipped: int) -> tuple[bytes, tuple[Issue, ...]]:
    """Take off the lines at the start that begin with #, but not the names, of which the first may begin so too."""
    if not text.startswith(b"#"):
        return text, ()
    lines = split_lines(_head(text))
    count = next((place for place, line in enumerate(lines) if not line.startswith("#")), len(lines))
    last, first = [*lines[count - 1 : count + 1], ""][:2]
    cells = first.rstrip().split(dialect.delimiter)
    if last.count(dialect.delimiter) + 1 == len(cells) and any(map(is_value, cells)):
        count -= 1
    if not count:
        return text, ()
    rest = text[len("".join(lines[:count]).encode()) :]
    return rest, (Issue("info", "comments_skipped", row=1 + skipped, count=count),)


def _together(*issues: Issue) -> tuple[Issue, ...]:
    """Count the comments above the table and those inside it as one finding."""
    comments = [issue for issue in issues if issue.code == "comments_skipped"]
    others = tuple(issue for issue in issues if issue.code != "comments_skipped")
    if not comments:
        return others
    return (replace(comments[0], count=sum(issue.count for issue in comments)), *others)


def _head(text: bytes) -> str:
    head = text[:_SNIFFED_BYTES]
    if len(text) > _SNIFFED_BYTES:
        head = head[: head.rfind(b"\n") + 1] or head
    return head.decode("utf-8", "replace")


def _regular(text: bytes, dialect: Dialect, skipped: int) -> Cells | None:
    """Read a file whose every line is well formed and has the same number of cells; None if it is another."""
    if dialect.escape is not None or len(dialect.delimiter.encode()) > 1 or has_lone_return(text):
        return None
    quoted, mark = dialect.quote.encode() in text, dialect.delimiter.encode()
    breaks = count_byte(text, b"\n")
    lines = breaks + (not text.endswith(b"\n"))
    frame, width = None, text.partition(b"\n")[0].count(mark) + 1
    if not quoted and width > 1:
        frame = _parsed(text, dialect, breaks, width)
        # As many rows as lines: none is blank. No row has more cells (it would have been refused), so none has fewer.
        if frame is not None and (frame.height < lines or count_byte(text, mark) != (width - 1) * frame.height):
            frame = None
    if frame is None:
        even = _even_width(text, dialect)
        frame = None if even is None else _parsed(text, dialect, breaks, even)
    if frame is None:
        return None
    rows = pl.int_range(1, frame.height + 1, eager=True).rename("row") if frame.height == lines else _file_rows(frame)
    return Cells(_without_blanks(frame) if _may_have_blanks(text, dialect.quote) else frame, rows + skipped)


def _parsed(text: bytes, dialect: Dialect, breaks: int, width: int) -> pl.DataFrame | None:
    """Return the cells of well-formed lines as they stand; None where Polars finds them ill-formed."""
    check_shape(breaks, width)
    try:
        return pl.read_csv(
            text,
            has_header=False,
            schema={f"c{position}": pl.String for position in range(width)},
            missing_columns="insert",
            separator=dialect.delimiter,
            quote_char=dialect.quote if dialect.quote.encode() in text else None,
        )
    except _MISREAD:
        return None


def has_lone_return(text: bytes) -> bool:
    """Say whether a carriage return stands without a line feed after it."""
    return b"\r" in text and re.search(rb"\r(?!\n)", text) is not None


def count_byte(text: bytes, byte: bytes) -> int:
    """Count a byte, several times as fast as `bytes.count` does where there are many of it."""
    data = np.frombuffer(text, np.uint8)
    pieces = range(0, len(data), _IN_CACHE)
    return sum(int(np.count_nonzero(data[at : at + _IN_CACHE] == ord(byte))) for at in pieces)


def _even_width(text: bytes, dialect: Dialect) -> int | None:
    """Return the number of cells that every row has; None where they differ or a quotation mark is out of place.

    Inside a cell in quotation marks is where an odd number of marks precedes. A mark that opens one must follow a
    delimiter, a line end or (a doubled mark) another; one that closes one must precede the same.
    """
    data = np.frombuffer(text, np.uint8)
    places = _places(data, dialect.delimiter, dialect.quote)
    kinds = data[places]
    is_quote = kinds == ord(dialect.quote)
    quotes = places[is_quote]
    if len(quotes) % 2 or (len(quotes) and not _are_in_place(data, quotes, dialect)):
        return None
    outside = np.cumsum(is_quote, dtype=np.int32) & 1 == 0
    ends, marks = (places[outside & (kinds == ord(byte))] for byte in ("\n", dialect.delimiter))
    if not len(ends) or ends[-1] != len(data) - 1:
        ends = np.append(ends, len(data))
    cells, rest = divmod(len(marks), len(ends))
    if not rest and (not cells or _in_step(marks.reshape(-1, cells), ends)):
        return cells + 1
    counts = np.diff(np.searchsorted(marks, ends), prepend=0)
    lengths = np.diff(ends, prepend=-1) - 1
    filled = counts[(lengths > 1) | ((lengths == 1) & (data[ends - 1] != ord("\r")))]
    return int(filled[0]) + 1 if len(filled) and (filled == filled[0]).all() else None


def _places(data: Bytes, delimiter: str, quote: str) -> Places:
    """Return where the delimiters, quotation marks and line feeds stand."""
    found = [np.empty(0, np.int64)]
    for start in range(0, len(data), _IN_CACHE):
        piece = data[start : start + _IN_CACHE]
        hits = (piece == ord(delimiter)) | (piece == ord(quote)) | (piece == ord("\n"))
        found.append(np.flatnonzero(hits) + start)
    return np.concatenate(found)


def _in_step(marks: Places, ends: Places) -> bool:
    """Say whether the delimiters of each row, in a row of their own here, stand between its line end and the last."""
    return bool((marks[:, -1] < ends).all() and (marks[1:, 0] > ends[:-1]).all())


def _are_in_place(data: Bytes, quotes: Places, dialect: Dialect) -> bool:
    beside = [ord(dialect.delimiter), ord(dialect.quote), ord("\n"), ord("\r")]
    opening, closing = quotes[0::2], quotes[1::2]
    before = data[opening[1:] - 1] if opening[0] == 0 else data[opening - 1]
    after = data[closing[:-1] + 1] if closing[-1] == len(data) - 1 else data[closing + 1]
    return bool(np.isin(before, beside[:3]).all() and np.isin(after, beside).all())


def _may_have_blanks(text: bytes, quote: str) -> bool:
    """Say whether a cell may consist of blanks only, or of quotation marks with nothing inside."""
    if not text.isascii() or any(blank in text for blank in (b" ", b"\t", b"\v", b"\f")):
        return True
    return quote.encode() in text and quote.encode() * 2 in text  # one byte is found many times as fast as two


def _without_blanks(cells: pl.DataFrame) -> pl.DataFrame:
    return cells.with_columns(pl.when(pl.all().str.strip_chars() != "").then(pl.all()))


def _file_rows(cells: pl.DataFrame) -> pl.Series:
    """Return the 1-based line on which each row begins; a cell in quotation marks may hold line breaks."""
    numbers = pl.int_range(1, cells.height + 1, eager=True).rename("row")
    breaks = cells.select(pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True).fill_null(0))).to_series()
    return numbers + breaks.cast(pl.Int64).cum_sum().shift(1, fill_value=0)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hold the search for cycles, which takes most of the time where a million rows of cells come to be."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _uneven(text: bytes, dialect: Dialect, header: int | bool | None, skipped: int) -> Cells:
    """Read a file line by line, fit uneven rows to its columns, and tell what was done."""
    rows = read_rows(text.decode("utf-8", "replace"), dialect)
    check_shape(len(rows.cells), max(map(len, rows.cells), default=0))
    issues = []
    if rows.broken:
        first, count = rows.broken[0] + skipped, len(rows.broken)
        issues.append(Issue("warning", "quotes_broken", row=first, count=count, example=dialect.quote))
    table = Table(rows.cells, [line + skipped for line in rows.lines], dialect.delimiter, header)
    issues += table.straighten()
    width = max(map(len, table.cells), default=1)
    columns = zip_longest(*table.cells) if table.cells else [[]]
    frame = pl.DataFrame(
        [pl.Series(f"c{position}", list(column), pl.String) for position, column in enumerate(columns)][:width]
    )
    return Cells(_without_blanks(frame), pl.Series("row", table.lines, pl.Int64), tuple(issues))
