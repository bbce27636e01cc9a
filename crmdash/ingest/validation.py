"""A table of text and its mapping → typed rows that hold, and an issue for everything that does not.

Plain expressions rather than row rules over the typed frame: whether a cell was blank or unreadable, and what stood
in it, is only known from the text, and which columns there are differs from file to file.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from crmdash.columns import Column, TableName
from crmdash.ingest.cells import parse_cells
from crmdash.ingest.dates import ParsedDates
from crmdash.ingest.discounts import discount_money, guess_discount
from crmdash.ingest.options import Mapping, mappable
from crmdash.ingest.raw import RawTable
from crmdash.ingest.statuses import status_issues
from crmdash.ingest.values import LOSING, Parsed
from crmdash.issues import Issue

_SUM_LIMIT = 9.2e18
"""Sums beyond this leave the whole numbers of 64 bits."""


@dataclass(frozen=True, eq=False)
class Typed:
    """The good rows of one file, with the mapped columns of its table (and descriptive ones, in transactions).

    `frame` is None where a required column is missing or holds nothing.
    """

    table: TableName
    frame: pl.DataFrame | None
    rows_set_aside: int
    mapping: Mapping
    issues: tuple[Issue, ...]


@dataclass(frozen=True, eq=False)
class _Read:
    column: Column
    text: pl.Series
    parsed: Parsed


def validate(raw: RawTable, mapping: Mapping) -> Typed:
    """Type the mapped columns of `raw` and set aside the rows whose required cells are blank or unreadable.

    An optional cell that cannot be read becomes null. `mapping` must name a table and columns of the file.
    """
    if mapping.table is None:
        raise ValueError("a mapping without a table cannot be applied")
    table = mapping.table
    wanted = [column for column in mappable(table) if column.name in mapping.columns]
    reads = [_read(raw, mapping, column) for column in wanted]
    issues = [issue for read in reads for issue in _doubts(read, table, mapping)]
    reads, mapping, more = _settle_money(reads, raw, mapping)
    issues += more
    present = {read.column.name for read in reads}
    missing = [column.name for column in mappable(table) if column.required and column.name not in present]
    issues += [_column_missing(raw, table, name) for name in missing]
    good, lost = _good_rows(reads, raw, mapping)
    issues += [*lost, *(issue for read in reads for issue in _lost_cells(read, raw, mapping))]
    if table == "transactions":
        issues += status_issues(raw, mapping.file_columns)
    if missing:
        return Typed(table, None, raw.frame.height, mapping, tuple(issues))
    frame = pl.DataFrame([read.parsed.values.alias(read.column.name) for read in reads]).filter(good)
    if table == "customers":
        frame, repeated = _one_row_each(frame, raw.file_rows.filter(good))
        issues += repeated
    return Typed(table, frame, raw.frame.height - frame.height, mapping, tuple(issues))


def _read(raw: RawTable, mapping: Mapping, column: Column) -> _Read:
    serials = raw.sheet is not None
    texts = [raw.frame[name] for name in mapping.columns[column.name]]
    parts = [parse_cells(text, column, mapping.options, serials=serials) for text in texts]
    return _Read(column, texts[0], parts[0]) if len(parts) == 1 else _Read(column, _joined(texts), _summed(parts))


def _joined(texts: list[pl.Series]) -> pl.Series:
    frame = pl.DataFrame([text.alias(str(position)) for position, text in enumerate(texts)])
    sums = pl.concat_str(pl.all(), separator=" + ", ignore_nulls=True)
    return frame.select(pl.when(~pl.all_horizontal(pl.all().is_null())).then(sums)).to_series()


def _summed(parts: list[Parsed]) -> Parsed:
    """Add several columns up: a blank part counts as nothing, an unreadable one makes the sum unreadable."""
    values = pl.DataFrame([part.values.alias(str(position)) for position, part in enumerate(parts)])
    findings: dict[str, pl.Series] = {}
    for part in parts:
        for code, mask in part.findings.items():
            findings[code] = mask | findings[code] if code in findings else mask
    lost = _any_loss(Parsed(values.to_series(), findings), values.height)
    known = pl.when(~pl.lit(lost) & ~pl.all_horizontal(pl.all().is_null()))
    return Parsed(values.select(known.then(pl.sum_horizontal(pl.all()))).to_series(), findings)


def _doubts(read: _Read, table: TableName, mapping: Mapping) -> Iterator[Issue]:
    parsed = read.parsed
    if isinstance(parsed, ParsedDates) and parsed.assumed:
        yield Issue(
            "question", "date_order", table, read.column.name,
            example=read.text.drop_nulls()[0], values=_header(mapping, read.column.name),
        )  # fmt: skip


def _settle_money(reads: list[_Read], raw: RawTable, mapping: Mapping) -> tuple[list[_Read], Mapping, list[Issue]]:
    """Turn discounts into money, and drop money columns whose sum would not fit into 64 bits."""
    by_name = {read.column.name: read for read in reads}
    issues: list[Issue] = []
    table = mapping.table
    if "discount" in by_name and "amount" in by_name:
        name = mapping.columns["discount"][0]
        unit = mapping.options.discount or guess_discount(name, raw.frame[name])
        if unit is None:
            issues.append(Issue("question", "discount_unit", table, "discount", values={"header": name}))
            del by_name["discount"]
        else:
            mapping = replace(mapping, options=replace(mapping.options, discount=unit))
            by_name["discount"] = _discount(by_name, unit)
    for name, read in list(by_name.items()):
        if read.column.kind == "money" and (read.parsed.values.cast(pl.Float64).abs().sum() or 0) > _SUM_LIMIT:
            issues.append(Issue("error", "total_too_large", table, name, values=_header(mapping, name)))
            del by_name[name]
    return list(by_name.values()), mapping, issues


def _discount(reads: dict[str, _Read], unit: str) -> _Read:
    read = reads["discount"]
    listed = reads["list_amount"].parsed.values if "list_amount" in reads else None
    money = discount_money(read.parsed.values, unit, reads["amount"].parsed.values, listed)  # type: ignore[arg-type]
    lost = read.parsed.values.is_not_null() & money.is_null() & reads["amount"].parsed.values.is_not_null()
    return _Read(read.column, read.text, Parsed(money, {**read.parsed.findings, "value_out_of_range": lost}))


def _column_missing(raw: RawTable, table: TableName, name: str) -> Issue:
    columns = ", ".join(raw.frame.columns[:12])
    return Issue("error", f"{name}_missing", table, name, values={"columns": columns})


def _header(mapping: Mapping, name: str) -> dict[str, str]:
    return {"header": " + ".join(mapping.columns[name])}


def _good_rows(reads: list[_Read], raw: RawTable, mapping: Mapping) -> tuple[pl.Series, list[Issue]]:
    """Return which rows have all they need; each row set aside is told once, under its first failing column."""
    good = pl.repeat(True, raw.frame.height, dtype=pl.Boolean, eager=True)
    issues: list[Issue] = []
    for read in reads:
        if not read.column.required:
            continue
        null = read.parsed.values.is_null()
        blank = null & ~_any_loss(read.parsed, len(null))
        for code, mask in (("required_blank", blank), ("required_unreadable", null & ~blank)):
            issues += _issue(code, mask & good, read, raw, mapping)
        good = good & ~null
    return good, issues


def _any_loss(parsed: Parsed, height: int) -> pl.Series:
    lost = pl.repeat(False, height, dtype=pl.Boolean, eager=True)
    for code in LOSING:
        if code in parsed.findings:
            lost = lost | parsed.findings[code]
    return lost


def _lost_cells(read: _Read, raw: RawTable, mapping: Mapping) -> Iterator[Issue]:
    for code, mask in read.parsed.findings.items():
        if not (read.column.required and code in LOSING):
            yield from _issue(code, mask, read, raw, mapping)


def _issue(code: str, mask: pl.Series, read: _Read, raw: RawTable, mapping: Mapping) -> list[Issue]:
    count = int(mask.sum())
    if not count:
        return []
    at = int(mask.arg_max() or 0)
    name, row = read.column.name, int(raw.file_rows[at])
    return [Issue("warning", code, mapping.table, name, row, count, read.text[at], _header(mapping, name))]


def _one_row_each(frame: pl.DataFrame, rows: pl.Series) -> tuple[pl.DataFrame, list[Issue]]:
    first = frame["customer_id"].is_first_distinct()
    if first.all():
        return frame, []
    at = int((~first).arg_max() or 0)
    example = frame["customer_id"][at]
    count = int((~first).sum())
    return frame.filter(first), [
        Issue("warning", "customer_repeated", "customers", "customer_id", int(rows[at]), count, example)
    ]
