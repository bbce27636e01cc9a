"""Cases 85 to 91: what workbooks and Parquet files bring along."""

import io
import time
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from crmdash.ingest.dataset import Dataset, open_dataset
from crmdash.ingest.raw import Source
from tests.unit.bad_inputs.files import ORDERS, codes, column, days, found, issue, money, opened, parquet_of, xlsx
from tests.unit.ingest.workbooks import Sheets, ods, xls, xlsb

ROWS: list[tuple[Any, ...]] = [("A", "2024-01-05", 5), ("B", "2024-01-06", 6)]


def test_case_85_formulas_whose_value_was_never_saved():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([ORDERS, *ROWS]):
            sheet.write_row(at, 0, row)
        sheet.write_formula("C4", "=C2+C3", None, "")
        sheet.write_row("A4", ["C", "2024-01-07"])
    dataset = opened(out.getvalue())
    told = issue(dataset, "formulas_empty")
    assert (told.severity, told.count, told.row) == ("warning", 1, 4)
    assert [(one.code, one.row) for one in dataset.issues if one.code == "required_blank"] == [("required_blank", 4)]


def test_case_86_headers_of_two_rows_with_merged_cells():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:B1", "Customer")
        sheet.merge_range("C1:D1", "Order")
        sheet.write_row("A2", ["ID", "Name", "Date", "Amount"])
        sheet.write_row("A3", ["A", "Ann", "2024-01-05", 5])
        sheet.write_row("A4", ["B", "Bo", "2024-01-06", 6])
        sheet.write_row("A5", ["A", "Ann", "2024-01-07", 7])
    dataset = opened(out.getvalue())
    assert dataset.files[0].columns in (
        ("Customer ID", "Customer Name", "Order Date", "Order Amount"), ("ID", "Name", "Date", "Amount")
    )  # fmt: skip
    assert (column(dataset, "customer_id"), column(dataset, "amount")) == (["A", "B", "A"], money(5, 6, 7))


def test_case_87_several_sheets():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("Empty")
        hidden = book.add_worksheet("Hidden")
        for at in range(20):
            hidden.write_row(at, 0, ["x", "y", at, at, at])
        hidden.hide()
        for name, amount in (("Orders", 5), ("Old", 9)):
            sheet = book.add_worksheet(name)
            for at, row in enumerate([ORDERS, ("A", "2024-01-05", amount), *(ROWS if name == "Orders" else [])]):
                sheet.write_row(at, 0, row)
    dataset = opened(out.getvalue())
    assert (dataset.files[0].sheet, issue(dataset, "sheet_chosen").example) == ("Orders", "Orders")
    chosen = opened(out.getvalue(), sheet="Old")
    assert (column(chosen, "amount"), found(chosen)) == (money(9), [])
    assert codes(opened(out.getvalue(), sheet="New")) == ["sheet_missing", "nothing_usable"]


def test_case_88_a_workbook_with_a_password():
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(2_000)
    assert codes(open_dataset([Source("orders.xlsx", locked)])) == ["workbook_locked", "nothing_usable"]


def test_case_89_macros_are_never_run_and_their_workbook_is_read():
    book = io.BytesIO(xlsx([ORDERS, *ROWS]))
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + bytes(100))
    dataset = open_dataset([Source("orders.xlsm", book.getvalue())])
    assert (column(dataset, "amount"), dataset.usable) == (money(5, 6), True)


@pytest.mark.parametrize("make", [xls, xlsb, ods])
def test_case_89_older_and_other_workbooks(make: Callable[[Sheets], bytes]):
    rows = [("007", date(2024, 1, 5), 1234567890123.25), ("8", date(2024, 2, 29), 0.1)]
    dataset = opened(make([("Orders", [list(ORDERS), *map(list, rows)])]))
    assert (column(dataset, "customer_id"), dataset.files[0].sheet) == (["007", "8"], "Orders")
    assert column(dataset, "date") == days("2024-01-05", "2024-02-29")
    assert column(dataset, "amount") == [12_345_678_901_232_500, 1_000]


def bomb(size: int) -> bytes:
    """Return a workbook whose sheet unpacks to `size` bytes."""
    book = io.BytesIO(xlsx([ORDERS, *ROWS]))
    with zipfile.ZipFile(book) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
        b"</sheetData>", b" " * size + b"</sheetData>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_case_90_a_workbook_that_unpacks_to_too_much():
    began = time.perf_counter()
    dataset = opened(bomb(50_000_000))
    assert codes(dataset)[0] in ("unpacked_too_dense", "unpacked_too_large")
    assert not dataset.usable
    assert time.perf_counter() - began < 10


def test_case_90_a_single_cell_at_the_far_corner():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet().write_string(1_048_575, 16_383, "x")
    began = time.perf_counter()
    dataset = opened(out.getvalue())
    assert (dataset.usable, time.perf_counter() - began < 10) == (False, True)
    assert codes(dataset)[-1] == "nothing_usable"


