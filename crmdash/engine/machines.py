"""What every engine can do, and how one is opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

import polars as pl

from crmdash.engine.collecting import Lazy
from crmdash.errors import CrmdashError

ENGINES: Final = ("polars", "duckdb", "spark")


class EngineError(CrmdashError):
    """An engine that cannot be started, or cannot read or write what it was asked to."""


class Engine(Protocol):
    """A machine that reads, calculates and writes without the rows passing through this process.

    Attributes
    ----------
    one_file : whether it writes one file, in order; a cluster writes a folder of files in no order.
    """

    one_file: bool

    def parquet(self, path: str) -> Lazy:
        """Open a Parquet file, or a folder of them."""

    def csv(self, path: str, delimiter: str) -> Lazy:
        """Open UTF-8 text with a line of column names, every cell as text and blank ones missing."""

    def named(self, table: str) -> Lazy:
        """Open a table that the engine knows by name."""

    def table(self, frame: pl.DataFrame) -> Lazy:
        """Hand a small table over to the engine."""

    def keep(self, frame: Lazy) -> Lazy:
        """Compute `frame` once, and hold it where the engine holds what it must read several times."""

    def write(self, frame: Lazy, path: str) -> None:
        """Write `frame` as Parquet, replacing what stands there: DuckDB one file, Spark a folder of them."""


@contextmanager
def open_engine(name: str, *, memory_limit: str | None = None, master: str | None = None) -> Iterator[Engine]:
    """Open the engine `duckdb` or `spark` for the time of a `with`.

    Parameters
    ----------
    memory_limit : how much memory DuckDB may take, such as "500MB"; beyond, it writes to disk.
    master : the Spark cluster, such as "spark://host:7077" or "local[4]", or "sc://host" for Spark Connect; unless
        given, what the environment says (`SPARK_REMOTE`, `MASTER`, spark-submit), else this machine.

    Raises
    ------
    EngineError
        If the engine is not installed or cannot be started.
    """
    if name == "duckdb":
        from crmdash.engine.duckdb import duckdb_engine  # noqa: PLC0415  (loaded where it is used)

        with duckdb_engine(memory_limit) as engine:
            yield engine
    elif name == "spark":
        from crmdash.engine.spark import spark_engine  # noqa: PLC0415

        with spark_engine(master) as engine:
            yield engine
    else:
        raise EngineError(f"unknown engine {name!r}: choose one of {', '.join(ENGINES)}")
