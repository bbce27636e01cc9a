"""Thousands of generated files: well-formed ones come back with equal values, damaged ones end in typed issues.

``GENERATED_FILES=20000`` (the default is 1,000) has so many text files of each kind generated, an eighth of workbooks.
"""

import csv
import gzip
import io
import os
import zipfile
from typing import Final, Literal

import polars as pl
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmdash.errors import UnreadableFile
from crmdash.ingest.readers import RawTable, Source, read_table
from crmdash.issues import Issue
from tests.unit.ingest.generated import ENCODINGS, Table, tables

FILES: Final = int(os.environ.get("GENERATED_FILES", "1000"))
DELIMITERS: Final = (",", ";", "\t", "|")
EACH: Final = 5
"""Files made of one table: one in each encoding of its language."""
slowly = settings(deadline=10_000, suppress_health_check=list(HealthCheck))
many = settings(slowly, max_examples=FILES // EACH)
fewer = settings(slowly, max_examples=FILES // 8)


def written(table: Table, delimiter: str, quoting: Literal[0, 1, 2], end: str) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writerows([table.header, *table.rows])
    return stream.getvalue()


def read(content: bytes) -> RawTable:
    return read_table(Source("generated", content))


@st.composite
def text_files(draw: st.DrawFn) -> tuple[Table, list[tuple[bytes, str]]]:
    """Draw a table, and its file in each encoding of its language, each with another delimiter."""
    table = draw(tables())
    quoting: Literal[0, 1, 2] = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]))
    end, ends, first = draw(st.sampled_from(["\n", "\r\n"])), draw(st.booleans()), draw(st.integers(0, 3))
    files = []
    for place, encoding in enumerate(ENCODINGS[table.language]):
        delimiter = DELIMITERS[(first + place) % len(DELIMITERS)]
        text = written(table, delimiter, quoting, end)
        files.append(((text if ends else text.removesuffix(end)).encode(encoding), delimiter))
    return table, files


@many
@given(text_files())
def test_well_formed_text_comes_back(generated: tuple[Table, list[tuple[bytes, str]]]):
    table, files = generated
    for content, delimiter in files:
        raw = read(content)
        assert (raw.delimiter, raw.frame.columns) == (delimiter, table.header)
        assert raw.frame.rows() == table.expected


@fewer
@given(text_files(), st.booleans())
def test_well_formed_text_comes_back_from_an_archive(generated: tuple[Table, list[tuple[bytes, str]]], zipped: bool):
    table, files = generated
    stream = io.BytesIO()
    if zipped:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("folder/orders.csv", files[0][0])
    packed = stream.getvalue() if zipped else gzip.compress(files[0][0])
    assert read(packed).frame.rows() == table.expected


@fewer
@given(tables())
def test_what_a_workbook_holds_comes_back(table: Table):
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([table.header, *table.rows]):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
    raw = read(stream.getvalue())
    assert raw.frame.columns == table.header
    assert raw.frame.rows() == table.expected


@fewer
@given(tables())
def test_what_parquet_holds_comes_back(table: Table):
    stream = io.BytesIO()
    pl.DataFrame(table.rows, schema=table.header, orient="row").write_parquet(stream)
    raw = read(stream.getvalue())
    assert raw.frame.columns == table.header
    assert raw.frame.rows() == table.expected


def outcome(content: bytes) -> RawTable | Issue:
    """Return the table or the typed refusal; anything else is a failure of the reader."""
    try:
        return read(content)
    except UnreadableFile as error:
        return error.issue


@many
@given(text_files(), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4)), min_size=1, max_size=6))
def test_damaged_text_ends_in_a_table_or_an_issue(
    generated: tuple[Table, list[tuple[bytes, str]]], damage: list[tuple[float, bytes]]
):
    for whole, _ in generated[1]:
        content = bytearray(whole)
        for place, patch in damage:
            at = int(place * len(content))
            content[at : at + len(patch)] = patch
        assert isinstance(outcome(bytes(content)), RawTable | Issue)


@settings(slowly, max_examples=FILES)
@given(st.one_of(st.binary(max_size=400), st.text("\",;'\t|\\ \n\r#ab12\u4e00", max_size=200).map(str.encode)))
def test_anything_ends_in_a_table_or_an_issue(content: bytes):
    assert isinstance(outcome(content), RawTable | Issue)


PARQUET: Final = io.BytesIO()
pl.DataFrame({"id": [f"C{n}" for n in range(60)], "amount": [n / 4 for n in range(60)]}).write_parquet(PARQUET)
WORKBOOK: Final = io.BytesIO()
with xlsxwriter.Workbook(WORKBOOK) as _book:
    _sheet = _book.add_worksheet()
    for _row in range(60):
        _sheet.write_row(_row, 0, [f"C{_row}", _row / 4])


@fewer
@given(
    st.sampled_from([PARQUET.getvalue(), WORKBOOK.getvalue(), gzip.compress(WORKBOOK.getvalue())]),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=4)), max_size=8),
    st.floats(0.5, 1),
)
def test_damaged_workbooks_and_parquet_end_in_a_table_or_an_issue(
    whole: bytes, damage: list[tuple[float, bytes]], kept: float
):
    content = bytearray(whole[: max(int(len(whole) * kept), 1)] if kept < 0.75 else whole)
    for place, patch in damage:
        at = min(int(place * len(content)), len(content) - len(patch))
        content[at : at + len(patch)] = patch
    assert isinstance(outcome(bytes(content)), RawTable | Issue)
