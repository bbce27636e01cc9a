"""Downloads: the list shown as CSV, or customers, strategies, ledger and nearest accounts as one workbook."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, Literal

import polars as pl
import streamlit as st

from crmdash.evaluate import Evaluation
from crmdash.export import (
    Facts,
    Sheet,
    csv_text,
    customer_table,
    facts_of,
    file_name,
    move_table,
    nearest_table,
    pseudonymous,
    strategy_table,
    workbook,
)
from crmdash.i18n import Wording
from crmdash.lines import nearest, why_moved
from crmdash.phrases import say
from crmdash.ui import state
from crmdash.ui.changes import before, changes
from crmdash.ui.words import stage_words, strategy_words, tier_words

Table = Literal["customers", "strategies", "moves", "nearest"]
NEAREST_PER_SIDE: Final = 25
"""So many customers on each side of each line are handed out."""

_EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download_buttons(_: Wording, evaluation: Evaluation, table: Table, rows: pl.DataFrame) -> None:
    """Offer the list as CSV, and everything as a workbook; built only when clicked.

    Parameters
    ----------
    rows : the customers of the list, or all of them, that the workbook's first sheet holds.
    """
    opened = state.opened()
    assert opened is not None, "the board opens data first"
    facts = facts_of(evaluation, opened.key, date.today(), _narrowed(_))
    makers = _makers(_, evaluation, rows)
    with st.popover(_("Download"), icon=":material/download:", key=f"download.{table}"):
        hidden = st.toggle(
            _("Pseudonyms instead of names"), key="download.pseudonyms", persist_state="session",
            help=_("Numbers, names and people are replaced; in one file the same customer keeps its pseudonym."),
        )  # fmt: skip
        st.download_button(
            _("Everything as Excel"), lambda: _workbook(list(makers.values()), facts, _, hidden=hidden),
            file_name=file_name("board", "xlsx", date.today()), mime=_EXCEL, key=f"download.{table}.xlsx",
            on_click="ignore", icon=":material/table_view:", type="primary", width="stretch",
        )  # fmt: skip
        st.download_button(
            _("This list as CSV"), lambda: _csv(makers[table], facts, _, hidden=hidden),
            file_name=file_name(table, "csv", date.today()), mime="text/csv", key=f"download.{table}.csv",
            on_click="ignore", icon=":material/csv:", width="stretch",
        )  # fmt: skip


def _makers(_: Wording, evaluation: Evaluation, rows: pl.DataFrame) -> dict[Table, Callable[[], Sheet]]:
    """Return how each sheet is made; what needs the session is fetched now, as a download runs beside the page."""
    moves, then = changes(evaluation).moves, before()
    near = nearest(evaluation, NEAREST_PER_SIDE)
    return {
        "customers": lambda: customer_table(rows, evaluation, _),
        "strategies": lambda: strategy_table(evaluation, _),
        "moves": lambda: move_table(
            moves, _, [say(why_moved(row, then, evaluation), _) for row in moves.iter_rows(named=True)]
        ),
        "nearest": lambda: nearest_table(near, _),
    }


def _workbook(makers: Sequence[Callable[[], Sheet]], facts: Facts, _: Wording, *, hidden: bool) -> bytes:
    sheets: Sequence[Sheet] = [make() for make in makers]
    if hidden:
        sheets, facts = pseudonymous(sheets, facts, _)
    return workbook(sheets, facts, _)


def _csv(make: Callable[[], Sheet], facts: Facts, _: Wording, *, hidden: bool) -> bytes:
    sheet = make()
    if hidden:
        (sheet,), _facts = pseudonymous([sheet], facts, _)
    return csv_text(sheet)


def _narrowed(_: Wording) -> tuple[str, ...]:
    filters = state.filters()
    chosen = ((filters.tier, tier_words), (filters.stage, stage_words), (filters.strategy, strategy_words))
    return tuple(words(code, _) for code, words in chosen if code is not None)
