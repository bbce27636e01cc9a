"""Why a customer is still new."""

from crmdash.model.reasons.basis import Customer, Reason, Rulebook, at_least
from crmdash.phrases import Figure, Phrase


def why_new(customer: Customer, rules: Rulebook) -> Reason:
    """Explain that a customer has bought little, or not for long, by the limits of the introduction."""
    limits, orders, tenure = rules.settings.lifecycle, customer["orders"], customer.get("tenure")
    few = orders is not None and orders <= limits.introduction_up_to
    young = tenure is not None and tenure < limits.introduction_days
    first = customer["first_purchase"]
    on = None if first is None else first + limits.introduction_days
    if not few:
        figures = {"tenure": Figure("days", tenure), "limit": Figure("days", limits.introduction_days)}
        return Reason(Phrase("stage.new_for", figures), moves_on(on))
    figures = {"orders": Figure("count", orders), "limit": Figure("count", limits.introduction_up_to)}
    more = {"more": Figure("count", limits.introduction_up_to + 1 - orders)}
    if young and on is not None and not at_least(rules.clock.as_of, on):
        return Reason(Phrase("stage.new", figures), Phrase("stage.moves_on_from", more | {"date": Figure("date", on)}))
    return Reason(Phrase("stage.new", figures), Phrase("stage.more_orders", more))


def moves_on(day: int | None) -> Phrase | None:
    """Say from which day on age alone leads to the next stage; None where the day cannot be told."""
    return None if day is None else Phrase("stage.moves_on", {"date": Figure("date", day)})


def why_first_purchases(customer: Customer, rules: Rulebook) -> Reason:
    """Explain that a second purchase is still to come; who only returned something needs two."""
    if customer["orders"] is None:
        return Reason(Phrase("stage.stable_unknown", {"recency": Figure("days", customer["recency"])}))
    figures = {"orders": Figure("count", customer["orders"])}
    more = {"more": Figure("count", 2 - customer["orders"])}
    return Reason(Phrase("stage.first_purchase", figures), Phrase("stage.more_orders", more))
