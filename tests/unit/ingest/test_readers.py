import csv
import io
from datetime import date, datetime
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdash.errors import UnreadableFile
from crmdash.ingest.options import Options
from crmdash.ingest.readers import RawTable, Source, read_table

ORDERS = "customer_id,date,amount\n007,2024-01-05,1.50\n008,2024-01-06,2\n"


def read(content: str | bytes, **options) -> RawTable:
    return read_table(Source("file", content.encode() if isinstance(content, str) else content), Options(**options))


def codes(raw: RawTable) -> list[str]:
    return [issue.code for issue in raw.issues]


def refusal(content: bytes, **options) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(content, **options)
    return refused.value.issue.code


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str):
    raw = read(ORDERS.replace(",", delimiter))
    assert raw.delimiter == delimiter
    assert raw.frame.rows() == [("007", "2024-01-05", "1.50"), ("008", "2024-01-06", "2")]


def test_runs_of_blanks_separate_cells():
    raw = read(" id   date      amount\n 007  20240105  1.50 \n 008\t20240106     2\n")
    assert (raw.delimiter, raw.header_row, raw.frame.columns) == (" ", 1, ["id", "date", "amount"])
    assert raw.frame.rows() == [("007", "20240105", "1.50"), ("008", "20240106", "2")]


def test_without_names_columns_are_called_by_position():
    raw = read("007,2024-01-05,1.50\n008,2024-01-06,2\n")
    assert (raw.header_row, raw.first_row) == (None, 1)
    assert raw.frame.columns == ["column 1", "column 2", "column 3"]
    assert raw.frame.height == 2


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"),
     ("utf-16-be", "utf-16-be"), ("gb18030", "gb18030")],
)  # fmt: skip
def test_the_encoding_is_found(encoding: str, told: str):
    text = "客户编号,客户名称,订单日期,金额\n" + "".join(
        f"{n},上海华联超市有限公司,2024-01-05,{n}.5\n" for n in range(9)
    )
    raw = read(text.encode(encoding))
    assert raw.encoding == told
    assert raw.frame.columns == ["客户编号", "客户名称", "订单日期", "金额"]
    assert raw.frame["客户名称"][0] == "上海华联超市有限公司"


def test_traditional_characters_in_big5():
    text = "客戶編號,客戶名稱,訂單日期,金額\n" + "".join(
        f"{n},臺北統一超商股份有限公司,2024-01-05,{n}\n" for n in range(9)
    )
    raw = read(text.encode("big5"))
    assert (raw.encoding, raw.frame["客戶名稱"][0]) == ("big5", "臺北統一超商股份有限公司")
    assert "encoding_guessed" in codes(raw)


def test_western_accents():
    text = "customer,date,amount\n" + "".join(f"Café Müller Søn,2024-01-0{n},5\n" for n in range(1, 9))
    assert read(text.encode("cp1252")).frame["customer"][0] == "Café Müller Søn"


def test_a_few_broken_bytes_do_not_turn_a_file_into_another_encoding():
    raw = read(("客户,金额\n" + "上海华联,1\n" * 60).encode() + b"\xff\xfe,2\n")
    assert (raw.encoding, raw.frame["客户"][0]) == ("utf-8", "上海华联")
    assert [(issue.code, issue.count) for issue in raw.issues] == [("characters_lost", 2)]


def test_an_encoding_by_hand_holds():
    assert read("名,1\n".encode("gb18030"), encoding="gb18030", header=False).frame.rows() == [("名", "1")]
    assert refusal(b"a,b\n1,2\n", encoding="klingon") == "encoding_unknown"


def test_quotes_breaks_and_blank_cells():
    raw = read('a,b\n1,"x, ""y""\r\nz"\n2,""\n3,\n4,5')
    assert raw.frame.rows() == [("1", 'x, "y"\r\nz'), ("2", None), ("3", None), ("4", "5")]
    assert raw.file_rows.to_list() == [2, 4, 5, 6]


def test_lines_above_the_header_are_left_out():
    raw = read("Sales report,,\n,,\ncustomer_id,date,amount\n7,2024-01-05,1\n")
    assert (raw.header_row, raw.first_row) == (3, 4)
    assert raw.frame.columns == ["customer_id", "date", "amount"]


def test_the_header_row_by_hand():
    raw = read("x,y\nname,value\n1,2\n", header=2)
    assert (raw.frame.columns, raw.header_row) == (["name", "value"], 2)
    assert read("x,y\n1,2\n", header=False).frame.rows() == [("x", "y"), ("1", "2")]


def test_years_as_names_are_names_where_another_name_is_known():
    assert read("customer_id,2023,2024\n7,1,2\n").header_row == 1


def test_nameless_and_repeated_names():
    raw = read("a,,a\n1,2,3\n4,5,6\n")
    assert raw.frame.columns == ["a", "column 2", "a (2)"]
    assert [(issue.code, issue.column) for issue in raw.issues] == [
        ("header_repeated", "a (2)"),
        ("header_blank", "column 2"),
    ]


def test_empty_columns_without_a_name_vanish():
    assert read("a,b,,\n1,2,,\n3,4,,\n").frame.columns == ["a", "b"]


def test_a_row_with_too_many_cells_is_told():
    raw = read("a,b\n" + "1,2\n" * 30 + "1,2,3\n")
    assert [(issue.code, issue.row, issue.count, issue.example) for issue in raw.issues] == [
        ("rows_too_long", 32, 1, "3")
    ]
    assert raw.frame.height == 31


