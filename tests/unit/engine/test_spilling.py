"""DuckDB goes to disk beyond its memory limit, and comes to the same customers."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from benchmarks.order_lines import write_order_lines
from crmdash.cli import main

LINES: Final = 1_000_000
BETWEEN_LOOKS: Final = 0.01


@contextmanager
def watched(folder: Path) -> Iterator[list[int]]:
    """Look into DuckDB's folder of spilled rows again and again; what is found are bytes."""
    found, over = [0], threading.Event()

    def look() -> None:
        while not over.wait(BETWEEN_LOOKS):
            with suppress(FileNotFoundError):  # files come and go
                found.append(sum(file.stat().st_size for file in folder.glob("crmdash-*/spilled/*")))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield found
    finally:
        over.set()
        looking.join()


def test_a_summary_beyond_its_memory_is_that_of_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    lines, there, here = (tmp_path / f"{name}.parquet" for name in ("lines", "there", "here"))
    write_order_lines(lines, LINES)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with watched(tmp_path) as spilled:
        command = ["summarise", str(lines), "--engine", "duckdb", "--memory-limit", "100MB"]
        assert main([*command, "--out", str(there)]) == 0
    assert max(spilled) > 10_000_000
    assert not list(tmp_path.glob("crmdash-*"))
    assert main(["summarise", str(lines), "--out", str(here)]) == 0
    found, expected = (pl.read_parquet(file).sort("customer_id") for file in (there, here))
    assert found.select(expected.columns).equals(expected)
