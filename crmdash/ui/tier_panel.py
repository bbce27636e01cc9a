"""The tier table: customers, value, share and profit of each tier; a click narrows the list."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.lines import losing_at_the_top
from crmdash.ui import state
from crmdash.ui.changes import before, since
from crmdash.ui.concepts import titled
from crmdash.ui.words import tier_words

ROW_HEIGHT = 28


def tier_panel(_: Wording, evaluation: Evaluation) -> None:
    """Show the tiers as a table with bars, and how many customers each gained or lost since the baseline."""
    titled(_, _("Tiers"), "tiers")
    key = f"tiers.table.{state.generation()}"
    rows = evaluation.tiers.rows(named=True)
    then = before()
    comparable = then.settings.tiers.scheme == evaluation.settings.tiers.scheme
    earlier = dict(then.tiers.select("tier", "customers").iter_rows()) if comparable else {}
    columns: dict[str, list[Any]] = {
        _("Tier"): [tier_words(row["tier"], _) for row in rows],
        _("Customers"): [_.integer(row["customers"]) for row in rows],
        _("Value"): [_.compact_money(row["value"]) for row in rows],
        _("Share"): [100 * (row["value_share"] or 0) for row in rows],
    }
    if evaluation.profits is not None:
        columns[_("Profit")] = [_.compact_money(row["profit"]) for row in rows]
    columns[_("Change")] = [_change(_, row["customers"], earlier.get(row["tier"])) for row in rows]
    columns[_("From")] = [_.compact_money(row["cut"]) for row in rows]
    st.dataframe(
        pd.DataFrame(columns), key=key, hide_index=True, column_config=_widths(_, columns), row_height=ROW_HEIGHT,
        on_select=lambda: _narrow_to_tier(key, [row["tier"] for row in rows]), selection_mode="single-cell",
        alt=_("Customers, value and share of each tier"),
    )  # fmt: skip
    _loss_note(_, evaluation)


def _change(_: Wording, now: int, then: int | None) -> str:
    """Return the change against the baseline; nothing to compare with where its scheme had no such tier."""
    return _.integer(None) if then is None else _.signed(now - then)


def _widths(_: Wording, columns: Iterable[str]) -> dict[str, Any]:
    """Return how wide columns are: English has longer words, Chinese longer amounts."""
    text, english = st.column_config.TextColumn, _.language == "en"
    amount = text(alignment="right", width=54 if english else 68)
    config: dict[str, Any] = dict.fromkeys(columns, amount)
    config[_("Tier")] = text(width=74 if english else 52)
    config[_("Customers")] = text(alignment="right", width=70 if english else 50)
    config[_("Value")] = text(alignment="right", width=54 if english else 74)
    config[_("Share")] = st.column_config.ProgressColumn(format="%.1f%%", min_value=0, max_value=100, width=76)
    earlier = _("Customers more or fewer than {since}.", since=since(_))
    config[_("Change")] = text(alignment="right", width=54 if english else 48, help=earlier)
    config[_("From")] = text(alignment="right", width=56, help=_("The smallest value that reaches the tier."))
    return config


def _narrow_to_tier(key: str, codes: Sequence[str]) -> None:
    if (cell := state.clicked_cell(key)) is not None:
        state.narrow(tier=codes[cell[0]])


def _loss_note(_: Wording, evaluation: Evaluation) -> None:
    """Say that revenue is not profit: how many of the top by revenue lose money, and offer profit as the measure."""
    tiers = evaluation.settings.tiers
    if evaluation.profits is None or tiers.measure != "revenue" or tiers.lead_if_loss:
        return
    losing = losing_at_the_top(evaluation)
    if not len(losing):
        return
    note, switch = st.columns([2.2, 1], gap="small", vertical_alignment="center")
    note.caption(
        _(
            "Revenue is not profit: {count} {tier} customers lose money, {amount} together.",
            count=_.integer(len(losing)),
            tier=tier_words(tiers.codes[0], _),
            amount=_.compact_money(int(losing["customer_profit"].sum())),
        )
    )
    switch.button(
        _("By profit"), key="by_profit", on_click=state.order_by, args=("customer_profit",), width="stretch",
        help=_("Order customers by what is left after goods and service, and list those who lose money."),
    )  # fmt: skip
