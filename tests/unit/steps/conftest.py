"""The sample, read once."""

from pathlib import Path
from typing import Final

import pytest

from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.raw import Source
from crmdash.summary import Summary

SAMPLES: Final = Path(__file__).resolve().parents[3] / "data" / "samples"


@pytest.fixture(scope="session")
def sample() -> Summary:
    names = ("orders.parquet", "customers.csv", "contacts.csv")
    return open_dataset([Source(name, (SAMPLES / name).read_bytes()) for name in names]).summarised()
