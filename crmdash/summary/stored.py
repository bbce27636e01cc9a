"""A summary as a table that can be stored and opened again: its customers, and what holds for all of them.

What holds for all (the clock, the period, the market) stands as one text in a column of its own, the same in every row:
Parquet stores it once, and it stays with the rows whichever engine wrote them, in one file or many.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

import narwhals as nw

from crmdash.engine import Lazy, collect
from crmdash.errors import CrmdashError, SettingsError
from crmdash.rule_settings import PeriodSettings
from crmdash.summary.clock import Clock
from crmdash.summary.growth import Market
from crmdash.summary.summarise import LazySummary, Summary
from crmdash.summary.tables import columns_of

NOTE: Final = "crmdash:summary"
"""The column that says that a table is a stored summary."""

_VERSION: Final = 1


class NoSummary(CrmdashError):
    """A table that is no stored summary of this version."""


def check_asked(stored: LazySummary | Summary, period: PeriodSettings, as_of: int | None) -> None:
    """Make sure that a stored summary is asked for its own sums: without the order lines there are no others.

    Raises
    ------
    SettingsError
        If another day (None is its own), window, value period or hourly cost is asked for.
    """
    if not period.same_sums(stored.period) or as_of not in (None, stored.clock.as_of):
        raise SettingsError("period: the summary was made for another day, window or value period; summarise again")


def is_stored(customers: Lazy) -> bool:
    """Say whether a table is a stored summary."""
    return NOTE in columns_of(customers)


def to_store(summary: LazySummary, labels: Sequence[str] = ()) -> Lazy:
    """Return the customers with the note; issues are not stored.

    Parameters
    ----------
    labels : columns that are no measures but what an evaluation added; whoever opens the summary leaves them out.
    """
    note = {
        "version": _VERSION,
        "clock": asdict(summary.clock),
        "period": summary.period.model_dump(),
        "market": None if summary.market is None else asdict(summary.market),
        "cost_source": summary.cost_source,
        "labels": list(labels),
    }
    return summary.customers.with_columns(**{NOTE: nw.lit(json.dumps(note, sort_keys=True))})


def from_store(customers: Lazy) -> LazySummary:
    """Return the summary that `to_store` stored.

    Raises
    ------
    NoSummary
        If the rows are of several summaries, of none, or of another version.
    """
    notes = collect(customers.select(NOTE).unique())[NOTE].to_list()
    return from_note(notes[0] if len(notes) == 1 else "{}", customers.drop(NOTE))


def from_note(text: str, customers: Lazy) -> LazySummary:
    """Return the summary of customers that stood beside a note.

    Raises
    ------
    NoSummary
        If the note is none, or of another version.
    """
    note: dict[str, Any] = json.loads(text)
    if note.get("version") != _VERSION:
        raise NoSummary("this is not one summary that this version of crmdash has written; summarise again")
    market = None if note["market"] is None else Market(**note["market"])
    period = PeriodSettings.model_validate(note["period"])
    measured = customers.drop(note.get("labels", []), strict=False)
    return LazySummary(measured, Clock(**note["clock"]), period, market, (), 0, note["cost_source"])
