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
    opened = state.opened()
    return senior_people(state.settings().service, None if opened is None else opened.dataset.tables.staff)


def _proposal(_: Wording, proposal: Suggestion) -> None:
    with st.container(border=True, key=f"suggestion_{proposal.code}"):
        st.markdown(bold(_.term("lines", f"suggestion.{proposal.code}")))
        st.markdown(say(proposal.because, _))
        if proposal.code == "capacity":
            st.number_input(
                _("Senior people"), min_value=0, value=_seniors(), key="suggest.people",
                on_change=state.take_number, args=("suggest.people", PEOPLE), width=160,
            )  # fmt: skip
        if st.button(
            _("Use these lines"), key=f"use.{proposal.code}", disabled=proposal.settings is None,
            on_click=_accept, args=(proposal,),
        ):  # fmt: skip
            st.rerun()


def _accept(proposal: Suggestion) -> None:
    """Draw the proposed lines; what was typed in the dialog meanwhile stays."""
    if proposal.settings is not None:
        state.adopt_settings(state.settings().model_copy(update={"tiers": proposal.settings.tiers}))
        state.announce("suggestion_taken")
