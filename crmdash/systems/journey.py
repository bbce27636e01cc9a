"""Customer journey (S20): from the first contact to customers who bring others."""

from typing import Final

from crmdash.systems.lifecycles import lifecycle_system
from crmdash.systems.report import Column

JOURNEY: Final = lifecycle_system(
    "journey",
    "S20",
    more=(
        Column("contacts_made", "count"), Column("recommend", "score"), Column("referrals", "count"),
        Column("deal_share", "percent"),
    ),
)  # fmt: skip
