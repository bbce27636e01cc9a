"""Lines of delimited text → rows of cells: strictly where a line is well formed, forgivingly where it is not.

A cell that begins with a quotation mark runs to the mark before the next delimiter; inside, a doubled mark (or one
after the dialect's escape) stands for itself. A line that breaks this is read in several ways, and the first way that
gives as many cells as the other lines have is taken: a stray mark is then part of its cell and swallows nothing.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_CELL_LINES: Final = 1_000
"""A cell with more line breaks than this is taken for one whose quotation mark was never closed."""
_SAMPLE_LINES: Final = 2_000
_LONGEST: Final = 1 << 30


@dataclass(frozen=True)
class Dialect:
    """What separates cells, what encloses a cell that contains a separator, and what escapes a mark inside it."""

    delimiter: str
    quote: str = '"'
    escape: str | None = None

    @cached_property
    def enclosed(self) -> str:
        """The pattern of a cell in quotation marks, marks included."""
        mark = re.escape(self.quote)
        if self.escape is None:
            return rf"{mark}(?:[^{mark}]++|{mark}{mark})*+{mark}"
        escape = re.escape(self.escape)
        return rf"{mark}(?:[^{mark}{escape}]++|{escape}.|{mark}{mark})*+{mark}"

    @cached_property
    def cell(self) -> re.Pattern[str]:
        """The pattern of one cell: enclosed (group 1), or plain (group 2)."""
        mark, delimiter = re.escape(self.quote), re.escape(self.delimiter)
        blank = "" if self.delimiter == " " else " *"
        plain = rf"(?!{blank}{mark})[^{delimiter}\r\n]*+"
        return re.compile(rf"(?:{blank}({self.enclosed}){blank}|({plain}))(?={delimiter}|[\r\n]*\Z)", re.DOTALL)

    @cached_property
    def left_open(self) -> re.Pattern[str]:
        """The pattern of a line that ends inside a cell in quotation marks."""
        mark, delimiter = re.escape(self.quote), re.escape(self.delimiter)
        blank = "" if self.delimiter == " " else " *"
        plain = rf"(?!{blank}{mark})[^{delimiter}\r\n]*+"
        whole = rf"(?:{blank}{self.enclosed}{blank}|{plain}){delimiter}"
        inside = rf"[^{mark}]++|{mark}{mark}"
        if self.escape is not None:
            escape = re.escape(self.escape)
            inside = rf"[^{mark}{escape}]++|{escape}.|{mark}{mark}"
        return re.compile(rf"(?>{whole})*+{blank}{mark}(?:{inside})*+\Z", re.DOTALL)

    def plain(self, enclosed: str) -> str:
        """Return what stands in a cell that is given with its quotation marks."""
        inner = enclosed[1:-1]
        if self.escape is not None:
            escape = re.escape(self.escape)
            inner = re.sub(rf"{escape}([{re.escape(self.quote)}{escape}])", r"\1", inner)
        return inner.replace(self.quote * 2, self.quote)


@dataclass
class Rows:
    """Rows of cells, the 1-based line on which each begins, and the lines on which quotation marks were broken."""

    cells: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)

    def add(self, line: int, cells: list[str]) -> None:
        """Append a row."""
        self.cells.append(cells)
        self.lines.append(line)


def split_lines(text: str) -> list[str]:
    r"""Return the lines with their ends, whether those are ``\n``, ``\r\n`` or ``\r``; no other character ends one."""
    lines = _LINE.findall(text)
    return lines[:-1] if lines and not lines[-1] else lines


def usual_width(widths: Sequence[int]) -> int:
    """Return the commonest number of cells, the greater of two that are equally common."""
    counts = Counter(width for width in widths if width)
    return max(counts, key=lambda width: (counts[width], width), default=1)


def read_rows(text: str, dialect: Dialect, width: int | None = None) -> Rows:
    """Read every line; `width` is the usual number of cells, found from the lines where None."""
    lines = split_lines(text)
    if width is None:
        width = usual_width([len(cells) for cells in _sample(lines, dialect)])
    rows, at = Rows(), 0
    at_once = f"{dialect.delimiter} {dialect.quote}" not in text and dialect.escape is None
    while at < len(lines):
        if at_once:
            at = _read_ahead(lines, at, dialect, rows)
            if at >= len(lines):
                break
        cells = split_line(lines[at], dialect)
        taken = 1
        if cells is None:
            taken, cells = _over_lines(lines, at, dialect)
        if cells is None:
            rows.broken.append(at + 1)
            taken, cells = 1, forgive(lines[at].rstrip("\r\n"), dialect, width)
        rows.add(at + 1, cells)
        at += taken
    return rows


def _read_ahead(lines: list[str], at: int, dialect: Dialect, rows: Rows) -> int:
    """Read well-formed rows quickly until one is not, or is suspiciously long; return the line where that begins."""
    csv.field_size_limit(_LONGEST)
    reader = csv.reader(
        map(lines.__getitem__, range(at, len(lines))),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        doublequote=True,
        strict=True,
    )
    start = at
    with suppress(csv.Error):  # the row at hand is broken: the caller reads it forgivingly
        for cells in reader:
            end = start + reader.line_num
            if end - at > _CELL_LINES:
                return at
            rows.add(at + 1, cells or [""])
            at = end
    return at


def _sample(lines: list[str], dialect: Dialect) -> Iterator[list[str]]:
    step = max(1, len(lines) // _SAMPLE_LINES)
    for line in lines[::step]:
        if line.strip() and (cells := split_line(line, dialect)) is not None:
            yield cells


def split_line(line: str, dialect: Dialect) -> list[str] | None:
    """Return the cells of a well-formed line, None if its quotation marks are broken or left open."""
    if dialect.quote not in line:
        return line.rstrip("\r\n").split(dialect.delimiter)
    cells, at = [], 0
    while (found := dialect.cell.match(line, at)) is not None:
        enclosed = found.group(1)
        cells.append(found.group(2) if enclosed is None else dialect.plain(enclosed))
        at = found.end()
        if at >= len(line) or line[at] != dialect.delimiter:
            return cells
        at += 1
    return None


def _over_lines(lines: list[str], at: int, dialect: Dialect) -> tuple[int, list[str] | None]:
    """Join a line that ends inside a cell with the following ones, until the cell is closed."""
    parts = [lines[at]]
    if dialect.left_open.match(lines[at]) is None:
        return 1, None
    for line in lines[at + 1 : at + _CELL_LINES]:
        parts.append(line)
        if dialect.quote in line:
            joined = "".join(parts)
            cells = split_line(joined, dialect)
            if cells is not None or dialect.left_open.match(joined) is None:
                return len(parts), cells
    return 1, None


def forgive(line: str, dialect: Dialect, width: int) -> list[str]:
    """Return the cells of a line with broken quotation marks: the first reading with `width` cells, else the first."""
    first: list[str] | None = None
    for cells in _readings(line, dialect):
        if len(cells) == width:
            return cells
        first = cells if first is None else first
    return first or [line]


def _readings(line: str, dialect: Dialect) -> Iterator[list[str]]:
    yield _leniently(line, dialect, doubled=True)
    yield _leniently(line, dialect, doubled=False)
    starts = [
        at for at in range(len(line)) if line[at] == dialect.quote and (at == 0 or line[at - 1] == dialect.delimiter)
    ]
    for start in starts:
        yield _leniently(line, dialect, doubled=True, literal=start)
    yield from with_delimiter(line, dialect)
    yield line.split(dialect.delimiter)


def with_delimiter(line: str, dialect: Dialect) -> Iterator[list[str]]:
    """Yield the well-formed readings of a line with one more delimiter beside one of its quotation marks."""
    for mark in (at for at, character in enumerate(line) if character == dialect.quote):
        for at in (mark, mark + 1):
            if 0 < at < len(line) and dialect.delimiter not in line[at - 1 : at + 1]:
                cells = split_line(line[:at] + dialect.delimiter + line[at:], dialect)
                if cells is not None:
                    yield cells


def _leniently(line: str, dialect: Dialect, *, doubled: bool, literal: int | None = None) -> list[str]:
    cells, at = [], 0
    while at <= len(line):
        end = -1
        if line[at : at + 1] == dialect.quote and at != literal:
            end = _closing(line, at + 1, dialect, doubled=doubled)
        if end >= 0:
            inner = line[at + 1 : end]
            cells.append(inner.replace(dialect.quote * 2, dialect.quote) if doubled else inner)
            at = end + 2
            continue
        end = line.find(dialect.delimiter, at)
        end = len(line) if end < 0 else end
        cells.append(line[at:end])
        at = end + 1
    return cells


def _closing(line: str, at: int, dialect: Dialect, *, doubled: bool) -> int:
    """Return where the mark before the next delimiter or the end of the line stands, -1 if there is none."""
    while (at := line.find(dialect.quote, at)) >= 0:
        after = line[at + 1 : at + 2]
        if doubled and after == dialect.quote:
            at += 2
        elif after in ("", dialect.delimiter):
            return at
        else:
            at += 1
    return -1
