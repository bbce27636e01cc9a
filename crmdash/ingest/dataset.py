"""Files → one dataset: read, map, validate, join. Bad data becomes issues, never an exception."""

import hashlib
import json
from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingOf
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import polars as pl

from crmdash.columns import TABLES, TableName
from crmdash.errors import UnreadableFile
from crmdash.ingest.aside import SCHEMA, Sieve
from crmdash.ingest.joining import (
    currency_issues,
    describe_customers,
    join_customers,
    join_files,
    several_values,
    unknown_staff,
)
from crmdash.ingest.mapping import propose
from crmdash.ingest.options import Mapping, check_columns, check_file_columns, mappable
from crmdash.ingest.orphans import find_orphans
from crmdash.ingest.raw import RawTable, Source
from crmdash.ingest.readers import read_table
from crmdash.ingest.stored_summary import join_summaries, open_summary
from crmdash.ingest.validation import Typed, validate
from crmdash.issues import Issue
from crmdash.rule_settings import PeriodSettings
from crmdash.summary import Summary, Tables, summarise
from crmdash.summary.stored import NoSummary, check_asked

_PREVIEW_ROWS = 20
_NONE_ASIDE = pl.DataFrame(schema=SCHEMA)
_ORDERING = ("revenue", "profit", "orders", "recency", "last_purchase", "potential_value")
"""Columns of the customers table by one of which customers can be valued or ordered."""


@dataclass(frozen=True, eq=False)
class FileReport:
    """What was found in one file; `columns` are its own, `preview` its first rows as text.

    `currency` is the code of the one currency that stands beside its amounts, None where none does.
    """

    name: str
    table: TableName | None
    encoding: str | None
    delimiter: str | None
    header_row: int | None
    sheet: str | None
    sheets: tuple[str, ...]
    rows: int
    rows_used: int
    rows_set_aside: int
    mapping: Mapping
    columns: tuple[str, ...]
    unused: tuple[str, ...]
    evidence: dict[str, str]
    preview: pl.DataFrame
    issues: tuple[Issue, ...]
    currency: str | None = None

    @property
    def refused(self) -> bool:
        """Whether no table could be read from the file."""
        return not self.columns


@dataclass(frozen=True, eq=False)
class Dataset:
    """The four tables with canonical names and types: only columns that are there, only rows that hold.

    `rows` counts all files and equals `rows_used` + `rows_set_aside`. `fingerprint` changes with the bytes or names
    of the files and with the mappings, not with the order of the files. `set_aside` holds every row set aside with
    its place, the reason and its text (`crmdash.ingest.aside.SCHEMA`), `orphans` the customers that one table has and
    another lacks (`crmdash.ingest.orphans.SCHEMA`). `summary` is its summary for one period, where that was made
    beforehand; `stored` says that it was opened as such, so that the data holds no other.
    """

    transactions: pl.DataFrame | None
    customers: pl.DataFrame | None
    contacts: pl.DataFrame | None
    staff: pl.DataFrame | None
    files: tuple[FileReport, ...]
    issues: tuple[Issue, ...]
    fingerprint: str
    rows: int
    rows_used: int
    rows_set_aside: int
    set_aside: pl.DataFrame
    orphans: pl.DataFrame
    summary: Summary | None = None
    stored: bool = False

    def summarised(self, period: PeriodSettings = PeriodSettings(), as_of: int | None = None) -> Summary:
        """Return one row per customer as at a day: what was summed up beforehand, where that is of the same period.

        Raises
        ------
        SettingsError
            If a stored summary is asked for a period (`held_period`) or a day that is not its own.
        """
        ready = self.summary
        if ready is not None and self.stored:
            check_asked(ready, period, as_of)
        if ready is not None and period.same_sums(ready.period) and as_of in (None, ready.clock.as_of):
            return ready
        return summarise(self.tables, period, as_of)

    def held_period(self, period: PeriodSettings) -> PeriodSettings:
        """Return the period with the sums that the data can give: any, but of a stored summary only its own."""
        return period.with_sums_of(self.summary.period) if self.stored and self.summary is not None else period

    @property
    def goes_back(self) -> bool:
        """Whether the data tells what was known on an earlier day, or of value over some months only."""
        return self.transactions is not None

    @property
    def tables(self) -> Tables:
        """The four tables as the summary takes them."""
        return Tables.of(self.transactions, self.customers, self.contacts, self.staff)

    @property
    def usable(self) -> bool:
        """Whether there are orders, or customers with something to value or order them by."""
        return _has_rows(self.transactions) or (_has_rows(self.customers) and _can_be_ordered(self.customers))


def _has_rows(table: pl.DataFrame | None) -> bool:
    return table is not None and table.height > 0


def _can_be_ordered(customers: pl.DataFrame | None) -> bool:
    return customers is not None and any(
        name in customers.columns and customers[name].count() > 0 for name in _ORDERING
    )  # fmt: skip


