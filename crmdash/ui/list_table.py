"""A list of customers: one page of it at a time, and a click that looks at a customer."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any, Final

import polars as pl
import streamlit as st

from crmdash.columns import MONEY_SCALE
from crmdash.i18n import Wording
from crmdash.ui import state
from crmdash.ui.theme import pixels
from crmdash.ui.words import measure_words

PAGE: Final = 100
"""Rows sent to the browser at a time: the whole list of a large base never is."""

PAGES_WIDTH: Final = 256
"""Room for two arrows and five pages: as wide as its content, the switch would leave pages out."""

HEIGHT: Final = 300
ROW_HEIGHT: Final = 30


def page_of(_: Wording, count: int, name: str, rows: int = PAGE) -> slice:
    """Return which of `count` rows stand on the page that is open, `rows` a page, and offer the other pages."""
    pages = -(-count // rows)
    if pages <= 1:
        return slice(0, count)
    key = f"{name}.page.{state.generation()}"
    first = min(int(state.kept(key, 1)), pages) - 1
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if first + 1 != state.kept(key, 1):
            state.keep(key, first + 1)
        st.pagination(pages, key=key, max_visible_pages=5, width=pixels(PAGES_WIDTH))
        shown = _.integer(first * rows + 1), _.integer(min((first + 1) * rows, count))
        st.caption(
            _("{first} to {last} of {all}", first=shown[0], last=shown[1], all=_.integer(count)), width="content"
        )
    return slice(first * rows, (first + 1) * rows)


def who(rows: pl.DataFrame) -> dict[str, pl.Series]:
    """Return the columns that say who a row is about."""
    named = {"id": rows["customer_id"]}
    return named | {"name": rows["name"]} if "name" in rows.columns else named


def in_words(codes: pl.Series, words: Callable[[str], str]) -> pl.Series:
    """Return codes in the reader's words, missing where there is none."""
    held = codes.to_list()
    said = {code: words(code) for code in set(held) if code is not None}
    return pl.Series([said.get(code) for code in held], dtype=pl.String)


def in_units(money: pl.Series) -> pl.Series:
    """Return amounts in currency units."""
    return money / MONEY_SCALE


def columns_config(_: Wording) -> dict[str, Any]:
    """Return how the columns that every list has are shown."""
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    return {
        "id": text(_("Customer"), pinned=True),
        "name": text(_("Name")),
        "tier": text(_("Tier")),
        "stage": text(_("Stage")),
        "strategy": text(_("Strategy")),
        "value": number(_("Value"), format="%,.2f"),
        "revenue": number(measure_words("revenue", _), format="%,.2f"),
        "customer_profit": number(measure_words("customer_profit", _), format="%,.2f"),
    }


def list_table(ids: list[str], columns: pl.DataFrame, config: dict[str, Any], name: str, *, alt: str) -> None:
    """Show one page of a list; a click on a row looks at its customer."""
    # A selection belongs to a place in the table: with other rows it would mean somebody else.
    rows = blake2b("\0".join(ids).encode(), digest_size=6).hexdigest()
    key = f"{name}.table.{state.generation()}.{rows}"
    few = len(ids) < HEIGHT // ROW_HEIGHT
    st.dataframe(
        columns, key=key, hide_index=True, column_config=config, placeholder="–",
        height="content" if few else pixels(HEIGHT),
        row_height=pixels(ROW_HEIGHT),
        on_select=lambda: _look_at(key, ids), selection_mode="single-cell", alt=alt,
    )  # fmt: skip


def _look_at(key: str, ids: list[str]) -> None:
    cell = state.clicked_cell(key)
    state.look_at(ids[cell[0]] if cell is not None and cell[0] < len(ids) else None)
