"""Beside the limits of the lifecycle: how many of those that they labelled a period ago have bought since."""

from typing import Final

import streamlit as st

from crmdash.i18n import Wording
from crmdash.model.lifecycle import phase_of
from crmdash.settings import Settings
from crmdash.systems.evidence import Evidence
from crmdash.systems.what_followed import bought_since
from crmdash.ui import state
from crmdash.ui.cache import evidence_of
from crmdash.ui.words import stage_words

TOLD: Final = ("steady", "falling", "gone")
"""The phases that the limits part from each other."""

LARGEST: Final = 100_000
"""In a larger base labelling everybody anew would make the sliders slow; there the Lifecycle page tells it."""


def hit_rates(_: Wording) -> None:
    """Say how often customers labelled a period ago bought again, by the limits as they stand now.

    Nothing is said where the data does not go back so far, and nothing while a trainer hides the figures.
    """
    opened = state.opened()
    if opened is None or state.presenting().hides:
        return
    evidence = evidence_of(opened, state.view())
    if evidence.evaluation.base > LARGEST:
        st.page_link("pages/lifecycle.py", label=_("How often they bought again"), icon=":material/query_stats:")
        return
    if (told := shares_told(_, evidence)) is not None:
        days = _.integer(evidence.clock.comparison)
        with st.container(key="hit_rates"):
            st.caption(
                _("Labelled so {days} days ago, bought since: {shares}.", days=days, shares=told),
                help=_("Counted by the limits as they stand now, on customers as they were then: it says what these "
                       "limits would have been worth."),
            )  # fmt: skip


def shares_told(_: Wording, evidence: Evidence) -> str | None:
    """Name the share that bought again, by the phases that the limits part; None without an earlier period."""
    share = bought_since(evidence)
    if share is None:
        return None
    told = [
        _("{label} {share}", label=phase_words(phase, evidence.settings, _), share=_.percent(share[phase], 0))
        for phase in TOLD
        if share[phase] is not None
    ]
    return _.joined(told) if told else None


def phase_words(phase: str, settings: Settings, _: Wording) -> str:
    """Name a phase by its stage where the chosen model has one stage for it, else by itself."""
    stages = [stage for stage, carried in phase_of(settings).items() if carried == phase]
    return stage_words(stages[0], _) if len(stages) == 1 else _.term("model", f"phase.{phase}")
