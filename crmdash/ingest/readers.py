"""Bytes of any supported kind → a table of text. What cannot be read says why, in one issue."""

from dataclasses import replace
from typing import Final

from crmdash.errors import UnreadableFile
from crmdash.ingest.archives import EMPTY_ZIP, GZIP, ZIP, unpack
from crmdash.ingest.delimited import read_delimited
from crmdash.ingest.encodings import unmarked_utf16
from crmdash.ingest.isolation import read_apart
from crmdash.ingest.limits import check_bytes
from crmdash.ingest.options import Options
from crmdash.ingest.raw import RawTable, Source
from crmdash.ingest.sheets import read_workbook
from crmdash.issues import Issue

__all__ = ["RawTable", "Source", "read_table"]

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARQUET: Final = b"PAR1"
_FOREIGN: Final = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"RIFF": "RIFF",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!": "RAR",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"SQLite format 3\x00": "SQLite",
    b"{\\rtf": "RTF",
    b"MZ": "EXE",
    b"\x7fELF": "ELF",
}
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_CONTROLS: Final = bytes(sorted({*range(32)} - set(b"\t\n\v\f\r\x1a\x1c\x1d\x1e\x1f\x01")))
_STRAY_CONTROLS: Final = 0.03
_MARKUP: Final = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<svg")
_SHORT: Final = 3
"""Signatures up to this length also begin plain text, so they count only with bytes that text never has."""


def read_table(source: Source, options: Options = Options()) -> RawTable:  # noqa: B008  (a frozen value)
    """Read the table of a file as text cells, whatever its format; the content decides, not the name.

    What is known of the source beforehand stands before the issues of reading it.

    Raises
    ------
    UnreadableFile
        If there is no table to be had from the bytes; its issue says why and what to do.
    """
    raw = _read_content(source, options)
    return replace(raw, issues=(*source.issues, *raw.issues)) if source.issues else raw


def _read_content(source: Source, options: Options) -> RawTable:
    check_bytes(source.size)
    if source.path is not None:
        if source.ends(len(_PARQUET))[0] == _PARQUET:
            return _read_parquet(source)
        source = source.loaded()
    if source.content.startswith((GZIP, ZIP, EMPTY_ZIP)):
        inside = unpack(source)
        if inside is source:
            return read_workbook(source, options)
        source = inside
    content = source.content
    if not content or content.isspace():
        raise UnreadableFile(Issue("error", "file_empty"))
    if content.startswith(_OLE):
        _refuse_locked(content)
        return read_workbook(source, options)
    if content.startswith((GZIP, ZIP)):
        if content.startswith(GZIP) or unpack(source) is not source:
            raise UnreadableFile(Issue("error", "archive_nested"))
        return read_workbook(source, options)
    if content.startswith(_PARQUET):
        return _read_parquet(source)
    _refuse_foreign(content)
    return read_delimited(source, options)


def _refuse_locked(content: bytes) -> None:
    """Refuse a workbook with a password: an OLE container that names an encrypted package in its directory."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise UnreadableFile(Issue("error", "workbook_locked"))


def _refuse_foreign(content: bytes) -> None:
    for signature, kind in _FOREIGN.items():
        if content.startswith(signature) and (len(signature) > _SHORT or 0 in content[:64]):
            raise UnreadableFile(Issue("error", "file_foreign", example=kind))
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_MARKUP):
        raise UnreadableFile(Issue("error", "file_foreign", example="HTML / XML"))
    head = content[:4096]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls > _STRAY_CONTROLS * len(head) and not head.startswith(_WIDE) and unmarked_utf16(head) is None:
        raise UnreadableFile(Issue("error", "file_binary"))


def _read_parquet(source: Source) -> RawTable:
    if source.ends(len(_PARQUET))[1] != _PARQUET:
        raise UnreadableFile(Issue("error", "file_incomplete"))
    told, frame = read_apart("parquet", source)
    issues = tuple(Issue("warning", "column_nested", column=name) for name in told["nested"])
    return RawTable(source.name, frame, issues=issues, note=told["note"])
