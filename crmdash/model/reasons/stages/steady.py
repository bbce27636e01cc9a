"""Why a customer counts as steady, and how long it stays so without an order."""

from math import ceil

from crmdash.model.lifecycle import Facts
from crmdash.model.reasons.basis import Customer, Rulebook, at_least, silence
from crmdash.model.reasons.stages.gone import regular
from crmdash.model.reasons.stages.turning_days import gone_from, last_day, silent_from, still_until
from crmdash.phrases import Figure, Phrase


def buys(customer: Customer) -> Phrase:
    """Say how often and how lately a customer bought."""
    if customer["orders"] is None:
        return Phrase("stage.stable_unknown", {"recency": Figure("days", customer["recency"])})
    return Phrase("stage.stable", {"orders": Figure("count", customer["orders"])} | silence(customer))


def until_cooling(customer: Customer, rules: Rulebook) -> int | None:
    """Return the last day before a customer would be cooling or gone; None where it has no habit to fall out of."""
    limits = rules.settings.lifecycle
    if limits.by_days:
        last = last_day(customer, rules)
        return None if last is None else last + limits.cooling_days - 1
    if not regular(customer, rules):
        return None
    return _day_before(silent_from(customer, rules, limits.cooling_silence), gone_from(customer, rules))


def _day_before(*days: int | None) -> int | None:
    known = [day for day in days if day is not None]
    return None if len(known) < len(days) else min(known) - 1


def keeps_with_order_by(day: int | None) -> Phrase | None:
    """Say by when the next order must come for the stage to stay; None where that cannot be told."""
    return None if day is None else Phrase("stage.keeps_with_order_by", {"date": Figure("date", day)})


def keeps_loyalty(customer: Customer, rules: Rulebook) -> Phrase | None:
    """Say by when the next order must come for an established customer to remain one that still buys."""
    limits = rules.settings.lifecycle
    if limits.by_days:
        return keeps_with_order_by(until_cooling(customer, rules))
    still, gone = still_until(customer, rules, limits.loyal_silence), gone_from(customer, rules)
    return keeps_with_order_by(None if still is None or gone is None else min(still, gone - 1))


def short_of_established(customer: Customer, rules: Rulebook) -> Phrase | None:
    """Name what a steady customer lacks in purchases, age or a fresh order to be established; None for nothing."""
    limits, first = rules.settings.lifecycle, customer["first_purchase"]
    orders, tenure = customer["orders"], customer.get("tenure")
    needed_days = Facts.at(rules.clock).established_days
    more = 0 if orders is None else max(0, limits.established_from - orders)
    old_enough = at_least(tenure, needed_days)
    if first is not None and not old_enough:
        on = {"date": Figure("date", first + ceil(needed_days))}
        return Phrase("stage.moves_on_from", on | {"more": Figure("count", more)}) if more else Phrase(
            "stage.moves_on", on
        )  # fmt: skip
    if more:
        return Phrase("stage.more_orders", {"more": Figure("count", more)})
    silent = customer.get("silence")
    if not limits.by_days and silent is not None and silent > limits.loyal_silence:
        return Phrase("stage.order_soon")
    return None
