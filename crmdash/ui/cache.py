"""Results remembered between reruns: keyed by one string, bounded, and for customer data only within the session.

Frames never enter a key: Streamlit hashes only parts of them, and one user would be shown another's numbers.
"""

from pathlib import Path
from typing import Final

import streamlit as st

from crmdash.evaluate import Evaluation, evaluate
from crmdash.ingest.dataset import Dataset, open_dataset
from crmdash.ingest.readers import Source
from crmdash.settings import PeriodSettings, Settings
from crmdash.summary import Summary, summarise
from crmdash.ui.state import Opened

SAMPLES: Final = Path(__file__).resolve().parents[2] / "data" / "samples"
SAMPLE_FILES: Final = ("orders.parquet", "customers.csv", "contacts.csv", "staff.csv")


@st.cache_resource(show_spinner=False)
def sample() -> Dataset:
    """Open the sample: the same for everybody, and nobody's data."""
    return open_dataset([Source.from_path(SAMPLES / name) for name in SAMPLE_FILES])


def summarised(opened: Opened, period: PeriodSettings) -> Summary:
    """Return the customers of the open data, summarised for the period settings (rhythms are told later)."""
    period = PeriodSettings(window=period.window, value_months=period.value_months, hourly_cost=period.hourly_cost)
    return _summary(f"{opened.key}|{period.model_dump_json()}", opened.dataset, period)


def evaluated(opened: Opened, settings: Settings) -> Evaluation:
    """Return every table for the open data and the settings."""
    summary = summarised(opened, settings.period)
    return _evaluation(f"{opened.key}|{settings.model_dump_json()}", summary, settings)


@st.cache_resource(scope="session", max_entries=3, show_spinner=False)
def _summary(key: str, _dataset: Dataset, _period: PeriodSettings) -> Summary:
    return summarise(_dataset.tables, _period)


@st.cache_resource(scope="session", max_entries=8, show_spinner=False)
def _evaluation(key: str, _summary: Summary, _settings: Settings) -> Evaluation:
    return evaluate(_summary, _settings)
