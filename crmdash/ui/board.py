"""What the board begins with: data, settings that fit it, the sidebar, and what just happened."""

from dataclasses import replace
from typing import Final, get_args

import streamlit as st

from crmdash.adjusting import with_value
from crmdash.evaluate import Evaluation, missing_measures
from crmdash.i18n import Wording
from crmdash.settings import Measure, Settings
from crmdash.summary import Summary
from crmdash.systems.tier_measures import WORKED_OUT
from crmdash.ui import state
from crmdash.ui.as_at import data_chip
from crmdash.ui.cache import evaluated, measured, summarised
from crmdash.ui.data_card import opened_or_sample
from crmdash.ui.link_panel import fit_view, ignored_note
from crmdash.ui.parts import place_of_its_own
from crmdash.ui.sidebar import settings_panel

_EVENTS: Final = {
    "undone": lambda _: _("Taken back."),
    "redone": lambda _: _("Made again."),
    "reset": lambda _: _("Everything stands at its default. Undo brings your board back."),
    "started_over": lambda _: _("The board is as it was when it opened."),
    "pinned": lambda _: _("Changes are counted from here on."),
    "suggestion_taken": lambda _: _("The suggested lines are drawn. Undo takes them back."),
}


def open_board(_: Wording, *, sidebar: bool = True) -> Evaluation | None:
    """Return every table for the open data (the sample, if none was opened) and draw the sidebar.

    None where the data holds nothing to draw; then the page says why.

    Parameters
    ----------
    sidebar : whether to draw it now; a page that has something more urgent calls `board_sidebar` later.
    """
    with place_of_its_own():
        return _opened_board(_, sidebar=sidebar)


def _opened_board(_: Wording, *, sidebar: bool) -> Evaluation | None:
    opened = opened_or_sample(_)
    fit_view(summarised(opened, state.settings().period), goes_back=opened.dataset.goes_back)
    summary = _summary_now(_)
    fit_settings(opened, summary)
    summary = summary_now()
    if missing_measures(summary, state.settings()):
        st.info(_("No column of this data says what customers are worth: an amount, or the revenue of each customer."))
        st.page_link("pages/data.py", label=_("Check the columns"), icon=":material/arrow_forward:")
        return None
    state.baseline()
    evaluation = _evaluated(_, opened)
    nothing = not evaluation.base and not evaluation.scope.active
    if sidebar or nothing:
        board_sidebar(_, evaluation)
    if (event := state.announced()) is not None:
        st.toast(_EVENTS[event](_))
    ignored_note(_)
    if nothing:
        st.info(_("No customer in this data has a purchase or a value yet, so there is nothing to draw."))
        return None
    return evaluation


def board_sidebar(_: Wording, evaluation: Evaluation) -> None:
    """Draw the sidebar: what is open, as at which day, and the settings."""
    opened, summary = state.opened(), summary_now()
    assert opened is not None, "the board opens data first"
    with st.sidebar:
        data_chip(_, opened, summary, evaluation.base)
        settings_panel(_, summary, evaluation)


def summary_now() -> Summary:
    """Return the customers of the open data as at the day the board stands at, with the measure of the tiers."""
    opened = state.opened()
    assert opened is not None, "the board opens data first"
    return measured(opened, state.settings(), state.view().as_of)


def _summary_now(_: Wording) -> Summary:
    """Return the same; while a measure is worked out for the first time, a spinner turns."""
    if state.settings().tiers.measure not in WORKED_OUT:
        return summary_now()
    with st.spinner(_("Working out what each customer is worth …"), show_time=True):
        return summary_now()


def _evaluated(_: Wording, opened: state.Opened) -> Evaluation:
    """Return every table; while data is seen for the first time, something stands where the board will be.

    Later the board as it was stays on the screen until the new one is there.
    """
    if state.kept("_seen", "") == opened.key:
        return evaluated(opened, state.view())
    with st.skeleton(560):
        found = evaluated(opened, state.view())
    state.keep("_seen", opened.key)
    return found


def fit_settings(opened: state.Opened, summary: Summary) -> None:
    """Fall back to what the open data holds, for the present settings and for the defaults."""
    state.begin_with(fitted(Settings(), opened, summary))
    settings = fitted(state.settings(), opened, summary)
    if settings != state.settings():
        state.show_first(replace(state.view(), settings=settings))


def fitted(settings: Settings, opened: state.Opened, summary: Summary) -> Settings:
    """Return `settings` with a measure that the data holds, revenue first, and a period that it can tell of."""
    settings = settings.model_copy(update={"period": opened.dataset.held_period(settings.period)})
    known = summary.customers.columns
    held = [measure for measure in get_args(Measure) if measure in known]
    if settings.tiers.measure not in held and held:
        settings = with_value(settings, "tiers.measure", held[0])
    if settings.tiers.lead_if_loss and "customer_profit" not in known:
        settings = with_value(settings, "tiers.lead_if_loss", False)
    return settings


def notes(_: Wording, evaluation: Evaluation) -> None:
    """Say what the figures leave out: cost to serve, seasons, lifecycle."""
    clock = evaluation.clock
    if evaluation.profits is not None and evaluation.cost_source is None:
        st.caption(_("Customer profit is gross profit here: no cost to serve is known."))
    if evaluation.cost_source == "column" and clock.shares_totals:
        st.caption(_("Cost to serve is stated as one total: by days, its share for this time is taken off."))
    if clock.comparison is not None and not clock.season_removed:
        days = _.integer(clock.comparison)
        st.caption(_("Growth compares the last {days} days with those before: season not removed.", days=days))
    for issue in evaluation.issues:
        if issue.severity == "warning":
            st.caption(_.issue(issue))
