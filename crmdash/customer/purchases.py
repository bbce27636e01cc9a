"""What one customer bought over time: by month, or in longer steps where the time is long."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import polars as pl

from crmdash.summary.clock import to_date, to_day

Step = Literal["month", "quarter", "year", "decade"]

LONGEST: Final = 60
"""A picture has at most so many bars."""

_MONTHS: Final[dict[Step, int]] = {"month": 1, "quarter": 3, "year": 12, "decade": 120}


@dataclass(frozen=True)
class Bar:
    """One step of time: its first day, what was sold and what was returned in it (zero or below), in ten-thousandths.

    `sold` holds the rows of zero and more, `returned` those below zero.
    """

    start: int
    sold: int = 0
    returned: int = 0

    @property
    def net(self) -> int:
        """What remains after returns."""
        return self.sold + self.returned


@dataclass(frozen=True)
class Timeline:
    """A customer's purchases in equal steps, from its first row up to the as-at day or the next order due.

    `due` is the place of the bar in which the next order is due, None where it is not known.
    """

    step: Step
    bars: tuple[Bar, ...]
    due: int | None = None

    @property
    def net(self) -> int:
        """The sum of all bars."""
        return sum(bar.net for bar in self.bars)


def timeline(transactions: pl.DataFrame, customer_id: str, as_of: int, due: int | None = None) -> Timeline | None:
    """Return the purchases of one customer up to day `as_of`; None where it has no row until then.

    Parameters
    ----------
    transactions : canonical rows, `amount` in ten-thousandths, `date` a day number.
    due : the day of its next order by its own rhythm.
    """
    day, amount = pl.col("date"), pl.col("amount")
    own = transactions.filter((pl.col("customer_id") == customer_id) & (day <= as_of))
    if not len(own):
        return None
    first, last = to_date(int(own.select(day.min()).item())), to_date(max(as_of, due or as_of))
    step = _step(_month(first), _month(last))
    length = _MONTHS[step]
    when = pl.from_epoch(day, time_unit="d")
    sums = own.group_by(place=(when.dt.year().cast(pl.Int64) * 12 + when.dt.month() - 1) // length).agg(
        sold=amount.filter(amount >= 0).sum(), returned=amount.filter(amount < 0).sum()
    )
    start = max(_month(first) // length, _month(last) // length - LONGEST + 1)
    bars = tuple(_bars(sums, range(start, _month(last) // length + 1), length))
    return Timeline(step, bars, None if due is None else _month(to_date(due)) // length - start)


def _step(first: int, last: int) -> Step:
    """Return the shortest step in which the months `first` to `last` need no more than `LONGEST` bars."""
    fitting = (step for step, months in _MONTHS.items() if last // months - first // months < LONGEST)
    return next(fitting, "decade")


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _bars(sums: pl.DataFrame, places: Iterable[int], months: int) -> Iterable[Bar]:
    known = {place: (sold, returned) for place, sold, returned in sums.iter_rows()}
    for place in places:
        year, month = divmod(place * months, 12)
        yield Bar(to_day(date(max(year, 1), month + 1, 1)), *known.get(place, (0, 0)))
