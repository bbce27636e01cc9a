"""Every finding about the data as a table: how pressing, where, an example, and the way out."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from crmdash.columns import TABLES
from crmdash.i18n import Wording
from crmdash.issues import Issue
from crmdash.ui.data_words import (
    SEVERITIES,
    ColumnConfigs,
    issue_column,
    issue_words,
    severity_words,
    table_words,
)
from crmdash.ui.words import bold


def issues_panel(_: Wording, issues: Sequence[Issue]) -> None:
    """Show the findings, most pressing first."""
    st.markdown(bold(_("What was noticed")))
    if not issues:
        st.caption(_("Nothing: every row was understood."))
        return
    st.dataframe(
        issue_table(issues, _), key="data.issues", hide_index=True, row_height=58, placeholder="–",
        column_config=_config(_), alt=_("Findings about the data, with the way out"),
    )  # fmt: skip


def issue_table(issues: Sequence[Issue], _: Wording) -> pl.DataFrame:
    """Return one row for each finding, most pressing first; texts of the file as they are."""
    ordered = sorted(issues, key=lambda issue: SEVERITIES.index(issue.severity))
    return pl.DataFrame([_row(issue, _) for issue in ordered], infer_schema_length=None)


def _row(issue: Issue, _: Wording) -> dict[str, str | int | None]:
    return {
        "severity": severity_words(issue.severity, _),
        "words": issue_words(issue, _),
        "table": next((table_words(table, _) for table in TABLES if table == issue.table), None),
        "column": issue_column(issue, _),
        "row": issue.row,
        "count": issue.count,
        "example": issue.example,
        "file": issue.values.get("file"),
    }


def _config(_: Wording) -> ColumnConfigs:
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    return {
        "severity": text(_("Kind"), width=96),
        "words": text(_("What it is, and what to do"), width=470),
        "table": text(_("Table"), width=80),
        "column": text(_("Column"), width=100),
        "row": number(_("Row"), width=56, help=_("The first row of the file where it occurs, header included.")),
        "count": number(_("How many"), width=76, format="localized"),
        "example": text(_("Example"), width=120),
        "file": text(_("File"), width=120),
    }
