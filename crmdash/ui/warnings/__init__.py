"""The sections of the warnings page."""

from typing import Final

from crmdash.ui.sections import Section
from crmdash.ui.warnings.alerts_section import ALERTS
from crmdash.ui.warnings.barriers_section import BARRIERS
from crmdash.ui.warnings.cost_section import COST
from crmdash.ui.warnings.due_section import DUE
from crmdash.ui.warnings.lost_section import LOST
from crmdash.ui.warnings.open_section import OPEN
from crmdash.ui.warnings.walk_away_section import WALK_AWAY

SECTIONS: Final[tuple[Section, ...]] = (ALERTS, DUE, LOST, OPEN, BARRIERS, COST, WALK_AWAY)
