"""What comes in, and what a reader makes of it: bytes with a name, and a table of text."""

import hashlib
import os
import tempfile
import weakref
from dataclasses import dataclass, replace
from errno import ENOENT
from pathlib import Path
from typing import Final, Literal, Self

import polars as pl

from crmdash.issues import Issue

_PIECE: Final = 1 << 20


class PutAway(os.PathLike[str]):
    """Bytes in a file of their own, which goes with the last who holds this."""

    def __init__(self, content: bytes) -> None:
        handle, self._path = tempfile.mkstemp(prefix="crmdash-")
        weakref.finalize(self, Path(self._path).unlink, missing_ok=True)
        with os.fdopen(handle, "wb") as file:
            file.write(content)

    def __fspath__(self) -> str:
        """Return where the bytes lie."""
        return self._path


@dataclass(frozen=True)
class Source:
    """One uploaded or opened file; `issues` are what is known of it before it is read, as of a database's answer.

    Either `content` holds its bytes, or they lie at `path` until they are needed. A file that is `trusted` came with
    the product: it is read without a process of its own.
    """

    name: str
    content: bytes
    issues: tuple[Issue, ...] = ()
    path: os.PathLike[str] | None = None
    trusted: bool = False

    @classmethod
    def from_path(cls, path: str | Path, *, trusted: bool = False) -> Self:
        """Read the file at `path`; its name is the last part of the path."""
        path = Path(path)
        return cls(path.name, path.read_bytes(), trusted=trusted)

    @classmethod
    def at(cls, path: str | Path) -> Self:
        """Name the file at `path` without reading it yet.

        Raises
        ------
        OSError
            If it cannot be opened.
        """
        path = Path(path).resolve()
        with path.open("rb"):
            return cls(path.name, b"", path=path)

    @property
    def size(self) -> int:
        """Number of bytes."""
        return len(self.content) if self.path is None else os.stat(self.path).st_size

    def ends(self, count: int) -> tuple[bytes, bytes]:
        """Return the first and the last `count` bytes, by which kinds of files are known."""
        if self.path is None:
            return self.content[:count], self.content[-count:]
        with open(self.path, "rb") as file:
            first = file.read(count)
            file.seek(max(0, self.size - count))
            return first, file.read(count)

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes."""
        if self.path is None:
            return hashlib.sha256(self.content).hexdigest()
        told = hashlib.sha256()
        with open(self.path, "rb") as file:
            while piece := file.read(_PIECE):
                told.update(piece)
        return told.hexdigest()

    def loaded(self) -> Self:
        """Return the file with its bytes in memory."""
        return self if self.path is None else replace(self, content=Path(self.path).read_bytes(), path=None)

    def put_away(self) -> Self:
        """Return the file with its bytes on disk instead of in memory."""
        return self if self.path is not None else replace(self, content=b"", path=PutAway(self.content))


def sources_at(path: str | Path) -> list[Source]:
    """Name the file at `path` without reading it yet; of a folder its Parquet files, as a cluster writes them.

    Raises
    ------
    OSError
        If a file cannot be opened, or the folder holds no Parquet file.
    """
    if not Path(path).is_dir():
        return [Source.at(path)]
    parts = sorted(part for part in Path(path).glob("*.parquet") if not part.name.startswith((".", "_")))
    if not parts:
        raise FileNotFoundError(ENOENT, "No Parquet file in the folder", str(path))
    return [Source.at(part) for part in parts]


@dataclass(frozen=True, eq=False)
class RawTable:
    """A file's table with every cell as text, before typing.

    `frame` has String columns only, named as in the file (stripped, made unique; ``column 3`` where the file has no
    name); a blank cell is null. `header_row` and `first_row` are 1-based rows of the file or sheet, and `rows` holds
    the file row of each row of the frame where those are not simply consecutive. `encodings` are the encodings a text
    file may be in where its own is a guess, the most plausible first; `epoch_1904` says that a workbook counts its
    days from 1904, which matters only to day numbers in cells that are not formatted as dates; `decimal` is the decimal
    sign that whoever wrote the numbers is known to use, as a database does. With a `note` the table is a stored summary
    (`crmdash.summary.stored`), whose columns have their own types.
    """

    name: str
    frame: pl.DataFrame
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    first_row: int = 1
    issues: tuple[Issue, ...] = ()
    rows: pl.Series | None = None
    encodings: tuple[str, ...] = ()
    epoch_1904: bool = False
    decimal: Literal[".", ","] | None = None
    note: str | None = None

    @property
    def file_rows(self) -> pl.Series:
        """The file row of each row of the frame."""
        if self.rows is not None:
            return self.rows
        return pl.int_range(self.first_row, self.first_row + self.frame.height, eager=True)
