"""Downloads as XLSX, read back from their XML: values, formats, tables; text stays text; Excel's limits."""

import json
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdash.export import Facts, Sheet, SheetColumn, TextTooLong, workbook
from crmdash.export.sheet import Kind
from crmdash.export.workbook import LONGEST_TEXT, sheet_name
from crmdash.i18n import Wording
from crmdash.ingest.raw import Source
from crmdash.ingest.readers import read_table
from crmdash.scope import Scope
from crmdash.settings import Settings
from tests.unit.exported import Page, pages, part_names
from tests.unit.test_export_csv import HARMLESS, HOSTILE

EN = Wording()
FACTS = Facts(Settings(), Scope(), 20_414, "f" * 64, date(2026, 11, 22), "1.2")
MARKUP = [
    "<r><t>x</t></r>", "<r></r></si><si><t>y</t></si>", "<r>&amp;</r>", "<b>", "&lt;", "]]>", "_x0041_", "a_x000D_",
    "http://x.example", "mailto:a@x.example", "internal:A1", "{=1}", "{1}", "TRUE", "#N/A", "1e5", "00012", "1/2",
    "2024-01-01", "\x01\x02", "\r", "a\r\nb", "\ufffe", "\uffff", "  ", "😀", "\u2028", "\x7f", "\x85",
]  # fmt: skip


def sheet(title: str = "Test", /, **columns: tuple[Kind, list[Any]]) -> Sheet:
    made = (SheetColumn.of(code, code.title(), kind, held) for code, (kind, held) in columns.items())
    return Sheet(title, tuple(made))


def written(*sheets: Sheet) -> list[Page]:
    return pages(workbook(sheets, FACTS, EN))


def test_values_formats_and_tables():
    made = sheet(
        id=("id", ["007", "b"]), money=("money", [-12_345_678, None]), count=("count", [4, -5]),
        ratio=("decimal", [2.5, float("nan")]), share=("percent", [0.125, None]), day=("date", [20_414, -30_000]),
    )  # fmt: skip
    page, about = written(made)
    assert page.cells | {} == {
        "A1": "Id", "B1": "Money", "C1": "Count", "D1": "Ratio", "E1": "Share", "F1": "Day",
        "A2": "007", "B2": -1234.5678, "C2": 4, "D2": 2.5, "E2": 0.125, "F2": 45_983,
        "A3": "b", "C3": -5, "F3": "1887-11-12",
    }  # fmt: skip
    assert [page.formats[f"{letter}2"] for letter in "ABCDEF"] == [
        "@", "#,##0.00", "#,##0", "#,##0.00", "0.0%", "yyyy-mm-dd",
    ]  # fmt: skip
    assert page.tables == [("A1:F3", ["Id", "Money", "Count", "Ratio", "Share", "Day"], True)]
    assert 'state="frozen"' in page.xml and 'topLeftCell="B2"' in page.xml
    assert about.name == "About this file" and len(about.tables) == 1


def test_an_empty_sheet_is_a_table_with_an_empty_row():
    page, _ = written(sheet(id=("id", []), value=("money", [])))
    assert page.cells == {"A1": "Id", "B1": "Value"}
    assert page.tables[0][0] == "A1:B2"


def test_text_is_never_a_formula_a_link_or_a_number():
    texts = [*HOSTILE, *filter(None, HARMLESS), *MARKUP]
    content = workbook([sheet(id=("id", texts), name=("text", texts))], FACTS, EN)
    page = pages(content)[0]
    assert page.column("A")[1:] == page.column("B")[1:] == texts
    assert "<f>" not in page.xml and "hyperlink" not in page.xml
    assert not [name for name in part_names(content) if "externalLink" in name or "calcChain" in name]


def test_hostile_strings_survive(shared_datasets: Path):
    texts = [text for text in json.loads((shared_datasets / "messy" / "blns.json").read_text("utf-8")) if text]
    page, _ = written(sheet(name=("text", texts)))
    assert page.column("A")[1:] == texts


def test_our_own_reader_reads_it():
    ids = [f"00{number}" for number in range(200)]
    made = sheet(customer=("id", ids), amount=("money", [25_000] * 200))
    source = Source("x.xlsx", workbook([made], FACTS, EN))
    found = read_table(source)
    assert found.frame.rows() == [(name, "2.5") for name in ids]


cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).filter(lambda text: "_x005F_x" not in text)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(cells, st.integers(-(10**14), 10**14)), min_size=1, max_size=20))
def test_values_come_back(rows: list[tuple[str, int]]):
    page, _ = written(sheet(name=("text", [name for name, _ in rows]), value=("money", [value for _, value in rows])))
    assert [round(value * 10_000) for value in page.column("B")[1:]] == [value for _, value in rows]
    assert [name or "" for name in page.column("A")[1:]] == [name for name, _ in rows]


def test_too_long_a_text_is_an_error_that_names_the_place():
    longest = "x" * LONGEST_TEXT
    assert written(sheet(name=("text", ["a", longest])))[0].cells["A3"] == longest
    for text in (longest + "x", "😀" * (LONGEST_TEXT // 2 + 1), "<r>" + "&" * 8_000 + "</r>"):
        with pytest.raises(TextTooLong, match=r"column “Name”, row 3, .* 32,767"):
            workbook([sheet(name=("text", ["a", text]))], FACTS, EN)


def test_more_rows_than_a_sheet_holds_go_on_to_the_next():
    with patch("crmdash.export.workbook.MOST_ROWS", 3):
        first, second, third, *_ = written(sheet("Customers", id=("id", list("abcde"))))
    assert [page.name for page in (first, second, third)] == ["Customers (1)", "Customers (2)", "Customers (3)"]
    assert [page.column("A") for page in (first, second, third)] == [["Id", "a", "b"], ["Id", "c", "d"], ["Id", "e"]]
    assert [page.tables[0][0] for page in (first, second, third)] == ["A1:A3", "A1:A3", "A1:A2"]


def test_columns_are_as_wide_as_their_text_and_chinese_counts_twice():
    page, _ = written(sheet(a=("text", ["x" * 20]), b=("text", ["客" * 10]), c=("text", ["x" * 500]), d=("count", [1])))
    latin, chinese, long, short = page.widths
    assert latin == chinese > short and 60 <= long < 62


def test_headers_that_differ_in_case_only_are_numbered():
    columns = tuple(SheetColumn.of(str(n), header, "count", [n]) for n, header in enumerate(["A", "a", "A"]))
    page, _ = written(Sheet("x", columns))
    assert page.tables[0][1] == ["A", "a (2)", "A (3)"]
    assert [page.cells[f"{letter}1"] for letter in "ABC"] == ["A", "a (2)", "A (3)"]


@pytest.mark.parametrize(
    ("words", "taken", "name"),
    [
        ("Customers", set(), "Customers"),
        ("Customers", {"customers"}, "Customers 2"),
        ("a/b:c*[d]?\\", set(), "a b c  d"),
        ("'quoted'", set(), "quoted"),
        ("///", set(), "-"),
        ("x" * 40, {"x" * 31}, "x" * 29 + " 2"),
        ("😀" * 20, set(), "😀" * 15),
    ],
)
def test_sheet_names(words: str, taken: set[str], name: str):
    assert sheet_name(words, taken) == name


def test_the_same_content_is_the_same_file():
    made = sheet(id=("id", ["a"]))
    assert workbook([made], FACTS, EN) == workbook([made], FACTS, EN)
