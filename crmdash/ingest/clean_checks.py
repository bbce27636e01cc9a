"""Whether every cell of a clean file holds: columns are looked at as wholes, and texts only once each."""

from codecs import getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import narwhals as nw
import polars as pl

from crmdash.columns import MONEY_SCALE, TRANSACTIONS
from crmdash.engine import collect, collect_together
from crmdash.ingest.clean import CleanFile, scan_clean
from crmdash.ingest.date_forms import YEARS
from crmdash.ingest.identifiers import alike_among, parse_id, stands_for_nobody
from crmdash.ingest.options import Mapping
from crmdash.ingest.sums import too_large
from crmdash.ingest.totals import named_like_totals
from crmdash.issues import Issue
from crmdash.summary.tables import Tables

_KINDS: Final = {column.name: column.kind for column in TRANSACTIONS}
_REQUIRED: Final = tuple(column.name for column in TRANSACTIONS if column.required)
_LARGEST: Final = 2.0**53
"""Beyond, ten-thousandths in binary fractions are no longer whole numbers."""
_NOISE: Final = 1e-5
"""Of a ten-thousandth: what binary fractions leave of decimal ones."""
_BLOCK: Final = 1 << 24
_PLACE: Final = ":place"


@dataclass(frozen=True, eq=False)
class CleanLines:
    """Order lines that hold, with what is worth telling of them (as of `crmdash.ingest.dataset.Dataset`)."""

    tables: Tables
    issues: tuple[Issue, ...]
    rows: int


def open_clean(path: Path, given: Mapping = Mapping()) -> CleanLines | None:  # noqa: B008  (a frozen value)
    """Open a file of order lines without holding it in memory; None where it must be read the thorough way.

    Raises
    ------
    MappingError
        If the mapping names columns that the file does not have.
    """
    file = scan_clean(path, given)
    return None if file is None else check_clean(file)


def check_clean(file: CleanFile) -> CleanLines | None:
    """Look at every cell: the lines with what is worth telling of them, or None where any cell leaves a doubt."""
    if file.delimiter is not None and not _is_even(file.path, file.delimiter, len(file.cells.collect_schema())):
        return None
    texts = [name for name in file.mapping.columns if _KINDS[name] in ("id", "text")]
    measured = file.cells.to_native().with_row_index(_PLACE).select(_measures(file))
    distinct = [file.rows.select(name).unique() for name in texts if name != "order_id"]
    hashes = file.cells.to_native().select(pl.struct(pl.all()).hash().alias("hash"))
    try:
        found, *words, rows = collect_together([nw.from_native(measured), *distinct, nw.from_native(hashes)])
    except pl.exceptions.ComputeError:
        return None  # a cell that its column's type does not hold
    told = found.row(0, named=True)
    if not _numbers_hold(told, file) or not all(_texts_hold(column.to_series()) for column in words):
        return None
    issues = tuple(_issues(told, rows["hash"], file))
    return CleanLines(Tables(transactions=file.rows), issues, told["rows"])


def _measures(file: CleanFile) -> Iterator[pl.Expr]:
    """Yield what the columns of numbers and dates say as wholes."""
    schema = file.cells.collect_schema()
    yield pl.len().alias("rows")
    typed: dict[str, pl.Expr] = {name: pl.col(own) for name, (own,) in file.mapping.columns.items()}
    for name in _REQUIRED:
        yield typed[name].null_count().alias(f"{name}:missing")
    for name, cell in typed.items():
        own = file.mapping.columns[name][0]
        if _KINDS[name] == "date":
            days = cell.dt.date()
            yield days.min().alias(f"{name}:first")
            yield days.max().alias(f"{name}:last")
        if _KINDS[name] in ("money", "number") and schema[own] == nw.Float64:
            yield (~cell.is_finite()).sum().alias(f"{name}:endless")
        if _KINDS[name] == "money":
            scaled = cell.cast(pl.Float64) * MONEY_SCALE
            noise = pl.max_horizontal(pl.lit(_NOISE), scaled.abs() / (_LARGEST / 4))
            yield ((scaled - scaled.round()).abs() > noise).sum().alias(f"{name}:finer")
            yield scaled.abs().max().alias(f"{name}:largest")
            yield scaled.abs().sum().alias(f"{name}:sum")
    amount, day = typed["amount"], typed["date"].dt.date()
    yield (amount < 0).sum().alias("returns")
    yield pl.when(amount < 0).then(_PLACE).min().alias("returns:at")
    yield (amount == 0).sum().alias("zeros")
    yield pl.when(amount == 0).then(_PLACE).min().alias("zeros:at")
    yield (amount > 0).any().alias("positive")
    yield (day > date.today()).sum().alias("later")


