"""The sections of the page: all claims, and those of each theme."""

from typing import Final

from crmdash.ui.claims.all_section import ALL
from crmdash.ui.claims.theme_section import THEME_SECTIONS
from crmdash.ui.sections import Section

SECTIONS: Final[tuple[Section, ...]] = (ALL, *THEME_SECTIONS)
