"""The mapped columns of a file as typed values, with what the file as a whole says about its notation."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final

import polars as pl

from crmdash.columns import Column, TableName
from crmdash.ingest.currencies import chosen_codes, column_codes, currency_column, go_together
from crmdash.ingest.dates import ParsedDates, could_count_from_1904
from crmdash.ingest.kinds import read_column
from crmdash.ingest.notation import DecimalSign, power_in_header
from crmdash.ingest.options import Mapping, Options, mappable
from crmdash.ingest.raw import RawTable
from crmdash.ingest.values import LOSING, Parsed, ParsedNumbers, parse_money
from crmdash.issues import Issue

_LONG: Final = 100_000
"""With so many rows, threads are worth their while."""
_AMBIGUOUS: Final = r"\d[.,]\d{3}(?:\D|$)"


@dataclass(frozen=True, eq=False)
class ColumnRead:
    """One canonical column: the text of its cells, their values, and the file columns it is the sum of."""

    column: Column
    text: pl.Series
    parsed: Parsed
    parts: tuple[Parsed, ...]

    @property
    def name(self) -> str:
        """The canonical name."""
        return self.column.name

    @cached_property
    def distinct(self) -> pl.Series:
        """All different values, in the order of the first row of each."""
        return self.parsed.values.unique(maintain_order=True).drop_nulls()

    def lost(self) -> pl.Series:
        """Say in which rows something stood that could not be read."""
        return any_loss(self.parsed)

    def with_parsed(self, parsed: Parsed) -> "ColumnRead":
        """Return the column with other values."""
        return replace(self, parsed=parsed)


def any_loss(parsed: Parsed) -> pl.Series:
    """Say in which rows a finding left the value empty."""
    lost = pl.repeat(False, len(parsed.values), dtype=pl.Boolean, eager=True)
    for code in LOSING:
        if code in parsed.findings:
            lost = lost | parsed.findings[code]
    return lost


def read_columns(raw: RawTable, mapping: Mapping) -> tuple[list[ColumnRead], Mapping]:
    """Read every mapped column; what one column shows of the notation holds for those that leave it open.

    The mapping comes back with the order of day and month and with a decimal comma, where cells showed them.
    """
    assert mapping.table is not None
    wanted = [column for column in mappable(mapping.table) if column.name in mapping.columns]
    options = mapping.options
    if options.date_system is None and raw.epoch_1904:
        options = replace(options, date_system=1904)
    reads = _read_all(raw, mapping, wanted, options)
    order = options.date_order or next(
        (d.order for d in _dates(reads) if d.order is not None and not d.assumed), None
    )  # fmt: skip
    decimal: DecimalSign | None = options.decimal or next(
        (n.read.decimal for n in _numbers(reads) if n.read.shown), None
    )
    for position, read in enumerate(reads):
        open_date = any(isinstance(part, ParsedDates) and part.assumed for part in read.parts)
        open_number = any(isinstance(part, ParsedNumbers) and not part.read.certain for part in read.parts)
        if (open_date and order is not None) or (open_number and decimal is not None):
            again = _read(raw, mapping, read.column, replace(options, date_order=order, decimal=decimal))
            if int(again.lost().sum()) <= int(read.lost().sum()):
                reads[position] = again
    shown = replace(options, date_order=order, decimal="," if decimal == "," else options.decimal)
    return reads, replace(mapping, options=shown)


def _read_all(raw: RawTable, mapping: Mapping, wanted: list[Column], options: Options) -> list[ColumnRead]:
    """Read the columns, those of a long file side by side."""
    if raw.frame.height < _LONG:
        return [_read(raw, mapping, column, options) for column in wanted]
    with ThreadPoolExecutor(pl.thread_pool_size()) as threads:
        return list(threads.map(lambda column: _read(raw, mapping, column, options), wanted))


def _dates(reads: list[ColumnRead]) -> Iterator[ParsedDates]:
    yield from (part for read in reads for part in read.parts if isinstance(part, ParsedDates))


def _numbers(reads: list[ColumnRead]) -> Iterator[ParsedNumbers]:
    yield from (part for read in reads for part in read.parts if isinstance(part, ParsedNumbers))


def _read(raw: RawTable, mapping: Mapping, column: Column, options: Options) -> ColumnRead:
    names = mapping.columns[column.name]
    texts = [raw.frame[name] for name in names]
    parts = tuple(
        read_column(text, column, options, power=power_in_header(name)) for name, text in zip(names, texts, strict=True)
    )
    if len(parts) == 1:
        return ColumnRead(column, texts[0], parts[0], parts)
    return ColumnRead(column, _joined(texts), _summed(parts), parts)


def _joined(texts: list[pl.Series]) -> pl.Series:
    frame = pl.DataFrame([text.alias(str(position)) for position, text in enumerate(texts)])
    sums = pl.concat_str(pl.all(), separator=" + ", ignore_nulls=True)
    return frame.select(pl.when(~pl.all_horizontal(pl.all().is_null())).then(sums)).to_series()


def _summed(parts: tuple[Parsed, ...]) -> Parsed:
    """Add several columns up: a blank part counts as nothing, an unreadable one makes the sum unreadable."""
    values = pl.DataFrame([part.values.alias(str(position)) for position, part in enumerate(parts)])
    findings: dict[str, pl.Series] = {}
    for part in parts:
        for code, mask in part.findings.items():
            findings[code] = mask | findings[code] if code in findings else mask
    lost = any_loss(Parsed(values.to_series(), findings))
    known = pl.when(~pl.lit(lost) & ~pl.all_horizontal(pl.all().is_null()))
    return Parsed(values.select(known.then(pl.sum_horizontal(pl.all()))).to_series(), findings)


def doubts(reads: list[ColumnRead], raw: RawTable, mapping: Mapping, today: date) -> Iterator[Issue]:
    """Yield a question for every column whose notation was assumed, and the facts on numbers taken for dates."""
    table = mapping.table
    for read in reads:
        stated = [name for name in mapping.columns[read.name] if power_in_header(name)]
        if stated and read.column.kind == "money":
            unit = 10 ** power_in_header(stated[0])
            yield Issue("info", "header_unit", table, read.name, values={"header": stated[0], "unit": f"{unit:,}"})
        header = " + ".join(mapping.columns[read.name])
        for part in read.parts:
            if isinstance(part, ParsedDates) and part.assumed:
                example = read.text.drop_nulls()[0]
                yield Issue("question", "date_order", table, read.name, example=example, values={"header": header})
            if isinstance(part, ParsedNumbers) and not part.read.certain and read.column.kind in ("money", "number"):
                yield _decimal_doubt(read, table, header)
        numbers = read.parsed.findings.get("date_numbers")
        asked = raw.delimiter is not None and mapping.options.date_system is None
        if asked and numbers is not None and numbers.any():
            days = (today - date(1970, 1, 1)).days
            if could_count_from_1904(read.text, read.parsed.values, days):
                yield Issue("question", "date_system", table, read.name, values={"header": header})


def _decimal_doubt(read: ColumnRead, table: TableName | None, header: str) -> Issue:
    cells = read.text.filter(read.text.str.contains(_AMBIGUOUS).fill_null(False))
    example = cells[0] if len(cells) else read.text.drop_nulls()[0]
    readings = [parse_money(pl.Series([example]), sign).values[0] for sign in (".", ",")]
    point, comma = (None if value is None else f"{value / 10_000:g}" for value in readings)
    values = {"header": header, "point": point, "comma": comma}
    return Issue("question", "decimal_sign", table, read.name, example=example, values=values)


@dataclass(frozen=True, eq=False)
class Currencies:
    """The currencies beside the amounts of a file with how many cells name each, and the columns without the others."""

    counts: Counter[str]
    reads: list[ColumnRead]

    @property
    def mixed(self) -> bool:
        """Whether the amounts cannot be added up."""
        return not go_together(self.counts)

    @property
    def words(self) -> str:
        """The currencies with their counts."""
        return ", ".join(f"{code} ({count})" for code, count in self.counts.most_common())


def one_currency(reads: list[ColumnRead], raw: RawTable, currency: str | None) -> Currencies:
    """Find the currencies of the money columns; with a chosen `currency`, amounts in any other are lost."""
    stated = currency_column(raw.frame)
    beside = None if stated is None else column_codes(raw.frame[stated])
    chosen = None if currency is None else chosen_codes(currency)
    counts: Counter[str] = Counter()
    if beside is not None and any(read.column.kind == "money" for read in reads):
        counts.update(dict(beside.drop_nulls().value_counts().rows()))
    settled = []
    for read in reads:
        codes = [part.read.currency for part in read.parts if isinstance(part, ParsedNumbers)]
        signs = [code for code in codes if code is not None and code.null_count() < len(code)]
        for code in signs if read.column.kind == "money" else ():
            beyond = dict(code.drop_nulls().value_counts().rows())
            counts.update({sign: count for sign, count in beyond.items() if beside is None or sign not in counts})
        every = signs if beside is None else [*signs, beside]
        drop = read.column.kind == "money" and chosen is not None
        settled.append(_without_others(read, every, chosen or frozenset()) if drop else read)
    if chosen is not None:
        counts = Counter({code: count for code, count in counts.items() if code in chosen})
    return Currencies(counts, settled)


def _without_others(read: ColumnRead, codes: list[pl.Series], chosen: frozenset[str]) -> ColumnRead:
    other = pl.repeat(False, len(read.text), dtype=pl.Boolean, eager=True)
    for code in codes:
        other = other | ~code.is_in(list(chosen)).fill_null(True)
    other = other & read.parsed.values.is_not_null()
    if not other.any():
        return read
    frame = pl.select(value=read.parsed.values, other=other)
    values = frame.select(pl.when(~pl.col("other")).then("value")).to_series()
    return read.with_parsed(Parsed(values, {**read.parsed.findings, "other_currency": other}))
