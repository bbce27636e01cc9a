"""Rows with more or fewer cells than the table: where each cell belongs, by what the other rows hold there.

A stray delimiter or a missing one shifts every cell behind it into a wrong column. Each way to fit the row's cells,
in their order, to the columns has a cost: 3 for a cell whose shape its column never has, -1 for one it has (in
columns with few shapes), 1 for leaving out an empty cell, 2 for joining two cells, 1 for a missing last cell, 2 for
another missing one. The cheapest way is taken; where none beats leaving the row as it stands, it stays so.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from crmdash.ingest.aliases import is_known
from crmdash.ingest.headers import header_index, is_value
from crmdash.ingest.records import usual_width
from crmdash.issues import Issue

_SHAPES: Final = 6
_COVERED: Final = 0.97
_SAMPLE: Final = 1_000
_SURPLUS: Final = 12
"""A row with more cells too many or too few than this is left as it stands."""
_FITTED_ROWS: Final = 2_000
"""So many uneven rows are fitted at most; with more, uneven is what the file is."""
_UNEVEN: Final = 0.2
_LOOK_AT: Final = 40
_EXAMPLE: Final = 80
_NUMBERED: Final = 20
_MISFIT, _FIT, _LEFT_OUT, _JOINED, _LAST_MISSING, _MISSING = 3.0, -1.0, 1.0, 2.0, 1.0, 2.0


@dataclass(frozen=True)
class Profile:
    """What a column's cells look like: its few shapes (None for free text), and whether cells are ever empty."""

    shapes: frozenset[str] | None
    blanks: bool
    filled: bool

    def cost(self, cell: str) -> float:
        """Return how badly a cell fits the column: from -1 (well) to 3 (never seen there)."""
        if not cell.strip():
            return 0.0 if self.blanks else _MISFIT / 2
        if not self.filled:
            return _MISFIT / 2
        if self.shapes is None:
            return 0.0
        return _FIT if shape(cell) in self.shapes else _MISFIT


