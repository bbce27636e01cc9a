"""Customers that one file has and another lacks: counted, listed, to keep."""

from typing import Final

import polars as pl
import streamlit as st

from crmdash.columns import TABLES
from crmdash.export import Sheet, SheetColumn
from crmdash.i18n import Wording
from crmdash.ingest.dataset import Dataset
from crmdash.ui.data_handout import handout
from crmdash.ui.data_words import ColumnConfigs, table_words
from crmdash.ui.words import bold

ROWS_SHOWN: Final = 200


def orphans_panel(_: Wording, dataset: Dataset) -> None:
    """Show the customers without a match in another table, where there are any."""
    if dataset.orphans.is_empty():
        return
    st.markdown(bold(_("Customers without a match")))
    for words in counts(dataset.orphans, _):
        st.text(words)
    rows = in_words(dataset.orphans, _)
    st.dataframe(
        rows.head(ROWS_SHOWN), key="data.orphans", hide_index=True, column_config=_config(_), width="content",
        height=248 if rows.height > 6 else "content", alt=_("Customers that one table has and another lacks"),
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        shown = min(ROWS_SHOWN, rows.height)
        st.caption(_("{shown} of {rows} customers", shown=_.integer(shown), rows=_.integer(rows.height)))
        handout(_, lambda: orphans_sheet(rows, _), "unmatched", dataset, rows)


def counts(orphans: pl.DataFrame, _: Wording) -> list[str]:
    """Return for each pair of tables how many customers the first has and the second lacks."""
    pairs = orphans.group_by("found_in", "missing_in", maintain_order=True).agg(count=pl.len(), rows=pl.sum("rows"))
    names = {table: table_words(table, _) for table in TABLES}
    return [
        _(
            "In {here}, not in {there}: {count} customers with {rows} rows",
            here=names[pair["found_in"]], there=names[pair["missing_in"]], count=_.integer(pair["count"]),
            rows=_.integer(pair["rows"]),
        )
        for pair in pairs.iter_rows(named=True)
    ]  # fmt: skip


def in_words(orphans: pl.DataFrame, _: Wording) -> pl.DataFrame:
    """Return the orphans with the tables' names in the reader's language."""
    names = {str(table): table_words(table, _) for table in TABLES}
    return orphans.with_columns(pl.col("found_in", "missing_in").replace(names))


def orphans_sheet(rows: pl.DataFrame, _: Wording) -> Sheet:
    """Return rows of `in_words` as a sheet to hand out."""
    return Sheet(
        _("Customers without a match"),
        (
            SheetColumn.of("customer_id", _("Customer"), "id", rows["customer_id"]),
            SheetColumn.of("found_in", _("Stands in"), "text", rows["found_in"]),
            SheetColumn.of("rows", _("Rows there"), "count", rows["rows"]),
            SheetColumn.of("missing_in", _("Missing in"), "text", rows["missing_in"]),
        ),
    )


def _config(_: Wording) -> ColumnConfigs:
    text = st.column_config.TextColumn
    return {
        "customer_id": text(_("Customer"), width=200),
        "found_in": text(_("Stands in"), width=130),
        "missing_in": text(_("Missing in"), width=130),
        "rows": st.column_config.NumberColumn(_("Rows there"), format="localized"),
    }