def test_a_long_row_far_down_loses_nothing():
    raw = read("aa,bb\n" + "11,22\n" * 20_000 + "1,2,3,4\n")
    assert raw.frame.width == 4
    assert raw.frame.row(-1) == ("1", "2", "3", "4")


def test_blank_rows_inside_are_told_and_rows_keep_their_number():
    raw = read("a,b\n1,2\n\n,\n3,4\n\n\n")
    assert raw.frame.rows() == [("1", "2"), ("3", "4")]
    assert raw.file_rows.to_list() == [2, 5]
    assert [(issue.code, issue.row, issue.count) for issue in raw.issues] == [("blank_rows", 3, 2)]


def test_broken_quotes_are_told():
    raw = read('name,note\nAnn,"tall" and thin\nBo,"\n')
    assert "quotes_broken" in codes(raw)
    assert raw.frame.rows() == [("Ann", '"tall" and thin'), ("Bo", '"')]
    assert [(issue.row, issue.count) for issue in raw.issues if issue.code == "quotes_broken"] == [(2, 2)]


def test_line_ends_of_old_macs():
    assert read("a,b\r1,2\r3,4\r").frame.rows() == [("1", "2"), ("3", "4")]


def test_a_header_alone_is_a_table_without_rows():
    raw = read("customer_id,date,amount\n")
    assert (raw.frame.columns, raw.frame.height) == (["customer_id", "date", "amount"], 0)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b" \n\n", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b"%PDF-1.7\n...", "file_foreign"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "file_foreign"),
        (b"\xff\xd8\xff\xe0\x00", "file_foreign"),
        (b"<!DOCTYPE html><html></html>", "file_foreign"),
        (b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\x00>\x00", "file_foreign"),
        (bytes(range(256)) * 20, "file_binary"),
        (b"PK\x03\x04 but no workbook", "archive_broken"),
        (b"PAR1 but no more", "file_incomplete"),
        (b"PAR1 but no more PAR1", "parquet_broken"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(content: bytes, code: str):
    assert refusal(content) == code


def workbook(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return stream.getvalue()


def test_workbook_cells_become_text_without_loss():
    content = workbook(("Orders", [
        ["id", "when", "amount", "note"],
        ["00012", date(2024, 1, 5), 1234567890123.25, "NA"],
        ["8000000000000001", datetime(2024, 1, 5, 13, 30), 0.1, None],
    ]))  # fmt: skip
    raw = read(content)
    assert (raw.sheet, raw.header_row, raw.encoding, raw.delimiter) == ("Orders", 1, None, None)
    assert raw.frame.rows() == [
        ("00012", "2024-01-05", "1234567890123.25", "NA"),
        ("8000000000000001", "2024-01-05 13:30:00", "0.1", None),
    ]


def test_the_largest_sheet_is_read_unless_one_is_chosen():
    content = workbook(("Notes", [["a"], ["b"]]), ("Data", [["id", "x"], ["1", "2"], ["3", "4"]]))
    raw = read(content)
    assert (raw.sheet, raw.sheets, codes(raw)) == ("Data", ("Notes", "Data"), ["sheet_chosen"])
    assert read(content, sheet="Notes").frame.rows() == [("b",)]
    assert refusal(content, sheet="Nodes") == "sheet_missing"
    assert refusal(workbook(("Empty", []))) == "file_empty"


def test_rows_of_sheets_are_counted_from_the_top():
    raw = read(workbook(("S", [[], ["Report"], [], ["customer_id", "amount", "date"], ["7", 1, "2024-01-05"]])))
    assert (raw.header_row, raw.first_row) == (4, 5)


def test_parquet_columns_become_exact_text():
    stream = io.BytesIO()
    pl.DataFrame({
        "id": ["007", None], "amount": [0.1, 2.0], "day": [date(2024, 1, 5)] * 2, "n": [2**60, 1], "parts": [[1], [2]],
    }).with_columns(price=pl.lit("1.10").cast(pl.Decimal(10, 2))).write_parquet(stream)  # fmt: skip
    raw = read(stream.getvalue())
    assert raw.frame.rows() == [
        ("007", "0.1", "2024-01-05", str(2**60), "1.10"),
        (None, "2.0", "2024-01-05", "1", "1.10"),
    ]
    assert [(issue.code, issue.column) for issue in raw.issues] == [("column_nested", "parts")]


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8).map(str.strip)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(CELL.filter(bool), CELL, CELL), min_size=1, max_size=8))
def test_what_is_written_comes_back(rows: list[tuple[str, str, str]]):
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([("customer_id", "date", "amount"), *rows])
    raw = read(stream.getvalue(), delimiter=",", header=True, encoding="utf-8")
    body = [tuple(cell or "" for cell in row) for row in raw.frame.rows()]
    assert body == rows


@pytest.mark.parametrize(
    ("encoding", "header"),
    [("gb18030", "客户,日期,金额"), ("big5", "客戶,日期,金額"), ("gb18030", "客户编号,订单日期,销售额")],
)
def test_a_few_chinese_lines_are_not_read_as_korean(encoding, header):
    raw = read_table(Source("short.csv", f"{header}\n王三,2024-01-05,10.5\n".encode(encoding)))
    assert raw.encoding == encoding
    assert raw.frame.columns == header.split(",")
