"""One claim: its verdict, the figures that decided, when it would hold, and what to keep in mind."""

from typing import Any, Final

import streamlit as st

from crmdash.i18n import Wording
from crmdash.systems.claims.claim import Claim, Finding
from crmdash.ui.claims.told import told
from crmdash.ui.data_words import literal
from crmdash.ui.words import bold

_BADGES: Final[dict[str, tuple[str, Any]]] = {
    "holds": (":material/check:", "green"),
    "fails": (":material/close:", "orange"),
    "untested": (":material/question_mark:", "gray"),
}


def claim_card(_: Wording, claim: Claim, found: Finding) -> None:
    """Draw a claim with all that was found of it, in a frame."""
    icon, colour = _BADGES[found.verdict]
    with st.container(border=True, key=f"claims.card.{claim.code}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(bold(literal(_.term("claims", f"claim.{claim.code}"))), width="content")
            st.badge(_.term("claims", f"verdict.{found.verdict}"), icon=icon, color=colour)
        st.markdown(literal(told(_, claim.code, found)))
        st.caption(literal(_.term("claims", f"criterion.{claim.code}")))
        if _.has_term("claims", f"caution.{claim.code}"):
            st.caption(literal(_("Keep in mind: {caution}", caution=_.term("claims", f"caution.{claim.code}"))))
