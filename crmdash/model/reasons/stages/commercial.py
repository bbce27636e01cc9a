"""Why a customer is in its stage of the commercial lifecycle."""

from typing import Final

from crmdash.model.reasons.basis import Customer, Reason, Rulebook, at_least, ruled_growth
from crmdash.model.reasons.stages.beginning import moves_on, why_new
from crmdash.model.reasons.stages.falling import why_drifting
from crmdash.model.reasons.stages.gone import why_gone, why_prospect
from crmdash.model.reasons.stages.steady import buys, keeps_with_order_by, until_cooling
from crmdash.phrases import Figure, Phrase


def why_declining(customer: Customer, rules: Rulebook) -> Reason:
    """Explain by which sign the customer's business is in decline."""
    limits = rules.settings.lifecycle
    drifting = why_drifting(customer, rules, limits.decline_growth)
    if drifting is not None:
        return drifting
    figures = {
        "satisfaction": Figure("score", customer["satisfaction"]),
        "limit": Figure("score", limits.decline_satisfaction),
    }
    return Reason(Phrase("stage.dissatisfied", figures), Phrase("stage.satisfy"))


def why_growing(customer: Customer, rules: Rulebook) -> Reason:
    """Explain that a customer grows: its share of our revenue does, or it is not yet old enough to be mature."""
    limits, change, first = rules.settings.lifecycle, ruled_growth(customer), customer["first_purchase"]
    if not limits.by_days and at_least(change, limits.growth_from):
        figures = {"growth": Figure("growth", change), "limit": Figure("growth", limits.growth_from)}
        return Reason(Phrase("stage.grows", figures))
    figures = {"tenure": Figure("days", customer.get("tenure")), "limit": Figure("days", limits.growth_days)}
    return Reason(Phrase("stage.grows_for", figures), moves_on(None if first is None else first + limits.growth_days))


def why_mature(customer: Customer, rules: Rulebook) -> Reason:
    """Explain that nothing speaks against a mature business, and by when an order keeps it so."""
    until = None if customer["orders"] is None else until_cooling(customer, rules)
    return Reason(buys(customer), keeps_with_order_by(until))


WHY_COMMERCIAL: Final = {
    "prospect": why_prospect,
    "ended": why_gone,
    "decline": why_declining,
    "introduction": why_new,
    "growth": why_growing,
    "maturity": why_mature,
}
