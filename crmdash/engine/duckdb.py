"""DuckDB: files larger than memory on one machine. What does not fit into its memory limit goes to disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import narwhals as nw
import polars as pl

from crmdash.engine.collecting import Lazy
from crmdash.engine.machines import Engine, EngineError


class DuckDb:
    """One connection with a database of its own on disk (`crmdash.engine.machines.Engine`)."""

    one_file = True

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._numbers = count(1)

    def parquet(self, path: str) -> Lazy:
        """Open a Parquet file, or a folder of them."""
        found = f"{path.rstrip('/')}/*.parquet" if Path(path).is_dir() else path
        return _seen(self._connection.read_parquet(found))

    def csv(self, path: str, delimiter: str) -> Lazy:
        """Open UTF-8 text with a line of column names, every cell as text and blank ones missing."""
        return _seen(self._connection.read_csv(path, header=True, sep=delimiter, all_varchar=True))

    def named(self, table: str) -> Lazy:
        """Open a table that the engine knows by name."""
        raise EngineError(f"{table}: --engine duckdb reads files; give a path")

    def table(self, frame: pl.DataFrame) -> Lazy:
        """Hand a small table over to the engine."""
        return self._created(self._connection.from_arrow(frame.to_arrow()))

    def keep(self, frame: Lazy) -> Lazy:
        """Compute `frame` once, into a table on disk."""
        return self._created(frame.to_native())

    def write(self, frame: Lazy, path: str) -> None:
        """Write `frame` as one Parquet file, replacing what stands there."""
        frame.to_native().write_parquet(path, compression="zstd", overwrite=True)

    def _created(self, relation: duckdb.DuckDBPyRelation) -> Lazy:
        name = f"kept_{next(self._numbers)}"
        relation.create(name)
        return _seen(self._connection.table(name))


@contextmanager
def duckdb_engine(memory_limit: str | None = None) -> Iterator[Engine]:
    """Open DuckDB with a database in a folder of its own, which goes when the engine is closed.

    Raises
    ------
    EngineError
        If DuckDB cannot take the memory limit, read a file or write the result.
    """
    with TemporaryDirectory(prefix="crmdash-") as folder:
        options: dict[str, str | bool | int | float | list[str]] = {
            "temp_directory": str(Path(folder) / "spilled"),
            "preserve_insertion_order": False,
        }
        if memory_limit is not None:
            options["memory_limit"] = memory_limit
        try:
            with duckdb.connect(str(Path(folder) / "kept.duckdb"), config=options) as connection:
                yield DuckDb(connection)
        except duckdb.Error as error:
            raise EngineError(f"duckdb: {error}") from error


def _seen(relation: duckdb.DuckDBPyRelation) -> Lazy:
    return nw.from_native(relation).lazy()
