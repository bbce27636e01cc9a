"""Apache Spark: transactions that outgrow one machine. No row passes through this process but a result's few."""

import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import narwhals as nw
import polars as pl

from crmdash.engine.collecting import Lazy
from crmdash.engine.machines import Engine, EngineError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_OPTIONS: Final = {
    # A sum beyond 64 bits must fail, not become another number.
    "spark.sql.ansi.enabled": "true",
    # A day must not depend on where the cluster stands.
    "spark.sql.session.timeZone": "UTC",
}
_CONNECT: Final = "sc://"
_PANDAS: Final = "PySpark does not yet fully support pandas"
"""PySpark warns of pandas 3 whenever it is loaded; no pandas frame is handed to it here."""

GET_PYSPARK: Final = "--engine spark needs PySpark: install crmdash with its extra, crmdash[spark]"
GET_JAVA: Final = (
    "--engine spark needs Java 17 or newer on this machine, found by JAVA_HOME or on the PATH. Debian and Ubuntu: "
    "apt-get install openjdk-17-jre-headless; macOS: brew install openjdk@17; Windows: winget install "
    "Microsoft.OpenJDK.17. Through Spark Connect (--spark-master sc://HOST) no Java is needed here"
)


class Spark:
    """One Spark session, of a cluster or through Spark Connect (`crmdash.engine.machines.Engine`)."""

    one_file = False

    def __init__(self, session: "SparkSession") -> None:
        self._session = session
        self._kept: list[DataFrame] = []

    def parquet(self, path: str) -> Lazy:
        """Open a Parquet file, or a folder of them."""
        return nw.from_native(self._session.read.parquet(path))

    def csv(self, path: str, delimiter: str) -> Lazy:
        """Open UTF-8 text with a line of column names, every cell as text and blank ones missing."""
        options: dict[str, bool | str] = {
            "header": True,
            "sep": delimiter,
            "escape": '"',
            "mode": "FAILFAST",
            "enforceSchema": False,
        }
        return nw.from_native(self._session.read.options(**options).csv(path))

    def named(self, table: str) -> Lazy:
        """Open a table of the catalogue."""
        return nw.from_native(self._session.table(table))

    def table(self, frame: pl.DataFrame) -> Lazy:
        """Hand a small table over to the engine."""
        return nw.from_native(self._session.createDataFrame(frame.to_arrow()))

    def keep(self, frame: Lazy) -> Lazy:
        """Compute `frame` once, and hold it in the memory and on the disks of the workers."""
        kept = frame.to_native().persist()
        self._kept.append(kept)
        return nw.from_native(kept)

    def write(self, frame: Lazy, path: str) -> None:
        """Write `frame` as a folder of Parquet files, replacing what stands there; each worker writes its part."""
        frame.to_native().write.mode("overwrite").parquet(path)

    def release(self) -> None:
        """Let the workers forget what was kept."""
        for kept in self._kept:
            kept.unpersist()
        self._kept.clear()


@contextmanager
def spark_engine(master: str | None = None) -> Iterator[Engine]:
    """Open a Spark session, or take the one that runs already.

    Raises
    ------
    EngineError
        If PySpark or Java is absent, the cluster does not answer, or Spark cannot do what it was asked.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", _PANDAS, FutureWarning)
        failures = _failures()
        try:
            session, own = _session(master)
            engine = Spark(session)
            try:
                yield engine
            finally:
                engine.release()
                if own:
                    session.stop()
        except failures as error:
            raise EngineError(f"spark: {_first_line(error)}") from error


def _session(master: str | None) -> "tuple[SparkSession, bool]":
    """Return a session, and whether it was opened here."""
    from pyspark.sql import SparkSession  # noqa: PLC0415  (an extra)

    running = SparkSession.getActiveSession()
    if running is not None:
        return running, False
    connected = (master or os.environ.get("SPARK_REMOTE", "")).startswith(_CONNECT)
    if not connected and not _has_java():
        raise EngineError(GET_JAVA)
    builder = SparkSession.builder.appName("crmdash")
    for name, value in _OPTIONS.items():
        builder = builder.config(name, value)
    if master is not None:
        builder = builder.remote(master) if connected else builder.master(master)
    return builder.getOrCreate(), True


def _has_java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=None if home is None else os.path.join(home, "bin")) is not None


def _failures() -> tuple[type[Exception], ...]:
    try:
        from py4j.protocol import Py4JError  # type: ignore[import-untyped] # noqa: PLC0415
        from pyspark.errors import PySparkException  # noqa: PLC0415
    except ImportError as error:
        raise EngineError(GET_PYSPARK) from error
    return PySparkException, Py4JError


def _first_line(error: Exception) -> str:
    return next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
