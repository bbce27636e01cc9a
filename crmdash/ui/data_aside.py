"""The rows that do not count: how many and why, file by file, the first ones as they stand, all of them to keep."""

from typing import Final

import polars as pl
import streamlit as st

from crmdash.columns import TABLES
from crmdash.export import Sheet, SheetColumn
from crmdash.i18n import Wording
from crmdash.ingest.dataset import Dataset
from crmdash.ui.data_handout import handout
from crmdash.ui.data_words import ColumnConfigs, column_words
from crmdash.ui.words import bold

ROWS_SHOWN: Final = 200
_ABOUT: Final = ("table", "reason", "column", "header")


def aside_panel(_: Wording, dataset: Dataset) -> None:
    """Show that the rows of every file are used or set aside, and which are set aside for which reason."""
    st.markdown(bold(_("Rows set aside")))
    for sum_words in sums(dataset, _):
        st.text(sum_words)
    if dataset.set_aside.is_empty():
        st.caption(_("Not one row was set aside."))
        return
    rows = in_words(dataset.set_aside, _)
    st.dataframe(
        by_reason(rows).select("rows", "words", "file"), key="data.aside.reasons", hide_index=True, width="content",
        column_config=_reasons_config(_), placeholder="–", alt=_("How many rows were set aside, by file and reason"),
    )  # fmt: skip
    st.dataframe(
        rows.head(ROWS_SHOWN).select("file", "row", "words", "header", "cell", "text"), key="data.aside.rows",
        hide_index=True, height=248 if rows.height > 6 else "content", column_config=_rows_config(_), placeholder="–",
        alt=_("Rows set aside, as they stand in the file"),
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        shown = min(ROWS_SHOWN, rows.height)
        st.caption(_("{shown} of {rows} rows", shown=_.integer(shown), rows=_.integer(rows.height)))
        handout(_, lambda: aside_sheet(rows, _), "set-aside", dataset, rows)


def sums(dataset: Dataset, _: Wording) -> list[str]:
    """Return for each file that was read how its rows add up."""
    return [
        _(
            "{file}: {rows} rows in the file = {used} used + {aside} set aside",
            file=report.name, rows=_.integer(report.rows), used=_.integer(report.rows_used),
            aside=_.integer(report.rows_set_aside),
        )
        for report in dataset.files
        if report.columns
    ]  # fmt: skip


def in_words(set_aside: pl.DataFrame, _: Wording) -> pl.DataFrame:
    """Return the rows set aside with the reason in `words` and the table's name, in the order of files and rows."""
    about = set_aside.select(_ABOUT).unique(maintain_order=True)
    words = [_reason(row, _) for row in about.iter_rows(named=True)]
    return set_aside.join(
        about.with_columns(pl.Series("words", words, pl.String)), on=list(_ABOUT), nulls_equal=True,
        maintain_order="left",
    )  # fmt: skip


def _reason(row: dict[str, str | None], _: Wording) -> str:
    column = row["column"]
    table = next((known for known in TABLES if known == row["table"]), None)
    name = column_words(table, column, _) if table is not None and column is not None else column
    return _.term("aside", row["reason"] or "", column=name, header=row["header"] or name)


def by_reason(rows: pl.DataFrame) -> pl.DataFrame:
    """Return how many rows of each file are set aside for each reason, in words."""
    return rows.group_by("file", "words", maintain_order=True).agg(rows=pl.len())


def aside_sheet(rows: pl.DataFrame, _: Wording) -> Sheet:
    """Return rows of `in_words` as a sheet to hand out."""
    return Sheet(
        _("Rows set aside"),
        (
            SheetColumn.of("file", _("File"), "text", rows["file"]),
            SheetColumn.of("row", _("Row of the file"), "count", rows["row"]),
            SheetColumn.of("words", _("Reason"), "text", rows["words"]),
            SheetColumn.of("reason", _("Code of the reason"), "text", rows["reason"]),
            SheetColumn.of("header", _("Column"), "text", rows["header"]),
            SheetColumn.of("cell", _("Cell"), "text", rows["cell"]),
            SheetColumn.of("text", _("The whole row"), "text", rows["text"]),
        ),
    )


def _reasons_config(_: Wording) -> ColumnConfigs:
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    return {
        "file": text(_("File")),
        "words": text(_("Reason"), width=420),
        "rows": number(_("Rows"), format="localized"),
    }


def _rows_config(_: Wording) -> ColumnConfigs:
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    return {
        "file": text(_("File"), width=120),
        "row": number(_("Row"), width=64, help=_("The row of the file, header included.")),
        "words": text(_("Reason"), width=260),
        "header": text(_("Column"), width=110),
        "cell": text(_("Cell"), width=110),
        "text": text(_("The whole row"), width=480),
    }
