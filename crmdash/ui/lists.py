"""Below the board: who moved, who is nearest to a line, the customers, and the top by revenue that lose money."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.ui import state
from crmdash.ui.cache import evaluation_now
from crmdash.ui.choice import one_of
from crmdash.ui.customer_card import customer_card
from crmdash.ui.customer_list import customer_list
from crmdash.ui.losses_list import losses_list
from crmdash.ui.moves_list import moves_list
from crmdash.ui.narrowing import held, narrowed
from crmdash.ui.nearest_list import nearest_list

_LISTS: Final[dict[str, Callable[[Wording, Evaluation], None]]] = {
    "moves": moves_list,
    "nearest": nearest_list,
    "customers": customer_list,
    "losses": losses_list,
}


def listed_words(_: Wording, evaluation: Evaluation) -> str:
    """Say how much the customer list holds; nothing while another list is open or figures are hidden."""
    if state.presenting().hides or state.kept("below", "customers") != "customers":
        return ""
    return held(_, narrowed(evaluation))


@st.fragment(key="lists")
def lists(_: Wording) -> None:
    """Show the list picked, and beside it the customer clicked in it; its own clicks draw nothing else again."""
    with st.container(key="lists"):
        _lists(_, evaluation_now())


def _lists(_: Wording, evaluation: Evaluation) -> None:
    offered = [name for name in _LISTS if name != "losses" or evaluation.profits is not None]
    names = {
        "moves": _("Who moved"),
        "nearest": _("Nearest to a line"),
        "customers": _("Customer list"),
        "losses": _("Top by revenue, losing money"),
    }
    picked = one_of(
        _("Below the board"), "below", {name: names[name] for name in offered}, first="customers",
        # Above the board stands how much the customer list holds, while it is open.
        on_change=st.rerun if state.filters().active else None,
    )  # fmt: skip
    chosen = _LISTS[picked]
    if state.customer() is None:
        chosen(_, evaluation)
        return
    listed, card = st.columns([1.9, 1], gap="small")
    with listed:
        chosen(_, evaluation)
    with card, st.container(key="customer_card"):
        customer_card(_, evaluation)
