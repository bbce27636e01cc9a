"""Why a customer is in its lifecycle stage, and what would change it."""

from collections.abc import Callable, Mapping
from typing import Final

from crmdash.model.reasons.basis import Customer, Reason, Rulebook
from crmdash.model.reasons.stages.acquaintance import WHY_ACQUAINTANCE
from crmdash.model.reasons.stages.commercial import WHY_COMMERCIAL
from crmdash.model.reasons.stages.journey import WHY_JOURNEY
from crmdash.model.reasons.stages.personal_cycle import WHY_PERSONAL_CYCLE
from crmdash.model.reasons.stages.relationship import WHY_RELATIONSHIP
from crmdash.rule_settings.lifecycle import Model

_WHY: Final[Mapping[Model, Mapping[str, Callable[[Customer, Rulebook], Reason]]]] = {
    "relationship": WHY_RELATIONSHIP,
    "commercial": WHY_COMMERCIAL,
    "journey": WHY_JOURNEY,
    "acquaintance": WHY_ACQUAINTANCE,
    "personal_cycle": WHY_PERSONAL_CYCLE,
}


def why_stage(customer: Customer, rules: Rulebook) -> Reason | None:
    """Explain the stage by the chosen model and name what would change it; None where the lifecycle is dark."""
    if customer["stage"] is None:
        return None
    return _WHY[rules.settings.lifecycle.model][customer["stage"]](customer, rules)
