"""Lists of the data page to keep: as CSV in which formulas are harmless, and as a workbook where one can hold them."""

from collections.abc import Callable
from datetime import date
from typing import Final

import polars as pl
import streamlit as st

from crmdash.export import Facts, Sheet, csv_text, file_name, program_version, workbook
from crmdash.i18n import Wording
from crmdash.ingest.dataset import Dataset
from crmdash.scope import Scope
from crmdash.ui import state

MOST_ROWS: Final = 100_000
"""A workbook of more rows takes too long to write while somebody waits."""

LONGEST_TEXT: Final = 16_000
"""Characters that surely fit into a cell of a workbook."""

_EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def handout(_: Wording, make: Callable[[], Sheet], kind: str, dataset: Dataset, rows: pl.DataFrame) -> None:
    """Offer a list for download, made when it is clicked.

    Parameters
    ----------
    make : makes the sheet; it runs beside the page and may ask nothing of the session.
    kind : what the list is, for its file name.
    rows : what the list holds.
    """
    today = date.today()
    st.download_button(
        _("As CSV"), lambda: csv_text(make()), file_name=file_name(kind, "csv", today), mime="text/csv",
        key=f"data.handout.{kind}.csv", on_click="ignore", icon=":material/csv:",
    )  # fmt: skip
    if not fits_a_workbook(rows):
        return
    facts = Facts(state.settings(), Scope(), None, dataset.fingerprint, today, program_version())
    st.download_button(
        _("As Excel"), lambda: workbook([make()], facts, _), file_name=file_name(kind, "xlsx", today), mime=_EXCEL,
        key=f"data.handout.{kind}.xlsx", on_click="ignore", icon=":material/table_view:",
    )  # fmt: skip


def fits_a_workbook(rows: pl.DataFrame) -> bool:
    """Say whether a workbook holds the rows, and is written in a moment."""
    if rows.height > MOST_ROWS:
        return False
    longest = rows.select(pl.col(pl.String).str.len_chars().max()).row(0)
    return all(length is None or length <= LONGEST_TEXT for length in longest)
