"""What a database holds: its tables and views, their columns, and about how many rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from threading import Event
from typing import Any, Final, Literal

from sqlalchemy import Select, column, inspect, quoted_name, select, table, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import ColumnClause, TableClause

from crmdash.ingest.database.address import Database
from crmdash.ingest.database.session import read_only

Kind = Literal["exact", "float", "text", "day", "moment", "other"]
"""What a column's type can hold: whole and decimal numbers, binary fractions, text, dates, dates with a time."""

_SECONDS: Final = 30
_KINDS: Final[tuple[tuple[Kind, tuple[str, ...]], ...]] = (
    # In this order, by what the name of the type holds: "timestamp" before "time", "datetime" before "date".
    ("moment", ("timestamp", "datetime")),
    ("other", ("time", "interval", "money", "json", "bytea", "blob", "binary", "bool", "[]", "point")),
    ("day", ("date",)),
    ("text", ("char", "text", "clob", "string", "uuid")),
    ("float", ("double", "real", "float")),
    ("exact", ("int", "num", "dec", "serial")),
)


@dataclass(frozen=True)
class RelationColumn:
    """A column: its name, and its type in the database's own words."""

    name: str
    type: str

    @property
    def kind(self) -> Kind:
        """What the column can hold, going by the name of its type."""
        name = self.type.lower()
        return next((kind for kind, words in _KINDS if any(word in name for word in words)), "other")


@dataclass(frozen=True)
class Relation:
    """A table or view; `rows` is the database's own estimate, None where it has none."""

    name: str
    columns: tuple[RelationColumn, ...]
    schema: str | None = None
    is_view: bool = False
    rows: int | None = None

    @property
    def label(self) -> str:
        """The name with the schema before it, for reading, not for SQL."""
        return self.name if self.schema is None else f"{self.schema}.{self.name}"

    @property
    def clause(self) -> TableClause:
        """The relation for a statement, every name quoted."""
        schema = None if self.schema is None else quoted_name(self.schema, True)
        columns: list[ColumnClause[Any]] = [column(quoted_name(each.name, True)) for each in self.columns]
        return table(quoted_name(self.name, True), *columns, schema=schema)

    def select(self) -> Select[Any]:
        """Return the statement for all rows."""
        return select(*self.clause.columns)


def list_relations(database: Database, cancel: Event | None = None) -> tuple[Relation, ...]:
    """Return the tables and views that the connection may read, by name.

    Raises
    ------
    DatabaseFailed
        If the database cannot be reached or does not answer.
    """
    with read_only(database, _SECONDS, cancel) as (connection, watch), watch.waiting():
        known = {"postgresql": _in_postgresql, "sqlite": _in_sqlite}.get(connection.dialect.name, _in_general)
        return tuple(sorted(known(connection), key=lambda relation: (relation.schema or "", relation.name)))


_POSTGRESQL: Final = text("""
SELECT CASE WHEN n.nspname <> current_schema() OR current_schema() IS NULL THEN n.nspname END AS schema, c.relname,
    c.relkind IN ('v', 'm') AS is_view, CASE WHEN c.reltuples >= 0 AND c.relkind <> 'v' THEN c.reltuples END AS rows,
    a.attname, format_type(a.atttypid, NULL) AS type
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
    AND has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT')
ORDER BY n.nspname, c.relname, a.attnum
""")


def _in_postgresql(connection: Connection) -> Iterator[Relation]:
    rows = connection.execute(_POSTGRESQL).all()
    for key, columns in groupby(rows, key=lambda row: (row.schema, row.relname, row.is_view, row.rows)):
        schema, name, is_view, count = key
        named = tuple(RelationColumn(row.attname, row.type) for row in columns)
        yield Relation(name, named, schema, is_view, None if count is None else int(count))


def _in_sqlite(connection: Connection) -> Iterator[Relation]:
    listed = text("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT GLOB 'sqlite_*'")
    for name, kind in connection.execute(listed).all():
        try:
            found = connection.execute(text("SELECT name, type FROM pragma_table_info(:name)"), {"name": name}).all()
        except DBAPIError:
            continue  # a view whose table is gone: there is nothing to be had from it
        columns = tuple(RelationColumn(each.name, each.type) for each in found)
        rows = None if kind == "view" else _last_row_id(connection, name)
        yield Relation(name, columns, None, kind == "view", rows)


def _last_row_id(connection: Connection, name: str) -> int | None:
    """Return the highest number of a row, which is at least their count where none was numbered by hand."""
    rowid: ColumnClause[int] = column("_rowid_")
    try:
        newest = select(rowid).select_from(table(quoted_name(name, True))).order_by(rowid.desc()).limit(1)
        return connection.execute(newest).scalar() or 0
    except DBAPIError:
        return None  # a table without row numbers


def _in_general(connection: Connection) -> Iterator[Relation]:
    inspector = inspect(connection)
    names: Iterable[tuple[str, bool]] = (
        *((name, False) for name in inspector.get_table_names()),
        *((name, True) for name in inspector.get_view_names()),
    )
    for name, is_view in names:
        columns = tuple(RelationColumn(each["name"], str(each["type"])) for each in inspector.get_columns(name))
        yield Relation(name, columns, None, is_view)
