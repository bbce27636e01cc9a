from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdash.ingest.dates import parse_date

FIFTH_OF_JANUARY = (date(2024, 1, 5) - date(1970, 1, 1)).days


def cells(*texts: str | None) -> pl.Series:
    return pl.Series(texts, dtype=pl.String)


def day(year: int, month: int, day: int) -> int:
    return (date(year, month, day) - date(1970, 1, 1)).days


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-05", "2024/1/5", "2024.01.05", "20240105", "2024-01-05 23:59", "2024-01-05T23:59:59+08:00",
        "20240105103000", "2024年1月5日", "2024年01月05日 10:30", "２０２４／１／５", "5 Jan 2024", "05-JAN-2024",
        "Jan 5, 2024", "January 5th, 2024", "5 January 2024 10:00",
    ],
)  # fmt: skip
def test_dates_that_leave_no_doubt(text: str):
    parsed = parse_date(cells(text))
    assert parsed.values.to_list() == [FIFTH_OF_JANUARY]
    assert not parsed.assumed


@pytest.mark.parametrize("text", ["2024-02-30", "2024-13-01", "1899-12-31", "9999-12-31", "0000-00-00", "31/4/2024"])
def test_days_that_do_not_exist_are_told(text: str):
    parsed = parse_date(cells("2024-01-05", text))
    assert parsed.values.to_list() == [FIFTH_OF_JANUARY, None]
    assert parsed.findings["date_impossible"].to_list() == [False, True]


@pytest.mark.parametrize("text", ["tomorrow", "12", "5/2024"])
def test_what_is_no_date_is_told(text: str):
    parsed = parse_date(cells("2024-01-05", text))
    assert parsed.values.to_list() == [FIFTH_OF_JANUARY, None]
    assert parsed.findings["value_unreadable"].to_list() == [False, True]


def test_one_day_above_twelve_settles_the_order_of_the_column():
    assert parse_date(cells("13/1/2024", "2/1/2024")).values.to_list() == [day(2024, 1, 13), day(2024, 1, 2)]
    assert parse_date(cells("1/13/2024 0:00", "2/1/2024")).values.to_list() == [day(2024, 1, 13), day(2024, 2, 1)]


def test_a_sorted_file_settles_the_order():
    days = [date(2024, 1, 1) + timedelta(days=31 * n // 3) for n in range(36)]
    kept = [day for day in days if day.day <= 12]
    parsed = parse_date(cells(*(f"{day.day}/{day.month}/{day.year}" for day in kept)))
    assert (parsed.order, parsed.assumed) == ("dmy", False)


def test_without_evidence_the_month_is_first_and_that_is_said():
    parsed = parse_date(cells("1/2/2024", "5/3/2024", "2/1/2024"))
    assert parsed.values.to_list() == [day(2024, 1, 2), day(2024, 5, 3), day(2024, 2, 1)]
    assert parsed.assumed


def test_the_same_day_either_way_is_no_question():
    assert not parse_date(cells("1/1/2024", "2/2/2024")).assumed


def test_the_order_given_holds():
    parsed = parse_date(cells("1/2/2024", "2/1/2024"), "dmy")
    assert parsed.values.to_list() == [day(2024, 2, 1), day(2024, 1, 2)]
    assert not parsed.assumed


def test_days_of_workbooks_are_read_only_where_asked():
    assert parse_date(cells("45296", "45296.75"), serials=True).values.to_list() == [FIFTH_OF_JANUARY] * 2
    assert parse_date(cells("45296")).values.to_list() == [None]


def test_blank_columns_stay_blank():
    parsed = parse_date(cells(None, None, "NA"))
    assert parsed.values.to_list() == [None, None, None]
    assert not parsed.findings["value_unreadable"].any()


@settings(deadline=None)
@given(st.lists(st.dates(date(1970, 1, 1), date(2100, 12, 31)), min_size=1), st.sampled_from(["dmy", "mdy"]))
def test_every_day_comes_back_under_its_own_order(days: list[date], order):
    form = "{0.day}/{0.month}/{0.year}" if order == "dmy" else "{0.month}/{0.day}/{0.year}"
    parsed = parse_date(cells(*(form.format(day) for day in days)), order)
    assert parsed.values.to_list() == [(day - date(1970, 1, 1)).days for day in days]
