"""Where a database is: its address as SQLAlchemy takes it, from one URL or from the fields of a secrets file."""

import os
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from sqlalchemy import create_engine
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from crmdash.ingest.database.failures import failed

_DRIVERS: Final = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
"""The driver that comes with crmdash, for an address that names none."""

_CONNECT: Final[dict[str, dict[str, int]]] = {
    # A server that is gone is noticed in seconds, not after the hours that TCP waits of itself.
    "psycopg": {"connect_timeout": 10, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3},
    "pymysql": {"connect_timeout": 10, "read_timeout": 60},
}


@dataclass(frozen=True)
class Database:
    """A database by the name it has for readers; its address is kept out of every representation."""

    name: str
    url: URL = field(repr=False)

    @classmethod
    def at(cls, name: str, url: str) -> Self:
        """Return the database at an SQLAlchemy URL.

        Raises
        ------
        DatabaseFailed
            If the text is no such URL; it is not repeated, since it may hold a password.
        """
        try:
            address = make_url(url)
        except (ArgumentError, ValueError):
            raise failed("database_address", name) from None
        return cls(name, address.set(drivername=_DRIVERS.get(address.drivername, address.drivername)))

    @classmethod
    def from_fields(cls, name: str, fields: Mapping[str, Any]) -> Self:
        """Return the database described by ``url``, or else by the parts of one.

        The parts are dialect, driver, username, password, host, port, database and query, as Streamlit has them.

        Raises
        ------
        DatabaseFailed
            If neither a url nor a dialect is given, or a field holds what it cannot.
        """
        if fields.get("url"):
            return cls.at(name, str(fields["url"]))
        if not fields.get("dialect"):
            raise failed("database_address", name)
        driver = f"+{fields['driver']}" if fields.get("driver") else ""
        texts = {key: str(fields[key]) for key in ("username", "password", "host", "database") if fields.get(key)}
        try:
            port = int(fields["port"]) if fields.get("port") else None
            url = URL.create(f"{fields['dialect']}{driver}", port=port, query=dict(fields.get("query") or {}), **texts)
        except (ArgumentError, TypeError, ValueError):
            raise failed("database_address", name) from None
        return cls(name, url.set(drivername=_DRIVERS.get(url.drivername, url.drivername)))

    @property
    def backend(self) -> str:
        """The kind of database, such as sqlite or postgresql."""
        return self.url.get_backend_name()


def engine_of(database: Database) -> Engine:
    """Return an engine that opens a connection for each use and closes it afterwards; nothing is connected yet.

    Raises
    ------
    DatabaseFailed
        If the driver of such databases is not installed.
    """
    url = database.url
    options: dict[str, Any] = {"poolclass": NullPool, "hide_parameters": True}
    if url.drivername in ("sqlite", "sqlite+pysqlite") and _is_file(url):
        options["creator"] = lambda: _open_read_only(url.database or "")
    try:
        driver = url.get_dialect().driver
        return create_engine(url, connect_args=_CONNECT.get(driver, {}), **options)
    except (NoSuchModuleError, ImportError):
        raise failed("database_driver_missing", database.name, example=url.drivername) from None
    except (ArgumentError, TypeError):
        raise failed("database_address", database.name) from None


def _is_file(url: URL) -> bool:
    return bool(url.database) and url.database != ":memory:" and not str(url.database).startswith("file:")


def _open_read_only(path: str) -> sqlite3.Connection:
    """Open a file that must exist, without the right to write; a thread of its own may interrupt it."""
    address = Path(os.path.abspath(path)).as_uri()
    return sqlite3.connect(f"{address}?mode=ro", uri=True, check_same_thread=False, timeout=5)
