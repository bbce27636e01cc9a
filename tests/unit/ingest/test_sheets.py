"""Workbooks of every format: which sheet, which names, and cells that keep their value to the last digit."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from crmdash.errors import UnreadableFile
from crmdash.ingest.options import Options
from crmdash.ingest.readers import RawTable, Source, read_table
from tests.unit.ingest.workbooks import Sheets, ods, ole, xls, xlsb

ROWS: list[list[Any]] = [
    ["customer_id", "date", "amount", "note"],
    ["00012", date(2024, 1, 5), 1234567890123.25, "红色, “大”号"],
    ["8000000000000001", date(2024, 2, 29), 0.1, None],
]


def xlsx(sheets: Sheets, **options: Any) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"default_date_format": "yyyy-mm-dd", **options}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return stream.getvalue()


def patched(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return stream.getvalue()


def read(content: bytes, **options: Any) -> RawTable:
    return read_table(Source("book", content), Options(**options))


def told(raw: RawTable) -> list[tuple[str, int | None, int, str | None]]:
    return [(issue.code, issue.row, issue.count, issue.example) for issue in raw.issues]


def refusal(content: bytes, **options: Any) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(content, **options)
    return refused.value.issue.code


@pytest.mark.parametrize("make", [xlsx, xls, xlsb, ods])
def test_every_format_gives_the_same_text(make: Callable[[Sheets], bytes]):
    content = make([("Notes", [["a"]]), ("订单", ROWS)])
    raw = read(content)
    assert (raw.sheet, raw.sheets, raw.header_row, raw.first_row) == ("订单", ("Notes", "订单"), 1, 2)
    assert raw.frame.columns == ["customer_id", "date", "amount", "note"]
    assert raw.frame.rows() == [
        ("00012", "2024-01-05", "1234567890123.25", "红色, “大”号"),
        ("8000000000000001", "2024-02-29", "0.1", None),
    ]
    assert told(raw) == [("sheet_chosen", None, 2, "订单")]
    assert read(content, sheet="Notes", header=False).frame.rows() == [("a",)]
    assert refusal(content, sheet="Nodes") == "sheet_missing"


@pytest.mark.parametrize("make", [xlsx, xls, xlsb, ods])
def test_the_row_of_the_names_may_be_chosen(make: Callable[[Sheets], bytes]):
    content = make([("S", [["report", "of", "may"], ["id", "x", "y"], ["1", "2", "3"], ["4", "5", "6"]])])
    raw = read(content, header=2)
    assert (raw.frame.columns, raw.header_row, raw.frame.rows()) == (
        ["id", "x", "y"], 2, [("1", "2", "3"), ("4", "5", "6")],
    )  # fmt: skip


@pytest.mark.parametrize("epoch", [False, True])
def test_days_and_times_are_exact_in_both_epochs(epoch: bool):
    days = [datetime(2024, 1, 5, 13, 30, 15), datetime(2024, 1, 5), datetime(2024, 12, 31, 23, 59, 59), time(8, 30)]
    content = xlsx([("S", [["when", "n"], *[[day, n] for n, day in enumerate(days)]])], date_1904=epoch)
    raw = read(content)
    assert raw.epoch_1904 is epoch
    first = raw.frame["when"].to_list()
    assert first[:3] == ["2024-01-05 13:30:15", "2024-01-05", "2024-12-31 23:59:59"]
    assert first[3] == ("1904-01-01 08:30:00" if epoch else "08:30:00")


def test_hidden_sheets_and_an_empty_first_one_are_passed_over():
    content = xlsx([("Cover", []), ("Hidden", [["x", "y"]] * 9), ("Data", ROWS)])
    hidden = patched(
        content, "xl/workbook.xml", lambda text: text.replace(b'name="Hidden"', b'name="Hidden" state="hidden"')
    )
    assert (read(content).sheet, read(hidden).sheet) == ("Hidden", "Data")
    assert read(hidden, sheet="Hidden").sheet == "Hidden"


def test_errors_and_formulas_without_a_value_are_counted():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("A & B")
        for number, row in enumerate([["id", "x"], ["1", 5], ["2", None], ["3", None], ["4", None]]):
            sheet.write_row(number, 0, row)
        sheet.write_formula("B3", "=1/0", None, "#DIV/0!")
        sheet.write_formula("B4", "=B2", None, 5)
        sheet.write_formula("B5", "=B2", None, "")
    content = patched(
        stream.getvalue(),
        "xl/worksheets/sheet1.xml",
        lambda text: re.sub(rb'(r="B5")[^>]*>(<f>B2</f>)<v></v>', rb"\1>\2", text),
    )
    raw = read(content)
    assert raw.frame.rows() == [("1", "5"), ("2", None), ("3", "5"), ("4", None)]
    assert told(raw) == [("cells_in_error", 3, 1, "B3"), ("formulas_empty", 5, 1, "B5")]


def test_merged_names_over_two_rows():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:A2", "customer_id")
        sheet.merge_range("B1:C1", "amount")
        sheet.write_row("B2", ["2023", "2024"])
        sheet.merge_range("D1:D2", "city")
        for number in range(2, 8):
            sheet.write_row(number, 0, [f"C{number}", number * 1.5, number * 2.5, "Bonn"])
    raw = read(stream.getvalue(), header=None)
    assert raw.frame.columns == ["customer_id", "amount 2023", "amount 2024", "city"]
    assert (raw.header_row, raw.first_row, raw.frame.height) == (1, 3, 6)


def test_units_below_the_names_belong_to_them():
    rows: list[list[Any]] = [
        ["id", "amount", "day"],
        [None, "CNY", "y-m-d"],
        *[[f"C{n}", n * 1.5, date(2024, 1, n)] for n in range(1, 7)],
    ]
    assert read(xlsx([("S", rows)])).frame.columns == ["id", "amount CNY", "day y-m-d"]


def test_a_row_of_text_alone_is_a_row():
    rows = [["name", "city"], ["Ann", "Bonn"], ["Bo", "Rome"]]
    assert read(xlsx([("S", rows)])).frame.height == 2


def test_cells_far_out_without_values_cost_nothing():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "x"])
        sheet.write_row(1, 0, ["1", 2])
        sheet.write_blank(200, 900, None, book.add_format({"bold": True}))
    raw = read(stream.getvalue())
    assert (raw.frame.rows(), told(raw)) == ([("1", "2")], [])


def test_a_password_is_named():
    assert refusal(ole({"EncryptionInfo": b"x", "EncryptedPackage": b"y"})) == "workbook_locked"


def test_an_ole_file_that_is_no_workbook():
    assert refusal(ole({"WordDocument": b"x"})) == "workbook_broken"


def test_parquet_keeps_days_zones_and_kinds():
    stream = io.BytesIO()
    moment = datetime(2024, 1, 5, 23, 30)
    pl.DataFrame({
        "when": [moment, datetime(2024, 1, 6)], "flag": [True, None], "kind": ["a", "b"], "big": [2**62, -1],
    }).with_columns(
        pl.col("kind").cast(pl.Categorical), zoned=pl.lit(moment).dt.replace_time_zone("Asia/Shanghai"),
    ).write_parquet(stream)  # fmt: skip
    assert read(stream.getvalue()).frame.rows() == [
        ("2024-01-05 23:30:00", "true", "a", str(2**62), "2024-01-05 23:30:00"),
        ("2024-01-06", None, "b", "-1", "2024-01-05 23:30:00"),
    ]
