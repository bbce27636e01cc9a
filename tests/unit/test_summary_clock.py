"""The days that a board can stand at."""

from datetime import date

import pytest

from crmdash.summary.clock import period_ends, to_date, to_day


def ends(first: tuple[int, int, int], last: tuple[int, int, int], months: int) -> list[str]:
    return [str(to_date(day)) for day in period_ends(to_day(date(*first)), to_day(date(*last)), months)]


@pytest.mark.parametrize(
    ("first", "last", "months", "expected"),
    [
        ((2023, 2, 3), (2023, 9, 15), 3, ["2023-03-31", "2023-06-30", "2023-09-15"]),
        ((2023, 12, 31), (2024, 3, 1), 1, ["2023-12-31", "2024-01-31", "2024-02-29", "2024-03-01"]),
        ((2024, 1, 1), (2024, 3, 31), 3, ["2024-03-31"]),
        ((2024, 1, 5), (2024, 1, 5), 1, ["2024-01-05"]),
        ((2023, 11, 2), (2024, 1, 2), 3, ["2023-12-31", "2024-01-02"]),
    ],
)
def test_periods_end_within_the_data_and_its_last_day_comes_last(first, last, months, expected):
    assert ends(first, last, months) == expected
