"""Commercial lifecycle (S13): which way the customer's money goes, and how each stage is managed."""

from typing import Final

from crmdash.systems.lifecycles import lifecycle_system
from crmdash.systems.report import Column

COMMERCIAL: Final = lifecycle_system("commercial", "S13", more=(Column("open_matters", "flag"),))
