"""The tiers as a table of Streamlit's own: for browsers that may not run code of ours."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.ui import state
from crmdash.ui.changes import before, since
from crmdash.ui.theme import ROW_HEIGHT, pixels
from crmdash.ui.words import tier_words


def tier_table(_: Wording, evaluation: Evaluation) -> None:
    """Show customers, value, share and profit of each tier, and the change since the baseline."""
    key = f"tiers.table.{state.generation()}"
    rows = evaluation.tiers.rows(named=True)
    then = before()
    comparable = then.settings.tiers.scheme == evaluation.settings.tiers.scheme
    earlier = dict(then.tiers.select("tier", "customers").iter_rows()) if comparable else {}
    columns: dict[str, list[Any]] = {
        _("Tier"): [tier_words(row["tier"], _) for row in rows],
        _("Customers"): [_.integer(row["customers"]) for row in rows],
        _("Value"): [_.compact_money(row["value"]) for row in rows],
        _("Share"): [round(100 * (row["value_share"] or 0), 1) for row in rows],
    }
    if evaluation.profits is not None:
        columns[_("Profit")] = [_.compact_money(row["profit"]) for row in rows]
    columns[_("Change")] = [_change(_, row["customers"], earlier.get(row["tier"])) for row in rows]
    columns[_("From")] = [_.compact_money(row["cut"]) for row in rows]
    st.dataframe(
        pd.DataFrame(columns), key=key, hide_index=True, column_config=_widths(_, columns),
        row_height=pixels(ROW_HEIGHT),
        on_select=lambda: _narrow_to_tier(key, [row["tier"] for row in rows]), selection_mode="single-cell",
        alt=_("Customers, value and share of each tier"),
    )  # fmt: skip


def _change(_: Wording, now: int, then: int | None) -> str:
    """Return the change against the baseline; nothing to compare with where its scheme had no such tier."""
    return _.integer(None) if then is None else _.signed(now - then)


def _widths(_: Wording, columns: Iterable[str]) -> dict[str, Any]:
    """Return how wide columns are: English has longer words, Chinese longer amounts."""
    text, english = st.column_config.TextColumn, _.language == "en"
    amount = text(alignment="right", width=pixels(54 if english else 68))
    config: dict[str, Any] = dict.fromkeys(columns, amount)
    config[_("Tier")] = text(width=pixels(74 if english else 52))
    config[_("Customers")] = text(alignment="right", width=pixels(70 if english else 50))
    config[_("Value")] = text(alignment="right", width=pixels(54 if english else 74))
    config[_("Share")] = st.column_config.ProgressColumn(format="%.1f%%", min_value=0, max_value=100, width=pixels(76))
    earlier = _("Customers more or fewer than {since}.", since=since(_))
    config[_("Change")] = text(alignment="right", width=pixels(54 if english else 48), help=earlier)
    config[_("From")] = text(alignment="right", width=pixels(56), help=_("The smallest value that reaches the tier."))
    return config


def _narrow_to_tier(key: str, codes: Sequence[str]) -> None:
    if (cell := state.clicked_cell(key)) is not None:
        state.narrow(tier=codes[cell[0]])
