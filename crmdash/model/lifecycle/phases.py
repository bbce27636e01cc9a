"""The phases of a relationship, which every lifecycle model gives its stages, and which alone decide strategies."""

from typing import Final

PHASES: Final = ("before", "early", "growing", "steady", "falling", "gone")
