"""A table of customers in which a click looks at one: found by a search, or like another."""

from typing import Any, Final

import polars as pl
import streamlit as st

from crmdash.i18n import Wording
from crmdash.ui import state
from crmdash.ui.list_table import columns_config, in_units, in_words, who
from crmdash.ui.words import measure_words, stage_words, strategy_words, tier_words

_ROUND: Final = "_customers.round"
_BRIEF: Final = {"id": 64, "name": 112, "tier": 66, "value": 72}
"""Widths of the columns where the table stands beside a customer."""


def customer_table(_: Wording, rows: pl.DataFrame, name: str, alt: str, *, brief: bool = False, **more: Any) -> None:
    """Show customers as a table; the customer of the cell clicked is looked at.

    Parameters
    ----------
    rows : rows of `Evaluation.customers`, few enough to be shown.
    name : begins the table's key.
    brief : only who, tier and value, where the table is narrow.
    more : further arguments of `st.dataframe`.
    """
    key = f"{name}.{state.generation()}.{state.kept(_ROUND, 0)}"
    ids = rows["customer_id"].to_list()
    st.dataframe(
        _columns(_, rows, brief=brief), key=key, hide_index=True, column_config=_config(_, brief=brief),
        placeholder="–", on_select=lambda: _look_at_clicked(key, ids), selection_mode="single-cell", alt=alt, **more,
    )  # fmt: skip


def look_at(customer_id: str | None) -> None:
    """Look at another customer, or at none; no table goes on marking the one before."""
    state.look_at(customer_id)
    state.keep(_ROUND, state.kept(_ROUND, 0) + 1)


def _look_at_clicked(key: str, ids: list[str]) -> None:
    cell = state.clicked_cell(key)
    if cell is not None and cell[0] < len(ids):
        look_at(ids[cell[0]])


def _columns(_: Wording, rows: pl.DataFrame, *, brief: bool) -> pl.DataFrame:
    standing = rows.select(pl.coalesce("tier", "potential_tier")).to_series()
    shown = who(rows) | {"tier": in_words(standing, lambda code: tier_words(code, _))}
    if brief:
        return pl.DataFrame(shown | {"value": in_units(rows["value"])})
    shown |= {
        "stage": in_words(rows["stage"], lambda code: stage_words(code, _)),
        "strategy": in_words(rows["strategy"], lambda code: strategy_words(code, _, short=True)),
        "value": in_units(rows["value"]),
    }
    return pl.DataFrame(shown | {name: rows[name] for name in ("orders", "silence") if name in rows.columns})


def _config(_: Wording, *, brief: bool) -> dict[str, Any]:
    number = st.column_config.NumberColumn
    config = columns_config(_) | {
        "value": number(_("Value"), format="%,.0f"),
        "orders": number(measure_words("orders", _), help=_.term("model", "measure_help.orders")),
        "silence": number(measure_words("silence", _), format="×%.1f", help=_.term("model", "measure_help.silence")),
    }
    if not brief:
        return config
    # Nothing is pinned there: a pinned name would leave no room for the value.
    return {name: config[name] | {"pinned": False, "width": width} for name, width in _BRIEF.items()}
