"""What was understood: the first rows of each canonical table, dates as dates and money as money."""

from typing import Final

import polars as pl
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from crmdash.columns import MONEY_SCALE, TABLES, Column, TableName
from crmdash.i18n import Wording
from crmdash.ingest.dataset import Dataset
from crmdash.ui import state
from crmdash.ui.data_words import column_words, table_words
from crmdash.ui.words import bold

ROWS: Final = 50
_KEY: Final = "data.preview"


def tables_of(dataset: Dataset) -> dict[TableName, pl.DataFrame]:
    """Return the tables that the dataset has."""
    frames = {name: getattr(dataset, name) for name in TABLES}
    return {name: frame for name, frame in frames.items() if frame is not None and frame.height}


def preview(_: Wording, dataset: Dataset) -> None:
    """Show the first rows of one table, and a switch where there are several."""
    tables = tables_of(dataset)
    if not tables:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(bold(_("As understood")))
        table = _choose(_, list(tables))
    frame = tables[table]
    st.dataframe(
        displayed(frame.head(ROWS), table),
        key=f"data.preview.{table}",
        height=248 if frame.height > 6 else "content",
        hide_index=True,
        placeholder="–",
        column_config={name: _config(_, table, name) for name in frame.columns},
        alt=_("The first rows as they were understood"),
    )
    st.caption(_("{shown} of {rows} rows", shown=_.integer(min(ROWS, frame.height)), rows=_.integer(frame.height)))


def _choose(_: Wording, tables: list[TableName]) -> TableName:
    if state.kept(_KEY, None) not in tables:
        state.seed(_KEY, tables[0])
    if len(tables) > 1:
        st.segmented_control(
            _("Table"), tables, key=_KEY, default=state.kept(_KEY, tables[0]),
            persist_state="session", required=True, label_visibility="collapsed",
            format_func=lambda table: table_words(table, _),
        )  # fmt: skip
    return state.kept(_KEY, tables[0])


def displayed(frame: pl.DataFrame, table: TableName) -> pl.DataFrame:
    """Return the frame with day numbers as dates and ten-thousandths as currency units."""
    return frame.with_columns(
        pl.col(name).cast(pl.Int32).cast(pl.Date) if kind == "date" else pl.col(name) / MONEY_SCALE
        for name in frame.columns
        if (kind := _column(table, name).kind) in ("date", "money")
    )


def _column(table: TableName, name: str) -> Column:
    return next(known for known in (*TABLES[table], *TABLES["customers"]) if known.name == name)


def _config(_: Wording, table: TableName, name: str) -> ColumnConfig:
    label, kind = column_words(table, name, _), _column(table, name).kind
    if kind == "date":
        return st.column_config.DateColumn(label, format="YYYY-MM-DD")
    if kind == "money":
        return st.column_config.NumberColumn(label, format="%,.2f")
    return st.column_config.Column(label)
