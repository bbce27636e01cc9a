"""Cases 71 to 84: how dates are written."""

import io
from datetime import UTC, date, datetime, timedelta, timezone

import polars as pl
import pytest
import xlsxwriter

from tests.unit.bad_inputs.files import (
    ORDERS,
    aside,
    codes,
    column,
    dates,
    days,
    every_format,
    file,
    found,
    issue,
    opened,
    parquet_of,
    row,
    xlsx,
)

FIFTH = "2024-01-05"


@every_format
@pytest.mark.parametrize("cell", ["2024-01-05", "2024/1/5", "2024.01.05", "2024-01-05 23:59:59", "2024-01-05T00:00"])
def test_case_71_iso(form, cell: str):
    dataset = dates(form, cell)
    assert (column(dataset, "date"), found(dataset)) == (days(FIFTH), [])


@every_format
@pytest.mark.parametrize(
    ("cells", "order", "read"),
    [(("13/1/2024", "2/1/2024"), "dmy", ("2024-01-13", "2024-01-02")),
     (("1/13/2024", "2/1/2024"), "mdy", ("2024-01-13", "2024-02-01"))],
)  # fmt: skip
def test_case_72_one_day_above_twelve_decides_and_that_is_shown(form, cells, order: str, read):
    dataset = dates(form, *cells)
    assert (column(dataset, "date"), found(dataset)) == (days(*read), [])
    assert dataset.files[0].mapping.options.date_order == order


@every_format
def test_case_72_else_it_is_asked(form):
    cells = ("3/2/2024", "1/2/2024", "5/4/2024")
    dataset = dates(form, *cells)
    assert column(dataset, "date") == days("2024-03-02", "2024-01-02", "2024-05-04")
    assert (found(dataset), issue(dataset, "date_order").severity) == (
        [("date_order", "date", None, 1, "3/2/2024")], "question"
    )  # fmt: skip
    told = dates(form, *cells, date_order="dmy")
    assert (column(told, "date"), found(told)) == (days("2024-02-03", "2024-02-01", "2024-04-05"), [])


@every_format
def test_case_72_cells_that_contradict_each_other(form):
    dataset = dates(form, "13/1/2024", "14/1/2024", "1/15/2024", "3/2/2024")
    assert column(dataset, "date") == days("2024-01-13", "2024-01-14", "2024-02-03")
    assert found(dataset) == [
        ("date_order", "date", None, 1, "13/1/2024"), ("date_impossible", "date", row(form, 2), 1, "1/15/2024"),
    ]  # fmt: skip


@every_format
def test_case_72_another_column_of_the_file_settles_it(form):
    content = file(form, (*ORDERS, "due date"), [("A", "3/2/2024", "5", "20/3/2024")])
    dataset = opened(content)
    assert (column(dataset, "date"), column(dataset, "due_date")) == (days("2024-02-03"), days("2024-03-20"))
    assert found(dataset) == []


@every_format
@pytest.mark.parametrize("cell", ["2024年1月5日", "2024年01月05日 10:30", "２０２４年１月５日", "2024 年 1 月 5 日"])
def test_case_73_chinese_dates(form, cell: str):
    dataset = dates(form, cell)
    assert (column(dataset, "date"), found(dataset)) == (days(FIFTH), [])


@every_format
@pytest.mark.parametrize("cell", ["民國113年1月5日", "中華民國113年01月05日", "民国113年1月5日", "民國 113/01/05"])
def test_case_74_years_of_the_republic_that_say_so(form, cell: str):
    dataset = dates(form, cell)
    assert (column(dataset, "date"), found(dataset)) == (days(FIFTH), [])


@every_format
@pytest.mark.parametrize("cell", ["113/01/05", "113.1.5", "113年1月5日", "1130105"])
def test_case_74_years_of_three_digits_are_of_the_republic_and_told(form, cell: str):
    dataset = dates(form, cell, "2024-01-06")
    assert column(dataset, "date") == days(FIFTH, "2024-01-06")
    assert found(dataset) == [("date_roc", "date", row(form, 0), 1, cell)]


@every_format
def test_case_74_two_digits_beside_three_are_of_the_republic_too(form):
    dataset = dates(form, "99/12/31", "100/01/01")
    assert column(dataset, "date") == days("2010-12-31", "2011-01-01")
    told = dates(form, "99/12/31", calendar="roc")
    assert column(told, "date") == days("2010-12-31")


@every_format
def test_case_75_day_numbers_of_spreadsheets(form):
    dataset = dates(form, "45296", "45297.75")
    assert column(dataset, "date") == days(FIFTH, "2024-01-06")
    assert found(dataset) == [("date_numbers", "date", row(form, 0), 2, "45296")]


@every_format
@pytest.mark.parametrize("cell", ["45296", "1704412800", "113/01/05"])
def test_case_75_numbers_for_dates_in_a_customers_table(form, cell: str):
    dataset = opened(file(form, ("customer_id", "revenue", "last purchase"), [("A", "5", cell), ("B", "6", cell)]))
    assert column(dataset, "last_purchase") == days(FIFTH, FIFTH)


def test_case_75_where_counting_from_1904_is_possible_it_is_asked():
    dataset = dates("csv", "43834")
    assert column(dataset, "date") == days("2020-01-04")
    assert (issue(dataset, "date_system").severity, issue(dataset, "date_system").column) == ("question", "date")
    told = dates("csv", "43834", date_system=1904)
    assert (column(told, "date"), codes(told)) == (days(FIFTH), ["date_numbers"])


