"""The sections of the page."""

from typing import Final

from crmdash.ui.lifecycle.flows_section import FLOWS
from crmdash.ui.lifecycle.followed_section import FOLLOWED
from crmdash.ui.lifecycle.models_section import MODELS_SIDE_BY_SIDE
from crmdash.ui.lifecycle.prospects_section import PROSPECTS
from crmdash.ui.lifecycle.stages_section import STAGES
from crmdash.ui.lifecycle.tiers_section import TIERS
from crmdash.ui.sections import Section

SECTIONS: Final[tuple[Section, ...]] = (STAGES, FLOWS, TIERS, FOLLOWED, PROSPECTS, MODELS_SIDE_BY_SIDE)
