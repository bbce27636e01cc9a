"""Bombs and damaged files: each costs one message, soon, and the next file is read as ever."""

import io
import random
import time
from collections.abc import Iterator

import polars as pl
import pytest
import xlsxwriter

from crmdash.errors import UnreadableFile
from crmdash.ingest import isolation, limits
from crmdash.ingest.raw import Source
from crmdash.ingest.readers import RawTable, read_table
from tests.unit.ingest.test_sheets import patched, xlsx

SHEET = "xl/worksheets/sheet1.xml"
GOOD = xlsx([("S", [["id", "x"], ["1", 2]])])
SOON = 10.0


def read(content: bytes) -> RawTable:
    return read_table(Source("file", content))


def refusal(content: bytes) -> str:
    start = time.perf_counter()
    with pytest.raises(UnreadableFile) as refused:
        read(content)
    assert time.perf_counter() - start < SOON
    return refused.value.issue.code


@pytest.fixture(autouse=True)
def _the_next_file_is_read() -> Iterator[None]:
    yield
    assert read(GOOD).frame.rows() == [("1", "2")]


def corner(*cells: tuple[int, int, str]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        for cell in cells:
            sheet.write(*cell)
    return stream.getvalue()


def parquet(frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.write_parquet(stream)
    return stream.getvalue()


def test_a_sheet_that_would_fill_the_memory():
    assert refusal(corner((0, 0, "a"), (1_048_575, 16_383, "x"))) == "reading_too_large"


def test_a_sheet_with_too_many_columns():
    assert refusal(corner((0, 0, "a"), (1, 16_383, "x"))) == "too_many_columns"


def test_a_zip_bomb_in_a_workbook_is_not_unpacked():
    blank = b"<row r='9'><c r='A9' t='inlineStr'><is><t>" + b" " * 60_000_000 + b"</t></is></c></row></sheetData>"
    assert refusal(patched(GOOD, SHEET, lambda text: text.replace(b"</sheetData>", blank))) == "unpacked_too_dense"


def test_entities_are_not_multiplied():
    entities = b'<!DOCTYPE x [<!ENTITY a "lol">' + b"".join(
        b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in range(ord("b"), ord("l"))
    ) + b"]>"  # fmt: skip
    bomb = patched(
        GOOD, SHEET, lambda text: text.replace(b"<worksheet", entities + b"<worksheet", 1).replace(b"<v>2", b"<v>&k;")
    )
    start = time.perf_counter()
    try:
        assert read(bomb).frame.estimated_size() < 1_000
    except UnreadableFile as error:
        assert error.issue.code in ("workbook_broken", "reading_failed")
    assert time.perf_counter() - start < SOON


@pytest.mark.parametrize("kept", [3, 30, 300, len(GOOD) // 2, len(GOOD) - 30], ids="abcde")
def test_a_workbook_cut_short(kept: int):
    assert refusal(GOOD[:kept]) in ("archive_broken", "file_binary") if kept > 3 else True


def test_parquet_that_decodes_to_far_more_than_it_is():
    assert refusal(parquet(pl.DataFrame({"x": pl.repeat("y" * 1_000, 600_000, eager=True)}))) == "unpacked_too_dense"


def test_parquet_with_more_text_than_the_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MAX_TEXT", 50_000_000)
    frame = pl.DataFrame({"x": pl.repeat("y" * 900_000, 100, eager=True)})
    assert refusal(parquet(frame)) == "unpacked_too_large"


def test_parquet_with_too_many_rows(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MAX_ROWS", 1_000_000)
    assert refusal(parquet(pl.DataFrame({"x": pl.repeat(1, 30_000_000, eager=True)}))) == "too_many_rows"


def test_parquet_with_too_many_columns():
    assert refusal(parquet(pl.DataFrame({f"c{n}": [1] for n in range(limits.MAX_COLUMNS + 1)}))) == "too_many_columns"


def test_parquet_cut_short_is_incomplete():
    whole = parquet(pl.DataFrame({"x": range(1_000)}))
    assert refusal(whole[:-20]) == "file_incomplete"
    assert refusal(whole[:100] + whole[-300:]) in ("parquet_broken", "reading_failed", "reading_too_large")


@pytest.mark.parametrize("seed", range(12))
def test_damaged_parquet_never_ends_the_program(seed: int):
    chance = random.Random(seed)
    content = bytearray(parquet(pl.DataFrame({"id": [f"C{n}" for n in range(2_000)], "x": range(2_000)})))
    for _ in range(seed + 1):
        content[chance.randrange(4, len(content) - 8)] = chance.randrange(256)
    start = time.perf_counter()
    try:
        read(bytes(content))
    except UnreadableFile as error:
        assert error.issue.code.startswith(("parquet_", "reading_", "file_", "unpacked_", "too_many_", "cell_"))
    assert time.perf_counter() - start < SOON


def test_a_child_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "child_seconds", lambda size: 0.05)
    rows = [[f"C{n}", n] for n in range(40_000)]
    assert refusal(xlsx([("S", rows)])) == "reading_too_slow"


def test_children_do_not_pile_up():
    for _ in range(3):
        read(GOOD)
    assert len(isolation._idle) <= 1
    isolation.end_children()
    assert isolation._idle == []


def test_a_file_of_the_products_own_is_read_here_to_the_same_cells(monkeypatch: pytest.MonkeyPatch):
    stream = io.BytesIO()
    pl.DataFrame({"id": ["A", " "], "amount": [1.5, None]}).write_parquet(stream)
    apart = read(stream.getvalue()).frame
    monkeypatch.delattr(isolation, "_Child")
    monkeypatch.setattr(isolation, "_idle", [])
    here = read_table(Source("file", stream.getvalue(), trusted=True)).frame
    assert here.equals(apart) and here.rows() == [("A", "1.5"), (None, None)]
    with pytest.raises(UnreadableFile) as refused:
        read_table(Source("file", b"PAR1 and no more PAR1", trusted=True))
    assert refused.value.issue.code == "parquet_broken"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (",".join(f"c{n}" for n in range(10_000)).encode() + b"\n" + b"1," * 9_999 + b"1\n", "too_many_columns"),
        (b'a,b\n1,"' + b"x" * 10_000_000 + b'"\n', "line_too_long"),
        (b'a,b\n1,"' + b"xxxxxxx\n" * 400_000 + b'"\n2,3\n', "cell_too_long"),
        (b"a,b\n" + b"x" * 50_000_000, "line_too_long"),
        (b"," * 900_000 + b"\n", "too_many_columns"),
    ],
)
def test_text_beyond_its_limits(content: bytes, code: str):
    assert refusal(content) == code


def test_more_rows_than_the_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MAX_ROWS", 10)
    assert refusal(b"a,b\n" + b"1,2\n" * 20) == "too_many_rows"
    assert refusal(b"a,b\n1\n" + b"1,2\n" * 20) == "too_many_rows"
    monkeypatch.setattr(limits, "MAX_BYTES", 10)
    assert refusal(b"a,b\n" + b"1,2\n" * 20) == "too_many_bytes"


@pytest.mark.parametrize(
    "content",
    [
        b'"' * 900_000, (b'"a' * 50 + b"\n") * 10_000, b'a,"b\n' * 50_000, (b'a,"b\n' + b"a,b\n" * 999) * 100,
        b"".join(b"," * (n % 400) + b"\n" for n in range(10_000)),
        b"".join(b"1," * (n % 3 + 3) + b"x\n" for n in range(60_000)), b'",\n"' * 100_000, b'"\n' * 200_001,
        b'a,b,c\n' + b'1,"x""y,2\n' * 30_000,
    ],
    ids=range(9),
)  # fmt: skip
def test_soups_of_marks_end_soon(content: bytes):
    start = time.perf_counter()
    try:
        read(content)
    except UnreadableFile as error:
        assert error.issue.code
    assert time.perf_counter() - start < SOON
