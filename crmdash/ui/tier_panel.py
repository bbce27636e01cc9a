"""The tier table: customers, value, share and profit of each tier; a click narrows the list."""

from typing import Any

import streamlit as st

from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.lines import losing_at_the_top
from crmdash.ui import state
from crmdash.ui.cache import evaluation_now
from crmdash.ui.changes import since
from crmdash.ui.concepts import titled
from crmdash.ui.live.component import is_live, live_part
from crmdash.ui.parts import place_of_its_own, whole_page
from crmdash.ui.plain_tiers import tier_table
from crmdash.ui.words import tier_words


def tier_panel(_: Wording, evaluation: Evaluation) -> None:
    """Show the tiers as a table with bars, and how many customers each gained or lost since the baseline."""
    titled(_, _("Tiers"), "tiers")
    if is_live():
        live_part("tiers", tiers_part(_, evaluation))
    else:
        tier_table(_, evaluation)
    with place_of_its_own():
        _loss_note(_)


def tiers_part(_: Wording, evaluation: Evaluation) -> dict[str, Any]:
    """Return the words of the tier table, column by column."""
    since_then = _("Customers more or fewer than {since}.", since=since(_))
    columns = [
        ("tier", _("Tier"), None, (84, 56)),
        ("customers", _("Customers"), None, (66, 46)),
        ("value", _("Value"), None, (54, 76)),
        ("share", _("Share"), None, (52, 52)),
        *([("profit", _("Profit"), None, (54, 70))] if evaluation.profits is not None else []),
        ("change", _("Change"), since_then, (52, 48)),
        ("from", _("From"), _("The smallest value that reaches the tier."), (54, 64)),
    ]
    english = _.language == "en"  # English has longer words, Chinese longer amounts
    return {
        "title": _("Customers, value and share of each tier"),
        "columns": [
            {"code": code, "name": name, "help": help_text, "width": widths[0 if english else 1]}
            for code, name, help_text, widths in columns
        ],
        "bars": {"customers": _("Customers"), "value": _("Value")},
        "narrow": _("List these customers"),
        "empty": _("{tier} is empty: everybody at its line has the same value and stands above.", tier="{tier}"),
    }


@st.fragment(key="loss_note")
def _loss_note(_: Wording) -> None:
    """Say that revenue is not profit: how many of the top by revenue lose money, and offer profit as the measure."""
    evaluation = evaluation_now()
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
        _("By profit"), key="by_profit", on_click=whole_page(state.order_by), args=("customer_profit",),
        width="stretch",
        help=_("Order customers by what is left after goods and service, and list those who lose money."),
    )  # fmt: skip
