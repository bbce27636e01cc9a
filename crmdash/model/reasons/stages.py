"""Why a customer is in its lifecycle stage, and what would change it."""

from math import ceil

from crmdash.model.reasons.basis import Customer, Reason, Rulebook, at_least, money, regular, ruled_growth, silence
from crmdash.phrases import Figure, Phrase


def why_stage(customer: Customer, rules: Rulebook) -> Reason | None:
    """Explain the lifecycle stage and name what would change it; None where the lifecycle is dark."""
    if customer["stage"] is None:
        return None
    return _WHY_STAGE[customer["stage"]](customer, rules)


def _why_prospect(customer: Customer, rules: Rulebook) -> Reason:
    return Reason(Phrase("stage.prospect"), Phrase("stage.first_order"))


def _why_ended(customer: Customer, rules: Rulebook) -> Reason:
    limits, recency = rules.settings.lifecycle, customer["recency"]
    reopened = Phrase("stage.reopened")
    if customer.get("status") == "closed":
        return Reason(Phrase("stage.closed"), Phrase("stage.reopen_in_file"))
    limit = limits.lapsed_silence if regular(customer) else limits.lapsed_silence_early
    if customer.get("silence") is not None and customer["silence"] >= limit:
        return Reason(Phrase("stage.silent_out", silence(customer) | {"limit": Figure("times", limit)}), reopened)
    figures = {"recency": Figure("days", recency), "limit": Figure("days", limits.lapsed_days_at_most)}
    return Reason(Phrase("stage.too_long_ago", figures), reopened)


def _why_deteriorating(customer: Customer, rules: Rulebook) -> Reason:
    limits = rules.settings.lifecycle
    if customer["open_matters"] and _is_silent_out(customer, rules):
        return Reason(
            Phrase("stage.unsettled", {"recency": Figure("days", customer["recency"])}), Phrase("stage.settle")
        )
    if regular(customer) and at_least(customer.get("silence"), limits.cooling_silence):
        figures = silence(customer) | {"limit": Figure("times", limits.cooling_silence)}
        return Reason(Phrase("stage.cooling", figures), _before_ended(customer, rules))
    change = ruled_growth(customer)
    if regular(customer) and change is not None and change <= limits.cooling_growth:
        figures = {"fall": _fall_of_share(change), "limit": _fall_of_share(limits.cooling_growth)}
        return Reason(Phrase("stage.shrinking", figures), _regain(customer, rules))
    fall = -customer["satisfaction_change"]
    figures = {"fall": Figure("score", fall), "satisfaction": Figure("score", customer["satisfaction"])}
    return Reason(Phrase("stage.disappointed", figures), Phrase("stage.satisfy"))


def _is_silent_out(customer: Customer, rules: Rulebook) -> bool:
    """Say whether a customer would be ended but for what is unsettled (`crmdash.model.lifecycle.silent_out`)."""
    limits = rules.settings.lifecycle
    limit = limits.lapsed_silence if regular(customer) else limits.lapsed_silence_early
    recency, silence = customer.get("recency"), customer.get("silence")
    by_rhythm = at_least(silence, limit) and at_least(recency, limits.lapsed_days_at_least)
    return by_rhythm or at_least(recency, limits.lapsed_days_at_most) or customer.get("status") == "closed"


def _before_ended(customer: Customer, rules: Rulebook) -> Phrase:
    limits, last = rules.settings.lifecycle, _last_day(customer, rules)
    if last is None:
        return Phrase("stage.order_soon")
    by_rhythm = max(ceil(limits.lapsed_silence * customer["rhythm"]), limits.lapsed_days_at_least)
    return Phrase("stage.order_before", {"date": Figure("date", last + min(by_rhythm, limits.lapsed_days_at_most))})


def _last_day(customer: Customer, rules: Rulebook) -> int | None:
    last, recency, today = customer["last_purchase"], customer.get("recency"), rules.clock.as_of
    if last is None and recency is not None and today is not None:
        return int(today - recency)
    return None if last is None else int(last)


def _fall_of_share(growth: float) -> Figure:
    """Return by which fraction a share fell: growth g = 2 (s1 - s0) / (s1 + s0), so s1 / s0 = (2 + g) / (2 - g)."""
    return Figure("percent", 1 - (2 + growth) / (2 - growth))


def _regain(customer: Customer, rules: Rulebook) -> Phrase:
    """Name the revenue of the last period that would lift the change of share above the limit.

    The customer's own x raises the revenue of all too: with share s0 before and f = (2 + limit) / (2 - limit), it needs
    (late + x) / (all + x) > f s0.
    """
    limit, market = rules.settings.lifecycle.cooling_growth, rules.market
    if market is None or market.before <= 0:
        return Phrase("stage.order_soon")
    needed_share = (2 + limit) / (2 - limit) * customer["revenue_before"] / market.before
    if needed_share >= 1:
        return Phrase("stage.order_soon")
    missing = (needed_share * market.late - customer["revenue_late"]) / (1 - needed_share)
    return Phrase("stage.regain", {"missing": money(ceil(missing) + 1)})


def _why_exploring(customer: Customer, rules: Rulebook) -> Reason:
    limit = rules.settings.lifecycle.exploration_up_to
    more = limit + 1 - customer["orders"]
    figures = {"orders": Figure("count", customer["orders"]), "limit": Figure("count", limit)}
    return Reason(Phrase("stage.exploration", figures), Phrase("stage.more_orders", {"more": Figure("count", more)}))


def _why_forming(customer: Customer, rules: Rulebook) -> Reason:
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


def _why_stable(customer: Customer, rules: Rulebook) -> Reason:
    if customer["orders"] is None:
        return Reason(Phrase("stage.stable_unknown", {"recency": Figure("days", customer["recency"])}))
    figures = {"orders": Figure("count", customer["orders"])} | silence(customer)
    last = _last_day(customer, rules)
    if last is None or customer.get("rhythm") is None or not regular(customer):
        return Reason(Phrase("stage.stable", figures))
    # The last day on which silence is still below the limit.
    limits = rules.settings.lifecycle
    until = last + min(ceil(limits.cooling_silence * customer["rhythm"]), limits.lapsed_days_at_most) - 1
    return Reason(Phrase("stage.stable", figures), Phrase("stage.stays_with_order_by", {"date": Figure("date", until)}))


_WHY_STAGE = {
    "prospect": _why_prospect,
    "ended": _why_ended,
    "deterioration": _why_deteriorating,
    "exploration": _why_exploring,
    "formation": _why_forming,
    "stable": _why_stable,
}
