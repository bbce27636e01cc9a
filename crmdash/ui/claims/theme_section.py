"""The claims of one theme, each with its verdict, its figure, when it would hold, and what to keep in mind."""

from functools import partial
from typing import Any, Final

import streamlit as st

from crmdash.i18n import Wording
from crmdash.systems.claims import CLAIMS, findings
from crmdash.systems.claims.claim import THEMES, Claim, Finding
from crmdash.systems.evidence import Evidence
from crmdash.ui.claims.told import told
from crmdash.ui.concepts import titled
from crmdash.ui.data_words import literal
from crmdash.ui.sections import Section, reported
from crmdash.ui.words import bold

_BADGES: Final[dict[str, tuple[str, Any]]] = {
    "holds": (":material/check:", "green"),
    "fails": (":material/close:", "orange"),
    "untested": (":material/question_mark:", "gray"),
}


def draw(_: Wording, evidence: Evidence, theme: str) -> None:
    """Draw one card for each claim of the theme."""
    titled(_, _.term("claims", f"theme.{theme}"), "claims")
    if reported(_, evidence, "claims") is None:
        return
    found = findings(evidence)
    with st.grid(2, min_column_width=380, gap="small"):
        for claim in (claim for claim in CLAIMS if claim.theme == theme):
            with st.container(border=True, key=f"claims.card.{claim.code}"):
                _card(_, claim, found[claim.code])


def _card(_: Wording, claim: Claim, found: Finding) -> None:
    icon, colour = _BADGES[found.verdict]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(bold(literal(_.term("claims", f"claim.{claim.code}"))), width="content")
        st.badge(_.term("claims", f"verdict.{found.verdict}"), icon=icon, color=colour)
    st.markdown(literal(told(_, claim.code, found)))
    st.caption(literal(_.term("claims", f"criterion.{claim.code}")))
    if _.has_term("claims", f"caution.{claim.code}"):
        st.caption(literal(_("Keep in mind: {caution}", caution=_.term("claims", f"caution.{claim.code}"))))


def _title(theme: str) -> Any:
    return lambda _: _.term("claims", f"theme.{theme}")


THEME_SECTIONS: Final = tuple(Section(theme, _title(theme), partial(draw, theme=theme)) for theme in THEMES)
