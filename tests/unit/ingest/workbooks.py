"""Workbooks of the formats that no installed library writes, made byte by byte: small, but of the real make."""

import io
import struct
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

Cell = str | float | date | None
Sheets = Sequence[tuple[str, Sequence[Sequence[Any]]]]
_SECTOR = 512
_DAY_ZERO = date(1899, 12, 30)


def serial(day: date) -> int:
    """Return the day number of a workbook that counts from 1900."""
    return (day - _DAY_ZERO).days


def ods(sheets: Sheets) -> bytes:
    """Return an OpenDocument spreadsheet."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets
    )
    spaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"' for prefix in ("office", "table", "text")
    )
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    text = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}>{body}</office:document-content>'
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{manifest}"/>')
        archive.writestr("content.xml", text)
    return stream.getvalue()


def _ods_cell(cell: Cell) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, date):
        value = f'office:value-type="date" office:date-value="{cell}"'
        return f"<table:table-cell {value}><text:p>x</text:p></table:table-cell>"
    if isinstance(cell, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{cell!r}"><text:p>x</text:p></table:table-cell>'


def xls(sheets: Sheets) -> bytes:
    """Return an Excel 97 workbook: BIFF8 records in an OLE container. Dates have format 14."""
    formats = b"".join(_record(0xE0, struct.pack("<HH", 0, number) + bytes(16)) for number in (0, 14))
    streams = [_biff_start(0x10) + b"".join(_xls_row(at, row) for at, row in enumerate(rows)) + _record(0x0A, b"")
               for _, rows in sheets]  # fmt: skip
    names = [struct.pack("<BB", len(name), 1) + name.encode("utf-16-le") for name, _ in sheets]
    start = _biff_start(0x05) + _record(0x42, struct.pack("<H", 1200)) + formats
    size = len(start) + sum(4 + 6 + len(name) for name in names) + 4
    listed, at = b"", size
    for name, stream in zip(names, streams, strict=True):
        listed += _record(0x85, struct.pack("<IBB", at, 0, 0) + name)
        at += len(stream)
    return ole({"Workbook": start + listed + _record(0x0A, b"") + b"".join(streams)})


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _biff_start(kind: int) -> bytes:
    return _record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 0))


def _xls_row(at: int, row: Sequence[Cell]) -> bytes:
    records = b""
    for place, cell in enumerate(row):
        if isinstance(cell, str):
            text = struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le")
            records += _record(0x204, struct.pack("<HHH", at, place, 0) + text)
        elif cell is not None:
            number = serial(cell) if isinstance(cell, date) else cell
            records += _record(0x203, struct.pack("<HHHd", at, place, int(isinstance(cell, date)), number))
    return records


def ole(streams: dict[str, bytes]) -> bytes:
    """Return an OLE2 container with these streams, each padded to 4,096 bytes so that it needs no mini stream."""
    sectors: list[bytes] = []
    chain: list[int] = []
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)]
    for number, (name, data) in enumerate(streams.items(), start=1):
        padded = data.ljust(4_096, b"\0")
        first, count = len(sectors), -(-len(padded) // _SECTOR)
        sectors += [padded[at : at + _SECTOR].ljust(_SECTOR, b"\0") for at in range(0, len(padded), _SECTOR)]
        chain += [*range(first + 1, first + count), 0xFFFFFFFE]
        right = number + 1 if number < len(streams) else 0xFFFFFFFF
        entries.append(_entry(name, 2, first, len(padded), right=right))
    directory = b"".join(entries).ljust(-(-len(entries) // 4) * _SECTOR, b"\0")
    folder = len(sectors)
    parts = [directory[at : at + _SECTOR] for at in range(0, len(directory), _SECTOR)]
    sectors += parts
    chain += [*range(folder + 1, folder + len(parts)), 0xFFFFFFFE]
    table = len(sectors)
    chain.append(0xFFFFFFFD)
    assert len(chain) <= _SECTOR // 4, "one sector of chains is enough for a test"
    sectors.append(struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain))))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, folder, 0, 4_096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    return head + struct.pack("<109I", table, *[0xFFFFFFFF] * 108) + b"".join(sectors)


def _entry(name: str, kind: int, first: int, size: int, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le")
    links = struct.pack("<III", 0xFFFFFFFF, right, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text) + 2, kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", first, size)
    )


def xlsb(sheets: Sheets) -> bytes:
    """Return a binary Excel workbook. Dates have format 14."""
    listed = b"".join(
        _part(0x9C, struct.pack("<II", 0, at) + _wide(f"rId{at}") + _wide(name))
        for at, (name, _) in enumerate(sheets, 1)
    )
    book = _part(0x83, b"") + _part(0x8F, b"") + listed + _part(0x90, b"") + _part(0x84, b"")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="{kind}/worksheet" Target="worksheets/sheet{at}.bin"/>'
        for at in range(1, len(sheets) + 1)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/_rels/workbook.bin.rels", f'<Relationships xmlns="{space}">{relations}</Relationships>')
        archive.writestr("xl/styles.bin", _xlsb_styles())
        for at, (_, rows) in enumerate(sheets, 1):
            archive.writestr(f"xl/worksheets/sheet{at}.bin", _xlsb_sheet(rows))
    return stream.getvalue()


def _xlsb_styles() -> bytes:
    formats = b"".join(_part(0x2F, struct.pack("<HH", 0, number) + bytes(12)) for number in (0, 14))
    return _part(0x116, b"") + _part(0x269, struct.pack("<I", 2)) + formats + _part(0x26A, b"") + _part(0x117, b"")


def _xlsb_sheet(rows: Sequence[Sequence[Cell]]) -> bytes:
    width = max(map(len, rows), default=1)
    size = struct.pack("<IIII", 0, max(len(rows) - 1, 0), 0, width - 1)
    parts = _part(0x81, b"") + _part(0x94, size) + _part(0x91, b"")
    for at, row in enumerate(rows):
        parts += _part(0x00, struct.pack("<I", at) + bytes(13))
        for place, cell in enumerate(row):
            head = struct.pack("<II", place, int(isinstance(cell, date)))
            if isinstance(cell, str):
                parts += _part(0x06, head + _wide(cell))
            elif cell is not None:
                parts += _part(0x05, head + struct.pack("<d", serial(cell) if isinstance(cell, date) else cell))
    return parts + _part(0x92, b"") + _part(0x82, b"")


def _part(kind: int, data: bytes) -> bytes:
    number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(data)
    while length >= 0x80:
        size, length = size + bytes([length & 0x7F | 0x80]), length >> 7
    return number + size + bytes([length]) + data


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
