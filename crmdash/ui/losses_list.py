"""Revenue is not profit: the customers of the top tier by revenue that lose money."""

import numpy as np
import polars as pl
import streamlit as st

from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.lines import losing_at_the_top
from crmdash.ui.concepts import titled
from crmdash.ui.downloads import download_buttons
from crmdash.ui.list_table import columns_config, in_units, in_words, list_table, page_of, who
from crmdash.ui.words import stage_words, strategy_words, tier_words


def losses_list(_: Wording, evaluation: Evaluation) -> None:
    """Show who would be in the top tier by revenue and loses money, most lost first."""
    tier = tier_words(evaluation.settings.tiers.codes[0], _)
    titled(_, _("{tier} by revenue, losing money", tier=tier), "customer_profit")
    rows = losing_at_the_top(evaluation)
    if not len(rows):
        st.info(_("Nobody at the top by revenue loses money."))
        return
    lost = _.compact_money(int(rows["customer_profit"].sum()))
    st.caption(_("{count} customers, {amount} together.", count=_.integer(len(rows)), amount=lost))
    shown = rows[page_of(_, len(rows), "losses")]
    list_table(shown["customer_id"].to_list(), _columns(_, shown), columns_config(_), "losses",
               alt=_("Customers at the top by revenue that lose money"))  # fmt: skip
    download_buttons(_, evaluation, "losses", lambda part: _with_measures(evaluation, rows[part]), len(rows))


def _with_measures(evaluation: Evaluation, rows: pl.DataFrame) -> pl.DataFrame:
    everybody = evaluation.groundwork.summary.customers["customer_id"]
    labelled = evaluation.rows(everybody.is_in(rows["customer_id"].implode()).arg_true().to_numpy().astype(np.intp))
    return rows.select("customer_id").join(labelled, on="customer_id", maintain_order="left")


def _columns(_: Wording, rows: pl.DataFrame) -> pl.DataFrame:
    money = {name: in_units(rows[name]) for name in ("revenue", "customer_profit")}
    stages = in_words(rows["stage"], lambda code: stage_words(code, _))
    strategies = in_words(rows["strategy"], lambda code: strategy_words(code, _, short=True))
    return pl.DataFrame({**who(rows), **money, "stage": stages, "strategy": strategies})
