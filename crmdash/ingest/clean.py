"""Order lines of clean files, straight from their own types: no text between, and nothing held in memory.

What `crmdash.ingest.dataset` reads cell by cell may here be scanned in pieces, which is what files of many millions of
rows need. A file qualifies by its layout (`scan_clean`) and then by its cells (`crmdash.ingest.clean_checks`);
whatever leaves a doubt is read the thorough way, and told in full.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import narwhals as nw
import polars as pl

from crmdash.columns import MONEY_SCALE, TRANSACTIONS, Column
from crmdash.engine import Lazy, collect
from crmdash.errors import UnreadableFile
from crmdash.ingest.aliases import is_status
from crmdash.ingest.currencies import currency_column
from crmdash.ingest.mapping import propose
from crmdash.ingest.notation import power_in_header
from crmdash.ingest.options import Mapping, Options, check_columns, check_file_columns
from crmdash.ingest.raw import RawTable, Source
from crmdash.ingest.readers import read_table

_HEAD_ROWS: Final = 5_000
_HEAD_BYTES: Final = 1 << 20
_PARQUET: Final = b"PAR1"
_ISO: Final = r"^\d{4}-\d{2}-\d{2}$"
_DECIMALS: Final = 4
_UNFIT: Final = ("discount", "list_amount")
"""Columns whose cells alone do not say what they mean."""
_COLUMNS: Final = {column.name: column for column in TRANSACTIONS if column.name not in _UNFIT}


@dataclass(frozen=True, eq=False)
class CleanFile:
    """A file of order lines that can be scanned.

    Attributes
    ----------
    cells : the file's own columns, in its own types and order.
    rows : the order lines with canonical names and types.
    mapping : which column is which.
    first_row : of the file, counted from 1.
    delimiter : None for Parquet.
    """

    path: Path
    cells: Lazy
    rows: Lazy
    mapping: Mapping
    first_row: int = 1
    delimiter: str | None = None


def scan_clean(path: Path, given: Mapping = Mapping()) -> CleanFile | None:  # noqa: B008  (a frozen value)
    """Return how a file of order lines can be scanned; None where its layout asks for more than its own types.

    Parameters
    ----------
    given : a mapping by hand; only one without options, which all concern doubtful cells, can be followed.

    Raises
    ------
    MappingError
        If the mapping names columns that the file does not have.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if given.options != Options():
        return None
    return _scan_parquet(path, given) if head.startswith(_PARQUET) else _scan_text(path, head, given)


def _scan_parquet(path: Path, given: Mapping) -> CleanFile | None:
    try:
        cells = pl.scan_parquet(path)
        schema = cells.collect_schema()
        head = collect(nw.from_native(cells.head(_HEAD_ROWS)))
    except (pl.exceptions.PolarsError, OSError):
        return None
    if any(dtype.is_nested() or dtype == pl.Binary for dtype in schema.values()):
        return None
    mapping = _mapping(RawTable(path.name, head.cast(pl.String)), given)
    return None if mapping is None else _typed(path, cells, mapping)


def _scan_text(path: Path, head: bytes, given: Mapping) -> CleanFile | None:
    """Scan plain text: UTF-8, one line of names, then lines of equally many cells without quotes."""
    try:
        raw = read_table(Source(path.name, head[: head.rfind(b"\n") + 1]))
    except UnreadableFile:
        return None
    plain = raw.encoding in ("utf-8", "ascii") and raw.header_row == 1 and not raw.issues and b'"' not in head
    if not plain or raw.delimiter is None or len(raw.delimiter) != 1:
        return None
    mapping = _mapping(raw, given)
    if mapping is None or head.split(b"\n", 1)[0].decode().strip("\r").split(raw.delimiter) != raw.frame.columns:
        return None
    known = {files[0]: _COLUMNS[name] for name, files in mapping.columns.items()}
    schema = {name: _type_of_text(raw.frame[name], known.get(name)) for name in raw.frame.columns}
    cells = pl.scan_csv(path, separator=raw.delimiter, schema=schema, quote_char=None)
    file = _typed(path, cells, mapping)
    return None if file is None else replace(file, first_row=2, delimiter=raw.delimiter)


def _type_of_text(cells: pl.Series, column: Column | None) -> type[pl.DataType]:
    """Return the type in which a column's text is parsed; text itself where it is anything but plain."""
    if column is not None and column.kind in ("money", "number"):
        return pl.Float64
    dated = column is not None and column.kind == "date" and cells.drop_nulls().str.contains(_ISO).all()
    return pl.Date if dated else pl.String


def _mapping(raw: RawTable, given: Mapping) -> Mapping | None:
    """Return the mapping of order lines whose columns are all called by their names, else None."""
    if given.columns and not given.partial:
        check_columns(given.table, given.columns)
        check_file_columns(given, raw.frame.columns)
        mapping = given
    else:
        proposal = propose(raw, given.options, given.table)
        mapping = proposal.mapping
        if given.columns or proposal.issues or set(proposal.evidence.values()) - {"header"}:
            return None
    names = mapping.columns.keys()
    fits = (
        mapping.table == "transactions"
        and {column.name for column in TRANSACTIONS if column.required} <= names <= _COLUMNS.keys()
        and mapping.options == Options()
        and all(len(files) == 1 and not power_in_header(files[0]) for files in mapping.columns.values())
        and currency_column(raw.frame) is None
        and not any(is_status(name) for name in raw.frame.columns if name not in mapping.file_columns)
    )
    return mapping if fits else None


def _typed(path: Path, cells: pl.LazyFrame, mapping: Mapping) -> CleanFile | None:
    """Return the file with its mapped columns in canonical types; None where one is of a type that says less."""
    schema, typed = cells.collect_schema(), {}
    for name, (own,) in mapping.columns.items():
        value = _canonical(pl.col(own), schema[own], _COLUMNS[name])
        if value is None:
            return None
        typed[name] = value
    return CleanFile(path, nw.from_native(cells), nw.from_native(cells.select(**typed)), mapping)


def _canonical(cell: pl.Expr, dtype: pl.DataType, column: Column) -> pl.Expr | None:
    """Return the stored form of a column of `dtype`; None where its own type does not give it."""
    if column.kind == "money":
        return _money(cell, dtype)
    fits: dict[str, bool] = {
        "id": dtype.is_integer() or isinstance(dtype, pl.String | pl.Categorical | pl.Enum),
        "date": isinstance(dtype, pl.Date | pl.Datetime),
        "flag": dtype == pl.Boolean,
        "number": dtype.is_integer() or dtype == pl.Float64,
    }
    if not fits["id" if column.kind == "text" else column.kind]:
        return None
    # A day is the one of the file's own time zone.
    return cell.dt.date().to_physical().cast(pl.Int64) if column.kind == "date" else cell.cast(column.dtype)


def _money(cell: pl.Expr, dtype: pl.DataType) -> pl.Expr | None:
    """Return amounts in ten-thousandths; None where they are no numbers, or not told to that place."""
    if dtype == pl.Float64:
        return (cell * MONEY_SCALE).round().cast(pl.Int64, strict=False)
    if isinstance(dtype, pl.Decimal) and dtype.scale <= _DECIMALS:
        return cell.cast(pl.Decimal(38, _DECIMALS)).to_physical().cast(pl.Int64, strict=False)
    return cell.cast(pl.Int64, strict=False) * MONEY_SCALE if dtype.is_integer() else None
