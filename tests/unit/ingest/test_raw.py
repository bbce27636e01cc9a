"""Where a file's bytes are: in memory, at a path, or put away until the last who holds them is gone."""

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from crmdash.errors import UnreadableFile
from crmdash.ingest import limits
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.raw import Source
from crmdash.ingest.readers import read_table

CONTENT = b"customer_id,revenue\nA,10\nB,20\n"
CUSTOMERS = pl.DataFrame(
    {"customer_id": ["A", "B", " "], "revenue": [10.5, None, 3.0], "seen": ["x", "", "y"], "tags": [[1], [2], [3]]}
)


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    path = tmp_path / "customers.parquet"
    CUSTOMERS.write_parquet(path)
    return path


def test_a_source_is_the_same_wherever_its_bytes_lie(tmp_path: Path):
    path = tmp_path / "customers.csv"
    path.write_bytes(CONTENT)
    sources = [Source("customers.csv", CONTENT), Source.at(path), Source("customers.csv", CONTENT).put_away()]
    for source in sources:
        assert source.name == "customers.csv"
        assert source.size == len(CONTENT)
        assert source.digest == hashlib.sha256(CONTENT).hexdigest()
        assert source.ends(4) == (b"cust", b",20\n")
        assert source.loaded().content == CONTENT
    assert len({open_dataset([source]).fingerprint for source in sources}) == 1


def test_bytes_put_away_go_with_the_last_who_holds_them():
    first = Source("a.csv", CONTENT).put_away()
    second = replace(first, name="b.csv")
    assert first.path is not None
    path = Path(os.fspath(first.path))
    del first
    assert path.is_file() and second.loaded().content == CONTENT
    del second
    assert not path.exists()


def test_a_missing_file_is_told_at_once(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        Source.at(tmp_path / "nowhere.csv")


def test_the_same_file_is_not_counted_twice_wherever_it_lies(tmp_path: Path):
    path = tmp_path / "again.csv"
    path.write_bytes(CONTENT)
    dataset = open_dataset([Source("customers.csv", CONTENT), Source.at(path)])
    assert dataset.rows == 2
    assert [issue.code for issue in dataset.files[1].issues] == ["file_twice"]


def test_parquet_at_a_path_is_streamed_into_the_same_cells(parquet: Path):
    streamed, held = read_table(Source.at(parquet)), read_table(Source.from_path(parquet))
    assert streamed.frame.equals(held.frame)
    assert streamed.frame.rows() == [("A", "10.5", "x"), ("B", None, None), (None, "3.0", "y")]
    assert [issue.code for issue in streamed.issues] == ["column_nested"]


@pytest.mark.parametrize(
    ("limit", "most", "code"),
    [("MAX_ROWS", 2, "too_many_rows"), ("MAX_COLUMNS", 3, "too_many_columns"), ("MAX_TEXT", 60, "unpacked_too_large"),
     ("MAX_CELL", 1, "cell_too_long")],
)  # fmt: skip
def test_streaming_keeps_the_limits(parquet: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int, code: str):
    monkeypatch.setattr(limits, limit, most)
    with pytest.raises(UnreadableFile) as refused:
        read_table(Source.at(parquet))
    assert refused.value.issue.code == code


def test_a_cut_parquet_file_is_told(parquet: Path):
    parquet.write_bytes(parquet.read_bytes()[:-9] + b"PAR1")
    with pytest.raises(UnreadableFile) as refused:
        read_table(Source.at(parquet))
    assert refused.value.issue.code == "parquet_broken"
