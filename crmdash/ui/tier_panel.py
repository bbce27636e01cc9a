"""The tier table: customers, value, share and profit of each tier; a click narrows the list."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.ui import state
from crmdash.ui.words import bold, tier_words

ROW_HEIGHT = 28


def tier_panel(_: Wording, evaluation: Evaluation) -> None:
    """Show the tiers as a table with bars."""
    st.markdown(bold(_("Tiers")), help=_tier_help(_, evaluation))
    key = f"tiers.table.{state.generation()}"
    rows = evaluation.tiers.rows(named=True)
    columns = {
        _("Tier"): [tier_words(row["tier"], _) for row in rows],
        _("Customers"): [_.integer(row["customers"]) for row in rows],
        _("Value"): [_.compact_money(row["value"]) for row in rows],
        _("Share"): [100 * (row["value_share"] or 0) for row in rows],
        _("From"): [_.compact_money(row["cut"]) for row in rows],
    }
    if evaluation.profits is not None:
        columns[_("Profit")] = [_.compact_money(row["profit"]) for row in rows]
    figure = st.column_config.TextColumn(alignment="right", width=62)
    config = dict.fromkeys(columns, figure) | {_("Tier"): st.column_config.TextColumn(width=80)}
    config[_("Share")] = st.column_config.ProgressColumn(format="%.1f%%", min_value=0, max_value=100, width=92)
    st.dataframe(
        pd.DataFrame(columns), key=key, hide_index=True, column_config=config, row_height=ROW_HEIGHT,
        on_select=lambda: _narrow_to_tier(key, [row["tier"] for row in rows]), selection_mode="single-cell",
        alt=_("Customers, value and share of each tier"),
    )  # fmt: skip
    _loss_note(_, evaluation)


def _narrow_to_tier(key: str, codes: Sequence[str]) -> None:
    if (cell := state.clicked_cell(key)) is not None:
        state.narrow(tier=codes[cell[0]])


def _tier_help(_: Wording, evaluation: Evaluation) -> str:
    return _(
        "Equal value, equal tier. From: the smallest value that reaches the tier. Share: of the net total. "
        "Click a row to see its customers."
    )


def _loss_note(_: Wording, evaluation: Evaluation) -> None:
    """Say how many of the top tier lose money, as long as tiers go by revenue."""
    if evaluation.profits is None or evaluation.settings.tiers.lead_if_loss:
        return
    top = evaluation.settings.tiers.codes[0]
    losing = evaluation.customers.filter(
        (evaluation.customers["tier"] == top) & (evaluation.customers["customer_profit"] < 0)
    )
    if len(losing):
        st.caption(
            _(
                "{count} of the {tier} customers lose money, {amount} together.",
                count=_.integer(len(losing)),
                tier=tier_words(top, _),
                amount=_.compact_money(int(losing["customer_profit"].sum())),
            )
        )
