"""The sections of the page."""

from typing import Final

from crmdash.ui.audit.base_section import BASE
from crmdash.ui.audit.cohort_section import COHORT
from crmdash.ui.audit.cohorts_section import COHORTS
from crmdash.ui.audit.period_section import PERIOD
from crmdash.ui.audit.profile_section import PROFILE
from crmdash.ui.audit.two_periods_section import TWO_PERIODS
from crmdash.ui.sections import Section

SECTIONS: Final[tuple[Section, ...]] = (PERIOD, TWO_PERIODS, COHORT, COHORTS, BASE, PROFILE)
