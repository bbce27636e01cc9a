"""What only the reader can decide: errors first, then each doubt with the choice it needs."""

from typing import Final

import streamlit as st

from crmdash.i18n import Wording
from crmdash.ingest.dataset import Dataset, FileReport
from crmdash.ingest.options import mappable
from crmdash.issues import Issue
from crmdash.ui import state
from crmdash.ui.data_mapping import column_picker
from crmdash.ui.data_options import option_picker
from crmdash.ui.data_staging import StagedFile, answer, open_questions, report_of
from crmdash.ui.data_words import issue_words

ERRORS_SHOWN: Final = 6
_OPTION_OF: Final = {"date_order": "date_order", "discount_unit": "discount"}
"""Doubts that are settled by an option of reading, not by another column."""


def errors(_: Wording, dataset: Dataset) -> None:
    """Show what keeps a file, or everything, from being used."""
    for issue in [issue for issue in dataset.issues if issue.severity == "error"][:ERRORS_SHOWN]:
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
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        option = _OPTION_OF.get(issue.code)
        column = next((known for known in mappable(report.table) if known.name == issue.column), None) \
            if report.table is not None else None  # fmt: skip
        if option is not None:
            option_picker(_, file, report, option, place="doubt")
        elif column is not None:
            column_picker(_, file, report, column, place="doubt")
        st.button(
            _("Leave it as it is"), key=f"data.answer.{file.name}.{issue.code}.{issue.column}",
            on_click=_leave, args=(file, issue),
        )  # fmt: skip


def _leave(file: StagedFile, issue: Issue) -> None:
    state.note_answer(answer(file, issue))
