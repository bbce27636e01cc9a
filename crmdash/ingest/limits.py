"""How much a file may hold, so that a hostile or mistaken one costs a message and nothing else."""

import re
from typing import Final

import polars as pl

from crmdash.errors import UnreadableFile
from crmdash.issues import Issue

MAX_BYTES: Final = 2 << 30
"""Bytes of a file as it comes."""
MAX_ROWS: Final = 20_000_000
MAX_COLUMNS: Final = 500
MAX_CELL: Final = 1_000_000
"""Bytes of one cell, and of one line without a line break."""
MAX_UNPACKED: Final = 300 << 20
"""Bytes of what a workbook or an archive unpacks to, by its own account and in fact."""
MAX_RATIO: Final = 100
"""Unpacked bytes for each packed one."""
MAX_DENSITY: Final = 1_000
"""Bytes of cells as text for each byte of a Parquet file or workbook, which store a repeated value once."""
SMALL_UNPACKED: Final = 10 << 20
"""Below this the ratio does not matter: a small file may well be very regular."""
MAX_ENTRIES: Final = 1_000
"""Files inside a workbook or archive."""
MAX_TEXT: Final = 8 << 30
"""Bytes of the cells of a workbook or Parquet file as text."""
CHILD_MEMORY: Final = 4 << 30
"""Bytes of address space for reading a workbook or Parquet file."""
_SECONDS: Final = (9.0, 600.0)
"""Least and greatest time for that; in between a second for each megabyte."""


def child_seconds(size: int) -> float:
    """Return how long reading a file of `size` bytes in a child process may take."""
    return min(_SECONDS[0] + size / 1e6, _SECONDS[1])


def refuse(code: str, **told: object) -> UnreadableFile:
    """Return the refusal with `code`; what is told fills the placeholders of its message."""
    return UnreadableFile(Issue("error", code, values=told))


def check_bytes(size: int) -> None:
    """Refuse a file of too many bytes.

    Raises
    ------
    UnreadableFile
        Beyond `MAX_BYTES`.
    """
    if size > MAX_BYTES:
        raise refuse("too_many_bytes", found=megabytes(size), limit=megabytes(MAX_BYTES))


def check_shape(rows: int, columns: int) -> None:
    """Refuse a table with too many rows or columns.

    Raises
    ------
    UnreadableFile
        Beyond `MAX_ROWS` or `MAX_COLUMNS`.
    """
    if columns > MAX_COLUMNS:
        raise refuse("too_many_columns", found=columns, limit=MAX_COLUMNS)
    if rows > MAX_ROWS:
        raise refuse("too_many_rows", found=rows, limit=MAX_ROWS)


def check_longest(frame: pl.DataFrame) -> None:
    """Refuse a frame of text with a cell that is too long.

    Raises
    ------
    UnreadableFile
        Beyond `MAX_CELL` bytes.
    """
    texts = frame.select(pl.col(pl.String).str.len_bytes().max())
    longest = max((length or 0 for length in texts.row(0)), default=0) if frame.height and texts.width else 0
    if longest > MAX_CELL:
        raise refuse("cell_too_long", found=longest, limit=MAX_CELL)


def check_lines(text: bytes) -> None:
    """Refuse text with a line so long that it holds no table: found without splitting it into cells.

    Raises
    ------
    UnreadableFile
        If a line is longer than `MAX_CELL`; the issue names it.
    """
    long = _long_line(text)
    if long is not None:
        line = text.count(b"\n", 0, long) + 1
        values = {"limit": megabytes(MAX_CELL)}
        raise UnreadableFile(Issue("error", "line_too_long", row=line, values=values))


def _long_line(text: bytes) -> int | None:
    """Return where the first line begins that is longer than a cell may be; None if none is."""
    at = 0
    while len(text) - at > MAX_CELL:
        # The last break within reach: whatever stands between two such breaks is made of shorter lines.
        end = text.rfind(b"\n", at, at + MAX_CELL + 1)
        if end < 0:
            return at
        at = end + 1
    return None


def megabytes(count: int) -> str:
    """Return a number of bytes as whole megabytes, for a message."""
    return re.sub(r"\.0$", "", f"{count / 1e6:.1f}")
