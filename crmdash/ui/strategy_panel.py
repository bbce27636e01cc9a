"""The strategies: how many customers each is for, their value, and the main reason; a click narrows the list."""

from typing import Any

import pandas as pd
import streamlit as st

from crmdash.i18n import Wording
from crmdash.ui import state
from crmdash.ui.cache import evaluation_now
from crmdash.ui.concepts import titled
from crmdash.ui.parts import whole_page
from crmdash.ui.theme import ROW_HEIGHT, pixels
from crmdash.ui.words import strategy_words


@st.fragment(key="strategies")
def strategy_panel(_: Wording) -> None:
    """Show the seven strategies and the closed files."""
    evaluation = evaluation_now()
    titled(_, _("Recommended strategies"), "strategies")
    rows = evaluation.strategies.rows(named=True)
    everybody = sum(row["customers"] for row in rows) or 1
    columns = {
        _("Strategy"): [strategy_words(row["strategy"], _, short=True) for row in rows],
        _("Customers"): [_.integer(row["customers"]) for row in rows],
        _("Share"): [round(100 * row["customers"] / everybody, 1) for row in rows],
        _("Value"): [_.compact_money(row["value"]) for row in rows],
        _("Main reason"): [_main_reason(_, row) for row in rows],
    }
    text, english = st.column_config.TextColumn, _.language == "en"
    config = {
        _("Strategy"): text(width=pixels(96 if english else 80)),
        _("Customers"): text(alignment="right", width=pixels(68 if english else 54)),
        _("Value"): text(alignment="right", width=pixels(58 if english else 74)),
        _("Share"): st.column_config.ProgressColumn(format="%.0f%%", min_value=0, max_value=100, width=pixels(76)),
        _("Main reason"): text(width=pixels(142)),
    }
    key = f"strategies.table.{state.generation()}"
    codes = [row["strategy"] for row in rows]
    st.dataframe(
        pd.DataFrame(columns), key=key, hide_index=True, column_config=config, row_height=pixels(ROW_HEIGHT),
        on_select=whole_page(lambda: _narrow_to_strategy(key, codes)), selection_mode="single-cell",
        alt=_("Customers, value and main reason of each strategy"),
    )  # fmt: skip
    if evaluation.profits is None:
        st.caption(_("A profit or cost column would switch on: {strategy}.", strategy=strategy_words("re_engineer", _)))


def _main_reason(_: Wording, row: dict[str, Any]) -> str:
    return _.term("reasons", f"row_short.{row['reason_code']}") if row["reason_code"] else ""


def _narrow_to_strategy(key: str, codes: list[str]) -> None:
    if (cell := state.clicked_cell(key)) is not None:
        state.narrow(strategy=codes[cell[0]])
