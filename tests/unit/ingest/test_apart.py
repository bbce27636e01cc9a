"""Work in a process of its own: its progress and result, how it is ended, and what is left of it."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from crmdash.ingest.apart import Apart, Progress, WorkFailed
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.raw import Source
from crmdash.rule_settings import PeriodSettings
from crmdash.ui.data_staging import StagedFile
from crmdash.ui.data_work import begin_reading, with_own_sources

ORDERS = b"customer_id,date,amount\nA,2024-01-05,10\nB,2024-02-05,20\nA,2024-03-01,5\n"
MANY = 200_000
SECONDS = 60


@dataclass(frozen=True)
class Pair:
    """Two names for the same frame, and one of another."""

    one: pl.DataFrame
    same: pl.DataFrame
    small: pl.DataFrame


def make_frames(rows: int, progress: Progress) -> Pair:
    progress(0.5, "half")
    large = pl.DataFrame({"number": range(rows), "text": [f"customer number {place}" for place in range(rows)]})
    return Pair(large, large, large.head(2))


def wait_long(mark: str, progress: Progress) -> str:
    Path(mark).write_text(str(os.getpid()))
    progress(0.25, "waiting")
    time.sleep(SECONDS)
    return "too late"


def give_up(why: str, progress: Progress) -> None:
    raise ValueError(why)


def die(code: int, progress: Progress) -> None:
    os._exit(code)


def process_of(mark: Path) -> int:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if mark.is_file() and mark.read_text():
            return int(mark.read_text())
        time.sleep(0.02)
    raise AssertionError("the work never began")


def is_gone(process: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files lie, so that what is left can be seen."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_frames_come_back_mapped_and_each_once(folder: Path):
    work = Apart(make_frames, MANY)
    assert work.wait(SECONDS) and not work.failed
    pair = work.result()
    assert pair is not None
    assert pair.one is pair.same
    assert pair.one.n_chunks() == 1
    assert pair.one["number"].sum() == MANY * (MANY - 1) // 2
    assert pair.one["text"][-1] == f"customer number {MANY - 1}"
    assert pair.small.rows() == [(0, "customer number 0"), (1, "customer number 1")]
    assert work.progress == (0.5, "half")
    assert not list(folder.iterdir())


def test_work_can_be_ended(folder: Path, tmp_path: Path):
    work = Apart(wait_long, str(tmp_path / "mark"))
    process = process_of(tmp_path / "mark")
    work.cancel()
    assert work.wait(10)
    assert (work.stopped, work.failed, work.result()) == (True, False, None)
    assert is_gone(process)
    assert [path.name for path in folder.iterdir()] == ["mark"]


def test_work_that_nobody_holds_ends(tmp_path: Path):
    work = Apart(wait_long, str(tmp_path / "mark"))
    process = process_of(tmp_path / "mark")
    del work
    assert is_gone(process)


def test_an_error_is_raised_where_the_result_is_asked_for():
    work = Apart(give_up, "no such luck")
    assert work.wait(SECONDS) and work.failed
    with pytest.raises(WorkFailed, match="no such luck"):
        work.result()


def test_a_process_that_dies_is_a_failure_and_no_result(folder: Path):
    work = Apart(die, 9)
    assert work.wait(SECONDS) and work.failed
    with pytest.raises(WorkFailed):
        work.result()
    assert not list(folder.iterdir())


def test_files_read_apart_are_read_as_here():
    here = open_dataset([Source("orders.csv", ORDERS)])
    files = (StagedFile(Source("orders.csv", ORDERS).put_away()),)
    work = begin_reading(files, PeriodSettings())
    assert work.wait(SECONDS)
    found = work.result()
    assert found is not None
    there = found.dataset
    assert there.transactions is not None and here.transactions is not None
    assert there.transactions.equals(here.transactions)
    assert (there.fingerprint, there.rows, there.rows_used) == (here.fingerprint, here.rows, here.rows_used)
    assert there.summary is not None and there.summarised(PeriodSettings(pseudo_gaps=5)) is there.summary
    assert there.summary.customers.equals(here.summarised().customers)
    assert there.summarised(PeriodSettings(window=30)).period.window == 30
    assert with_own_sources(found.files, files)[0].source is files[0].source
