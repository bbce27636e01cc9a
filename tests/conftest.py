"""What every test may ask for."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# A change must pass or fail by itself: on the build machine generated cases are the same every time, elsewhere new.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(scope="session")
def shared_datasets() -> Path:
    """The folder of real data sets that may lie beside the repository."""
    folder = ROOT.parent / "shared" / "datasets"
    if not folder.is_dir():
        pytest.skip(f"real data sets are absent: no folder {Path('..') / 'shared' / 'datasets'} beside the repository")
    return folder
