"""Databases as a source: any that SQLAlchemy reaches, read as text in a transaction that cannot write.

`Database` says where, `list_relations` what is there; `read_relation`, `read_query` and `read_aggregated` return a
`RawTable` as a file would give it, and `as_source` makes bytes of it that the file reader takes. Everything that can
go wrong is a `DatabaseFailed` with one issue, and carries neither address nor password.
"""

from crmdash.ingest.database.address import Database
from crmdash.ingest.database.aggregation import aggregated_mapping, aggregated_select
from crmdash.ingest.database.failures import DatabaseFailed
from crmdash.ingest.database.inventory import Relation, list_relations
from crmdash.ingest.database.orders import LargeOrders, open_relation
from crmdash.ingest.database.reading import (
    LARGE,
    Limits,
    as_source,
    is_large,
    read_aggregated,
    read_query,
    read_relation,
)
from crmdash.ingest.database.running import Running

__all__ = [
    "LARGE",
    "Database",
    "DatabaseFailed",
    "LargeOrders",
    "Limits",
    "Relation",
    "Running",
    "aggregated_mapping",
    "aggregated_select",
    "as_source",
    "is_large",
    "list_relations",
    "open_relation",
    "read_aggregated",
    "read_query",
    "read_relation",
]
