"""Order lines that never pass through this process: files and tables of an engine as canonical lazy frames.

How a file is read is proposed from its first rows, by the readers of this package, unless a mapping says it. Rows that
do not hold are left out and counted. Customers, contacts and staff come through the ordinary reader: they are few.
"""

import io
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import PurePath
from typing import Any, Final

import narwhals as nw
import polars as pl

from crmdash.columns import TRANSACTIONS, Column
from crmdash.engine import Engine, Lazy, collect, collect_row
from crmdash.ingest.dataset import Dataset, FileReport, open_dataset
from crmdash.ingest.lazy_values import READ, can_be_lost, discount_in_money, is_filled, is_rounded, with_values
from crmdash.ingest.options import Mapping
from crmdash.ingest.raw import Source, sources_at
from crmdash.issues import Issue
from crmdash.summary.tables import Tables, columns_of, number_of

NAMED: Final = "table:"
"""Stands before the name of a table that the engine knows."""

_HEAD_ROWS: Final = 2_000
_TEXT: Final = (".csv", ".tsv", ".txt")
_DELIMITERS: Final = {".tsv": "\t"}
_OWN: Final = {column.name: column for column in TRANSACTIONS}


@dataclass(frozen=True, eq=False)
class LazyDataset:
    """The tables on an engine, and what was left out on the way (`crmdash.ingest.dataset.Dataset`)."""

    tables: Tables
    issues: tuple[Issue, ...]
    rows: int
    rows_used: int
    rows_set_aside: int

    @property
    def usable(self) -> bool:
        """Whether there are order lines or customers."""
        return self.rows_used > 0 and not any(issue.severity == "error" for issue in self.issues)


@dataclass(frozen=True, eq=False)
class _Read:
    """Order lines of one input, typed, with the counts of its rows."""

    rows: Lazy
    issues: tuple[Issue, ...]
    count: int
    used: int


def open_lazily(inputs: Sequence[str], mappings: MappingOf[str, Mapping], engine: Engine) -> LazyDataset:
    """Open order lines on the engine, and other tables of this machine beside them.

    Parameters
    ----------
    inputs : paths of Parquet files or folders, of text files with a line of column names, or ``table:NAME``.
    mappings : by the last part of each path.

    Raises
    ------
    EngineError
        If the engine cannot open an input.
    MappingError
        If a mapping names columns that its file does not have.
    """
    lines: list[_Read] = []
    others: list[str] = []
    for name in inputs:
        given = mappings.get(PurePath(name).name, Mapping())
        raw = _opened(name, given, engine)
        head = None if raw is None else _of_head(collect(raw.head(_HEAD_ROWS)), given)
        if raw is None or head is None or head.table != "transactions":
            others.append(name)
        else:
            read = _typed(raw, head, PurePath(name).name)
            # Text is parsed once; Parquet is read again where it is needed, column by column.
            lines.append(replace(read, rows=engine.keep(read.rows)) if _is_text(name) and read.used else read)
    beside = _read_here(others, mappings) if others else None
    return _joined(lines, beside, engine)


def _opened(name: str, given: Mapping, engine: Engine) -> Lazy | None:
    """Open an input on the engine; None for a kind of file that only the ordinary reader knows."""
    if name.startswith(NAMED):
        return engine.named(name.removeprefix(NAMED))
    kind = PurePath(name).suffix.lower()
    if _is_text(name):
        return _without_mark(engine.csv(name, given.options.delimiter or _DELIMITERS.get(kind, ",")))
    return engine.parquet(name) if kind in (".parquet", "") else None


def _is_text(name: str) -> bool:
    return PurePath(name).suffix.lower() in _TEXT


def _without_mark(frame: Lazy) -> Lazy:
    """Take the byte order mark from the first column's name."""
    first = frame.collect_schema().names()[0]
    return frame.rename({first: first.removeprefix("\ufeff")}) if first.startswith("\ufeff") else frame


def _of_head(head: pl.DataFrame, given: Mapping) -> FileReport:
    """Return how the readers of this package read the first rows."""
    content = io.BytesIO()
    head.write_parquet(content)
    return open_dataset([Source("head.parquet", content.getvalue())], {"head.parquet": given}).files[0]


def _typed(raw: Lazy, head: FileReport, name: str) -> _Read:
    """Type the mapped columns, and leave out the rows without what they need."""
    mapping, schema = head.mapping, raw.collect_schema()
    columns = {target: _OWN[target] for target in mapping.columns if target in _OWN}
    missing = [column.name for column in TRANSACTIONS if column.required and column.name not in columns]
    if missing:
        return _Read(raw, tuple(issue for issue in head.issues if issue.severity == "error"), 0, 0)
    cells = {
        f"{target}:{place}": (column, file)
        for target, column in columns.items()
        for place, file in enumerate(mapping.columns[target])
    }
    values: dict[str, nw.Expr] = {}
    checks: dict[str, nw.Expr] = {}
    for target, column in columns.items():
        files = mapping.columns[target]
        parts = [nw.col(f"{target}:{place}") for place, _ in enumerate(files)]
        lost = [
            is_filled(nw.col(file), schema[file]) & part.is_null()
            for file, part in zip(files, parts, strict=True)
            if can_be_lost(column, schema[file])
        ]
        values[target] = parts[0] if len(parts) == 1 else _sum(parts, lost)
        if lost:
            checks[f"lost:{target}"] = _any(lost)
        if column.kind == "money":
            rounded = [is_rounded(nw.col(f"{READ}{target}:{place}"), part) for place, part in enumerate(parts)]
            checks[f"rounded:{target}"] = _any(rounded)
    typed = with_values(raw, cells, mapping.options).select(**values, **checks)
    if "discount" in columns:
        typed = _with_discount(typed, mapping)
    counted = _counted(typed, columns, mapping, name)
    return replace(counted, issues=(*counted.issues, *_left_out(mapping, name)))


