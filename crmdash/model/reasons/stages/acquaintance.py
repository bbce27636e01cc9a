"""Why a customer counts as potential, new, established or loyal."""

from typing import Final

from crmdash.model.reasons.basis import Customer, Reason, Rulebook
from crmdash.model.reasons.stages.beginning import why_new
from crmdash.model.reasons.stages.falling import why_drifting
from crmdash.model.reasons.stages.gone import why_gone, why_prospect
from crmdash.model.reasons.stages.steady import buys, keeps_loyalty, short_of_established
from crmdash.phrases import Figure, Phrase


def why_established(customer: Customer, rules: Rulebook) -> Reason:
    """Explain that a customer is known well: whether it is falling away, else what it lacks to be loyal."""
    if customer["phase"] == "falling" and (drifting := why_drifting(customer, rules)) is not None:
        return drifting
    content = {"satisfaction": Figure("score", rules.settings.lifecycle.loyal_satisfaction)}
    lacks = short_of_established(customer, rules)
    if lacks is None and customer.get("satisfaction") is not None:
        lacks = Phrase("stage.loyal_from", content)
    return Reason(buys(customer), lacks)


def why_loyal(customer: Customer, rules: Rulebook) -> Reason:
    """Explain that a customer has bought often, for long, and is not known to be dissatisfied."""
    if customer.get("satisfaction") is None:
        return Reason(buys(customer), keeps_loyalty(customer, rules))
    figures = {
        "orders": Figure("count", customer["orders"]),
        "points": Figure("score", customer["satisfaction"]),
    }
    return Reason(Phrase("stage.content", figures), keeps_loyalty(customer, rules))


WHY_ACQUAINTANCE: Final = {
    "potential": why_prospect,
    "lapsed": why_gone,
    "new": why_new,
    "established": why_established,
    "established_loyal": why_loyal,
}