@lru_cache(maxsize=1 << 14)
def shape(cell: str) -> str:
    """Return a cell with every run of digits as 9 and every run of letters as a."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", cell.strip()))


def profiles(rows: Sequence[Sequence[str]]) -> list[Profile]:
    """Return what each column holds, from rows that all have the usual width."""
    rows = rows[:: max(1, len(rows) // _SAMPLE)]
    return [_profile(column) for column in zip(*rows, strict=True)]


def _profile(column: Sequence[str]) -> Profile:
    filled = [cell for cell in column if cell.strip()]
    common = Counter(map(shape, filled)).most_common(_SHAPES)
    covered = sum(count for _, count in common) >= _COVERED * len(filled)
    shapes = frozenset(found for found, _ in common) if filled and covered else None
    return Profile(shapes, blanks=len(filled) < len(column), filled=bool(filled))


def fit(cells: Sequence[str], columns: Sequence[Profile], delimiter: str) -> list[str] | None:
    """Return the row with one cell for each column; None where leaving it as it stands is no worse."""
    width = len(columns)
    if abs(len(cells) - width) > _SURPLUS or not cells:
        return None
    found = _cheapest(cells, columns, delimiter)
    if found is None:
        return None
    cost, fitted = found
    return fitted if cost < _as_it_stands(cells, columns) else None


def _as_it_stands(cells: Sequence[str], columns: Sequence[Profile]) -> float:
    """Return the cost of keeping every cell where it is, surplus ones behind the last column."""
    kept = sum(column.cost(cell) for cell, column in zip(cells, columns, strict=False))
    surplus = sum(_LEFT_OUT + bool(cell.strip()) * 2 for cell in cells[len(columns) :])
    return kept + surplus + _LAST_MISSING * max(0, len(columns) - len(cells))


def _cheapest(cells: Sequence[str], columns: Sequence[Profile], delimiter: str) -> tuple[float, list[str]] | None:
    """Fit the first i cells to the first j columns, for every i and j near the diagonal."""
    surplus = max(len(cells) - len(columns), 0)
    slack = abs(len(cells) - len(columns)) + 1
    best: dict[tuple[int, int], tuple[float, list[str]]] = {(0, 0): (0.0, [])}
    for i in range(len(cells) + 1):
        for j in range(max(0, i - slack), min(len(columns), i + slack) + 1):
            options = []
            if j and (before := best.get((i, j - 1))):
                last = len(columns) - j == 0 and i == len(cells)
                options.append((before[0] + (_LAST_MISSING if last else _MISSING), [*before[1], ""]))
            if i and not cells[i - 1].strip() and (before := best.get((i - 1, j))):
                options.append((before[0] + _LEFT_OUT, before[1]))
            for joined in range(1, min(surplus, i - 1) + 2) if j else ():
                if before := best.get((i - joined, j - 1)):
                    cell = delimiter.join(cells[i - joined : i])
                    cost = columns[j - 1].cost(cell) + _JOINED * (joined - 1)
                    options.append((before[0] + cost, [*before[1], cell]))
            if options and (i, j) != (0, 0):
                best[i, j] = min(options, key=lambda option: option[0])
    return best.get((len(cells), len(columns)))


@dataclass
class Table:
    """Rows of cells with their file rows, on the way to one width. `header` is as in `headers.name_columns`."""

    cells: list[list[str]]
    lines: list[int]
    delimiter: str
    header: int | bool | None = None

    def straighten(self) -> list[Issue]:
        """Leave out comments and a second table, fit uneven rows to the columns, and tell all of it."""
        issues = self._leave_out_comments()
        at = self._header_at()
        if at is not None:
            issues += self._end_before_second_table(at)
        start = 0 if at is None else at + 1
        width = usual_width([len(row) for row in self.cells[start:] if any(cell.strip() for cell in row)])
        if start >= len(self.cells):
            return issues
        issues += self._fit_rows(start, width)
        if at is not None:
            issues += self._fit_header(at, width)
        return issues

    def _header_at(self) -> int | None:
        head = [tuple(cell if cell.strip() else None for cell in row) for row in self.cells[:_LOOK_AT]]
        return header_index(head, self.lines[:_LOOK_AT], self.header)

    def _leave_out_comments(self) -> list[Issue]:
        """Leave out lines that begin with # and are no row of the table, by their number of cells."""
        width = usual_width([len(row) for row in self.cells])
        comments = [
            place for place, row in enumerate(self.cells)
            if row[0].startswith("#") and len(row) != width and not any(map(is_known, row))
        ]  # fmt: skip
        if not comments:
            return []
        first = self.lines[comments[0]]
        for place in reversed(comments):
            del self.cells[place], self.lines[place]
        return [Issue("info", "comments_skipped", row=first, count=len(comments))]

    def _end_before_second_table(self, at: int) -> list[Issue]:
        """Stop before other names: most of these in another number, or after a blank row, text alone above values."""
        names = [cell.strip() for cell in self.cells[at]]
        for place in range(at + 1, len(self.cells)):
            row = self.cells[place]
            if row[0].strip() == names[0] and len(row) != len(names) and len(names) > 1:
                again = sum(cell.strip() in names for cell in row if cell.strip())
                if again * 2 > len(names):
                    return [self._cut(place)]
            if not any(map(str.strip, self.cells[place - 1])) and self._begins_a_table(place, len(names)):
                return [self._cut(place)]
        return []

    def _begins_a_table(self, place: int, width: int) -> bool:
        """Say whether a row has the names of another table: all text, as many as the row of values below has cells."""
        names, below = self.cells[place], (self.cells[place + 1 : place + 2] or [[]])[0]
        return (
            1 < len(names) != width
            and len(below) == len(names)
            and all(cell.strip() and not is_value(cell) for cell in names)
            and any(map(is_value, below))
        )

    def _cut(self, place: int) -> Issue:
        count = sum(any(cell.strip() for cell in row) for row in self.cells[place + 1 :])
        issue = Issue("warning", "second_table", row=self.lines[place], count=count)
        del self.cells[place:], self.lines[place:]
        return issue

    def _fit_rows(self, start: int, width: int) -> list[Issue]:
        body = range(start, len(self.cells))
        even = [self.cells[place] for place in body if len(self.cells[place]) == width]
        uneven = [place for place in body if len(self.cells[place]) != width and self._is_row(place, width)]
        fitted: list[int] = []
        if even and len(uneven) <= min(_FITTED_ROWS, _UNEVEN * len(body) + 1):
            columns = profiles(even)
            for place in uneven:
                if (cells := fit(self.cells[place], columns, self.delimiter)) is not None:
                    self.cells[place] = cells
                    fitted.append(place)
        short = [place for place in uneven if len(self.cells[place]) < width]
        issues = [self._told("rows_fitted", fitted), self._told("rows_too_short", short)]
        return [issue for issue in issues if issue is not None]

    def _is_row(self, place: int, width: int) -> bool:
        """Say whether a row holds more than one cell, as a note below the table does not."""
        return sum(bool(cell.strip()) for cell in self.cells[place]) > (1 if width > 2 else 0)

    def _told(self, code: str, places: list[int]) -> Issue | None:
        if not places:
            return None
        example = self.delimiter.join(self.cells[places[0]])[:_EXAMPLE]
        return Issue("warning", code, row=self.lines[places[0]], count=len(places), example=example)

    def _fit_header(self, at: int, width: int) -> list[Issue]:
        """Give the names as many cells as the rows have: without blank ones, or told to be too few."""
        names = self.cells[at]
        widest = max(len(row) for row in self.cells[at + 1 :])
        while len(names) > widest and not all(cell.strip() for cell in names):
            del names[max(place for place, cell in enumerate(names) if not cell.strip())]
        body = [row for row in self.cells[at + 1 :] if len(row) == width]
        if len(names) >= width or all(not row[-1].strip() for row in body):
            return []
        if len(names) == width - 1 and [row[0] for row in body[:_NUMBERED]] in _numberings(len(body)):
            names.insert(0, "")
            return []
        return [Issue("warning", "names_too_few", row=self.lines[at], count=width - len(names))]


def _numberings(count: int) -> list[list[str]]:
    return [[str(number) for number in range(first, first + min(count, _NUMBERED))] for first in (0, 1)]
