"""Why a customer is falling away, and by when an order brings it back."""

from math import ceil

from crmdash.model.reasons.basis import Customer, Reason, Rulebook, at_least, money, ruled_growth, silence
from crmdash.model.reasons.stages.gone import regular, why_unsettled
from crmdash.model.reasons.stages.turning_days import gone_from
from crmdash.phrases import Figure, Phrase


def why_drifting(customer: Customer, rules: Rulebook, fall: float | None = None) -> Reason | None:
    """Explain why a customer is silent out and unsettled, or cooling; None where it is neither.

    Parameters
    ----------
    fall : relative growth at which its share counts as shrunken; `cooling_growth` unless given.
    """
    return why_unsettled(customer, rules) or _why_late(customer, rules) or _why_shrinking(customer, rules, fall)


def _why_late(customer: Customer, rules: Rulebook) -> Reason | None:
    limits = rules.settings.lifecycle
    if limits.by_days:
        figures = {"recency": Figure("days", customer.get("recency")), "limit": Figure("days", limits.cooling_days)}
        late = at_least(customer.get("recency"), limits.cooling_days)
        return Reason(Phrase("stage.cooling_days", figures), _before_gone(customer, rules)) if late else None
    if not regular(customer, rules) or not at_least(customer.get("silence"), limits.cooling_silence):
        return None
    figures = silence(customer) | {"limit": Figure("times", limits.cooling_silence)}
    return Reason(Phrase("stage.cooling", figures), _before_gone(customer, rules))


def _before_gone(customer: Customer, rules: Rulebook) -> Phrase:
    day = gone_from(customer, rules)
    return Phrase("stage.order_soon") if day is None else Phrase("stage.order_before", {"date": Figure("date", day)})


def _why_shrinking(customer: Customer, rules: Rulebook, fall: float | None) -> Reason | None:
    limits, change = rules.settings.lifecycle, ruled_growth(customer)
    limit = limits.cooling_growth if fall is None else fall
    if limits.by_days or not regular(customer, rules) or change is None or change > limit:
        return None
    figures = {"fall": fall_of_share(change), "limit": fall_of_share(limit)}
    return Reason(Phrase("stage.shrinking", figures), _regain(customer, rules, limit))


def fall_of_share(growth: float) -> Figure:
    """Return by which fraction a share fell: growth g = 2 (s1 - s0) / (s1 + s0), so s1 / s0 = (2 + g) / (2 - g)."""
    return Figure("percent", 1 - (2 + growth) / (2 - growth))


def _regain(customer: Customer, rules: Rulebook, limit: float) -> Phrase:
    """Name the revenue of the last period that would lift the change of share above the limit.

    The customer's own x raises the revenue of all too: with share s0 before and f = (2 + limit) / (2 - limit), it needs
    (late + x) / (all + x) > f s0.
    """
    market = rules.market
    if market is None or market.before <= 0:
        return Phrase("stage.order_soon")
    needed_share = (2 + limit) / (2 - limit) * customer["revenue_before"] / market.before
    if needed_share >= 1:
        return Phrase("stage.order_soon")
    missing = (needed_share * market.late - customer["revenue_late"]) / (1 - needed_share)
    return Phrase("stage.regain", {"missing": money(ceil(missing) + 1)})
