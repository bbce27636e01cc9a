"""What the server does before the first visit: the page's modules and the sample, and nothing twice."""

import gc
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from crmdash.ingest import dataset
from crmdash.summary import summarise
from crmdash.ui import ahead, cache
from tests.app.opening import ROOT, open_page


@pytest.fixture
def thawed() -> Iterator[None]:
    """Undo what getting ready does to the search for cycles."""
    yield
    gc.unfreeze()


@dataclass
class Counted:
    """A function that notes the days it was asked for."""

    function: Any
    days: list[int | None] = field(default_factory=list)

    def __call__(self, tables: Any, period: Any, as_of: int | None = None) -> Any:
        self.days.append(as_of)
        return self.function(tables, period, as_of)


def test_the_server_starts_without_crmdash_and_the_file_is_an_app():
    script = (
        "import sys, app; print(type(app.app).__name__, any(name.split('.')[0] == 'crmdash' for name in sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["App", "False"]


ARENAS = """
import ctypes, sys, threading, app
library, barrier = ctypes.CDLL(None), threading.Barrier(5)
def hold():
    held = bytearray(100_000)
    barrier.wait(20)
threads = [threading.Thread(target=hold) for _ in range(4)]
for thread in threads: thread.start()
barrier.wait(20)
library.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(library.fopen(sys.argv[1].encode(), b"w"))
library.malloc_info(0, file)
library.fclose(file)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only the GNU C library has arenas")
def test_all_threads_of_the_server_share_one_arena(tmp_path: Path):
    told = tmp_path / "told.xml"
    subprocess.run([sys.executable, "-c", ARENAS, str(told)], cwd=ROOT, capture_output=True, check=True)
    assert told.read_text().count("<heap nr=") == 1
    alone = ARENAS.replace(", app", "")
    subprocess.run([sys.executable, "-c", alone, str(told)], cwd=ROOT, capture_output=True, check=True)
    assert told.read_text().count("<heap nr=") > 1


def test_what_the_board_imports_is_found_in_its_script():
    named = ahead.imported_by(ahead.BOARD)
    assert named[:2] == ["crmdash.ui", "crmdash.ui.board"]
    assert {"crmdash.ui.navigation", "crmdash.ui.lists", "crmdash.ui.strip"} <= set(named)
    assert "streamlit" not in named


def test_the_first_visit_sums_nothing_up(monkeypatch: pytest.MonkeyPatch, thawed: None):
    counted = Counted(summarise)
    monkeypatch.setattr(dataset, "summarise", counted)
    cache._summary_of_sample.clear()
    gc.disable()
    ahead.sum_up_sample()
    assert gc.isenabled() and gc.get_freeze_count() > 0
    assert len(counted.days) == 2 and counted.days[0] is None
    open_page("board", "customers")
    open_page("board", "customers")
    assert len(counted.days) == 2
