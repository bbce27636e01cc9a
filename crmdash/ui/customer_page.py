"""The page of one customer: found on one side, explained on the other."""

import html
from functools import partial

import streamlit as st

from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.model.reasons import Customer
from crmdash.ui import state
from crmdash.ui.customer_card import labels_panel, measures_panel
from crmdash.ui.customer_finder import customer_finder
from crmdash.ui.customer_history import next_order_panel, purchases_panel
from crmdash.ui.customer_profile import gaps_panel, profile_panel
from crmdash.ui.customer_similar import similar_panel
from crmdash.ui.customer_systems import systems_panel
from crmdash.ui.customer_table import look_at
from crmdash.ui.data_card import opened_or_sample
from crmdash.ui.words import bold


def customers_page(_: Wording, evaluation: Evaluation) -> None:
    """Show the list alone until a customer is looked at, then both beside each other."""
    if state.presenting().hides:
        st.info(_("Figures are hidden until they are revealed on the board."), icon=":material/visibility_off:")
        return
    opened, customer = opened_or_sample(_), looked_at(evaluation)
    if customer is None:
        if state.customer() is not None:
            st.info(_("The customer looked at before is not among those that the filter and the day leave."))
        st.caption(_("Click a customer: labels with reasons, purchases, next order, gaps in its file, others like it."))
        customer_finder(_, opened, evaluation, brief=False)
        return
    finder, sheet = st.columns([1, 2.05], gap="medium")
    with finder:
        customer_finder(_, opened, evaluation, brief=True)
    with sheet:
        customer_sheet(_, opened, evaluation, customer)


def looked_at(evaluation: Evaluation) -> Customer | None:
    """Return the row of the customer looked at; None where there is none among those of the evaluation."""
    if state.customer() is None:
        return None
    found = evaluation.row(state.customer() or "")
    return found.row(0, named=True) if len(found) else None


def customer_sheet(_: Wording, opened: state.Opened, evaluation: Evaluation, customer: Customer) -> None:
    """Show everything about one customer."""
    _heading(_, customer)
    labels, figures = st.columns([1.25, 1], gap="medium")
    with labels:
        labels_panel(_, evaluation, customer)
    with figures:
        next_order_panel(_, evaluation, customer)
        gaps_panel(_, customer)
    systems_panel(_, opened, customer)
    purchases_panel(_, opened, evaluation, customer)
    similar_panel(_, opened, evaluation, customer)
    known, measured = st.columns([1.25, 1], gap="medium")
    with known:
        profile_panel(_, customer)
    with measured:
        st.markdown(bold(_("Measures")))
        measures_panel(_, customer)


def _heading(_: Wording, customer: Customer) -> None:
    """Show name and number as they are in the file: never as markup."""
    names = [str(customer[name]) for name in ("name", "customer_id") if customer.get(name)]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.html(f'<h2 class="customer-name" dir="auto">{html.escape(" · ".join(names))}</h2>', width="stretch")
        st.button(
            _("All customers"), key="customers.back", icon=":material/close:", on_click=partial(look_at, None),
            width="content", help=_("Close this customer and show the whole list."),
        )  # fmt: skip
