"""The process in which workbooks and Parquet files are read: a script of its own that knows nothing of crmdash.

A damaged or hostile file may ask for any amount of memory or abort the whole process inside a library. Here that ends
a child, under a memory limit where the system has one (Windows has none; there the time limit alone holds).

It serves requests until its input ends. A request is two blocks on standard input, a JSON object and the file's bytes;
the answer is two blocks on standard output, a JSON object and a frame of text cells as Arrow IPC. A block is its length
(8 bytes, big-endian) and its bytes. ``{"refused": code, ...}`` is an answer too.

A Parquet file too large for memory is named by its ``path`` instead; its cells are then written into the file ``into``
in one stream, and the second block is empty.
"""

import io
import json
import os
import re
import sys
import zipfile
from collections.abc import Callable
from typing import Any, BinaryIO, Final

import fastexcel
import polars as pl
import pyarrow.parquet as pq
from pyarrow.lib import ArrowException

_LENGTH: Final = 8
_NOTE: Final = "crmdash:summary"
"""The column of a stored summary (`crmdash.summary.stored`): its columns come as they are, and the note apart."""
_BATCH: Final = 1 << 19
"""Rows that are held at once where a file is streamed."""
_WIDEST: Final = 2_000
"""Columns beyond which a sheet is refused anyway."""
_HIDDEN: Final = re.compile(rb'<sheet\b[^>]*\bstate="(?:hidden|veryHidden)"[^>]*>')
_NAME: Final = re.compile(rb'\bname="([^"]*)"')
_RELATION: Final = re.compile(rb'\b(?:\w+:)?id="([^"]*)"')
_ERROR_CELL: Final = re.compile(
    rb'<c\b[^>]*?\br="([A-Z]+\d+)"[^>]*?\bt="e"[^>]*>|<c\b[^>]*?\bt="e"[^>]*?\br="([A-Z]+\d+)"'
)
_UNCOUNTED: Final = re.compile(
    rb'<c\b[^>]*?\br="([A-Z]+\d+)"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)


class Refusal(Exception):
    """A file that is no readable table: `code` names the issue, `told` fills its placeholders."""

    def __init__(self, code: str, **told: Any) -> None:
        super().__init__(code)
        self.code = code
        self.told = told


def read_sheet(content: bytes, asked: dict[str, Any]) -> tuple[dict[str, Any], pl.DataFrame]:
    """Read the sheet asked for, else the visible one with most cells, each cell as text."""
    try:
        book = fastexcel.read_excel(content)
        sheets = list(book.sheet_names)
        parts = _parts(content)
        sheet, cells = _choose(book, sheets, parts.hidden, asked.get("sheet"))
    except fastexcel.FastExcelError as error:
        raise Refusal("workbook_broken", example=str(error).splitlines()[0]) from error
    answer = {"sheet": sheet, "sheets": sheets, "epoch_1904": parts.epoch_1904, "hidden": parts.hidden}
    return {**answer, **parts.findings(sheet)}, cells


def _choose(
    book: fastexcel.ExcelReader, sheets: list[str], hidden: list[str], asked: str | None
) -> tuple[str, pl.DataFrame]:
    if asked is not None:
        if asked not in sheets:
            raise Refusal("sheet_missing", example=asked, others=", ".join(sheets))
        return asked, _sheet_cells(book, asked)
    best = ("", pl.DataFrame())
    for name in sorted(sheets, key=lambda name: name in hidden):
        if best[1].height and name in hidden:
            break
        cells = _sheet_cells(book, name)
        if cells.height * cells.width > best[1].height * best[1].width:
            best = (name, cells)
    return best


def _sheet_cells(book: fastexcel.ExcelReader, name: str) -> pl.DataFrame:
    """Return every cell as text: a date without a time has no midnight, a time without a day no day zero."""
    cells = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
    # Formats reach further than values: columns without any are cut off before they cost time.
    filled = [place for place, column in enumerate(cells) if column.null_count() < cells.height]
    if not filled:
        return pl.DataFrame()
    cells = cells.select(cells.columns[: filled[-1] + 1])
    if cells.width > _WIDEST:
        return cells
    text = pl.all().str.strip_suffix(" 00:00:00").str.replace(r"^1899-12-3[01] (\d\d:\d\d:\d\d(?:\.\d+)?)$", "$1")
    cells = cells.select(text).select(pl.when(pl.all().str.strip_chars() != "").then(pl.all()))
    last = cells.select(pl.any_horizontal(pl.all().is_not_null())).to_series().arg_true()
    return cells.head(int(last[-1]) + 1) if len(last) else pl.DataFrame()


class _Parts:
    """What the library does not tell of an .xlsx: hidden sheets, the epoch, errors, formulas without a value."""

    def __init__(self, archive: zipfile.ZipFile | None) -> None:
        self._archive = archive
        self._book = self._part("xl/workbook.xml")
        self.epoch_1904 = re.search(rb'\bdate1904="(?:1|true)"', self._book) is not None
        self.hidden = [_unescaped(name) for tag in _HIDDEN.findall(self._book) for name in _NAME.findall(tag)]

    def _part(self, name: str) -> bytes:
        if self._archive is None or name not in self._archive.namelist():
            return b""
        return self._archive.read(name)

    def findings(self, sheet: str) -> dict[str, Any]:
        """Return how many cells of the sheet hold an error or a formula without its value, and the first of each."""
        text = self._part(self._path(sheet))
        errors = [first or second for first, second in _ERROR_CELL.findall(text)] if b'"e"' in text else []
        uncounted = _UNCOUNTED.findall(text) if b"<f" in text else []
        return {
            "errors": len(errors), "first_error": errors[0].decode() if errors else None,
            "formulas": len(uncounted), "first_formula": uncounted[0].decode() if uncounted else None,
        }  # fmt: skip

    def _path(self, sheet: str) -> str:
        for tag in re.findall(rb"<sheet\b[^>]*>", self._book):
            name, relation = _NAME.search(tag), _RELATION.search(tag)
            if name and relation and _unescaped(name.group(1)) == sheet:
                related = re.findall(rb"<Relationship\b[^>]*>", self._part("xl/_rels/workbook.xml.rels"))
                for entry in related:
                    target = re.search(rb'\bTarget="([^"]*)"', entry)
                    if target and b'Id="' + relation.group(1) + b'"' in entry:
                        path = target.group(1).decode()
                        return path.removeprefix("/") if path.startswith("/") else f"xl/{path}"
        return ""


def _parts(content: bytes) -> _Parts:
    try:
        return _Parts(zipfile.ZipFile(io.BytesIO(content)))
    except zipfile.BadZipFile:
        return _Parts(None)


def _unescaped(name: bytes) -> str:
    text = name.decode("utf-8", "replace")
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def read_parquet(content: bytes, asked: dict[str, Any]) -> tuple[dict[str, Any], pl.DataFrame]:
    """Read a Parquet file, each cell as text; lists and binary data are left out and named."""
    try:
        schema = pl.read_parquet_schema(io.BytesIO(content))
        kept, nested = _flat(schema, asked)
        frame = pl.read_parquet(io.BytesIO(content), columns=kept, n_rows=asked["max_rows"] + 1)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise Refusal("parquet_broken", example=str(error).splitlines()[0]) from error
    _check_size(int(frame.estimated_size()), len(content), asked)
    told = {"nested": nested, "note": _note(io.BytesIO(content), schema)}
    return told, frame.select(_cells(schema, kept))


def _note(source: str | io.BytesIO, schema: dict[str, pl.DataType]) -> str | None:
    """Return the note of a stored summary; an empty one where its rows do not agree."""
    if schema.get(_NOTE) != pl.String:
        return None
    notes = pl.read_parquet(source, columns=[_NOTE])[_NOTE].unique().to_list()
    return notes[0] or "{}" if len(notes) == 1 else "{}"


def _flat(schema: dict[str, pl.DataType], asked: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return the columns to read, and those that hold lists or binary data."""
    _within("too_many_columns", len(schema), asked["max_columns"])
    nested = [name for name, dtype in schema.items() if dtype.is_nested() or dtype == pl.Binary]
    kept = [name for name in schema if name not in nested]
    if not kept:
        raise Refusal("file_empty")
    return kept, nested


def _cells(schema: dict[str, pl.DataType], kept: list[str]) -> list[pl.Expr]:
    if schema.get(_NOTE) == pl.String:
        return [pl.col(name) for name in kept if name != _NOTE]
    texts = [_as_text(name, schema[name]) for name in kept]
    return [
        pl.when(text.str.strip_chars() != "").then(text).alias(name) for name, text in zip(kept, texts, strict=True)
    ]


def stream_parquet(path: str, into: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Write the cells of the Parquet file at `path` as text into the Arrow file `into`, never holding all of them."""
    limit_file(asked["max_text"])
    try:
        schema = pl.read_parquet_schema(path)
        kept, nested = _flat(schema, asked)
        scan = pl.scan_parquet(path)
        _within("too_many_rows", pq.read_metadata(path).num_rows, asked["max_rows"])
        scan.select(_cells(schema, kept)).sink_ipc(into, record_batch_size=_BATCH)
    except (pl.exceptions.PolarsError, ArrowException, OSError) as error:
        if os.path.exists(into) and os.path.getsize(into) >= asked["max_text"]:
            megabytes = round(asked["max_text"] / 1e6)
            raise Refusal("unpacked_too_large", found=f"> {megabytes}", limit=megabytes) from error
        raise Refusal("parquet_broken", example=str(error).splitlines()[0]) from error
    _check_size(os.path.getsize(into), os.path.getsize(path), asked)
    return {"nested": nested, "note": _note(path, schema)}


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.Datetime):
        # The day and time as the file's own zone has them: a change of zone must not move a purchase to another day.
        text = pl.col(name).dt.strftime("%Y-%m-%d %H:%M:%S%.f")
        return text.str.strip_suffix(" 00:00:00")
    return pl.col(name).cast(pl.String)


def _check_size(size: int, packed: int, asked: dict[str, Any]) -> None:
    """Refuse cells that are too large, or large and made of a tiny file (sizes in bytes)."""
    if size > asked["max_text"]:
        raise Refusal("unpacked_too_large", found=round(size / 1e6), limit=round(asked["max_text"] / 1e6))
    if size > asked["max_unpacked"] and size > asked["max_density"] * packed:
        raise Refusal("unpacked_too_dense", found=round(size / packed), limit=asked["max_density"])


def _within(code: str, found: int, limit: int) -> None:
    if found > limit:
        raise Refusal(code, found=found, limit=limit)


JOBS: Final[dict[str, Callable[[bytes, dict[str, Any]], tuple[dict[str, Any], pl.DataFrame]]]] = {
    "sheet": read_sheet,
    "parquet": read_parquet,
}


def answer(content: bytes, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Do one request: the answer and the frame as Arrow IPC, or a refusal and nothing."""
    try:
        if "path" in asked:
            return stream_parquet(asked["path"], asked["into"], asked), b""
        told, frame = JOBS[asked["job"]](content, asked)
        _within("too_many_columns", frame.width, asked["max_columns"])
        _within("too_many_rows", frame.height, asked["max_rows"])
        _check_size(int(frame.estimated_size()), len(content), asked)
        texts = frame.select(pl.col(pl.String).str.len_bytes().max())
        longest = max((length or 0 for length in texts.row(0)), default=0) if texts.height else 0
        _within("cell_too_long", longest or 0, asked["max_cell"])
        stream = io.BytesIO()
        frame.write_ipc(stream)
    except Refusal as refusal:
        return {"refused": refusal.code, **refusal.told}, b""
    except MemoryError:
        return {"refused": "reading_too_large"}, b""
    except BaseException as error:
        # A library's panic is no Exception; whatever it was, the file could not be read, and the child can go on.
        first = next(iter(str(error).splitlines()), type(error).__name__)
        return {"refused": "reading_failed", "example": first}, b""
    return told, stream.getvalue()


def read_block(stream: BinaryIO) -> bytes | None:
    """Read one block; None at the end of the stream."""
    length = stream.read(_LENGTH)
    if len(length) < _LENGTH:
        return None
    wanted = int.from_bytes(length, "big")
    block = stream.read(wanted)
    return block if len(block) == wanted else None


def write_block(stream: BinaryIO, block: bytes) -> None:
    """Write one block."""
    stream.write(len(block).to_bytes(_LENGTH, "big"))
    stream.write(block)
    stream.flush()


def limit_memory(size: int) -> None:
    """Limit this process's address space to `size` bytes, where the system can."""
    try:
        import resource  # noqa: PLC0415  (absent on Windows)
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_file(size: int) -> None:
    """Limit what this process may write into one file to `size` bytes, where the system can."""
    try:
        import resource  # noqa: PLC0415  (absent on Windows)
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def main() -> None:
    """Serve requests until the input ends."""
    limit_memory(int(sys.argv[1]))
    source, target = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What a library prints must not get between the blocks.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    while (asked := read_block(source)) is not None and (content := read_block(source)) is not None:
        told, frame = answer(content, json.loads(asked))
        write_block(target, json.dumps(told).encode())
        write_block(target, frame)


if __name__ == "__main__":
    main()
