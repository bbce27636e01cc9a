"""What every test may ask for."""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

ROOT = Path(__file__).resolve().parent.parent

# A change must pass or fail by itself: on the build machine generated cases are the same every time, elsewhere new.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

# Processes that share the cores are faster with one thread each. Polars looks when it is imported, later than here.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("POLARS_MAX_THREADS", "1")


class FilesApart(LoadFileScheduling):  # type: ignore[misc] # not typed
    """A file's tests stay in one process, with its fixtures; those in a browser are long and go where there is room."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if nodeid.startswith("tests/browser/") else str(super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> FilesApart:
    """Say how tests are shared between processes: in their order, since the long ones come first."""
    config.option.loadscopereorder = False
    return FilesApart(config, log)


@pytest.fixture(scope="session")
def shared_datasets() -> Path:
    """The folder of real data sets that may lie beside the repository."""
    folder = ROOT.parent / "shared" / "datasets"
    if not folder.is_dir():
        pytest.skip(f"real data sets are absent: no folder {Path('..') / 'shared' / 'datasets'} beside the repository")
    return folder
