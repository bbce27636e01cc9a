"""Where the column names stand, and what they are: the same for text files and sheets."""

import re
from dataclasses import dataclass
from statistics import median
from typing import Final

import polars as pl

from crmdash.ingest.aliases import is_known
from crmdash.issues import Issue

_LOOK_AT: Final = 40
_DATA_CELL: Final = re.compile(r"[-+(]?\D?\s?\d[\d.,/:\s\-]*\)?%?")
_STRAY_SHARE: Final = 0.05


@dataclass(frozen=True, eq=False)
class Headed:
    """A frame with named columns, the file row of each of its rows, and the 1-based file row of the names."""

    frame: pl.DataFrame
    rows: pl.Series
    header_row: int | None
    issues: tuple[Issue, ...]


def find_header(rows: list[tuple[str | None, ...]]) -> int | None:
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
    at = _header_index(cells, rows, header)
    given = cells.row(at) if at is not None else (None,) * cells.width
    names, repeated = _unique_names(given)
    start = 0 if at is None else at + 1
    body, body_rows = cells.slice(start).rename(dict(zip(cells.columns, names, strict=True))), rows.slice(start)
    nameless = [name for name, cell in zip(names, given, strict=True) if cell is None]
    empty = {name for name in nameless if body[name].null_count() == body.height}
    body = body.drop(empty)
    issues = repeated
    if at is not None:
        issues = [*issues, *_nameless([name for name in nameless if name not in empty], body, body_rows)]
    filled = pl.repeat(False, body.height, dtype=pl.Boolean, eager=True)
    for column in body:
        filled = filled | column.is_not_null()
    row = None if at is None else int(rows[at])
    return Headed(body.filter(filled), body_rows.filter(filled), row, (*issues, *_blank_rows(filled, body_rows)))


def _header_index(cells: pl.DataFrame, rows: pl.Series, header: int | bool | None) -> int | None:
    if header is None:
        return find_header(cells.head(_LOOK_AT).rows())
    if header is False or header == 0 or cells.is_empty():
        return None
    if header is True:
        return 0
    return min(int((rows < header).sum()), cells.height - 1)


def _unique_names(given: tuple[str | None, ...]) -> tuple[list[str], list[Issue]]:
    names: dict[str, None] = {}
    issues: list[Issue] = []
    for position, cell in enumerate(given, start=1):
        plain = cell.strip() if cell else f"column {position}"
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


def _blank_rows(filled: pl.Series, rows: pl.Series) -> list[Issue]:
    """Return one finding for blank rows between others; those at the end are nobody's concern."""
    if filled.all() or not filled.any():
        return []
    last = int(filled.arg_true()[-1])
    blank = (~filled.head(last)).arg_true()
    return [Issue("info", "blank_rows", row=int(rows[int(blank[0])]), count=len(blank))] if len(blank) else []
