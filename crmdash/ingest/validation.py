"""A table of text and its mapping → typed rows that hold, and an issue for everything that does not.

Plain expressions rather than row rules over the typed frame: whether a cell was blank or unreadable, and what stood
in it, is only known from the text, and which columns there are differs from file to file.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import Final

import polars as pl

from crmdash.columns import TableName
from crmdash.ingest import policies
from crmdash.ingest.aliases import alias_ranks, normalise
from crmdash.ingest.aside import Sieve
from crmdash.ingest.consistency import settle_ids, settle_lifetimes
from crmdash.ingest.discounts import discount_money, guess_discount
from crmdash.ingest.options import Mapping, mappable
from crmdash.ingest.raw import RawTable
from crmdash.ingest.statuses import status_issues
from crmdash.ingest.sums import too_large
from crmdash.ingest.typed_columns import ColumnRead, doubts, one_currency, read_columns
from crmdash.ingest.values import LOSING, Parsed
from crmdash.issues import Issue, Severity
from crmdash.summary import Summary

_OWN_REASONS: Final = ("date_impossible", "other_currency", "id_precision_lost")
"""Findings that are a better reason to set a row aside than that a cell could not be read."""
_SEVERITIES: Final[dict[str, Severity]] = {
    "id_precision_lost": "error", "date_numbers": "info", "date_roc": "info", "date_short_year": "info",
    "percent_read": "info", "id_invisible": "info", "id_decimals": "info",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Typed:
    """The good rows of one file, with the mapped columns of its table (and descriptive ones, in transactions).

    `frame` is None where a required column is missing or holds nothing. `rows` are the file rows of `frame`, `aside`
    the rows set aside (see `crmdash.ingest.aside.SCHEMA`): together they are all rows of the file. `currency` is the
    code of the currency beside the amounts, `summary` what a stored summary holds beyond its table.
    """

    table: TableName
    frame: pl.DataFrame | None
    mapping: Mapping
    issues: tuple[Issue, ...]
    rows: pl.Series
    aside: pl.DataFrame
    currency: str | None = None
    summary: Summary | None = None


def validate(raw: RawTable, mapping: Mapping) -> Typed:
    """Type the mapped columns of `raw` and set aside the rows that cannot be used, each with its reason.

    An optional cell that cannot be read becomes null. `mapping` must name a table and columns of the file.
    """
    table = mapping.table
    if table is None:
        raise ValueError("a mapping without a table cannot be applied")
    sieve, today = Sieve(raw, table), date.today()
    issues = [*policies.after_blank_row(raw, mapping, sieve), *policies.repeated_headers(raw, mapping, sieve)]
    issues += policies.broken_lines(raw, mapping, sieve)
    reads, mapping = read_columns(_without_others(raw, sieve), mapping)
    issues += doubts(reads, raw, mapping, today)
    reads, mapping, dropped, currency, more = _settle(reads, raw, mapping)
    issues += more
    issues += policies.totals(raw, mapping, sieve, {read.name: read for read in reads})
    issues += _missing_columns(reads, raw, mapping, dropped)
    issues += _required(reads, sieve, mapping)
    issues += _rows_of_orders(reads, raw, mapping, sieve, today)
    for read in reads:
        issues += _findings(read, raw, mapping, sieve.good)
    if mapping.table == "transactions":
        issues += status_issues(raw, mapping.file_columns)
    frame, last = _frame(reads, raw, mapping, sieve, dropped)
    rows = raw.file_rows.filter(sieve.good)
    return Typed(table, frame, mapping, (*issues, *last), rows, sieve.rows, currency)


def _without_others(raw: RawTable, sieve: Sieve) -> RawTable:
    """Blank the rows set aside: they say nothing about how the others are written."""
    if sieve.good.all():
        return raw
    return replace(raw, frame=raw.frame.with_columns(pl.when(sieve.good).then(pl.all())))


def _header(mapping: Mapping, name: str) -> str:
    return " + ".join(mapping.columns[name])


def _settle(
    reads: list[ColumnRead], raw: RawTable, mapping: Mapping
) -> tuple[list[ColumnRead], Mapping, dict[str, str], str | None, list[Issue]]:
    """Settle what concerns several columns: the currency, discounts in money, sums beyond 64 bits.

    Columns that cannot be used are dropped, and come back by name with the code of the issue that says why.
    """
    table, issues, dropped = mapping.table, list[Issue](), dict[str, str]()
    found = one_currency(reads, raw, mapping.options.currency)
    by_name = {read.name: read for read in found.reads}
    if found.mixed:
        money = [name for name, read in by_name.items() if read.column.kind == "money"]
        header, words = _header(mapping, money[0]), found.words
        values = {"header": header, "currencies": words}
        issues.append(Issue("error", "currencies_mixed", table, money[0], count=len(found.counts), values=values))
        dropped = dict.fromkeys(money, "currencies_mixed")
        by_name = {name: read for name, read in by_name.items() if name not in dropped}
    by_name, mapping, asked = _settle_discount(by_name, raw, mapping)
    amounts = {name: read.parsed.values for name, read in by_name.items() if read.column.kind == "money"}
    sizes = {name: float(values.cast(pl.Float64).abs().sum() or 0) for name, values in amounts.items()}
    for name in too_large(sizes):
        values = {"header": _header(mapping, name)}
        issues.append(Issue("error", "total_too_large", table, name, values=values))
        dropped[name] = "total_too_large"
        del by_name[name]
    currency = next(iter(found.counts), None) if not found.mixed else None
    return list(by_name.values()), mapping, dropped, currency, [*asked, *issues]


def _settle_discount(
    reads: dict[str, ColumnRead], raw: RawTable, mapping: Mapping
) -> tuple[dict[str, ColumnRead], Mapping, list[Issue]]:
    if "discount" not in reads or "amount" not in reads:
        return reads, mapping, []
    name = mapping.columns["discount"][0]
    unit = mapping.options.discount or guess_discount(name, raw.frame[name])
    if unit is None:
        asked = Issue("question", "discount_unit", mapping.table, "discount", values={"header": name})
        return {key: read for key, read in reads.items() if key != "discount"}, mapping, [asked]
    mapping = replace(mapping, options=replace(mapping.options, discount=unit))
    read, amount = reads["discount"], reads["amount"].parsed.values
    listed = reads["list_amount"].parsed.values if "list_amount" in reads else None
    money = discount_money(read.parsed.values, unit, amount, listed)
    lost = read.parsed.values.is_not_null() & money.is_null() & amount.is_not_null()
    settled = read.with_parsed(Parsed(money, {**read.parsed.findings, "value_out_of_range": lost}))
    return {**reads, "discount": settled}, mapping, []


def _missing_columns(
    reads: list[ColumnRead], raw: RawTable, mapping: Mapping, dropped: dict[str, str]
) -> Iterator[Issue]:
    assert mapping.table is not None
    present = {read.name for read in reads} | dropped.keys()
    for column in mappable(mapping.table):
        if column.required and column.name not in present:
            columns = ", ".join(raw.frame.columns[:12])
            values = {"columns": columns, "nearest": _nearest(raw, mapping.table, column.name) or "–"}
            yield Issue("error", f"{column.name}_missing", mapping.table, column.name, values=values)


def _nearest(raw: RawTable, table: TableName, name: str) -> str | None:
    """Return the column whose name comes closest to one that `name` goes by."""
    known = list(alias_ranks(table)[name])
    near = {header: get_close_matches(normalise(header), known, n=1, cutoff=0.7) for header in raw.frame.columns}
    return next((header for header, found in near.items() if found), None)


def _required(reads: list[ColumnRead], sieve: Sieve, mapping: Mapping) -> Iterator[Issue]:
    """Set aside rows without what they need; each is told once, under its first failing column."""
    for read in reads:
        if not read.column.required:
            continue
        header, null, lost = _header(mapping, read.name), read.parsed.values.is_null(), read.lost()
        blank = null & ~lost
        if len(blank) and blank.all():
            yield Issue("error", "column_empty", mapping.table, read.name, count=len(blank), values={"header": header})
            sieve.set_aside(blank, "required_blank", read.name, header)
        yield from sieve.tell("warning", blank, "required_blank", read.name, header, read.text)
        for code in _OWN_REASONS:
            if code in read.parsed.findings:
                severity = _SEVERITIES.get(code, "warning")
                yield from sieve.tell(severity, read.parsed.findings[code], code, read.name, header, read.text)
        yield from sieve.tell("warning", null & lost, "required_unreadable", read.name, header, read.text)


def _rows_of_orders(
    reads: list[ColumnRead], raw: RawTable, mapping: Mapping, sieve: Sieve, today: date
) -> Iterator[Issue]:
    """Apply the policies on rows that are complete."""
    if mapping.table in ("transactions", "contacts"):
        yield from policies.duplicates(raw, mapping, sieve)
    values = {read.name: read.parsed.values for read in reads}
    if mapping.table == "transactions" and "date" in values:
        yield from policies.future_dates(raw, mapping, sieve, values["date"], (today - date(1970, 1, 1)).days)
    if mapping.table == "transactions" and "amount" in values:
        yield from policies.returns_and_zeros(raw, mapping, sieve, values["amount"])


def _findings(read: ColumnRead, raw: RawTable, mapping: Mapping, good: pl.Series) -> Iterator[Issue]:
    """Tell what was lost in optional cells, and how odd ones were read, in the rows in use."""
    for code, mask in read.parsed.findings.items():
        if read.column.required and code in LOSING:
            continue
        now = mask & good
        if now.any():
            yield _issue(code, now, read, raw, mapping)


def _issue(code: str, mask: pl.Series, read: ColumnRead, raw: RawTable, mapping: Mapping) -> Issue:
    at, severity = int(mask.arg_max() or 0), _SEVERITIES.get(code, "warning")
    values = {"header": _header(mapping, read.name)}
    row = int(raw.file_rows[at])
    return Issue(severity, code, mapping.table, read.name, row, int(mask.sum()), read.text[at], values)


def _frame(
    reads: list[ColumnRead], raw: RawTable, mapping: Mapping, sieve: Sieve, dropped: dict[str, str]
) -> tuple[pl.DataFrame | None, list[Issue]]:
    """Return the typed rows in use; None where a required column is missing, all rows being set aside then."""
    assert mapping.table is not None
    present = {read.name for read in reads}
    absent = [column.name for column in mappable(mapping.table) if column.required and column.name not in present]
    if absent:
        sieve.set_aside(sieve.good, dropped.get(absent[0], f"{absent[0]}_missing"), absent[0])
        return None, []
    frame = pl.DataFrame([read.parsed.values.alias(read.name) for read in reads]).filter(sieve.good)
    rows = raw.file_rows.filter(sieve.good)
    distinct = next((read.distinct for read in reads if read.name == "customer_id" and sieve.good.all()), None)
    frame, issues = settle_ids(frame, rows, mapping, distinct)
    if mapping.table != "customers":
        return frame, issues
    frame, contradicted = settle_lifetimes(frame, rows, mapping)
    frame, given_up = policies.one_row_each(frame, mapping)
    mask = pl.repeat(False, raw.frame.height, dtype=pl.Boolean, eager=True)
    mask = mask.scatter(sieve.good.arg_true().filter(given_up), True)
    header = _header(mapping, "customer_id")
    ids = raw.frame[mapping.columns["customer_id"][0]]
    values = {"examples": policies.examples(ids.filter(mask))}
    repeated = sieve.tell("warning", mask, "customer_repeated", "customer_id", header, ids, **values)
    return frame, [*issues, *contradicted, *repeated]
