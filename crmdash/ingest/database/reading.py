"""A statement's result, streamed into a table of text; and the same as bytes that the file reader takes."""

import io
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any, Final, Literal

import polars as pl
from sqlalchemy import CursorResult, Select, func, literal_column, select
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPICursor

from crmdash.ingest.database.address import Database
from crmdash.ingest.database.aggregation import LINES, LINES_ASIDE, aggregated_select
from crmdash.ingest.database.failures import DatabaseFailed, failed
from crmdash.ingest.database.inventory import Relation
from crmdash.ingest.database.session import Watch, read_only, take_text_as_written
from crmdash.ingest.database.statement import one_select
from crmdash.ingest.database.text import text_series
from crmdash.ingest.headers import unique_names
from crmdash.ingest.options import Mapping
from crmdash.ingest.raw import RawTable, Source
from crmdash.issues import Issue

LARGE: Final = 2_000_000
"""Orders in tables of more rows than this are added up in the database."""

_CHUNK: Final = 20_000
_MEGABYTE: Final = 1024 * 1024
_WRITTEN_NUMBER: Final = r"^\W*\d[\d.,\s]*[.,]\d+\W*$"
"""A text that may be a number with a separator in it, whatever that stands for."""

Progress = Callable[[int], None]
"""Told how many rows have come so far."""


@dataclass(frozen=True)
class Limits:
    """How much a reader takes, and how many seconds it waits for each answer of the database."""

    rows: int = LARGE
    columns: int = 500
    megabytes: int = 1_000
    seconds: float = 30


def read_relation(
    database: Database,
    relation: Relation,
    limits: Limits = Limits(),
    *,
    progress: Progress | None = None,
    cancel: Event | None = None,
) -> RawTable:
    """Read a table or view as text.

    More rows than `limits.rows` leave the first of them and the warning ``rows_cut``.

    Raises
    ------
    DatabaseFailed
        If the database cannot be read, takes too long, holds more than the limits, or `cancel` was set.
    """
    return _read(database, relation.select().limit(limits.rows + 1), relation.label, limits, progress, cancel)


def read_query(
    database: Database,
    query: str,
    limits: Limits = Limits(),
    *,
    name: str = "SELECT",
    progress: Progress | None = None,
    cancel: Event | None = None,
) -> RawTable:
    """Read the result of one SELECT as text, under the same conditions as a table.

    Raises
    ------
    DatabaseFailed
        Also if the query is not one SELECT.
    """
    return _read(database, one_select(query, database.name), name, limits, progress, cancel)


def read_aggregated(
    database: Database,
    relation: Relation,
    mapping: Mapping,
    limits: Limits = Limits(),
    *,
    progress: Progress | None = None,
    cancel: Event | None = None,
) -> RawTable:
    """Read orders added up per customer and day by the database, with canonical column names.

    `mapping` says which columns are which; `aggregated_mapping` is the one for the result. The information
    ``orders_added_up`` counts the order lines, the warning ``lines_set_aside`` those without an amount.

    Raises
    ------
    DatabaseFailed
        Also if the columns cannot be added up exactly.
    """
    statement = aggregated_select(relation, mapping, database).limit(limits.rows + 1)
    raw = _read(database, statement, relation.label, limits, progress, cancel)
    lines, aside = (int(raw.frame[name].cast(pl.Int64).sum()) for name in (LINES, LINES_ASIDE))
    # Days of nothing but lines without an amount: they are counted in `aside`.
    frame = raw.frame.filter(pl.col("amount").is_not_null()).drop(LINES, LINES_ASIDE)
    told = [Issue("info", "orders_added_up", "transactions", count=lines, values={"rows": frame.height})]
    if aside:
        told.append(Issue("warning", "lines_set_aside", "transactions", "amount", count=aside))
    return replace(raw, frame=frame, issues=(*raw.issues, *told), decimal=".")


def is_large(database: Database, relation: Relation, rows: int = LARGE, cancel: Event | None = None) -> bool:
    """Return whether there are more than `rows` rows, counting no further; by estimate where that is far off.

    Raises
    ------
    DatabaseFailed
        If the database cannot count them in time.
    """
    if relation.rows is not None and not rows / 2 <= relation.rows <= rows * 2:
        return relation.rows > rows
    some = select(literal_column("1").label("one")).select_from(relation.clause).limit(rows + 1).subquery()
    with read_only(database, Limits().seconds, cancel) as (connection, watch), watch.waiting():
        return connection.execute(select(func.count()).select_from(some)).scalar_one() > rows


