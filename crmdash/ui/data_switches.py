"""What the open data lights up, and what each missing column would switch on."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
import streamlit as st

from crmdash.columns import TABLES, TableName
from crmdash.i18n import Wording
from crmdash.ingest.dataset import Dataset
from crmdash.ui.data_preview import tables_of
from crmdash.ui.data_words import column_words, table_words
from crmdash.ui.words import bold

_FROM_ORDERS = frozenset({"revenue", "profit", "orders", "first_purchase", "last_purchase", "recency"})
"""Columns of the customers table that orders make superfluous."""

_EITHER = {("transactions", "cost"): "profit", ("transactions", "profit"): "cost"}
"""Of these one is enough."""


@dataclass(frozen=True)
class Switch:
    """One part of the product, and the columns of one table that light it; no columns: the table as a whole."""

    effect: str
    table: TableName
    columns: tuple[str, ...]
    lit: bool


def switches(dataset: Dataset, _: Wording) -> list[Switch]:
    """Return what the data switches on and what it could, tables and columns in their own order.

    Columns with the same effect stand together; a table that is absent and optional stands for all its columns.
    """
    found: dict[tuple[TableName, str, bool], list[str]] = {}
    tables = tables_of(dataset)
    for table, column, lit in _columns(tables):
        key = f"{table}.{column}.switches_on" if column else f"{table}.switches_on"
        if _.has_term("columns", key):
            members = found.setdefault((table, _.term("columns", key), lit), [])
            members += [column] if column else []
    return [Switch(effect, table, tuple(columns), lit) for (table, effect, lit), columns in found.items()]


def _columns(tables: dict[TableName, pl.DataFrame]) -> Iterator[tuple[TableName, str | None, bool]]:
    for table, known in TABLES.items():
        frame = tables.get(table)
        if frame is None and table != "transactions":
            yield table, None, False
            continue
        for column in known:
            lit = _filled(frame, column.name)
            needless = table == "customers" and "transactions" in tables and column.name in _FROM_ORDERS
            if lit or not (needless or _filled(frame, _EITHER.get((table, column.name)))):
                yield table, column.name, lit


def _filled(frame: pl.DataFrame | None, column: str | None) -> bool:
    return frame is not None and column in frame.columns and frame[column].count() > 0


def switches_panel(_: Wording, dataset: Dataset) -> None:
    """Show what is missing and what it would bring, and fold away what is lit."""
    all_switches = switches(dataset, _)
    # Many columns for one part are a wish list: what a single column lights stands before it.
    missing = sorted((switch for switch in all_switches if not switch.lit), key=lambda switch: len(switch.columns) > 4)
    lit = [switch for switch in all_switches if switch.lit]
    st.markdown(bold(_("What more would switch on")))
    if "transactions" not in tables_of(dataset):
        st.text(_("With an orders file: curves over time, each customer's own rhythm, and all of the below."))
    if missing:
        _table(
            _, missing, "data.missing", _("Parts of the product that are dark, and the columns that would light them")
        )
    else:
        st.caption(_("Nothing is missing: every part of the product has its data."))
    folded = st.expander(
        _.plural("{n} part is lit", "{n} parts are lit", len(lit)), key="data.lit", on_change="rerun",
        icon=":material/lightbulb:",
    )  # fmt: skip
    if folded.open:
        with folded:
            _table(_, lit, "data.lit.rows", _("Parts of the product that are lit, and the columns that light them"))


def _table(_: Wording, shown: list[Switch], key: str, alt: str) -> None:
    rows = pl.DataFrame([_row(switch, _) for switch in shown])
    text = st.column_config.TextColumn
    config = {
        "effect": text(_("Part of the product"), width=480),
        "columns": text(_("Columns"), width=360),
        "table": text(_("Table"), width=100),
    }
    st.dataframe(
        rows, key=key, hide_index=True, column_config=config, height="content" if len(shown) < 8 else 290, alt=alt
    )


def _row(switch: Switch, _: Wording) -> dict[str, str]:
    names = [column_words(switch.table, column, _) for column in switch.columns]
    return {
        "effect": switch.effect,
        "columns": _(", ").join(names) if names else _("the whole table"),
        "table": table_words(switch.table, _),
    }
