"""What comes in, and what a reader makes of it: bytes with a name, and a table of text."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

import polars as pl

from crmdash.issues import Issue


@dataclass(frozen=True)
class Source:
    """One uploaded or opened file; `issues` are what is known of it before it is read, as of a database's answer."""

    name: str
    content: bytes
    issues: tuple[Issue, ...] = ()

    @classmethod
    def from_path(cls, path: str | Path) -> Self:
        """Read the file at `path`; its name is the last part of the path."""
        path = Path(path)
        return cls(path.name, path.read_bytes())


@dataclass(frozen=True, eq=False)
class RawTable:
    """A file's table with every cell as text, before typing.

    `frame` has String columns only, named as in the file (stripped, made unique; ``column 3`` where the file has no
    name); a blank cell is null. `header_row` and `first_row` are 1-based rows of the file or sheet, and `rows` holds
    the file row of each row of the frame where those are not simply consecutive. `encodings` are the encodings a text
    file may be in where its own is a guess, the most plausible first; `epoch_1904` says that a workbook counts its
    days from 1904, which matters only to day numbers in cells that are not formatted as dates; `decimal` is the decimal
    sign that whoever wrote the numbers is known to use, as a database does.
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

    @property
    def file_rows(self) -> pl.Series:
        """The file row of each row of the frame."""
        if self.rows is not None:
            return self.rows
        return pl.int_range(self.first_row, self.first_row + self.frame.height, eager=True)
