"""Relationship lifecycle (S31): how deep the relationship is; nobody is ended while anything is open (S31b)."""

from typing import Final

from crmdash.systems.lifecycles import lifecycle_system
from crmdash.systems.report import Column

RELATIONSHIP: Final = lifecycle_system("relationship", "S31", more=(Column("open_matters", "flag"),))
