"""Why a customer counts as gone, or would but for what is unsettled."""

from crmdash.model.reasons.basis import Customer, Reason, Rulebook, at_least, silence
from crmdash.phrases import Figure, Phrase


def regular(customer: Customer, rules: Rulebook) -> bool:
    """Say whether a customer has bought often enough to have a habit."""
    return at_least(customer["orders"], rules.settings.lifecycle.regular_from)


def why_prospect(customer: Customer, rules: Rulebook) -> Reason:
    """Explain that nothing was bought yet."""
    return Reason(Phrase("stage.prospect"), Phrase("stage.first_order"))


def why_gone(customer: Customer, rules: Rulebook) -> Reason:
    """Explain by what a customer counts as gone: the file says so, its silence, or plain days."""
    limits, recency = rules.settings.lifecycle, customer["recency"]
    reopened = Phrase("stage.reopened")
    if customer.get("status") == "closed":
        return Reason(Phrase("stage.closed"), Phrase("stage.reopen_in_file"))
    if not limits.by_days and at_least(customer.get("silence"), _silence_limit(customer, rules)):
        limit = Figure("times", _silence_limit(customer, rules))
        return Reason(Phrase("stage.silent_out", silence(customer) | {"limit": limit}), reopened)
    days = limits.lapsed_days if limits.by_days else limits.lapsed_days_at_most
    figures = {"recency": Figure("days", recency), "limit": Figure("days", days)}
    return Reason(Phrase("stage.too_long_ago", figures), reopened)


def _silence_limit(customer: Customer, rules: Rulebook) -> float:
    limits = rules.settings.lifecycle
    return limits.lapsed_silence if regular(customer, rules) else limits.lapsed_silence_early


def why_unsettled(customer: Customer, rules: Rulebook) -> Reason | None:
    """Explain that only something unsettled keeps a customer from being gone; None where it would not be."""
    if not customer["open_matters"] or not _is_silent_out(customer, rules):
        return None
    because = Phrase("stage.unsettled", {"recency": Figure("days", customer["recency"])})
    return Reason(because, Phrase("stage.settle"))


def _is_silent_out(customer: Customer, rules: Rulebook) -> bool:
    """Say the same as `crmdash.model.lifecycle.signs.silent_out` of one customer."""
    limits, recency = rules.settings.lifecycle, customer.get("recency")
    closed = customer.get("status") == "closed"
    if limits.by_days:
        return closed or at_least(recency, limits.lapsed_days)
    silent = at_least(customer.get("silence"), _silence_limit(customer, rules))
    by_rhythm = silent and at_least(recency, limits.lapsed_days_at_least)
    return closed or by_rhythm or at_least(recency, limits.lapsed_days_at_most)
