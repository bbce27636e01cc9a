"""What only the reader can decide: errors first, then each doubt with what the cells mean under each choice."""

from typing import Final

import polars as pl
import streamlit as st

from crmdash.columns import Column
from crmdash.i18n import MISSING, Wording
from crmdash.ingest.dataset import Dataset, FileReport
from crmdash.ingest.options import mappable
from crmdash.issues import Issue
from crmdash.ui import state
from crmdash.ui.data_mapping import column_picker
from crmdash.ui.data_options import option_picker
from crmdash.ui.data_readings import Readings
from crmdash.ui.data_staging import OPTION_OF, StagedFile, answer, open_questions, report_of
from crmdash.ui.data_words import ColumnConfigs, issue_words, option_words

ERRORS_SHOWN: Final = 6
_CELLS_SHOWN: Final = 3


def errors(_: Wording, dataset: Dataset) -> None:
    """Show what keeps a file, or everything, from being used; what an option settles is asked instead."""
    found = [issue for issue in dataset.issues if issue.severity == "error" and issue.code not in OPTION_OF]
    for issue in found[:ERRORS_SHOWN]:
        with st.container(border=True, gap="xsmall"):
            st.badge(_("Error"), icon=":material/error:", color="red")
            st.text(issue_words(issue, _))


def doubts(_: Wording, dataset: Dataset) -> None:
    """Show every open question about every file."""
    for file in state.staged():
        report = report_of(dataset, file)
        for issue in open_questions(file, report) if report is not None else ():
            assert report is not None
            with st.container(border=True, gap="small"):
                _doubt(_, file, report, issue)


def _doubt(_: Wording, file: StagedFile, report: FileReport, issue: Issue) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(_("Question"), icon=":material/help:", color="violet")
        st.text(file.name)
    st.text(issue_words(issue, _))
    option = OPTION_OF.get(issue.code)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if option is None:
            _show_cells(_, file, report, issue)
        else:
            _show_readings(_, file, option, issue)
        with st.container(width=280, gap="small"):
            _choice(_, file, report, issue, option)


def _choice(_: Wording, file: StagedFile, report: FileReport, issue: Issue, option: str | None) -> None:
    column = _column(report, issue)
    if option is not None:
        option_picker(_, file, report, option, place="doubt")
    elif column is not None:
        column_picker(_, file, report, column, place="doubt")
    if issue.severity != "error":
        st.button(
            _("Leave it as it is"), key=f"data.answer.{file.name}.{issue.code}.{issue.column}",
            on_click=_leave, args=(file, issue),
        )  # fmt: skip


def _column(report: FileReport, issue: Issue) -> Column | None:
    if report.table is None:
        return None
    return next((known for known in mappable(report.table) if known.name == issue.column), None)


def _show_readings(_: Wording, file: StagedFile, option: str, issue: Issue) -> None:
    """Show the first doubtful cells of the file with their meaning under every choice."""
    readings = state.readings().get((file.name, issue.code, issue.column))
    if readings is None:
        return
    text = st.column_config.TextColumn
    config: ColumnConfigs = {
        "cell": text(_("In the file")),
        "rows": st.column_config.NumberColumn(_("Rows"), format="localized"),
        **{code: text(option_words(option, code, _)) for code in readings.codes},
    }
    key = f"{file.name}.{option}"
    with st.container(width="content", gap="xsmall", key=f"data.readings.{key}"):
        st.dataframe(
            meanings(readings, _), key=f"data.readings.rows.{key}", hide_index=True, column_config=config,
            width="content", alt=_("Cells of the file, and what they mean under each choice"),
        )  # fmt: skip
        st.caption(_.plural("{n} row of the file is concerned", "{n} rows of the file are concerned", readings.rows))


def meanings(readings: Readings, _: Wording) -> pl.DataFrame:
    """Return the doubtful cells with their meanings in the reader's words."""
    words = {code: [_meaning(readings.kind, value, _) for value in readings.cells[code]] for code in readings.codes}
    return readings.cells.select("cell", "rows").with_columns(pl.Series(code, texts) for code, texts in words.items())


def _meaning(kind: str, value: int | None, _: Wording) -> str:
    if value is None:
        return _("cannot be read")
    if kind == "date":
        return _.date(value)
    if kind == "customers":
        return _.plural("{n} customer", "{n} customers", value)
    # As many decimals as it has, so that 1,234 and 1.234 are told apart.
    digits = next((digits for digits in (0, 2, 3) if value % 10 ** (4 - digits) == 0), 4)
    return _.money(value, digits)


def _show_cells(_: Wording, file: StagedFile, report: FileReport, issue: Issue) -> None:
    """Show the first cells of the columns in question."""
    others = str(issue.values.get("others", "")).split(", ")
    named = [name for name in report.columns if name == issue.values.get("header") or name in others]
    if not named or report.preview.is_empty():
        return
    filled = report.preview.select(named).drop_nulls().head(_CELLS_SHOWN)
    st.dataframe(
        filled, key=f"data.cells.{file.name}.{issue.code}.{issue.column}", hide_index=True, width="content",
        placeholder=MISSING, alt=_("The first cells of the columns in question"),
    )  # fmt: skip


def _leave(file: StagedFile, issue: Issue) -> None:
    state.note_answer(answer(file, issue))
