"""Compressed files: what one gzip or zip holds, unpacked within bounds; and what kind of zip it is.

Sizes are checked by the archive's own account before anything is unpacked, and again while unpacking, because that
account may lie.
"""

import gzip
import io
import zipfile
import zlib
from typing import Final

from crmdash.errors import UnreadableFile
from crmdash.ingest.limits import MAX_ENTRIES, MAX_RATIO, MAX_UNPACKED, SMALL_UNPACKED, megabytes, refuse
from crmdash.ingest.raw import Source
from crmdash.issues import Issue

GZIP: Final = b"\x1f\x8b"
ZIP: Final = b"PK\x03\x04"
EMPTY_ZIP: Final = b"PK\x05\x06"
_CHUNK: Final = 1 << 20
_WORKBOOK_PARTS: Final = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
_OFFICE: Final = {"word/": "Word", "ppt/": "PowerPoint"}
_ENCRYPTED: Final = 1


def unpack(source: Source) -> Source:
    """Return the one file inside a gzip or zip; a workbook, which is a zip too, is returned as it is, checked.

    Raises
    ------
    UnreadableFile
        If the archive is damaged, holds no file or several, needs a password, or unpacks to too much.
    """
    if source.content.startswith(GZIP):
        return Source(source.name, _gunzip(source.content))
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            return _unzip(source, archive)
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError, OSError, ValueError, OverflowError) as error:
        raise UnreadableFile(Issue("error", "archive_broken", example=_first_line(error))) from error


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _gunzip(content: bytes) -> bytes:
    parts, size = [], 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            while part := stream.read(_CHUNK):
                size += len(part)
                _check_size(size, len(content))
                parts.append(part)
    except (EOFError, OSError, zlib.error) as error:
        raise UnreadableFile(Issue("error", "archive_broken", example=_first_line(error))) from error
    return b"".join(parts)


def _unzip(source: Source, archive: zipfile.ZipFile) -> Source:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise refuse("too_many_entries", found=len(entries), limit=MAX_ENTRIES)
    _check_size(sum(entry.file_size for entry in entries), len(source.content))
    names = archive.namelist()
    if any(part in names for part in _WORKBOOK_PARTS):
        return source
    for folder, kind in _OFFICE.items():
        if any(name.startswith(folder) for name in names):
            raise UnreadableFile(Issue("error", "file_foreign", example=kind))
    files = [entry for entry in entries if not entry.is_dir() and not _is_litter(entry.filename)]
    if len(files) != 1:
        found = ", ".join(entry.filename for entry in files[:5])
        raise UnreadableFile(Issue("error", "archive_of_several", count=len(files), example=found))
    if files[0].flag_bits & _ENCRYPTED:
        raise refuse("archive_locked")
    return Source(source.name, _read_entry(archive, files[0], len(source.content)))


def _is_litter(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1] in (".DS_Store", "Thumbs.db")


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, packed: int) -> bytes:
    parts, size = [], 0
    with archive.open(entry) as stream:
        while part := stream.read(_CHUNK):
            size += len(part)
            _check_size(size, packed)
            parts.append(part)
    return b"".join(parts)


def _check_size(unpacked: int, packed: int) -> None:
    if unpacked > MAX_UNPACKED:
        raise refuse("unpacked_too_large", found=megabytes(unpacked), limit=megabytes(MAX_UNPACKED))
    if unpacked > SMALL_UNPACKED and unpacked > MAX_RATIO * packed:
        raise refuse("unpacked_too_dense", found=round(unpacked / packed), limit=MAX_RATIO)