def test_case_91_a_parquet_file_of_one_value_a_hundred_million_times():
    frame = pl.DataFrame({"customer_id": pl.repeat("x" * 100, 30_000_000, eager=True)})
    content = parquet_of(frame)
    assert len(content) < 1_000_000
    began = time.perf_counter()
    dataset = opened(content)
    assert (dataset.usable, time.perf_counter() - began < 10) == (False, True)
    assert dataset.issues[0].severity == "error"


def with_entities(declared: bytes, used: bytes) -> bytes:
    """Return a workbook whose sheet declares entities and uses one as a customer."""
    book = io.BytesIO(xlsx([ORDERS, *ROWS]))
    out = io.BytesIO()
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/sharedStrings.xml":
                content = content.replace(b"<sst", b"<!DOCTYPE sst [" + declared + b"]><sst", 1)
                content = content.replace(b"<t>A</t>", b"<t>" + used + b"</t>")
            new.writestr(name, content)
    return out.getvalue()


def test_case_90_entities_are_not_multiplied():
    letters = "abcdefghi"
    laughs = b'<!ENTITY a "lol">' + b"".join(
        f'<!ENTITY {this} "{f"&{before};" * 10}">'.encode() for before, this in pairwise(letters)
    )
    began = time.perf_counter()
    dataset = opened(with_entities(laughs, b"&i;"))
    assert time.perf_counter() - began < 10
    assert sum(map(len, dataset.set_aside["text"])) + sum(map(len, ids_of(dataset))) < 1_000


def test_case_90_entities_from_outside_are_not_fetched(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    dataset = opened(with_entities(f'<!ENTITY x SYSTEM "{secret.as_uri()}">'.encode(), b"&x;"))
    assert not any("secret" in one for one in (*ids_of(dataset), *dataset.set_aside["text"]))


def ids_of(dataset: Dataset) -> list[str]:
    return [] if dataset.transactions is None else column(dataset, "customer_id")


def test_case_91_a_dictionary_of_one_long_text():
    """A few kilobytes that stand for a gigabyte of text: each row points to the same dictionary entry."""
    frame = pl.DataFrame({"customer_id": pl.repeat("x" * 100_000, 10_000, eager=True).cast(pl.Categorical)})
    content = parquet_of(frame)
    assert len(content) < 1_000_000
    began = time.perf_counter()
    dataset = opened(content)
    assert (dataset.usable, time.perf_counter() - began < 10) == (False, True)
    # Which guard is first depends on the memory that the reading process holds already: told beforehand, or stopped.
    assert codes(dataset)[0] in ("unpacked_too_dense", "unpacked_too_large", "reading_too_large")


def test_case_91_a_footer_that_claims_more_than_there_is():
    content = bytearray(parquet_of(pl.DataFrame({"customer_id": ["A"], "date": ["2024-01-05"], "amount": ["5"]})))
    content[-8:-4] = (2**31 - 1).to_bytes(4, "little")
    began = time.perf_counter()
    dataset = opened(bytes(content))
    assert (dataset.usable, time.perf_counter() - began < 10) == (False, True)
    assert dataset.issues[0].severity == "error"


def test_case_91_types_of_parquet():
    frame = pl.DataFrame(
        {
            "customer_id": pl.Series(["007", "8"], dtype=pl.Categorical),
            "date": [date(2024, 1, 5), date(2024, 1, 6)],
            "amount": pl.Series([Decimal("5.10"), Decimal("6.20")], dtype=pl.Decimal(10, 2)),
            "items": [[1, 2], [3]],
            "more": [{"a": 1}, {"a": 2}],
            "__index_level_0__": [0, 1],
        }
    )
    dataset = opened(parquet_of(frame))
    assert column(dataset, "customer_id") == ["007", "8"]
    assert (column(dataset, "date"), column(dataset, "amount")) == (days("2024-01-05", "2024-01-06"), money(5.1, 6.2))
    assert [(one.code, one.column) for one in dataset.issues] == [("column_nested", "items"), ("column_nested", "more")]


@pytest.mark.parametrize("ids", [[1.0, None, 2.0], [1, None, 2]])
def test_case_91_ids_that_a_blank_turned_into_fractions(ids: list[float | int | None]):
    frame = pl.DataFrame({"customer_id": ids, "date": ["2024-01-05"] * 3, "amount": [5.5, 6.0, 7.0]})
    dataset = opened(parquet_of(frame))
    assert (column(dataset, "customer_id"), column(dataset, "amount")) == (["1", "2"], money(5.5, 7))
    assert codes(dataset) == (["required_blank", "id_decimals"] if isinstance(ids[0], float) else ["required_blank"])
