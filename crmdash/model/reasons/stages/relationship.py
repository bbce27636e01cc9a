"""Why a customer is in its stage of the relationship lifecycle."""

from typing import Final

from crmdash.model.reasons.basis import Customer, Reason, Rulebook, at_least
from crmdash.model.reasons.stages.falling import why_drifting
from crmdash.model.reasons.stages.gone import why_gone, why_prospect
from crmdash.model.reasons.stages.steady import buys, until_cooling
from crmdash.phrases import Figure, Phrase


def why_deteriorating(customer: Customer, rules: Rulebook) -> Reason:
    """Explain by which sign the relationship is deteriorating."""
    drifting = why_drifting(customer, rules)
    if drifting is not None:
        return drifting
    fall = Figure("score", -customer["satisfaction_change"])
    figures = {"fall": fall, "satisfaction": Figure("score", customer["satisfaction"])}
    return Reason(Phrase("stage.disappointed", figures), Phrase("stage.satisfy"))


def why_exploring(customer: Customer, rules: Rulebook) -> Reason:
    """Explain that a customer has bought too little to have formed a habit."""
    limit = rules.settings.lifecycle.exploration_up_to
    more = limit + 1 - customer["orders"]
    figures = {"orders": Figure("count", customer["orders"]), "limit": Figure("count", limit)}
    return Reason(Phrase("stage.exploration", figures), Phrase("stage.more_orders", {"more": Figure("count", more)}))


def why_forming(customer: Customer, rules: Rulebook) -> Reason:
    """Explain that a habit is forming, and from when or after how many purchases it is stable."""
    limits, tenure = rules.settings.lifecycle, customer.get("tenure")
    figures = {"orders": Figure("count", customer["orders"]), "tenure": Figure("days", tenure)}
    first = customer["first_purchase"]
    if first is None:
        return Reason(Phrase("stage.formation", figures))
    early = first + limits.formation_at_least
    if customer["orders"] is None:
        young = Phrase("stage.young", {"tenure": Figure("days", tenure)})
        return Reason(young, Phrase("stage.stable_on", {"date": Figure("date", early)}))
    if customer["orders"] > limits.formation_up_to:
        return Reason(Phrase("stage.formation", figures), Phrase("stage.stable_on", {"date": Figure("date", early)}))
    ways = {
        "date": Figure("date", first + limits.stable_by_age),
        "more": Figure("count", limits.formation_up_to + 1 - customer["orders"]),
        "early": Figure("date", early),
    }
    waiting = at_least(rules.clock.as_of, early)
    return Reason(
        Phrase("stage.formation", figures), Phrase("stage.stable_by" if waiting else "stage.stable_not_before", ways)
    )


def why_stable(customer: Customer, rules: Rulebook) -> Reason:
    """Explain that nothing speaks against a stable relationship, and by when an order keeps it so."""
    until = until_cooling(customer, rules)
    if customer["orders"] is None or until is None:
        return Reason(buys(customer))
    return Reason(buys(customer), Phrase("stage.stays_with_order_by", {"date": Figure("date", until)}))


WHY_RELATIONSHIP: Final = {
    "prospect": why_prospect,
    "ended": why_gone,
    "deterioration": why_deteriorating,
    "exploration": why_exploring,
    "formation": why_forming,
    "stable": why_stable,
}
