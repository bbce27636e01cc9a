"""Why a customer stands in its tier, and how far the next one is."""

from crmdash.model.reasons.basis import Customer, Reason, Rulebook, money
from crmdash.model.tiers import in_money
from crmdash.phrases import Figure, Phrase


def why_tier(customer: Customer, rules: Rulebook) -> Reason:
    """Explain the tier: the value, the lines around it, and the distance to the next one."""
    if customer["tier"] is None:
        return _why_no_tier(customer, rules)
    tiers, value, tier = rules.settings.tiers, customer["value"], customer["tier"]
    if tiers.lead_if_loss and tier == tiers.codes[-1]:
        profit = customer["customer_profit"]
        return Reason(
            Phrase("tier.loses", {"profit": money(profit)}),
            Phrase("tier.way_out_of_loss", {"missing": money(1 - profit)}),
        )
    if value is None:
        return Reason(Phrase("tier.no_value"))
    cut, above = rules.cuts[tier], customer["cut_above"]
    if cut is not None:
        because = Phrase("tier.reaches", {"value": money(value), "cut": money(cut), "tier": Figure("tier", tier)})
    elif above is not None:
        because = Phrase("tier.below", {"value": money(value), "cut": money(above)})
    else:
        because = Phrase("tier.no_line", {"value": money(value)})
    return Reason(because, _way_up(customer, rules))


def _why_no_tier(customer: Customer, rules: Rulebook) -> Reason:
    if customer["internal"]:
        return Reason(Phrase("tier.internal"))
    potential = customer.get("potential_value")
    tier = Figure("tier", customer["potential_tier"])
    if potential is None:
        return Reason(Phrase("tier.potential_unknown", {"tier": tier}))
    if not in_money(rules.settings):
        return Reason(Phrase("tier.potential_no_points", {"potential": money(potential), "tier": tier}))
    return Reason(Phrase("tier.potential", {"potential": money(potential), "tier": tier}))


def _way_up(customer: Customer, rules: Rulebook) -> Phrase | None:
    codes, value = rules.settings.tiers.codes, customer["value"]
    place = codes.index(customer["tier"])
    if place == 0:
        cut = rules.cuts[codes[0]]
        return None if cut is None else Phrase("tier.above_line", {"margin": money(value - cut)})
    if customer["cut_above"] is None:
        return None
    missing = {"missing": money(customer["cut_above"] - value), "tier": Figure("tier", codes[place - 1])}
    return Phrase("tier.short_of", missing)
