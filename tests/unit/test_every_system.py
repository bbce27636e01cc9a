"""Every system of docs/systems.md: the table agrees with the code, and each is recounted on the sample's raw files."""

import importlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from crmdash.i18n import Wording
from crmdash.model.lifecycle import MODELS
from crmdash.rule_settings import SYSTEM_CODES
from crmdash.systems.registry import SYSTEMS
from crmdash.systems.report import System
from crmdash.ui.navigation import PAGES
from tests.unit.recounts import audit, board_and_lifecycle, value_and_kinds, warnings_and_what_if
from tests.unit.recounts.found import CHECKS, Found, gather_sample
from tests.unit.reference_systems.sample import as_at

ROOT = Path(__file__).resolve().parents[2]
NONE = "–"
LATER = ("comes with the plan", "comes with teaching")


@dataclass(frozen=True)
class Line:
    """One line of the tables."""

    numbers: tuple[str, ...]
    module: str
    page: str
    needs: str
    test: str

    @property
    def system(self) -> System | None:
        """The system that the module makes known to the registry."""
        if self.module == NONE:
            return None
        name = self.module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        own = [value for value in vars(importlib.import_module(name)).values() if isinstance(value, System)]
        held = [system for system in own if system.code == name.rpartition(".")[2]]
        return held[0] if held else None

    @property
    def key(self) -> str:
        """What its recount is filed under."""
        return self.numbers[0] if self.numbers else Path(self.module.removesuffix("/__init__.py")).stem


def lines() -> list[Line]:
    """Read both tables of the page."""
    rows = [line for line in (ROOT / "docs/systems.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in row.strip("| ").split(" | ")] for row in rows if not row.startswith("| number")]
    return [
        Line(tuple(no.split(", ")) if no != NONE else (), module.strip("`"), page, needs, test.strip("`"))
        for no, _, module, page, needs, test in cells
    ]


LINES = lines()
each_line = pytest.mark.parametrize("line", LINES, ids=lambda line: line.key)


@pytest.fixture(scope="module")
def found() -> Found:
    return gather_sample()


# The table


def test_every_number_stands_once_and_in_order():
    numbers = [number for line in LINES for number in line.numbers]
    second = {8, 13, 14, 17, 19, 20, 26, 31, 34, 37}
    wanted = [f"S{n}{b}" for n in range(1, 38) for b in ("", "b") if not b or n in second]
    assert sorted(numbers) == sorted(wanted)
    assert [number for number in numbers if number != "S24"] == [number for number in wanted if number != "S24"]


def test_every_system_stands_in_the_table():
    told = [line.system.code for line in LINES if line.system is not None]
    assert sorted(told) == sorted(SYSTEMS) == sorted(SYSTEM_CODES)


@each_line
def test_the_files_are_there(line: Line):
    if line.needs in LATER:
        assert (line.module, line.page, line.test) == (NONE, NONE, NONE)
        return
    assert (ROOT / line.module).is_file()
    assert (ROOT / line.test).is_file()
    assert line.page in {entry.title(Wording("en")) for entry in PAGES}


@each_line
def test_numbers_and_needs_are_those_of_the_code(line: Line):
    system = line.system
    if system is None:
        assert not line.module.startswith("crmdash/systems/")
        return
    assert system is SYSTEMS[system.code]
    assert system.number in line.numbers if line.numbers else not system.number.startswith("S")
    needs = "; ".join(" or ".join(f"`{one}`" for one in anyone) for anyone in system.needs)
    assert line.needs == (needs or NONE)


@each_line
def test_the_page_shows_the_system(line: Line):
    if line.system is not None:
        folder = ROOT / "crmdash/ui" / line.page.lower().replace(" ", "_")
        written = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
        # The page of the lifecycles offers every model by name.
        assert f'"{line.system.code}"' in written or (line.system.code in MODELS and "MODELS" in written)


# The figures


RECOUNTS = (audit, board_and_lifecycle, value_and_kinds, warnings_and_what_if)  # importing them fills CHECKS


def test_every_system_is_recounted():
    assert sorted(CHECKS) == sorted(line.key for line in LINES if line.module != NONE)


@pytest.mark.parametrize("key", [line.key for line in LINES if line.module != NONE])
def test_the_sample_recounted(key: str, found: Found):
    CHECKS[key](found, as_at())