def open_dataset(
    sources: Sequence[Source],
    mappings: MappingOf[str, Mapping] | None = None,
    *,
    progress: Callable[[float, str], None] | None = None,
) -> Dataset:
    """Open one or more files as one dataset, each recognised by its content and joined on ``customer_id``.

    Parameters
    ----------
    sources
        The files. One whose bytes came before is not counted twice.
    mappings
        Per file name, a mapping by hand; files without one are mapped by proposal.
    progress
        Called with the fraction done and the name of the file at hand.

    Raises
    ------
    MappingError
        If a mapping names columns that its file does not have.
    """
    mappings = mappings or {}
    with ThreadPoolExecutor(1) as beside:  # while the files are read
        digests = beside.submit(_digests, sources)
        opened = _open_files(sources, mappings, progress)
        return _assemble(*opened, _fingerprint(sources, digests.result(), mappings))


def _same_bytes(one: Source, other: Source) -> bool:
    if one.path is None and other.path is None:
        return one.content == other.content
    return one.size == other.size and one.digest == other.digest


def _digests(sources: Sequence[Source]) -> list[str]:
    return [source.digest for source in sources]


def _open_files(
    sources: Sequence[Source], mappings: MappingOf[str, Mapping], progress: Callable[[float, str], None] | None
) -> tuple[list[FileReport], list[tuple[str, Typed]], list[pl.DataFrame]]:
    """Return what was found in each file, the typed rows by file, and the rows set aside."""
    reports: list[FileReport] = []
    typed: list[tuple[str, Typed]] = []
    asides: list[pl.DataFrame] = []
    told = progress or _untold
    for position, source in enumerate(sources):
        told(position / len(sources), source.name)
        if any(_same_bytes(source, other) for other in sources[:position]):
            reports.append(_refused(source, Issue("warning", "file_twice"), mappings.get(source.name, Mapping())))
            continue
        halfway = partial(told, (position + 0.5) / len(sources), source.name)
        report, table, aside = _open_file(source, mappings.get(source.name, Mapping()), halfway)
        reports.append(report)
        asides.append(aside)
        if table is not None:
            typed.append((source.name, table))
    if sources:
        told(1.0, sources[-1].name)
    return reports, typed, asides


def _untold(fraction: float, name: str) -> None:
    """Tell nobody how far it is."""


def _open_file(
    source: Source, given: Mapping, when_read: Callable[[], None]
) -> tuple[FileReport, Typed | None, pl.DataFrame]:
    """Return what was found in a file, its typed rows, and its rows set aside; say when its cells are read."""
    try:
        raw = read_table(source, given.options)
    except UnreadableFile as error:
        return _refused(source, error.issue, given), None, pl.DataFrame(schema=SCHEMA)
    when_read()
    if raw.note is not None:
        return _open_summary(source, raw, raw.note, given)
    mapping, issues, evidence = _complete(raw, given)
    typed = validate(raw, mapping) if mapping.table is not None else None
    if typed is None:
        sieve = Sieve(raw, None)
        sieve.set_aside(sieve.good, "table_unknown")
        aside = sieve.rows
    else:
        issues, mapping, aside = (*issues, *typed.issues), typed.mapping, typed.aside
        if typed.frame is not None and typed.frame.is_empty():
            code = "no_rows_left" if raw.frame.height else "no_rows_at_all"
            issues = (*issues, Issue("error", code, typed.table, count=raw.frame.height))
    report = FileReport(
        name=source.name, table=mapping.table, encoding=raw.encoding, delimiter=raw.delimiter,
        header_row=raw.header_row, sheet=raw.sheet, sheets=raw.sheets, rows=raw.frame.height,
        rows_used=raw.frame.height - aside.height, rows_set_aside=aside.height, mapping=mapping,
        columns=tuple(raw.frame.columns),
        unused=tuple(name for name in raw.frame.columns if name not in mapping.file_columns), evidence=evidence,
        preview=raw.frame.head(_PREVIEW_ROWS), issues=_in_file(source, (*raw.issues, *issues)),
        currency=None if typed is None else typed.currency,
    )  # fmt: skip
    return report, typed, aside


def _open_summary(
    source: Source, raw: RawTable, note: str, given: Mapping
) -> tuple[FileReport, Typed | None, pl.DataFrame]:
    try:
        typed = open_summary(raw, note)
    except NoSummary as error:
        return _refused(source, Issue("error", "summary_unreadable", example=str(error)), given), None, _NONE_ASIDE
    columns = tuple(raw.frame.columns)
    report = FileReport(
        name=source.name, table="customers", encoding=None, delimiter=None, header_row=None, sheet=None, sheets=(),
        rows=raw.frame.height, rows_used=raw.frame.height, rows_set_aside=0, mapping=typed.mapping, columns=columns,
        unused=(), evidence=dict.fromkeys(typed.mapping.columns, "header"), preview=raw.frame.head(_PREVIEW_ROWS),
        issues=_in_file(source, raw.issues),
    )  # fmt: skip
    return report, typed, typed.aside


