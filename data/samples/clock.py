"""The dates and the seed on which every part of the sample rests."""

from datetime import date, timedelta
from typing import Final

SEED: Final = 20260630
FILE_START: Final = date(2024, 1, 1)
FILE_END: Final = date(2026, 6, 30)
EPOCH: Final = date(1970, 1, 1)

QUARTER_WEIGHTS: Final = (1.0, 1.0, 1.05, 1.1, 1.0, 1.0, 0.72, 0.68, 0.6, 0.55)
"""New customers of each quarter of the file against an ordinary one: acquisition fades in the last year."""


def day_number(day: date) -> int:
    """Return whole days since 1970-01-01."""
    return (day - EPOCH).days


def to_date(day: int) -> date:
    """Return the date of a day number."""
    return EPOCH + timedelta(days=day)


START: Final = day_number(FILE_START)
END: Final = day_number(FILE_END)


def working_day(day: int) -> int:
    """Return the day itself, or the Monday after a Sunday (1970-01-01 was a Thursday)."""
    return day + 1 if day % 7 == 3 else day


def quarter_start(index: int) -> int:
    """Return the first day number of a quarter of the file, counted from 0."""
    return day_number(date(FILE_START.year + index // 4, 1 + 3 * (index % 4), 1))
