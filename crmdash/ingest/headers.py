"""Where the column names stand, and what they are: the same for text files and sheets."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

import polars as pl

from crmdash.ingest.aliases import is_known
from crmdash.issues import Issue

_LOOK_AT: Final = 40
_DATA_CELL: Final = re.compile(r"[-+(]?\D?\s?\d[\d.,/:\s\-]*\)?%?")
_STRAY_SHARE: Final = 0.05
_DEPTH: Final = 4
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_MISSING: Final = frozenset(
    {"n/a", "na", "nan", "null", "none", "nil", "unknown", "-", "--", "—", "无", "無", "空", "未知"}
)
_ENOUGH: Final = 2
"""So few rows below already tell a column of numbers or dates."""

Row = tuple[str | None, ...]


@dataclass(frozen=True, eq=False)
class Headed:
    """A frame with named columns, the file row of each of its rows, and the 1-based file row of the names."""

    frame: pl.DataFrame
    rows: pl.Series
    header_row: int | None
    issues: tuple[Issue, ...]


def find_header(rows: Sequence[Row]) -> int | None:
    """Return the index of the row with the column names among the first rows of a file, None if there is none.

    Lines above the table (a title, an export date) fill at most half of its usual width. The first full row holds
    names unless one of its cells is a number or a date; a name known to us settles it.
    """
    filled = [sum(cell is not None for cell in row) for row in rows]
    typical = median([count for count in filled if count] or [0])
    for index, row in enumerate(rows):
        if filled[index] * 2 > typical:
            cells = [cell for cell in row if cell is not None]
            if any(is_known(cell) for cell in cells):
                return index
            return None if any(_DATA_CELL.fullmatch(cell.strip()) for cell in cells) else index
    return None


def name_columns(cells: pl.DataFrame, rows: pl.Series, header: int | bool | None) -> Headed:
    """Cut the header off a frame of text cells and name the columns by it.

    Parameters
    ----------
    cells
        Every row of the file, blank cells null.
    rows
        The file row of each row of `cells`.
    header
        The file row of the names, True for the first row, False for none, None to find it.
    """
    head = cells.head(_LOOK_AT).rows()
    at = header_index(head, rows.head(_LOOK_AT).to_list(), header) if not cells.is_empty() else None
    if at is not None and at >= len(head):
        head = cells.rows()
    depth = 0 if at is None else _depth(head, at) if header is None else 1
    given = _joined(head[at : at + depth]) if at is not None else (None,) * cells.width
    names, repeated = unique_names(given)
    start = 0 if at is None else at + depth
    body, body_rows = cells.slice(start).rename(dict(zip(cells.columns, names, strict=True))), rows.slice(start)
    nameless = [name for name, cell in zip(names, given, strict=True) if cell is None]
    empty = {name for name in nameless if at is not None and body[name].null_count() == body.height}
    body = body.drop(empty)
    issues = [*repeated]
    if at is not None:
        issues = [*issues, *_nameless([name for name in nameless if name not in empty], body, body_rows)]
    filled = pl.repeat(False, body.height, dtype=pl.Boolean, eager=True)
    for column in body:
        filled = filled | column.is_not_null()
    row = None if at is None else int(rows[at])
    if filled.all():
        return Headed(body, body_rows, row, tuple(issues))
    return Headed(body.filter(filled), body_rows.filter(filled), row, (*issues, *_blank_rows(filled, body_rows)))


def header_index(rows: Sequence[Row], numbers: Sequence[int], header: int | bool | None) -> int | None:
    """Return the index of the row with the names among the first `rows`, whose file rows are `numbers`.

    `header` is as in `name_columns`. A row by hand that the file does not have is its last.
    """
    if header is None:
        return find_header(rows)
    if header is False or header == 0 or not rows:
        return None
    if header is True:
        return 0
    return min(sum(number < header for number in numbers), len(rows) - 1)


def _depth(rows: Sequence[Row], at: int) -> int:
    """Return how many rows hold names: further ones do that have only text where the rows below hold numbers or dates.

    So many rows of names, or of units below them, stand above the first row of data.
    """
    depth = 1
    while depth < _DEPTH and at + depth + 1 < len(rows) and _goes_on(rows, at, at + depth):
        depth += 1
    return depth


def _goes_on(rows: Sequence[Row], at: int, place: int) -> bool:
    """Say whether the row at `place` belongs to the names that begin at `at`."""
    candidate, below = rows[place], [row for row in rows[place + 1 :] if any(row)]
    texts = [cell.strip() for cell in candidate if cell is not None]
    grouped = any(above is None and cell is not None for above, cell in zip(rows[at], candidate, strict=True))
    if any(text.lower() in _MISSING or (is_value(text) and not (grouped and _YEAR.fullmatch(text))) for text in texts):
        return False
    typed = [column for column in range(len(candidate)) if _is_data([row[column] for row in below])]
    named = sum(candidate[column] is not None for column in typed)
    return named > 0 and named * 2 >= len(typed)


def _is_data(cells: list[str | None]) -> bool:
    filled = [cell for cell in cells if cell is not None]
    return len(filled) >= _ENOUGH and all(map(is_value, filled))


def is_value(cell: str) -> bool:
    """Say whether a cell is a number, a date or the like, as names are not."""
    return _DATA_CELL.fullmatch(cell.strip()) is not None


def _joined(rows: Sequence[Row]) -> Row:
    """Return one name for each column: the different words above one another; a merged cell reaches to the right."""
    if len(rows) == 1:
        return rows[0]
    names: list[str | None] = []
    reaching: list[str | None] = [None] * len(rows)
    for column in zip(*rows, strict=True):
        parts: list[str] = []
        for level, cell in enumerate(column):
            part = cell
            if cell is not None:
                reaching[level:] = [cell, *[None] * (len(rows) - level - 1)]
            elif level < len(rows) - 1 and any(column[level + 1 :]) and not any(column[:level]):
                part = reaching[level]
            if part is not None and part.strip() not in parts:
                parts.append(part.strip())
        names.append(" ".join(parts) or None)
    return tuple(names)


def unique_names(given: Sequence[str | None]) -> tuple[list[str], list[Issue]]:
    """Return column names made unique, a blank one called by its position, and what was changed."""
    names: dict[str, None] = {}
    issues: list[Issue] = []
    for position, cell in enumerate(given, start=1):
        plain = (cell or "").strip() or f"column {position}"
        name, copies = plain, 1
        while name in names:
            copies += 1
            name = f"{plain} ({copies})"
        if copies > 1:
            issues.append(Issue("warning", "header_repeated", column=name, example=plain))
        names[name] = None
    return list(names), issues


def _nameless(names: list[str], body: pl.DataFrame, rows: pl.Series) -> list[Issue]:
    """Tell a column without a name from a stray separator, which gives a few rows more cells than the header has."""
    issues: list[Issue] = []
    if names and names[-1] == body.columns[-1]:
        stray = body[names[-1]].is_not_null()
        if stray.sum() <= _STRAY_SHARE * body.height:
            at = int(stray.arg_max() or 0)
            example = body[names.pop()][at]
            issues.append(Issue("warning", "rows_too_long", row=int(rows[at]), count=int(stray.sum()), example=example))
    if names:
        issues.append(Issue("info", "header_blank", column=names[0], count=len(names), example=", ".join(names)))
    return issues


def repeats_names(frame: pl.DataFrame) -> pl.Series:
    """Say which rows hold every column's own name, as pages and files pasted together do."""
    same = pl.repeat(frame.width > 1, frame.height, dtype=pl.Boolean, eager=True)  # one word may well be a value
    for column in frame:
        if not same.any():
            break
        same = same & (column == column.name).fill_null(False)
    return same


def _blank_rows(filled: pl.Series, rows: pl.Series) -> list[Issue]:
    """Return one finding for blank rows between others; those at the end are nobody's concern."""
    if not filled.any():
        return []
    last = int(filled.arg_true()[-1])
    blank = (~filled.head(last)).arg_true()
    return [Issue("info", "blank_rows", row=int(rows[int(blank[0])]), count=len(blank))] if len(blank) else []
