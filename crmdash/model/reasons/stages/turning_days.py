"""On which day a customer's stage would turn, if it does not buy before."""

from math import ceil, floor

from crmdash.model.reasons.basis import Customer, Rulebook


def last_day(customer: Customer, rules: Rulebook) -> int | None:
    """Return the day of the last purchase, where only its age is known the day that follows from it."""
    last, recency, today = customer["last_purchase"], customer.get("recency"), rules.clock.as_of
    if last is None and recency is not None and today is not None:
        return int(today - recency)
    return None if last is None else int(last)


def gone_from(customer: Customer, rules: Rulebook) -> int | None:
    """Return the first day on which a regular customer counts as gone; None where that cannot be told."""
    limits, last = rules.settings.lifecycle, last_day(customer, rules)
    if last is None:
        return None
    if limits.by_days:
        return last + limits.lapsed_days
    if customer.get("rhythm") is None:
        return last + limits.lapsed_days_at_most
    by_rhythm = max(ceil(limits.lapsed_silence * customer["rhythm"]), limits.lapsed_days_at_least)
    return last + min(by_rhythm, limits.lapsed_days_at_most)


def silent_from(customer: Customer, rules: Rulebook, silence: float) -> int | None:
    """Return the first day on which a customer is silent for the multiple `silence` of its rhythm; None as above."""
    last = last_day(customer, rules)
    if last is None or customer.get("rhythm") is None:
        return None
    return last + ceil(silence * customer["rhythm"])


def still_until(customer: Customer, rules: Rulebook, silence: float) -> int | None:
    """Return the last day on which a customer is silent for no more than the multiple `silence`; None as above."""
    last = last_day(customer, rules)
    if last is None or customer.get("rhythm") is None:
        return None
    return last + floor(silence * customer["rhythm"])
