"""Why a customer is awake or asleep by its own rhythm."""

from typing import Final

from crmdash.model.reasons.basis import Customer, Reason, Rulebook, silence
from crmdash.model.reasons.stages.beginning import why_first_purchases
from crmdash.model.reasons.stages.gone import why_prospect
from crmdash.model.reasons.stages.steady import buys, keeps_with_order_by
from crmdash.model.reasons.stages.turning_days import silent_from
from crmdash.phrases import Figure, Phrase


def why_active(customer: Customer, rules: Rulebook) -> Reason:
    """Explain that a customer is not yet due, and until when."""
    turns = silent_from(customer, rules, rules.settings.lifecycle.sleepy_from)
    return Reason(buys(customer), keeps_with_order_by(None if turns is None else turns - 1))


def why_sleepy(customer: Customer, rules: Rulebook) -> Reason:
    """Explain that the next order is overdue, and when the customer is half asleep."""
    limits = rules.settings.lifecycle
    return _why_falling_asleep(customer, rules, limits.sleepy_from, limits.half_asleep_from)


def why_half_asleep(customer: Customer, rules: Rulebook) -> Reason:
    """Explain that a customer is silent for long, and when it is asleep."""
    limits = rules.settings.lifecycle
    return _why_falling_asleep(customer, rules, limits.half_asleep_from, limits.asleep_from)


def _why_falling_asleep(customer: Customer, rules: Rulebook, limit: float, next_limit: float) -> Reason:
    figures = silence(customer) | {"limit": Figure("times", limit)}
    turns = silent_from(customer, rules, next_limit)
    wakes = Phrase("stage.wakes") if turns is None else Phrase("stage.wakes_before", {"date": Figure("date", turns)})
    return Reason(Phrase("stage.sleeping", figures), wakes)


def why_asleep(customer: Customer, rules: Rulebook) -> Reason:
    """Explain that a customer has been silent for so long that it is asleep."""
    figures = silence(customer) | {"limit": Figure("times", rules.settings.lifecycle.asleep_from)}
    return Reason(Phrase("stage.sleeping", figures), Phrase("stage.wakes"))


WHY_PERSONAL_CYCLE: Final = {
    "prospect": why_prospect,
    "new": why_first_purchases,
    "active": why_active,
    "sleepy": why_sleepy,
    "half_asleep": why_half_asleep,
    "asleep": why_asleep,
}