def _complete(raw: RawTable, given: Mapping) -> tuple[Mapping, tuple[Issue, ...], dict[str, str]]:
    """Return the mapping to apply: the one given by hand as it stands, else the proposal for its table and options.

    A partial mapping takes the required columns that it does not name from the proposal.
    """
    if not given.columns:
        proposal = propose(raw, given.options, given.table)
        return proposal.mapping, proposal.issues, proposal.evidence
    check_columns(given.table, given.columns)
    check_file_columns(given, raw.frame.columns)
    if given.table is None:
        given = replace(given, table=_table_for(raw, given))
    if given.partial and given.table is not None:
        proposed = propose(raw, given.options, given.table).mapping.columns
        required = {column.name for column in TABLES[given.table] if column.required} - given.columns.keys()
        given = replace(given, columns=given.columns | {name: proposed[name] for name in required if name in proposed})
    return given, (), dict.fromkeys(given.columns, "hand")


def _table_for(raw: RawTable, given: Mapping) -> TableName:
    fitting = [table for table in TABLES if {column.name for column in mappable(table)} >= given.columns.keys()]
    proposed = propose(raw, given.options).mapping.table
    if proposed in fitting or not fitting:
        return proposed or "transactions"
    needed = {table: {column.name for column in TABLES[table] if column.required} for table in fitting}
    return max(fitting, key=lambda table: (needed[table] <= given.columns.keys(), table == "customers"))


def _refused(source: Source, issue: Issue, given: Mapping) -> FileReport:
    return FileReport(
        name=source.name, table=None, encoding=None, delimiter=None, header_row=None, sheet=None, sheets=(), rows=0,
        rows_used=0, rows_set_aside=0, mapping=given, columns=(), unused=(), evidence={}, preview=pl.DataFrame(),
        issues=_in_file(source, (issue,)),
    )  # fmt: skip


def _in_file(source: Source, issues: Sequence[Issue]) -> tuple[Issue, ...]:
    return tuple(replace(issue, values={"file": source.name, **issue.values}) for issue in issues)


def _assemble(
    reports: list[FileReport], typed: list[tuple[str, Typed]], asides: list[pl.DataFrame], fingerprint: str
) -> Dataset:
    joined = join_files(typed)
    summary = join_summaries([table.summary for _, table in typed])
    orphans, orphan_issues = find_orphans(joined.tables)
    transactions = joined.tables["transactions"]
    own = [column.name for column in TABLES["transactions"]]
    described = None if transactions is None else describe_customers(transactions)
    set_aside = pl.concat([pl.DataFrame(schema=SCHEMA), *asides, joined.aside])
    rows = sum(report.rows for report in reports)
    dataset = Dataset(
        transactions=None if transactions is None else transactions.select(
            name for name in own if name in transactions.columns
        ),
        customers=join_customers(joined.tables["customers"], described),
        contacts=joined.tables["contacts"],
        staff=joined.tables["staff"],
        files=tuple(_without_given_up(report, joined.aside) for report in reports),
        issues=tuple(issue for report in reports for issue in report.issues),
        fingerprint=fingerprint,
        rows=rows,
        rows_used=rows - set_aside.height,
        rows_set_aside=set_aside.height,
        set_aside=set_aside,
        orphans=orphans,
        summary=summary,
        stored=summary is not None,
    )  # fmt: skip
    extra = [*joined.issues, *currency_issues(typed), *orphan_issues]
    extra += unknown_staff(joined.tables["contacts"], joined.tables["staff"])
    if transactions is not None and transactions.height:
        extra += [*several_values(transactions), *_doubtful_rows(transactions, date.today())]
    if not dataset.usable:
        extra.append(_why_unusable(dataset))
    return replace(dataset, issues=(*dataset.issues, *extra))


def _without_given_up(report: FileReport, given_up: pl.DataFrame) -> FileReport:
    """Count the rows that an earlier file has as set aside in this one."""
    count = given_up.filter(pl.col("file") == report.name).height
    if not count or report.refused:
        return report
    return replace(report, rows_used=report.rows_used - count, rows_set_aside=report.rows_set_aside + count)


def _doubtful_rows(transactions: pl.DataFrame, today: date) -> list[Issue]:
    """Name what is possible but seldom meant: dates after today, and not one positive amount."""
    issues = []
    later = transactions.filter(pl.col("date") > (today - date(1970, 1, 1)).days)
    if later.height:
        latest = date(1970, 1, 1) + timedelta(days=int(later["date"].max()))  # type: ignore[arg-type]
        issues.append(Issue("warning", "dates_after_today", "transactions", "date", None, later.height, str(latest)))
    if not (transactions["amount"] > 0).any():
        issues.append(Issue("warning", "no_positive_amount", "transactions", "amount", count=transactions.height))
    return issues


def _why_unusable(dataset: Dataset) -> Issue:
    if not dataset.files:
        return Issue("error", "no_files")
    if _has_rows(dataset.customers):
        return Issue("error", "nothing_to_order_by", "customers")
    return Issue("error", "nothing_usable", count=len(dataset.files))


def _fingerprint(sources: Sequence[Source], digests: list[str], mappings: MappingOf[str, Mapping]) -> str:
    parts = sorted(
        (source.name, digest, mappings.get(source.name, Mapping()).to_json())
        for source, digest in zip(sources, digests, strict=True)
    )  # fmt: skip
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