def _left_out(mapping: Mapping, name: str) -> Iterator[Issue]:
    """Say which columns are not used, though they were recognised."""
    if "discount" in mapping.columns and mapping.options.discount is None:
        values = {"file": name, "header": " + ".join(mapping.columns["discount"])}
        yield Issue("warning", "discount_unit_unknown", "transactions", "discount", values=values)
    described = [" + ".join(files) for target, files in mapping.columns.items() if target not in _OWN]
    if described:
        values = {"file": name, "header": ", ".join(described)}
        yield Issue("info", "descriptions_left_out", "transactions", count=len(described), values=values)


def _with_discount(typed: Lazy, mapping: Mapping) -> Lazy:
    unit = mapping.options.discount
    if unit is None:
        return typed.drop("discount", "lost:discount", "rounded:discount", strict=False)
    listed = nw.col("list_amount") if "list_amount" in mapping.columns else None
    return typed.with_columns(discount=discount_in_money(nw.col("discount"), unit, nw.col("amount"), listed))


def _any(conditions: Sequence[nw.Expr]) -> nw.Expr:
    return reduce(lambda one, other: one | other, conditions)


def _sum(parts: Sequence[nw.Expr], lost: Sequence[nw.Expr]) -> nw.Expr:
    """Add several columns up, of which a blank one counts as nothing; missing where one is lost or all are blank."""
    nothing = reduce(lambda one, other: one & other, [part.is_null() for part in parts])
    told = ~nothing if not lost else ~nothing & ~_any(lost)
    return nw.when(told).then(reduce(lambda one, other: one + other, [part.fill_null(0) for part in parts]))


def _counted(typed: Lazy, columns: MappingOf[str, Column], mapping: Mapping, name: str) -> _Read:
    """Count in one pass what is left out or lost, and keep the rows that hold."""
    required = [target for target, column in columns.items() if column.required]
    good = reduce(lambda one, other: one & other, [~nw.col(target).is_null() for target in required])
    present = sorted(columns_of(typed))
    checks = [check for check in present if ":" in check]
    # A row counts under the first thing that it lacks, so that the counts add up to the rows left out.
    counts = {"rows": nw.len().cast(nw.Int64), "used": number_of(good)}
    held: nw.Expr = nw.lit(True)
    for target in required:
        counts[f"without:{target}"] = number_of(held & nw.col(target).is_null())
        held = held & ~nw.col(target).is_null()
    counts |= {check: number_of(good & nw.col(check)) for check in checks}
    found = collect_row(typed.select(**counts))
    issues = [_issue(kind_and_target, count, mapping, name) for kind_and_target, count in found.items() if count]
    rows = typed.filter(good).select(*(target for target in present if target not in checks))
    return _Read(rows, tuple(issue for issue in issues if issue is not None), found["rows"] or 0, found["used"] or 0)


_CODES: Final = {"without": "rows_left_out", "lost": "cells_left_out", "rounded": "amounts_rounded"}


def _issue(told: str, count: int, mapping: Mapping, name: str) -> Issue | None:
    kind, _, target = told.partition(":")
    if kind not in _CODES:
        return None
    values = {"file": name, "header": " + ".join(mapping.columns[target])}
    return Issue("warning", _CODES[kind], "transactions", target, count=count, values=values)


def _read_here(names: Sequence[str], mappings: MappingOf[str, Mapping]) -> Dataset:
    return open_dataset([source for name in names for source in sources_at(name)], mappings)


def _joined(lines: Sequence[_Read], beside: Dataset | None, engine: Engine) -> LazyDataset:
    names = ("transactions", "customers", "contacts", "staff")
    here = {name: None if beside is None else getattr(beside, name) for name in names}
    found = {name: None if frame is None else engine.table(frame) for name, frame in here.items()}
    frames = [read.rows for read in lines if read.used]
    if found["transactions"] is not None:
        frames.append(found["transactions"])
    issues = tuple(issue for read in lines for issue in read.issues)
    dataset = LazyDataset(
        tables=Tables(**(found | {"transactions": _below_each_other(frames)})),
        issues=issues,
        rows=sum(read.count for read in lines),
        rows_used=sum(read.used for read in lines),
        rows_set_aside=sum(read.count - read.used for read in lines),
    )
    if beside is None:
        return dataset
    unusable = {"nothing_to_order_by", "nothing_usable"} if frames else set()
    return replace(
        dataset,
        issues=(*issues, *(issue for issue in beside.issues if issue.code not in unusable)),
        rows=dataset.rows + beside.rows,
        rows_used=dataset.rows_used + beside.rows_used,
        rows_set_aside=dataset.rows_set_aside + beside.rows_set_aside,
    )


def _below_each_other(frames: Sequence[Lazy]) -> Lazy | None:
    """Put order lines of several files together; a column that one lacks is missing there."""
    if not frames:
        return None
    every = [name for name in _OWN if any(name in columns_of(frame) for frame in frames)]
    dtypes = {name: _stored(_OWN[name]) for name in every}
    same = [
        frame.select(
            **{
                name: nw.col(name) if name in columns_of(frame) else nw.lit(None, dtype)
                for name, dtype in dtypes.items()
            }
        )
        for frame in frames
    ]
    return same[0] if len(same) == 1 else nw.concat(same)


def _stored(column: Column) -> Any:
    kinds: dict[type[pl.DataType], Any] = {
        pl.String: nw.String, pl.Int64: nw.Int64, pl.Float64: nw.Float64, pl.Boolean: nw.Boolean,
    }  # fmt: skip
    return kinds[column.dtype]
