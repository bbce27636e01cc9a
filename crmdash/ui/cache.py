"""Results remembered between reruns: keyed by one string, bounded, and for customer data only within the session.

Frames never enter a key: Streamlit hashes only parts of them, and one user would be shown another's numbers. What is
remembered is asked for by named arguments: for the others Streamlit inspects the function anew at every call.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import streamlit as st

from crmdash.evaluate import Evaluation, evaluate
from crmdash.ingest.dataset import Dataset, open_dataset
from crmdash.ingest.readers import Source
from crmdash.rule_settings import PeriodSettings
from crmdash.settings import Measure, Settings
from crmdash.summary import Summary
from crmdash.systems.evidence import Evidence
from crmdash.systems.registry import gather
from crmdash.systems.tier_measures import WORKED_OUT, measured_by, measures_held, with_tier_measure
from crmdash.ui import state
from crmdash.ui.state import Opened
from crmdash.view import View

MANY: Final = 200_000
"""Customers from which fewer results are kept: each can take gigabytes."""
SAMPLES: Final = Path(__file__).resolve().parents[2] / "data" / "samples"
SAMPLE_FILES: Final = ("orders.parquet", "customers.csv", "contacts.csv", "staff.csv")


@st.cache_resource(show_spinner=False)
def sample() -> Dataset:
    """Open the sample: the same for everybody, and nobody's data."""
    return open_dataset([Source.from_path(SAMPLES / name, trusted=True) for name in SAMPLE_FILES])


def summarised(opened: Opened, period: PeriodSettings, as_of: int | None = None) -> Summary:
    """Return the customers of the open data as at a day, for the period settings (rhythms are told later).

    A stored summary is of its own period, whatever the settings say until the board has fitted them.
    """
    period = PeriodSettings().with_sums_of(opened.dataset.held_period(period))
    keep = _summary if opened.dataset.rows < MANY else _summary_of_many
    if opened.is_sample:
        keep = _summary_of_sample
    key = f"{opened.key}|{period.model_dump_json()}|{as_of}"
    return keep(key=key, _dataset=opened.dataset, _period=period, _as_of=as_of)


def measured(opened: Opened, settings: Settings, as_of: int | None = None) -> Summary:
    """Return the same with the measure that tiers go by; without it, where the data does not allow it.

    A lifetime value is fitted once for the data and its day, whatever horizon it is reckoned for.
    """
    summary = summarised(opened, settings.period, as_of)
    if settings.tiers.measure not in WORKED_OUT:
        return summary
    key = f"{_lasting_key(opened, settings.period, as_of)}|{measured_by(settings)}"
    fits = _lasting(key=_lasting_key(opened, settings.period, None))
    return _measured(key=key, _summary=summary, _settings=settings, _fits=fits)


def held_measures(opened: Opened, view: View) -> tuple[Measure, ...]:
    """Return the measures that tiers can go by on the open data, as at the day of a view."""
    settings = view.settings
    summary = summarised(opened, settings.period, view.as_of)
    key = f"{_lasting_key(opened, settings.period, view.as_of)}|{settings.lifetime.model_dump_json()}"
    return _held_measures(key=key, _summary=summary, _settings=settings)


def evaluated(opened: Opened, view: View) -> Evaluation:
    """Return every table of the open data as a view shows it."""
    summary = measured(opened, view.settings, view.as_of)
    keep = _evaluation if summary.customers.height < MANY else _evaluation_of_many
    return keep(key=view_key(opened, view), _summary=summary, _view=view)


def evaluation_now() -> Evaluation:
    """Return every table as the board stands now: what parts of the page that are drawn by themselves ask for."""
    opened = state.opened()
    assert opened is not None, "the board opens data first"
    return evaluated(opened, state.view())


def evidence_of(opened: Opened, view: View) -> Evidence:
    """Return what systems are asked of, for the open data as a view shows it; what they find stays with it."""
    summary = measured(opened, view.settings, view.as_of)
    lasting = _lasting(key=_lasting_key(opened, view.settings.period, view.as_of))
    at = partial(measured, opened, view.settings)
    return _evidence(
        key=view_key(opened, view), _dataset=opened.dataset, _summary=summary, _evaluation=evaluated(opened, view),
        _summary_at=at, _lasting=lasting,
    )  # fmt: skip


def _lasting_key(opened: Opened, period: PeriodSettings, as_of: int | None) -> str:
    return f"{opened.key}|{period.model_dump_json()}|{as_of}"


def view_key(opened: Opened, view: View) -> str:
    """Return one string that stands for the open data as a view shows it."""
    return f"{opened.key}|{view.settings.model_dump_json()}|{view.as_of}|{view.scope!r}"


@st.cache_resource(max_entries=10, show_spinner=False)
def _summary_of_sample(key: str, _dataset: Dataset, _period: PeriodSettings, _as_of: int | None) -> Summary:
    return _dataset.summarised(_period, _as_of)


@st.cache_resource(scope="session", max_entries=10, show_spinner=False)
def _summary(key: str, _dataset: Dataset, _period: PeriodSettings, _as_of: int | None) -> Summary:
    return _dataset.summarised(_period, _as_of)


@st.cache_resource(scope="session", max_entries=3, show_spinner=False)
def _summary_of_many(key: str, _dataset: Dataset, _period: PeriodSettings, _as_of: int | None) -> Summary:
    return _dataset.summarised(_period, _as_of)


@st.cache_resource(scope="session", max_entries=10, show_spinner=False)
def _measured(key: str, _summary: Summary, _settings: Settings, _fits: dict[str, Any]) -> Summary:
    return with_tier_measure(_summary, _settings, _fits)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _held_measures(key: str, _summary: Summary, _settings: Settings) -> tuple[Measure, ...]:
    return measures_held(_summary, _settings)


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _lasting(key: str) -> dict[str, Any]:
    return {}


@st.cache_resource(scope="session", max_entries=4, show_spinner=False)
def _evidence(
    key: str,
    _dataset: Dataset,
    _summary: Summary,
    _evaluation: Evaluation,
    _summary_at: Callable[[int], Summary],
    _lasting: dict[str, Any],
) -> Evidence:
    return gather(_dataset.tables, _summary, _evaluation, _summary_at, _lasting)


@st.cache_resource(scope="session", max_entries=8, show_spinner=False)
def _evaluation(key: str, _summary: Summary, _view: View) -> Evaluation:
    return evaluate(_summary, _view.settings, _view.scope)


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _evaluation_of_many(key: str, _summary: Summary, _view: View) -> Evaluation:
    return evaluate(_summary, _view.settings, _view.scope)
