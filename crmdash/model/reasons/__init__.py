"""Why a customer carries its labels, in numbers, and what would change them."""

from crmdash.model.reasons.basis import Customer, Reason, Rulebook
from crmdash.model.reasons.flags import why_flags
from crmdash.model.reasons.stages import why_stage
from crmdash.model.reasons.strategies import why_strategy
from crmdash.model.reasons.tiers import why_tier

__all__ = ["Customer", "Reason", "Rulebook", "why_flags", "why_stage", "why_strategy", "why_tier"]
