"""The summary against the same written by hand in Polars, pandas and DuckDB, on generated order lines."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from benchmarks.order_lines import write_order_lines
from benchmarks.summary_peers import duckdb_summary, pandas_summary, polars_summary
from crmdash.ingest.clean_checks import open_clean
from crmdash.summary import summarise

Peer = Callable[[Path], pl.DataFrame | pd.DataFrame]


@pytest.fixture(scope="module", params=["orders.parquet", "orders.csv"])
def orders(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("orders") / request.param
    write_order_lines(path, 20_000)
    return path


@pytest.mark.parametrize("peer", [polars_summary, pandas_summary, duckdb_summary])
def test_every_column_by_hand(orders: Path, peer: Peer):
    lines = open_clean(orders)
    assert lines is not None
    ours, found = summarise(lines.tables).customers, peer(orders)
    theirs = pl.from_pandas(found) if isinstance(found, pd.DataFrame) else found
    assert set(theirs.columns) == set(ours.columns)
    assert_frame_equal(theirs.select(ours.columns).cast(ours.schema), ours, rel_tol=1e-12)
