"""The summary of plain order lines written by hand in SQL for DuckDB (see `benchmarks.summary_peers`)."""

from pathlib import Path
from typing import Final

import duckdb
import polars as pl

WINDOW: Final = 365
YOUNG: Final = 1.5


def duckdb_summary(path: Path, **configuration: str) -> pl.DataFrame:
    """Summarise the file in DuckDB, in one statement; `configuration` as DuckDB takes it (memory_limit, ...)."""
    source = f"read_parquet('{path}')" if path.suffix == ".parquet" else f"read_csv('{path}')"
    statement = Path(__file__).with_suffix(".sql").read_text("utf-8")
    filled = statement.format(source=source, window=WINDOW, young=YOUNG * WINDOW)
    with duckdb.connect(config=dict(configuration)) as connection:
        return connection.sql(filled).pl()
