"""The claims of one theme, each with its verdict, its figure, when it would hold, and what to keep in mind."""

from functools import partial
from typing import Any, Final

import streamlit as st

from crmdash.i18n import Wording
from crmdash.systems.claims import CLAIMS, findings
from crmdash.systems.claims.claim import THEMES
from crmdash.systems.evidence import Evidence
from crmdash.ui.claims.card import claim_card
from crmdash.ui.concepts import titled
from crmdash.ui.sections import Section, reported


def draw(_: Wording, evidence: Evidence, theme: str) -> None:
    """Draw one card for each claim of the theme."""
    titled(_, _.term("claims", f"theme.{theme}"), "claims")
    if reported(_, evidence, "claims") is None:
        return
    found = findings(evidence)
    with st.grid(2, min_column_width=380, gap="small"):
        for claim in (claim for claim in CLAIMS if claim.theme == theme):
            claim_card(_, claim, found[claim.code])


def _title(theme: str) -> Any:
    return lambda _: _.term("claims", f"theme.{theme}")


THEME_SECTIONS: Final = tuple(Section(theme, _title(theme), partial(draw, theme=theme)) for theme in THEMES)