def _numbers_hold(told: dict[str, Any], file: CleanFile) -> bool:
    if told["rows"] == 0 or any(told[f"{name}:missing"] for name in _REQUIRED):
        return False
    for name in file.mapping.columns:
        if _KINDS[name] == "date":
            ends = [told[f"{name}:first"], told[f"{name}:last"]]
            if not all(day is not None and YEARS[0] <= day.year <= YEARS[1] for day in ends):
                return False
        if told.get(f"{name}:endless") or told.get(f"{name}:finer"):
            return False
        if (told.get(f"{name}:largest") or 0) >= _LARGEST:
            return False
    return not too_large({name: told[f"{name}:sum"] for name in file.mapping.columns if _KINDS[name] == "money"})


def _texts_hold(words: pl.Series) -> bool:
    """Say whether all different texts of a column stand as they are: no blanks around, and ids that are ids."""
    known = words.drop_nulls()
    clean = known.str.strip_chars()
    if (clean != known).any() or (known == "").any():
        return False
    if words.name != "customer_id":
        return True
    parsed = parse_id(known)
    nobody = stands_for_nobody(known, known).any() or named_like_totals(known, known).any()
    return not parsed.findings and not nobody and alike_among(known).is_empty()


def _issues(told: dict[str, Any], hashes: pl.Series, file: CleanFile) -> Iterator[Issue]:
    values = {"file": file.path.name}
    repeated = len(hashes) - hashes.n_unique()
    if repeated:
        row = file.first_row + int((~hashes.is_first_distinct()).arg_max() or 0)
        yield Issue("info", "duplicates_counted", "transactions", None, row, repeated, None, values)
    for code, key in (("returns_counted", "returns"), ("zeros_counted", "zeros")):
        if told[key]:
            row, header = file.first_row + told[f"{key}:at"], file.mapping.columns["amount"][0]
            example = _cell(file, header, told[f"{key}:at"])
            more = {**values, "header": header}
            yield Issue("info", code, "transactions", "amount", row, told[key], example, more)
    if told["later"]:
        latest = str(told["date:last"])
        yield Issue("warning", "dates_after_today", "transactions", "date", None, told["later"], latest)
    if not told["positive"]:
        yield Issue("warning", "no_positive_amount", "transactions", "amount", count=told["rows"])


def _cell(file: CleanFile, header: str, at: int) -> str:
    """Return one cell as the file writes it."""
    cells = file.cells.to_native()
    if file.delimiter is not None:
        cells = pl.scan_csv(file.path, separator=file.delimiter, infer_schema=False, quote_char=None)
    return str(collect(nw.from_native(cells.select(pl.col(header).cast(pl.String)).slice(at, 1))).item())


def _is_even(path: Path, delimiter: str, columns: int) -> bool:
    """Say whether a text file is UTF-8 with equally many cells in every line, and none of them quoted."""
    decoder, cells, lines, last = getincrementaldecoder("utf-8")(), 0, 0, b"\n"
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if b'"' in block or b"\x00" in block:
                return False
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                return False
            cells, lines, last = cells + block.count(delimiter.encode()), lines + block.count(b"\n"), block[-1:]
    return cells == (lines + (last != b"\n")) * (columns - 1)
