"""The sections of the page."""

from typing import Final

from crmdash.ui.kinds.criteria_section import CRITERIA
from crmdash.ui.kinds.grids_section import GRIDS
from crmdash.ui.kinds.lint_section import LINT
from crmdash.ui.kinds.nature_section import NATURE
from crmdash.ui.kinds.orientation_section import ORIENTATION
from crmdash.ui.kinds.types_section import TYPES_SECTION
from crmdash.ui.sections import Section

SECTIONS: Final[tuple[Section, ...]] = (TYPES_SECTION, ORIENTATION, NATURE, CRITERIA, GRIDS, LINT)
