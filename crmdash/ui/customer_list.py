"""The customer list, narrowed by what was clicked; one click opens a customer."""

from typing import Any, Final

import polars as pl
import streamlit as st

from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.reason_line import ReasonLines
from crmdash.ui import state
from crmdash.ui.concepts import titled
from crmdash.ui.downloads import download_buttons
from crmdash.ui.list_table import columns_config, in_units, in_words, list_table, page_of, who
from crmdash.ui.narrowing import held, narrowed
from crmdash.ui.words import measure_words, stage_words, strategy_words, tier_words

PAGE: Final = 50
"""Rows of this list sent at a time; fewer than of others, since every move of a slider sends them again."""


def customer_list(_: Wording, evaluation: Evaluation) -> None:
    """Show the narrowed list, how many it holds, and why each customer stands where it stands."""
    found = narrowed(evaluation)
    titled(_, _("Customers"), "strategies")
    st.caption(held(_, found))
    if not state.filters().active:
        st.caption(_("Click a tier, a cell or a strategy to narrow the list; click a customer to see why."))
    if not len(found):
        st.info(_("No customer is left. Take a filter away."))
        return
    shown = found.rows(page_of(_, len(found), "customers", PAGE))
    list_table(shown["customer_id"].to_list(), _columns(_, shown, evaluation), _config(_), "customers",
               alt=_("List of customers with tier, stage, strategy and reason"))  # fmt: skip
    download_buttons(_, evaluation, "customers", found.rows, len(found))


def _columns(_: Wording, rows: pl.DataFrame, evaluation: Evaluation) -> pl.DataFrame:
    """Return the list's columns; what the list is narrowed to is the same in every row and is left out."""
    lines, rules = _reason_lines(key=_rules_key(_)), evaluation.rulebook
    reasons = [lines.of(row, rules, _) for row in rows.iter_rows(named=True)]
    filters = state.filters()
    labels = {
        "tier": _standing(_, rows),
        "stage": in_words(rows["stage"], lambda code: stage_words(code, _)),
        "strategy": in_words(rows["strategy"], lambda code: strategy_words(code, _, short=True)),
    }
    named = who(rows) | {name: words for name, words in labels.items() if getattr(filters, name) is None}
    named |= {"value": in_units(rows["value"]), "why": pl.Series(reasons, dtype=pl.String)}
    if "customer_profit" in rows.columns:
        named["customer_profit"] = in_units(rows["customer_profit"])
    return pl.DataFrame(named | {name: rows[name] for name in ("orders", "recency", "silence") if name in rows.columns})


def _rules_key(_: Wording) -> str:
    """Return one string for everything but the tiers that reasons depend on."""
    opened, view = state.opened(), state.view()
    assert opened is not None, "the board opens data first"
    rules = view.settings.model_dump_json(exclude={"tiers"})
    return f"{opened.key}|{rules}|{view.as_of}|{_.language}"


@st.cache_resource(scope="session", max_entries=2, show_spinner=False)
def _reason_lines(key: str) -> ReasonLines:
    return ReasonLines()


def _standing(_: Wording, rows: pl.DataFrame) -> pl.Series:
    """Return the tier; for prospects the one their potential would reach, and that it is only that."""
    reached = in_words(rows["tier"], lambda code: tier_words(code, _))
    potential = in_words(rows["potential_tier"], lambda code: _("{tier} (potential)", tier=tier_words(code, _)))
    return reached.fill_null(potential)


def _config(_: Wording) -> dict[str, Any]:
    number = st.column_config.NumberColumn
    return columns_config(_) | {
        "orders": number(measure_words("orders", _), help=_.term("model", "measure_help.orders")),
        "recency": number(_("Days since"), help=_.term("model", "measure_help.recency")),
        "silence": number(measure_words("silence", _), format="×%.1f", help=_.term("model", "measure_help.silence")),
        "why": st.column_config.TextColumn(_("Why"), width="large"),
    }
