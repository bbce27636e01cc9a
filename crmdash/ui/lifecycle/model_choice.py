"""Which lifecycle model the page looks at: that of the board unless another is chosen here."""

import streamlit as st

from crmdash.i18n import Wording
from crmdash.model.lifecycle import MODELS
from crmdash.rule_settings.lifecycle import Model
from crmdash.systems.evidence import Evidence
from crmdash.ui import state

_KEY = "lifecycle.shown_model"


def model_choice(_: Wording, evidence: Evidence) -> Model:
    """Offer the models, and return the one looked at; it follows the board's model when that is changed."""
    own = evidence.settings.lifecycle.model
    if state.kept("lifecycle.board_model", None) != own:
        state.keep("lifecycle.board_model", own)
        state.keep(_KEY, own)
    given = state.seed_choice(_KEY, state.kept(_KEY, own))
    st.selectbox(
        _("Model looked at"), list(MODELS), key=_KEY,
        index=state.place_in(list(MODELS), given), format_func=lambda code: _.term("model", f"model.{code}"),
        persist_state="session",
        help=_("Only this page: the board, its matrix and its strategies follow the lifecycle model of the settings."),
    )  # fmt: skip
    chosen: Model = state.kept(_KEY, own)
    return chosen
