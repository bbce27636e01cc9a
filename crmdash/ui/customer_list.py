"""The customer list, narrowed by what was clicked; one click opens a customer."""

from typing import Any, Final

import polars as pl
import streamlit as st

from crmdash.columns import MONEY_SCALE
from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.ui import state
from crmdash.ui.words import bold, measure_words, stage_words, strategy_words, tier_words

LONGEST: Final = 1000
"""The list shows this many of the largest; the rest is reached by narrowing."""


def narrowed(evaluation: Evaluation) -> pl.DataFrame:
    """Return the customers that the filters leave, largest value first; internal customers left out."""
    filters = state.filters()
    placed = evaluation.customers.filter(~pl.col("internal"))
    standing = pl.coalesce("tier", "potential_tier")
    if filters.tier is not None:
        placed = placed.filter(standing == filters.tier if filters.stage else pl.col("tier") == filters.tier)
    if filters.stage is not None:
        placed = placed.filter(pl.col("stage") == filters.stage)
    if filters.strategy is not None:
        placed = placed.filter(pl.col("strategy") == filters.strategy)
    return placed


def customer_list(_: Wording, evaluation: Evaluation) -> None:
    """Show the narrowed list, and how many it holds."""
    rows = narrowed(evaluation)
    st.markdown(bold(_("Customers")))
    st.caption(_held(_, rows))
    if not state.filters().active:
        st.caption(_("Click a tier, a cell or a strategy to narrow the list; click a customer to see why."))
    if not len(rows):
        st.info(_("No customer is left. Take a filter away."))
        return
    shown = rows.head(LONGEST)
    key = f"customers.table.{state.generation()}"
    st.dataframe(
        _columns(_, shown), key=key, hide_index=True, column_config=_config(_, shown), height=300, placeholder="–",
        on_select=lambda: _look_at(key, shown["customer_id"].to_list()), selection_mode="single-cell",
        alt=_("List of customers with tier, stage and strategy"),
    )  # fmt: skip
    if len(rows) > LONGEST:
        st.caption(_("The {shown} largest of {all} are listed.", shown=_.integer(LONGEST), all=_.integer(len(rows))))


def _held(_: Wording, rows: pl.DataFrame) -> str:
    prospects, value = int(rows["prospect"].sum()), _.compact_money(int(rows["value"].sum()))
    customers = _.integer(len(rows) - prospects)
    if not prospects:
        return _("{count} customers, {value}", count=customers, value=value)
    return _(
        "{count} customers, {value}, and {prospects} prospects",
        count=customers, value=value, prospects=_.integer(prospects),
    )  # fmt: skip


def filter_chips(_: Wording, evaluation: Evaluation) -> None:
    """Say what the list is narrowed to, each filter as a button that takes it away."""
    filters = state.filters()
    if not filters.active:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filters"):
        for name, words in (("tier", tier_words), ("stage", stage_words), ("strategy", strategy_words)):
            code = getattr(filters, name)
            if code is not None:
                st.button(
                    words(code, _), key=f"chip.{name}", icon=":material/close:", on_click=state.narrow,
                    kwargs={name: None}, help=_("Take this filter away."), width="content",
                )  # fmt: skip
        st.caption(_("The list below shows {held}.", held=_held(_, narrowed(evaluation))), width="content")


def _look_at(key: str, ids: list[str]) -> None:
    cell = state.clicked_cell(key)
    state.look_at(ids[cell[0]] if cell is not None and cell[0] < len(ids) else None)


def _columns(_: Wording, rows: pl.DataFrame) -> pl.DataFrame:
    named = {"id": pl.col("customer_id")}
    if "name" in rows.columns:
        named["name"] = pl.col("name")
    named |= {
        "tier": _standing(_, rows),
        "stage": _translated("stage", {code: stage_words(code, _) for code in rows["stage"].drop_nulls().unique()}),
        "strategy": _translated(
            "strategy", {code: strategy_words(code, _, short=True) for code in rows["strategy"].drop_nulls().unique()}
        ),
        "value": pl.col("value") / MONEY_SCALE,
    }
    if "customer_profit" in rows.columns:
        named["customer_profit"] = pl.col("customer_profit") / MONEY_SCALE
    named |= {name: pl.col(name) for name in ("orders", "recency", "silence") if name in rows.columns}
    return rows.select(**named)


def _standing(_: Wording, rows: pl.DataFrame) -> pl.Expr:
    """Return the tier; for prospects the one their potential would reach, and that it is only that."""
    codes = rows.select(pl.coalesce("tier", "potential_tier")).to_series().drop_nulls().unique()
    reached = _translated("tier", {code: tier_words(code, _) for code in codes})
    potential = {code: _("{tier} (potential)", tier=tier_words(code, _)) for code in codes}
    return pl.coalesce(reached, _translated("potential_tier", potential)).alias("tier")


def _translated(column: str, words: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(words, default=None, return_dtype=pl.String)


def _config(_: Wording, rows: pl.DataFrame) -> dict[str, Any]:
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    return {
        "id": text(_("Customer"), pinned=True),
        "name": text(_("Name"), pinned=True),
        "tier": text(_("Tier")),
        "stage": text(_("Stage")),
        "strategy": text(_("Strategy")),
        "value": number(_("Value"), format="%,.2f"),
        "customer_profit": number(measure_words("customer_profit", _), format="%,.2f"),
        "orders": number(measure_words("orders", _), help=_.term("model", "measure_help.orders")),
        "recency": number(_("Days since"), help=_.term("model", "measure_help.recency")),
        "silence": number(measure_words("silence", _), format="×%.1f", help=_.term("model", "measure_help.silence")),
    }