@pytest.mark.parametrize("system", [1900, 1904])
def test_case_75_date_cells_of_a_workbook(system: int):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": system == 1904}) as book:
        sheet, form = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ORDERS)
        sheet.write_row(1, 0, ["A", None, 5])
        sheet.write_datetime(1, 1, datetime(2024, 1, 5, 18, 30), form)
    dataset = opened(out.getvalue())
    assert (column(dataset, "date"), found(dataset)) == (days(FIFTH), [])


@every_format
def test_case_76_eight_digits(form):
    dataset = dates(form, "20240105", "20240106")
    assert (column(dataset, "date"), found(dataset)) == (days(FIFTH, "2024-01-06"), [])


def test_case_76_eight_digits_in_number_cells():
    dataset = opened(xlsx([ORDERS, ("A", 20240105, 5), ("B", 20240106, 6)]))
    assert (column(dataset, "date"), found(dataset)) == (days(FIFTH, "2024-01-06"), [])


@every_format
@pytest.mark.parametrize(
    ("cells", "read"),
    [(("13/01/24", "05/01/99"), ("2024-01-13", "1999-01-05")), (("98-03-12", "24-01-05"), ("1998-03-12", FIFTH)),
     (("5-Jan-24", "6 Jan 69"), (FIFTH, "2069-01-06"))],
)  # fmt: skip
def test_case_77_years_of_two_digits_are_told(form, cells, read):
    dataset = dates(form, *cells)
    assert column(dataset, "date") == days(*read)
    told = [one for one in found(dataset) if one[0] == "date_short_year"]
    assert told == [("date_short_year", "date", row(form, 0), 2, cells[0])]


@every_format
@pytest.mark.parametrize("cell", ["1704412800", "1704499199", "1704412800000", "1704499199999", "1704412800.0"])
def test_case_78_unix_times_count_in_utc(form, cell: str):
    dataset = dates(form, cell)
    assert column(dataset, "date") == days(FIFTH)
    assert found(dataset) == [("date_numbers", "date", row(form, 0), 1, cell)]


@every_format
def test_case_79_dates_after_today(form):
    ahead = date.today() + timedelta(days=40)
    dataset = dates(form, FIFTH, ahead.isoformat())
    assert found(dataset) == [("dates_after_today", "date", None, 1, ahead.isoformat())]
    dataset = dates(form, FIFTH, ahead.isoformat(), future_dates="aside")
    assert column(dataset, "date") == days(FIFTH)
    assert found(dataset) == [("future_aside", "date", row(form, 1), 1, ahead.isoformat())]


@every_format
@pytest.mark.parametrize("cell", ["1899-12-31", "9999-12-31", "0000-00-00", "0001-01-01"])
def test_case_80_dates_that_cannot_be(form, cell: str):
    dataset = dates(form, FIFTH, cell)
    assert column(dataset, "date") == days(FIFTH)
    assert found(dataset) == [("date_impossible", "date", row(form, 1), 1, cell)]
    assert aside(dataset) == [(row(form, 1), "date_impossible", "date", cell)]


@every_format
@pytest.mark.parametrize("cell", ["2024-02-30", "30/02/2024", "2024年2月30日", "20240230", "Feb 30, 2024", "113/02/30"])
def test_case_81_days_that_are_not_in_the_calendar(form, cell: str):
    dataset = dates(form, FIFTH, cell)
    assert column(dataset, "date") == days(FIFTH)
    assert found(dataset) == [("date_impossible", "date", row(form, 1), 1, cell)]


@every_format
@pytest.mark.parametrize(
    "cell",
    ["2024-01-05T23:30:00Z", "2024-01-05T00:30:00+08:00", "2024-01-05 23:30:00-05:00", "2024-01-05 00:30 +0800",
     "Fri, 05 Jan 2024 23:30:00 GMT", "Fri Jan 05 2024 00:30:00 GMT+0800"],
)  # fmt: skip
def test_case_82_the_day_that_is_written_is_the_day(form, cell: str):
    dataset = dates(form, cell)
    assert (column(dataset, "date"), found(dataset)) == (days(FIFTH), [])


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=8))])
def test_case_82_times_of_parquet_keep_their_day(zone):
    late = [datetime(2024, 1, 5, 23, 30), datetime(2024, 1, 5, 0, 30)]
    frame = pl.DataFrame({"customer_id": ["A", "B"], "date": late, "amount": [5, 6]})
    name = "UTC" if zone is UTC else "Asia/Shanghai"
    zoned = frame.with_columns(pl.col("date").dt.replace_time_zone(name))
    for one in (frame, zoned):
        dataset = opened(parquet_of(one))
        assert (column(dataset, "date"), found(dataset)) == (days(FIFTH, FIFTH), [])


@every_format
def test_case_83_kinds_that_are_mixed(form):
    dataset = dates(form, FIFTH, "45297", "7 Jan 2024", "soon", "2024年1月9日", "12.5 kg")
    assert column(dataset, "date") == days(FIFTH, "2024-01-06", "2024-01-07", "2024-01-09")
    assert found(dataset) == [
        ("required_unreadable", "date", row(form, 3), 2, "soon"),
        ("date_numbers", "date", row(form, 1), 1, "45297"),
    ]


@every_format
def test_case_84_the_first_purchase_after_the_last(form):
    header = ("customer_id", "revenue", "first purchase", "last purchase")
    rows = [("A", "5", "2024-01-05", "2024-02-05"), ("B", "6", "2024-03-05", "2024-02-05")]
    dataset = opened(file(form, header, rows))
    assert column(dataset, "first_purchase") == [*days(FIFTH), None]
    assert column(dataset, "last_purchase") == [*days("2024-02-05"), None]
    assert found(dataset) == [("first_after_last", "first_purchase", row(form, 1), 1, "B")]
