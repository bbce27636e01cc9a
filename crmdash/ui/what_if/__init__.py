"""The sections of the page."""

from typing import Final

from crmdash.ui.sections import Section
from crmdash.ui.what_if.acquisition_section import ACQUISITION, CHANNELS
from crmdash.ui.what_if.cross_sell_section import CROSS_SELL
from crmdash.ui.what_if.keep_section import KEEPING, PRICE
from crmdash.ui.what_if.loss_section import LOSS
from crmdash.ui.what_if.tiers_help_section import TIERS_HELP
from crmdash.ui.what_if.trust_section import RECOMMENDATIONS, TRUST

SECTIONS: Final[tuple[Section, ...]] = (
    LOSS,
    KEEPING,
    PRICE,
    CROSS_SELL,
    ACQUISITION,
    CHANNELS,
    TRUST,
    RECOMMENDATIONS,
    TIERS_HELP,
)
