"""Tier lines and who stands where: who moved and why, who is nearest, where lines could be drawn, who loses money."""

from crmdash.lines.around import Around, around_payload, near_lines
from crmdash.lines.by_amount import drawn_by_amount
from crmdash.lines.causes import CAUSES, STAGE_CAUSES, why_moved
from crmdash.lines.ledger import Ledger, ledger
from crmdash.lines.limits import limit_grid, rule_payload, rule_steps
from crmdash.lines.losses import losing_at_the_top
from crmdash.lines.moved import Moved, moved
from crmdash.lines.nearest import nearest
from crmdash.lines.suggestions import SUGGESTIONS, Suggestion, senior_people, suggestions

__all__ = [
    "CAUSES",
    "STAGE_CAUSES",
    "SUGGESTIONS",
    "Around",
    "Ledger",
    "Moved",
    "Suggestion",
    "around_payload",
    "drawn_by_amount",
    "ledger",
    "limit_grid",
    "losing_at_the_top",
    "moved",
    "near_lines",
    "nearest",
    "rule_payload",
    "rule_steps",
    "senior_people",
    "suggestions",
    "why_moved",
]
