"""What the board begins with: data, settings that fit it, and the sidebar."""

import streamlit as st

from crmdash.evaluate import Evaluation, missing_measures
from crmdash.i18n import Wording
from crmdash.summary import Summary
from crmdash.ui import state
from crmdash.ui.cache import evaluated, sample, summarised
from crmdash.ui.sidebar import data_chip, language_switch, settings_panel


def open_board(_: Wording) -> Evaluation | None:
    """Return every table for the open data (the sample, if none was opened) and draw the sidebar."""
    opened = state.opened()
    if opened is None:
        with st.spinner(_("Opening the sample…")):
            state.open_data(sample(), is_sample=True)
        opened = state.opened()
    assert opened is not None
    summary = summarised(opened, state.settings().period)
    fit_settings(summary)
    if missing_measures(summary, state.settings()):
        with st.sidebar:
            language_switch(_)
        st.info(_("No column of this data says what customers are worth: an amount, or the revenue of each customer."))
        st.page_link("pages/data.py", label=_("Check the columns"), icon=":material/arrow_forward:")
        return None
    evaluation = evaluated(opened, state.settings())
    with st.sidebar:
        language_switch(_)
        data_chip(_, opened, summary, evaluation.base)
        settings_panel(_, summary, evaluation)
    if not evaluation.base:
        st.info(_("No customer in this data has a purchase or a value yet, so there is nothing to draw."))
        return None
    return evaluation


def fit_settings(summary: Summary) -> None:
    """Fall back to a measure that the open data holds."""
    settings, known = state.settings(), summary.customers.columns
    if settings.tiers.measure not in known:
        state.change("tiers.measure", "revenue")
    if settings.tiers.lead_if_loss and "customer_profit" not in known:
        state.change("tiers.lead_if_loss", False)
