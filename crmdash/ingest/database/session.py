"""A connection that can only read, and that a clock or a click can stop."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from threading import Event, Thread
from time import monotonic
from typing import Any, Final, Literal

from psycopg import Connection as PsycopgConnection
from psycopg.types.string import TextLoader
from sqlalchemy import event, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from crmdash.ingest.database.address import Database, engine_of
from crmdash.ingest.database.failures import DatabaseFailed, failed, message_of

_POLL_SECONDS: Final = 0.05
_REPEAT_SECONDS: Final = 0.5
_GRACE_SECONDS: Final = 5
"""So long a database may take to give in before its line is cut."""
_CANCELLED_BY_SERVER: Final = frozenset({"57014", 1969, 3024})
"""What PostgreSQL, MariaDB and MySQL call a statement that took too long."""
_MYSQL: Final = ("mysql", "mariadb")
_NUMBER: Final = "number on the server"
_AS_WRITTEN: Final = (
    "int2", "int4", "int8", "numeric", "float4", "float8", "date", "timestamp", "timestamptz", "time", "timetz",
    "interval", "json", "jsonb",
)  # fmt: skip
"""PostgreSQL's types whose own text is taken as it stands: it knows infinity, years before Christ and every digit."""


class Watch:
    """Stops what the database does when one answer takes too long, or when `cancel` is set."""

    def __init__(self, connection: Connection, seconds: float, cancel: Event) -> None:
        self.reason: Literal["time", "cancelled"] | None = None
        self._stop = _stopper(connection)
        self._drains = connection.dialect.name in _MYSQL
        self._cut = partial(_cut_line, connection.connection.driver_connection)
        self._seconds = seconds
        self._cancel = cancel
        self._deadline: float | None = None
        self._ended = Event()
        self._thread = Thread(target=self._run, name="crmdash-database-watch", daemon=True)
        self._thread.start()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Count the seconds of one answer; raise `Stopped` where the wait was ended."""
        self._check()
        self._deadline = monotonic() + self._seconds
        try:
            yield
        finally:
            self._deadline = None
        self._check()

    def leave_rest(self) -> None:
        """Have the database forget rows that nobody will fetch: drivers of MySQL would fetch them all at the end."""
        if self._drains:
            with suppress(Exception):
                self._stop()

    def end(self) -> None:
        """Watch no longer."""
        self._ended.set()
        self._thread.join()

    def _check(self) -> None:
        if self._cancel.is_set():
            self.reason = "cancelled"
        if self.reason is not None:
            raise Stopped

    def _run(self) -> None:
        since = None
        while not self._ended.wait(_POLL_SECONDS if since is None else _REPEAT_SECONDS):
            deadline = self._deadline
            if deadline is None:
                continue
            if self.reason is None:
                self.reason = "cancelled" if self._cancel.is_set() else "time" if monotonic() > deadline else None
            if self.reason is not None:
                since = since or monotonic()
                # Whatever stopping ends in, the wait itself tells: it returns or raises.
                with suppress(Exception):
                    (self._stop if monotonic() - since < _GRACE_SECONDS else self._cut)()


class Stopped(Exception):
    """The wait for the database was ended by its watch."""


@contextmanager
def read_only(database: Database, seconds: float, cancel: Event | None = None) -> Iterator[tuple[Connection, Watch]]:
    """Yield a connection inside a transaction that cannot write and is rolled back at the end, and its watch.

    Raises
    ------
    DatabaseFailed
        If the database cannot be reached, refuses, takes longer than `seconds` for an answer, or `cancel` was set.
    """
    with _connected(database) as connection:
        watch = Watch(connection, seconds, cancel or Event())
        try:
            _begin_read_only(connection, seconds)
            yield connection, watch
        except (SQLAlchemyError, ValueError, Stopped) as error:
            raise _failure(error, watch, database, seconds) from None
        finally:
            watch.end()


@contextmanager
def _connected(database: Database) -> Iterator[Connection]:
    engine = engine_of(database)
    event.listen(engine, "handle_error", _let_cursor_go)
    try:
        connection = engine.connect()
    except (SQLAlchemyError, OSError):
        # The driver's words name host and user.
        raise failed("database_unreachable", database.name) from None
    try:
        yield connection
    finally:
        # A line that was cut cannot say goodbye.
        with suppress(DBAPIError):
            connection.close()
        engine.dispose()


def _let_cursor_go(context: ExceptionContext) -> None:
    """Close the cursor of a statement that failed: SQLAlchemy leaves it open where the line is gone."""
    running = context.execution_context
    if context.is_disconnect and running is not None:
        with suppress(Exception):
            running.cursor.close()


def _failure(error: Exception, watch: Watch, database: Database, seconds: float) -> DatabaseFailed:
    slow = failed("database_slow", database.name, seconds=f"{seconds:g}")
    if watch.reason is not None:
        return slow if watch.reason == "time" else failed("database_cancelled", database.name)
    if not isinstance(error, DBAPIError):
        return failed("database_failed", database.name, example=type(error).__name__)
    if _CANCELLED_BY_SERVER & {getattr(error.orig, "sqlstate", None), *getattr(error.orig, "args", ())[:1]}:
        return slow
    if error.connection_invalidated:
        return failed("database_lost", database.name)
    return failed("database_failed", database.name, example=message_of(error, database.url))


def _begin_read_only(connection: Connection, seconds: float) -> None:
    """Begin a transaction that the database itself keeps from writing, wherever it knows such a thing."""
    milliseconds = max(1, int(seconds * 1000))
    backend = connection.dialect.name
    if backend == "postgresql":
        connection.execution_options(postgresql_readonly=True)
        # Local to the transaction, and not in the connection's options, which some poolers refuse.
        settings = {
            "statement_timeout": str(milliseconds), "datestyle": "ISO, YMD", "extra_float_digits": "1",
        }  # fmt: skip
        for name, value in settings.items():
            connection.execute(text("SELECT set_config(:name, :value, true)"), {"name": name, "value": value})
    elif backend == "sqlite":
        connection.exec_driver_sql("PRAGMA query_only = ON")
    elif backend in _MYSQL:
        connection.info[_NUMBER] = int(connection.exec_driver_sql("SELECT connection_id()").scalar_one())
        limit = f"max_statement_time = {seconds}" if _is_mariadb(connection) else f"max_execution_time = {milliseconds}"
        connection.exec_driver_sql(f"SET SESSION {limit}")
        connection.exec_driver_sql("START TRANSACTION READ ONLY")
    elif backend == "oracle":
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def _is_mariadb(connection: Connection) -> bool:
    return bool(getattr(connection.dialect, "is_mariadb", False))


def take_text_as_written(connection: Connection) -> None:
    """Have PostgreSQL's numbers, dates and times come as the text the server writes; other drivers stay as they are."""
    driver = connection.connection.driver_connection
    if isinstance(driver, PsycopgConnection):
        for name in _AS_WRITTEN:
            driver.adapters.register_loader(name, TextLoader)


def _stopper(connection: Connection) -> Callable[[], object]:
    """Return a way to stop a running statement from another thread."""
    if connection.dialect.name in _MYSQL:
        return partial(_kill_query, connection.engine, connection.info)
    driver: Any = connection.connection.driver_connection
    if hasattr(driver, "cancel_safe"):
        return partial(driver.cancel_safe, timeout=_GRACE_SECONDS)
    known = (getattr(driver, name, None) for name in ("cancel", "interrupt", "close"))
    return next(way for way in known if callable(way))


def _kill_query(engine: Engine, info: dict[Any, Any]) -> None:
    """Stop a statement of MySQL, whose drivers cannot, over a second connection; the first one stays."""
    if _NUMBER in info:
        with engine.connect() as other:
            other.exec_driver_sql(f"KILL QUERY {info[_NUMBER]:d}")


def _cut_line(driver: Any) -> None:
    """Shut the connection's socket, where it has one: a server that hangs does not hear a request to stop."""
    if callable(getattr(driver, "fileno", None)):
        with socket.socket(fileno=os.dup(driver.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)
