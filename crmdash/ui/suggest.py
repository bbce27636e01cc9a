"""Proposed tier lines, each with its reason; nothing changes until one is accepted."""

import streamlit as st

from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.lines import Suggestion, senior_people, suggestions
from crmdash.phrases import say
from crmdash.ui import state
from crmdash.ui.words import bold

PEOPLE = "service.seniors"


def suggest(_: Wording, evaluation: Evaluation) -> None:
    """Open the proposals in a dialog."""

    @st.dialog(_("Suggested tier lines"), width="medium")
    def proposals() -> None:
        st.caption(_("Each line is proposed from your data. Take one, or close this; taking one can be undone."))
        for proposal in suggestions(evaluation, _seniors()):
            _proposal(_, proposal)

    proposals()


def _seniors() -> int | None:
    """Return how many senior people there are: as set, else as the staff table says."""
    opened, stated = state.opened(), state.settings().service.seniors
    return stated if stated is not None or opened is None else senior_people(opened.dataset.tables.staff)


def _proposal(_: Wording, proposal: Suggestion) -> None:
    with st.container(border=True, key=f"suggestion_{proposal.code}"):
        st.markdown(bold(_.term("lines", f"suggestion.{proposal.code}")))
        st.markdown(say(proposal.because, _))
        if proposal.code == "capacity":
            st.number_input(
                _("Senior people"), min_value=1, max_value=500, value=_seniors(), key="suggest.people",
                on_change=state.take_number, args=("suggest.people", PEOPLE), width=160,
            )  # fmt: skip
        if st.button(
            _("Use these lines"), key=f"use.{proposal.code}", disabled=proposal.settings is None,
            on_click=_accept, args=(proposal,),
        ):  # fmt: skip
            st.rerun()


def _accept(proposal: Suggestion) -> None:
    if proposal.settings is not None:
        state.adopt_settings(proposal.settings)
        state.announce("suggestion_taken")
