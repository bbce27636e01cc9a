"""gzip and zip: the one table inside, or why not; nothing is unpacked beyond its bounds."""

import gzip
import io
import struct
import time
import zipfile

import pytest

from crmdash.errors import UnreadableFile
from crmdash.ingest import archives
from crmdash.ingest.raw import Source
from crmdash.ingest.readers import read_table
from tests.unit.ingest.workbooks import ods, xls

CSV = b"id,x\n1,2\n3,4\n"


def zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_table(Source("file", content))
    return refused.value.issue.code


BOOK = ods([("S", [["id", "x"], ["1", "2"], ["3", "4"]])])
OLD_BOOK = xls([("S", [["id", "x"], ["1", "2"], ["3", "4"]])])


@pytest.mark.parametrize("inside", [CSV, BOOK, OLD_BOOK, CSV.decode().encode("utf-16")])
@pytest.mark.parametrize("pack", [gzip.compress, lambda content: zipped(orders=content)])
def test_one_file_is_read(inside: bytes, pack):
    assert read_table(Source("file", pack(inside))).frame.rows() == [("1", "2"), ("3", "4")]


def test_litter_of_the_system_is_passed_over():
    content = zipped(**{"orders/": b"", "orders/a.csv": CSV, "__MACOSX/orders/._a.csv": b"x", "orders/.DS_Store": b"y"})
    assert read_table(Source("file", content)).frame.height == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (zipped(a=CSV, b=CSV), "archive_of_several"),
        (zipped(), "archive_of_several"),
        (zipped(**{"word/document.xml": b"x"}), "file_foreign"),
        (zipped(a=zipped(b=CSV)), "archive_nested"),
        (zipped(a=gzip.compress(CSV)), "archive_nested"),
        (gzip.compress(gzip.compress(CSV)), "archive_nested"),
        (gzip.compress(CSV * 50)[:-12], "archive_broken"),
        (gzip.compress(b""), "file_empty"),
        (zipped(a=CSV * 50)[:60], "archive_broken"),
        (zipped(a=b"\x89PNG\r\n\x1a\n\x00"), "file_foreign"),
        (zipped(**{f"f{n}": b"" for n in range(1_001)}), "too_many_entries"),
        (zipped(a=bytes(80_000_000)), "unpacked_too_dense"),
        (gzip.compress(bytes(80_000_000)), "unpacked_too_dense"),
    ],
    ids=lambda value: value if isinstance(value, str) else "content",  # packed bytes hold the time
)
def test_what_is_refused(content: bytes, code: str):
    start = time.perf_counter()
    assert refusal(content) == code
    assert time.perf_counter() - start < 5


def test_a_lying_account_of_the_size_is_found_while_unpacking():
    honest = zipped(a=b"0," * 40_000_000)
    assert refusal(honest.replace(struct.pack("<I", 80_000_000), struct.pack("<I", 1_000))) == "archive_broken"


def test_more_than_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archives, "MAX_UNPACKED", 10)
    assert refusal(zipped(a=CSV)) == "unpacked_too_large"
    assert refusal(gzip.compress(CSV)) == "unpacked_too_large"


def test_a_locked_archive_is_named():
    content = bytearray(zipped(a=CSV))
    # Bit 0 of the flags in both headers says that the entry is encrypted.
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(content)) == "archive_locked"
