"""Acquaintance (S35): potential, new, established and loyal customers."""

from typing import Final

from crmdash.systems.lifecycles import lifecycle_system

ACQUAINTANCE: Final = lifecycle_system("acquaintance", "S35")
