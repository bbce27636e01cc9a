"""What a file's columns hold, whatever they are called: the evidence behind a proposed mapping."""

import re
from functools import cached_property
from typing import Final

import polars as pl

from crmdash.columns import Column
from crmdash.ingest.aliases import normalise
from crmdash.ingest.cells import parse_cells
from crmdash.ingest.headers import repeats_names
from crmdash.ingest.raw import RawTable
from crmdash.ingest.values import parse_money

_SAMPLE: Final = 5_000
_CERTAIN: Final = 0.98
_CODE: Final = r"^[A-Za-z]{0,6}[-_ ]?\d[\dA-Za-z\-_/]*$"
_MIN_ID_SHARE: Final = 0.01
_MANY: Final = 20


class Content:
    """Lazily answered questions about the columns of one file."""

    def __init__(self, raw: RawTable) -> None:
        self.frame = raw.frame.filter(~again) if (again := repeats_names(raw.frame)).any() else raw.frame
        self.raw = raw
        self.columns = tuple(raw.frame.columns)

    @cached_property
    def sample(self) -> pl.DataFrame:
        """Up to 5,000 rows spread evenly over the file."""
        step = max(1, self.frame.height // _SAMPLE)
        return self.frame.gather_every(step)

    def fits(self, name: str, column: Column) -> bool:
        """Say whether at least half of the filled cells can be read as the canonical `column` (ranges aside)."""
        cells = self.sample[name]
        if cells.null_count() == len(cells):
            return False
        if column.kind in ("choice", "tags"):
            # Counted by distinct words: one frequent word known by chance is no evidence.
            distinct = cells.drop_nulls().unique()
            return parse_cells(distinct, column).values.count() * 2 > len(distinct)
        parsed = parse_cells(cells, column, serials=self.raw.sheet is not None)
        lost = parsed.findings.get("value_unreadable")
        unread = 0 if lost is None else int(lost.sum())
        return unread * 2 <= len(cells) - cells.null_count()

    def is_constant(self, name: str) -> bool:
        """Say whether many rows hold one and the same value."""
        cells = self.frame[name]
        return cells.count() >= _MANY and cells.n_unique() == 1

    def is_unique(self, name: str) -> bool:
        """Say whether (nearly) every row has a value of its own."""
        cells = self.frame[name].drop_nulls()
        return len(cells) > 0 and cells.n_unique() >= _CERTAIN * len(cells)

    def repeats(self, name: str) -> bool:
        """Say whether values come back, as a customer's id does in a file of orders."""
        cells = self.frame[name].drop_nulls()
        return 1 < cells.n_unique() < len(cells)

    def numbers(self, name: str) -> pl.Series:
        """Return the sample's cells as numbers, null where they are none."""
        return parse_money(self.sample[name]).values / 10_000

    def is_date(self, name: str) -> bool:
        """Say whether the column holds dates beyond doubt."""
        cells = self.sample[name]
        parsed = parse_cells(cells, Column("date", "date"), serials=False)
        return cells.count() > 0 and parsed.readable_share >= _CERTAIN

    def is_fractional(self, name: str) -> bool:
        """Say whether the column holds numbers, some of them with decimals."""
        cells = self.sample[name]
        parsed = parse_money(cells)
        return parsed.readable_share >= _CERTAIN and bool((parsed.values % 10_000 != 0).any())

    def is_number(self, name: str) -> bool:
        """Say whether the column holds numbers beyond doubt."""
        cells = self.sample[name]
        return cells.count() > 0 and parse_money(cells).readable_share >= _CERTAIN

    def is_padded(self, name: str) -> bool:
        """Say whether the column holds codes of one length with leading zeros: certainly ids."""
        cells = self.sample[name].drop_nulls()
        return len(cells) > 0 and cells.str.len_chars().n_unique() == 1 and bool(cells.str.contains(r"^0\d").any())

    def is_code(self, name: str) -> bool:
        """Say whether the column holds codes with digits that come back, as ids in a file of orders do."""
        cells = self.sample[name].drop_nulls()
        if not self.repeats(name) or not cells.str.contains(_CODE).all():
            return False
        return self.is_padded(name) or cells.n_unique() >= max(2, _MIN_ID_SHARE * len(cells))


def words(header: str) -> tuple[str, ...]:
    """Return the words of a column name: split at capitals, digits, blanks and punctuation.

    Examples
    --------
    >>> words("NumWebPurchases")
    ('num', 'web', 'purchases')
    """
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_a-zA-Z]+|\d+", header)
    return tuple(normalise(part) for part in parts)
