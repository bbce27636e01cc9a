"""What every test may ask for."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_datasets() -> Path:
    """The folder of real data sets that may lie beside the repository."""
    folder = ROOT.parent / "shared" / "datasets"
    if not folder.is_dir():
        pytest.skip(f"real data sets are absent: no folder {Path('..') / 'shared' / 'datasets'} beside the repository")
    return folder
