"""What the server does before the first visit: the page's modules and the sample, and nothing twice."""

import gc
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
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