def as_source(raw: RawTable) -> Source:
    """Return what was read as a file of text cells, with its issues.

    The same rows give the same bytes, and so the same fingerprint.
    """
    content = io.BytesIO()
    raw.frame.rechunk().write_parquet(content, compression="zstd")
    return Source(raw.name, content.getvalue(), raw.issues)


def _read(
    database: Database,
    statement: Select[Any] | str,
    name: str,
    limits: Limits,
    progress: Progress | None,
    cancel: Event | None,
) -> RawTable:
    for lossy in (False, True):
        try:
            with read_only(database, limits.seconds, cancel) as (connection, watch):
                _prepare(connection, lossy)
                reading = _Reading(database, connection, watch, limits)
                with closing(reading):
                    return reading.run(statement, name, progress)
        except DatabaseFailed as failure:
            # SQLite stores texts without looking at them; only reading shows that one is no UTF-8.
            if lossy or "decode to UTF-8" not in (failure.issue.example or ""):
                raise
    raise AssertionError


def _prepare(connection: Connection, lossy: bool) -> None:
    take_text_as_written(connection)
    if lossy:
        driver: Any = connection.connection.driver_connection
        driver.text_factory = lambda content: content.decode("utf-8", "surrogateescape")


@dataclass
class _Reading:
    """One statement under way: its limits, and what had to be said about it."""

    database: Database
    connection: Connection
    watch: Watch
    limits: Limits
    cursor: DBAPICursor | None = None
    lost: int = 0
    size: int = 0
    texts: set[str] = field(default_factory=set)

    def close(self) -> None:
        """Let the cursor go, also where reading ended before its rows did."""
        if self.cursor is not None:
            with suppress(self.connection.dialect.loaded_dbapi.Error):
                self.cursor.close()

    def run(self, statement: Select[Any] | str, name: str, progress: Progress | None) -> RawTable:
        """Carry the statement out and return its rows."""
        result = self._execute(statement)
        names, issues = self._columns(result)
        frames = [pl.DataFrame(schema=dict.fromkeys(names, pl.String))]
        height = 0
        for frame in self._chunks(result, names):
            frames.append(frame)
            height += frame.height
            if progress is not None:
                progress(min(height, self.limits.rows))
            if height > self.limits.rows:
                issues.append(Issue("warning", "rows_cut", count=self.limits.rows))
                self.watch.leave_rest()
                break
        if self.lost:
            issues.append(Issue("warning", "database_characters_lost", count=self.lost, values={"encoding": "UTF-8"}))
        frame = pl.concat(frames).head(self.limits.rows)
        return RawTable(name, frame, issues=tuple(issues), decimal=self._decimal(frame))

    def _decimal(self, frame: pl.DataFrame) -> Literal["."] | None:
        """Return the point, in which numbers of a database come, unless a column of texts may hold numbers too."""
        return None if any(frame[name].str.contains(_WRITTEN_NUMBER).any() for name in self.texts) else "."

    def _execute(self, statement: Select[Any] | str) -> CursorResult[Any]:
        options: dict[str, Any] = {"stream_results": True, "max_row_buffer": _CHUNK, "sqlite_raw_colnames": True}
        with self.watch.waiting():
            if isinstance(statement, str):
                # Taken as it is: neither : nor % stand for anything to be filled in.
                options["no_parameters"] = True
                result = self.connection.exec_driver_sql(statement, execution_options=options)
            else:
                result = self.connection.execute(statement, execution_options=options)
            self.cursor = result.cursor
        return result

    def _columns(self, result: CursorResult[Any]) -> tuple[list[str], list[Issue]]:
        if not result.returns_rows:
            raise failed("query_not_select", self.database.name, example="–")
        given = list(result.keys())
        if len(given) > self.limits.columns:
            raise failed("database_too_wide", self.database.name, columns=len(given), limit=self.limits.columns)
        return unique_names(given)

    def _chunks(self, result: CursorResult[Any], names: list[str]) -> Iterator[pl.DataFrame]:
        while True:
            with self.watch.waiting():
                rows = result.fetchmany(_CHUNK)
            if not rows:
                return
            columns = []
            for name, values in zip(names, zip(*rows, strict=True), strict=True):
                column, lost = text_series(name, values)
                if str in set(map(type, values)):
                    self.texts.add(name)
                columns.append(column)
                self.lost += lost
            frame = pl.DataFrame(columns)
            self.size += int(frame.estimated_size())
            if self.size > self.limits.megabytes * _MEGABYTE:
                raise failed("database_too_much", self.database.name, limit=self.limits.megabytes)
            yield frame
