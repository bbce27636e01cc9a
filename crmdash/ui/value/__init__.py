"""The sections of the page."""

from typing import Final

from crmdash.ui.sections import Section
from crmdash.ui.value.balance_section import BALANCE_SECTION
from crmdash.ui.value.expectations_section import EXPECTATIONS_SECTION
from crmdash.ui.value.iceberg_section import ICEBERG_SECTION
from crmdash.ui.value.indicators_section import INDICATORS_SECTION
from crmdash.ui.value.lifetime_section import LIFETIME
from crmdash.ui.value.seen_section import SEEN_SECTION
from crmdash.ui.value.survey_section import SURVEY_SECTION
from crmdash.ui.value.traits_section import TRAITS_SECTION

SECTIONS: Final[tuple[Section, ...]] = (
    LIFETIME,
    INDICATORS_SECTION,
    TRAITS_SECTION,
    BALANCE_SECTION,
    SEEN_SECTION,
    EXPECTATIONS_SECTION,
    SURVEY_SECTION,
    ICEBERG_SECTION,
)
