"""What the board begins with: data, settings that fit it, and the sidebar."""

from typing import get_args

import streamlit as st

from crmdash.evaluate import Evaluation, missing_measures
from crmdash.i18n import Wording
from crmdash.settings import Measure
from crmdash.summary import Summary
from crmdash.ui import state
from crmdash.ui.cache import evaluated, summarised
from crmdash.ui.data_card import opened_or_sample
from crmdash.ui.sidebar import data_chip, language_switch, settings_panel


def open_board(_: Wording) -> Evaluation | None:
    """Return every table for the open data (the sample, if none was opened) and draw the sidebar.

    None where the data holds nothing to draw; then the page says why.
    """
    opened = opened_or_sample(_)
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
    """Fall back to a measure that the open data holds, revenue first."""
    settings, known = state.settings(), summary.customers.columns
    held = [measure for measure in get_args(Measure) if measure in known]
    if settings.tiers.measure not in held and held:
        state.change("tiers.measure", held[0])
    if settings.tiers.lead_if_loss and "customer_profit" not in known:
        state.change("tiers.lead_if_loss", False)


def notes(_: Wording, evaluation: Evaluation) -> None:
    """Say what the figures leave out: cost to serve, seasons, lifecycle."""
    clock = evaluation.clock
    if evaluation.profits is not None and evaluation.cost_source is None:
        st.caption(_("Customer profit is gross profit here: no cost to serve is known."))
    if clock.comparison is not None and not clock.season_removed:
        days = _.integer(clock.comparison)
        st.caption(_("Growth compares the last {days} days with those before: season not removed.", days=days))
    for issue in evaluation.issues:
        if issue.severity == "warning":
            st.caption(_.issue(issue))
