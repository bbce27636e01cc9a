"""The days that everything is counted against: as-at date, window, comparison length, value period."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from crmdash.rule_settings import PeriodSettings

EPOCH = date(1970, 1, 1)


def to_day(value: date) -> int:
    """Return the whole day number of a date, counted from 1970-01-01."""
    return (value - EPOCH).days


def to_date(day: int) -> date:
    """Return the date of a whole day number."""
    return EPOCH + timedelta(days=day)


@dataclass(frozen=True)
class Clock:
    """Day numbers that the measures refer to; None where the data holds no date.

    Attributes
    ----------
    as_of : day T, the last transaction date unless set.
    window : W in days.
    span : T minus the first row's date, in days.
    value_start : the value period is (value_start, T]; None means the whole file.
    last_row : the last row's date, which totals without dates reach to; None where that is T.
    """

    as_of: int | None
    window: int
    span: int | None
    value_start: int | None
    last_row: int | None = None

    @property
    def comparison(self) -> int | None:
        """Comparison length L in days: W, half of W, or half the file; None when there is nothing to compare."""
        if self.span is None:
            return None
        if self.span >= 2 * self.window:
            return self.window
        half = (self.window if self.span >= self.window else self.span) // 2
        return half or None

    @property
    def period_ago(self) -> int | None:
        """Day one comparison length before T; None where there are no two periods to compare."""
        return None if self.as_of is None or self.comparison is None else self.as_of - self.comparison

    @property
    def shares_totals(self) -> bool:
        """Whether a total without dates is only in part of the value period, as it reaches over the whole file."""
        earlier = self.as_of is not None and self.last_row is not None and self.as_of < self.last_row
        return self.span is not None and (earlier or self.value_start is not None)

    @property
    def season_removed(self) -> bool:
        """Whether both comparison periods cover the same seasons."""
        return self.comparison == self.window


def set_clock(first_row: int | None, as_of: int | None, period: PeriodSettings, last_row: int | None = None) -> Clock:
    """Return the clock of a file whose rows are of the days `first_row` to `last_row`, as at day `as_of`."""
    span = None if first_row is None or as_of is None else max(0, as_of - first_row)
    start = None
    if as_of is not None and period.value_months:
        start = months_before(as_of, period.value_months)
    return Clock(as_of, period.window, span, start, last_row if last_row != as_of else None)


def months_before(day: int, months: int) -> int:
    """Return the day number `months` calendar months before `day` (the month's last day where it is shorter)."""
    then = to_date(day)
    index = then.year * 12 + then.month - 1 - months
    year, month = divmod(max(index, 12), 12)
    last = calendar.monthrange(year, month + 1)[1]
    return to_day(date(year, month + 1, min(then.day, last)))


def period_ends(first: int, last: int, months: int) -> list[int]:
    """Return the last days of the calendar periods of `months` months that end within [first, last), then `last`."""
    start = to_date(first)
    following = (start.year * 12 + start.month - 1) // months * months + months
    ends: list[int] = []
    while (end := to_day(date(following // 12, following % 12 + 1, 1)) - 1) < last:
        ends.append(end)
        following += months
    return [*ends, last]
