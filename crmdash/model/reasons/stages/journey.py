"""Why a customer is where it is on its journey."""

from typing import Final

from crmdash.model.reasons.basis import Customer, Reason, Rulebook, at_least
from crmdash.model.reasons.stages.beginning import why_first_purchases
from crmdash.model.reasons.stages.falling import why_drifting
from crmdash.model.reasons.stages.gone import why_gone
from crmdash.model.reasons.stages.steady import buys, keeps_loyalty, short_of_established
from crmdash.phrases import Figure, Phrase


def why_reached(customer: Customer, rules: Rulebook) -> Reason:
    """Explain that there was neither a purchase nor a contact beside advertising."""
    return Reason(Phrase("stage.reach"), Phrase("stage.first_contact"))


def why_acquired(customer: Customer, rules: Rulebook) -> Reason:
    """Explain that there were contacts, but no purchase."""
    contacts = {"contacts": Figure("count", customer["contacts_made"])}
    return Reason(Phrase("stage.acquire", contacts), Phrase("stage.first_order"))


def why_retained(customer: Customer, rules: Rulebook) -> Reason:
    """Explain that a customer came back: whether it is falling away, else what it lacks to be inspired."""
    if customer["phase"] == "falling" and (drifting := why_drifting(customer, rules)) is not None:
        return drifting
    limits = rules.settings.lifecycle
    speaks = {
        "recommend": Figure("score", limits.inspire_recommend),
        "satisfaction": Figure("score", limits.inspire_satisfaction),
    }
    return Reason(buys(customer), short_of_established(customer, rules) or Phrase("stage.speaks", speaks))


def why_inspired(customer: Customer, rules: Rulebook) -> Reason:
    """Explain by which sign an established customer speaks for us."""
    limits, orders = rules.settings.lifecycle, {"orders": Figure("count", customer["orders"])}
    keeps = keeps_loyalty(customer, rules)
    if at_least(customer.get("recommend"), limits.inspire_recommend):
        points = {"points": Figure("score", customer["recommend"])}
        return Reason(Phrase("stage.recommends", orders | points), keeps)
    if at_least(customer.get("referrals"), 1):
        brought = {"referrals": Figure("count", customer["referrals"])}
        return Reason(Phrase("stage.brought", orders | brought), keeps)
    if at_least(customer.get("satisfaction"), limits.inspire_satisfaction):
        points = {"points": Figure("score", customer["satisfaction"])}
        return Reason(Phrase("stage.content", orders | points), keeps)
    if customer.get("deal_share") is not None:
        share = {"share": Figure("percent", customer["deal_share"])}
        return Reason(Phrase("stage.full_price", orders | share), keeps)
    return Reason(buys(customer), keeps)


WHY_JOURNEY: Final = {
    "reach": why_reached,
    "acquire": why_acquired,
    "convert": why_first_purchases,
    "retain": why_retained,
    "inspire": why_inspired,
    "lapsed": why_gone,
}
