"""What every test of the pages needs: a data folder of its own, never the user's."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which this test's mappings are remembered."""
    folder = tmp_path / "data"
    monkeypatch.setenv("CRMDASH_DATA_DIR", str(folder))
    return folder
