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
from crmdash.ui.narrowing import clicked_words, narrowed

Table = Literal["customers", "losses", "moves", "stage_moves", "nearest"]
Maker = Callable[[], Sheet]
Rows = Callable[[slice], pl.DataFrame]
"""Gives some rows of a list."""
NEAREST_PER_SIDE: Final = 25
"""So many customers on each side of each line are handed out."""
MOST: Final = 100_000
"""Rows of a list that one file takes: each is explained in words, and a file is written in seconds, not in hours."""

_EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download_buttons(_: Wording, evaluation: Evaluation, table: Table, rows: Rows, count: int) -> None:
    """Offer the list as CSV, and everything as a workbook; built only when clicked, a long list in parts.

    Parameters
    ----------
    rows : gives what the list holds, all its pages.
    count : how many rows that is.
    """
    popover = st.popover(_("Download"), icon=":material/download:", key=f"download.{table}", on_change="rerun")
    if popover.open:
        with popover:
            _buttons(_, evaluation, table, rows, count)


def _buttons(_: Wording, evaluation: Evaluation, table: Table, rows: Rows, count: int) -> None:
    opened = state.opened()
    assert opened is not None, "the board opens data first"
    facts = facts_of(evaluation, opened.key, date.today(), clicked_words(_))
    part = _part(_, table, count)
    makers, this = _makers(_, evaluation), _maker(_, evaluation, table, lambda: rows(part))
    hidden = st.toggle(
        _("Pseudonyms instead of names"), key="download.pseudonyms", persist_state="session",
        help=_("Numbers, names and people are replaced; in one file the same customer keeps its pseudonym."),
    )  # fmt: skip
    st.download_button(
        _("All tables as Excel"), lambda: _workbook(makers, facts, _, hidden=hidden),
        file_name=file_name("board", "xlsx", date.today()), mime=_EXCEL, key=f"download.{table}.xlsx",
        on_click="ignore", icon=":material/table_view:", type="primary", width="stretch",
        help=_("The customers as listed, strategies, who moved, nearest to a line, and all settings."),
    )  # fmt: skip
    st.download_button(
        _("This list as CSV"), lambda: _csv(this, facts, _, hidden=hidden),
        file_name=file_name(table.replace("_", "-"), "csv", date.today()), mime="text/csv", key=f"download.{table}.csv",
        on_click="ignore", icon=":material/csv:", width="stretch",
    )  # fmt: skip


def _part(_: Wording, table: Table, count: int) -> slice:
    """Return which rows the CSV file takes; of a long list the reader chooses the part."""
    if count <= MOST:
        return slice(0, count)
    parts = -(-count // MOST)
    number = int(st.number_input(_("Part of the list"), 1, parts, 1, key=f"download.{table}.part"))
    first, last = (number - 1) * MOST, min(number * MOST, count)
    st.caption(
        _(
            "The CSV file takes rows {first} to {last} of {all}; in the workbook every table ends after {most}. "
            "crmdash evaluate writes them all into one file.",
            first=_.integer(first + 1), last=_.integer(last), all=_.integer(count), most=_.integer(MOST),
        )
    )  # fmt: skip
    return slice(first, last)


def _makers(_: Wording, evaluation: Evaluation) -> list[Maker]:
    """Return how each sheet of the workbook is made, of the rows that one file takes."""
    ledger, near, listed = changes(evaluation), nearest(evaluation, NEAREST_PER_SIDE), narrowed(evaluation)
    return [
        _maker(_, evaluation, "customers", lambda: listed.rows(slice(0, MOST))),
        lambda: strategy_table(evaluation, _),
        _maker(_, evaluation, "moves", lambda: ledger.moves.head(MOST)),
        _maker(_, evaluation, "stage_moves", lambda: ledger.stage_moves.head(MOST)),
        _maker(_, evaluation, "nearest", lambda: near),
    ]


def _maker(_: Wording, evaluation: Evaluation, table: Table, rows: Callable[[], pl.DataFrame]) -> Maker:
    """Return how a list becomes a sheet; what needs the session is fetched now, as a download runs beside the page."""
    if table in ("customers", "losses"):
        return lambda: customer_table(rows(), evaluation, _)
    if table == "nearest":
        return lambda: nearest_table(rows(), _)
    then, name = before(), _.term("export", f"sheet.{table}")

    def moved() -> Sheet:
        moves = rows()
        return move_table(
            moves, _, [say(why_moved(row, then, evaluation), _) for row in moves.iter_rows(named=True)], name
        )

    return moved


def _workbook(makers: Sequence[Maker], facts: Facts, _: Wording, *, hidden: bool) -> bytes:
    sheets: Sequence[Sheet] = [make() for make in makers]
    if hidden:
        sheets, facts = pseudonymous(sheets, facts, _)
    return workbook(sheets, facts, _)


def _csv(make: Maker, facts: Facts, _: Wording, *, hidden: bool) -> bytes:
    sheet = make()
    if hidden:
        (sheet,), _facts = pseudonymous([sheet], facts, _)
    return csv_text(sheet)
