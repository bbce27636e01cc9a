"""Personal cycle (NES): new, existing and sleeping customers by nothing but their own rhythm."""

from typing import Final

from crmdash.systems.lifecycles import KNOWN_RECENCY, lifecycle_system

PERSONAL_CYCLE: Final = lifecycle_system(
    "personal_cycle", "–", needs=(KNOWN_RECENCY, ("transactions", "customers.orders"))
)
