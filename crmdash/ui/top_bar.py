"""At the top right of every page: the language, and present mode with what a trainer needs."""

from typing import Final

import streamlit as st

from crmdash.i18n import LANGUAGES, Wording
from crmdash.ui import state

_NAMES: Final = {"en": "English", "zh_Hans": "简体", "zh_Hant": "繁體"}


def top_bar(_: Wording) -> None:
    """Offer the three languages and present mode."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="top_bar"):
        _language_switch(_)
        given = state.seed("presenting", state.presenting().on)
        st.toggle(
            _("Present"), key="presenting", value=given, persist_state="session",
            on_change=state.take_presenting, args=("presenting",),
            help=_("For a group: large type, one panel at a time, figures hidden until the group has guessed."),
        )  # fmt: skip


def _language_switch(_: Wording) -> None:
    given = state.seed("language", state.language())
    st.segmented_control(
        _("Language"),
        LANGUAGES,
        key="language",
        default=given,
        persist_state="session",
        format_func=_NAMES.__getitem__,
        required=True,
        label_visibility="collapsed",
        on_change=state.choose_language,
    )
