"""Why a customer carries its labels, in numbers, and what would change them."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from crmdash.model.lifecycle import REGULAR_PURCHASES
from crmdash.model.tiers import Cuts
from crmdash.phrases import Figure, Phrase
from crmdash.settings import Settings
from crmdash.summary.clock import Clock
from crmdash.summary.growth import Market

Customer = Mapping[str, Any]
"""One row of `Evaluation.customers`."""


@dataclass(frozen=True)
class Reason:
    """Why a label holds, and the way out of it or up from it (None where there is none to name)."""

    because: Phrase
    way_out: Phrase | None = None


@dataclass(frozen=True)
class Rulebook:
    """What labels were given by: settings, cut values, clock, and the revenue of everybody."""

    settings: Settings
    cuts: Cuts
    clock: Clock
    market: Market | None = None


def why_tier(customer: Customer, rules: Rulebook) -> Reason:
    """Explain the tier: the value, the lines around it, and the distance to the next one."""
    if customer["tier"] is None:
        return _why_no_tier(customer)
    tiers, value, tier = rules.settings.tiers, customer["value"], customer["tier"]
    if tiers.lead_if_loss and tier == tiers.codes[-1]:
        profit = customer["customer_profit"]
        return Reason(
            Phrase("tier.loses", {"profit": _money(profit)}),
            Phrase("tier.way_out_of_loss", {"missing": _money(1 - profit)}),
        )
    if value is None:
        return Reason(Phrase("tier.no_value"))
    cut, above = rules.cuts[tier], customer["cut_above"]
    if cut is not None:
        because = Phrase("tier.reaches", {"value": _money(value), "cut": _money(cut), "tier": Figure("tier", tier)})
    elif above is not None:
        because = Phrase("tier.below", {"value": _money(value), "cut": _money(above)})
    else:
        because = Phrase("tier.no_line", {"value": _money(value)})
    return Reason(because, _way_up(customer, rules))


def _why_no_tier(customer: Customer) -> Reason:
    if customer["internal"]:
        return Reason(Phrase("tier.internal"))
    potential = customer.get("potential_value")
    tier = Figure("tier", customer["potential_tier"])
    if potential is None:
        return Reason(Phrase("tier.potential_unknown", {"tier": tier}))
    return Reason(Phrase("tier.potential", {"potential": _money(potential), "tier": tier}))


def _way_up(customer: Customer, rules: Rulebook) -> Phrase | None:
    codes, value = rules.settings.tiers.codes, customer["value"]
    place = codes.index(customer["tier"])
    if place == 0:
        cut = rules.cuts[codes[0]]
        return None if cut is None else Phrase("tier.above_line", {"margin": _money(value - cut)})
    if customer["cut_above"] is None:
        return None
    missing = {"missing": _money(customer["cut_above"] - value), "tier": Figure("tier", codes[place - 1])}
    return Phrase("tier.short_of", missing)


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
    limit = limits.lapsed_silence if _regular(customer) else limits.lapsed_silence_early
    if customer.get("silence") is not None and customer["silence"] >= limit:
        return Reason(Phrase("stage.silent_out", _silence(customer) | {"limit": Figure("times", limit)}), reopened)
    figures = {"recency": Figure("days", recency), "limit": Figure("days", limits.lapsed_days_at_most)}
    return Reason(Phrase("stage.too_long_ago", figures), reopened)


def _why_deteriorating(customer: Customer, rules: Rulebook) -> Reason:
    limits = rules.settings.lifecycle
    if customer["open_matters"] and _is_silent_out(customer, rules):
        return Reason(
            Phrase("stage.unsettled", {"recency": Figure("days", customer["recency"])}), Phrase("stage.settle")
        )
    if _regular(customer) and _at_least(customer.get("silence"), limits.cooling_silence):
        figures = _silence(customer) | {"limit": Figure("times", limits.cooling_silence)}
        return Reason(Phrase("stage.cooling", figures), _before_ended(customer, rules))
    change = _ruled_growth(customer)
    if _regular(customer) and change is not None and change <= limits.cooling_growth:
        figures = {"fall": _fall_of_share(change), "limit": _fall_of_share(limits.cooling_growth)}
        return Reason(Phrase("stage.shrinking", figures), _regain(customer, rules))
    fall = -customer["satisfaction_change"]
    figures = {"fall": Figure("score", fall), "satisfaction": Figure("score", customer["satisfaction"])}
    return Reason(Phrase("stage.disappointed", figures), Phrase("stage.satisfy"))


def _is_silent_out(customer: Customer, rules: Rulebook) -> bool:
    """Say whether a customer would be ended but for what is unsettled (`crmdash.model.lifecycle.silent_out`)."""
    limits = rules.settings.lifecycle
    limit = limits.lapsed_silence if _regular(customer) else limits.lapsed_silence_early
    recency, silence = customer.get("recency"), customer.get("silence")
    by_rhythm = _at_least(silence, limit) and _at_least(recency, limits.lapsed_days_at_least)
    return by_rhythm or _at_least(recency, limits.lapsed_days_at_most) or customer.get("status") == "closed"


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
    return Phrase("stage.regain", {"missing": _money(ceil(missing) + 1)})


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
    if customer["orders"] > limits.formation_up_to:
        return Reason(Phrase("stage.formation", figures), Phrase("stage.stable_on", {"date": Figure("date", early)}))
    ways = {
        "date": Figure("date", first + limits.stable_by_age),
        "more": Figure("count", limits.formation_up_to + 1 - customer["orders"]),
        "early": Figure("date", early),
    }
    waiting = _at_least(rules.clock.as_of, early)
    return Reason(
        Phrase("stage.formation", figures), Phrase("stage.stable_by" if waiting else "stage.stable_not_before", ways)
    )


def _why_stable(customer: Customer, rules: Rulebook) -> Reason:
    figures = {"orders": Figure("count", customer["orders"])} | _silence(customer)
    last = _last_day(customer, rules)
    if last is None or customer.get("rhythm") is None or not _regular(customer):
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


_TOO_COSTLY = ("early_costly", "bottom_loses", "costly")
"""Rows of the decision table that more profit leads out of."""


def why_strategy(customer: Customer, rules: Rulebook) -> Reason | None:
    """Explain the strategy: the row of the decision table that chose it, and the flag figures behind it."""
    if customer["strategy"] is None:
        return None
    row = Phrase(f"row.{customer['reason_code']}")
    if customer["reason_code"] in _TOO_COSTLY:
        return Reason(row, _way_out_of_poor(customer, rules))
    stage = why_stage(customer, rules)
    return Reason(row, stage.way_out if stage is not None else None)


def _way_out_of_poor(customer: Customer, rules: Rulebook) -> Phrase | None:
    profit, revenue = _judged(customer)
    usual = customer.get("usual_margin")
    if profit is None or revenue is None:
        return None
    expected = 0.0 if usual is None else max(0.0, revenue * usual * rules.settings.flags.poor_margin / 100)
    return Phrase("row.way_out_of_poor", {"missing": _money(max(1, floor(expected - profit) + 1))})


def _judged(customer: Customer) -> tuple[Any, Any]:
    """Return customer profit and revenue over the days that `loses` and `poor` are judged on."""
    if "customer_profit_window" not in customer:
        return customer.get("customer_profit"), customer["revenue"]
    if customer["phase"] == "gone":
        return customer["customer_profit_last_window"], customer.get("revenue_last_window")
    return customer["customer_profit_window"], customer["revenue_window"]


def why_flags(customer: Customer, rules: Rulebook) -> dict[str, Phrase]:
    """Explain each flag that holds, by its name, with the figures that raised it; `loses` says more than `poor`."""
    held = [name for name in _WHY_FLAG if customer[name] and not (name == "poor" and customer["loses"])]
    return {name: _WHY_FLAG[name](customer, rules) for name in held}


def _why_loses(customer: Customer, rules: Rulebook) -> Phrase:
    return Phrase("flag.loses", {"profit": _money(_judged(customer)[0])})


def _why_poor(customer: Customer, rules: Rulebook) -> Phrase:
    profit, revenue = _judged(customer)
    margin = profit / revenue if profit is not None and revenue and revenue > 0 else None
    figures = {"margin": Figure("percent", margin), "usual": Figure("percent", customer.get("usual_margin"))}
    return Phrase("flag.poor", figures)


def _why_contested(customer: Customer, rules: Rulebook) -> Phrase:
    limits = rules.settings.flags
    before, now = customer.get("share_of_wallet_before"), customer.get("share_of_wallet")
    if before is not None and now is not None and before - now >= limits.contested_wallet_fall - 1e-9:
        return Phrase("flag.wallet_fell", {"before": Figure("percent", before), "now": Figure("percent", now)})
    enough = _at_least(customer.get("orders_late"), REGULAR_PURCHASES)
    if enough and _at_least(customer.get("category_loss"), limits.contested_category_loss):
        counts = {name: Figure("count", customer[f"categories_{name}"]) for name in ("lost", "before")}
        return Phrase("flag.categories_lost", counts)
    end, today = customer.get("contract_end"), rules.clock.as_of
    if end is not None and today is not None and 0 <= end - today <= limits.contested_contract_days:
        return Phrase("flag.contract_ends", {"date": Figure("date", end)})
    return Phrase("flag.competitor")


def _why_upside(customer: Customer, rules: Rulebook) -> Phrase:
    limits, wallet = rules.settings.flags, customer.get("share_of_wallet")
    if wallet is not None and wallet <= limits.upside_wallet:
        return Phrase("flag.wallet_open", {"share": Figure("percent", wallet)})
    breadth, leaders = customer.get("breadth"), customer.get("leaders_breadth")
    if breadth is not None and leaders and breadth <= limits.upside_breadth * leaders:
        return Phrase("flag.narrow", {"breadth": Figure("count", breadth), "leaders": Figure("count", leaders)})
    change = _ruled_growth(customer)
    if _at_least(change, limits.upside_growth):
        return Phrase("flag.growing", {"growth": Figure("growth", change)})
    return Phrase("flag.potential", {"potential": _money(customer.get("potential_value"))})


def _why_saturated(customer: Customer, rules: Rulebook) -> Phrase:
    wallet = customer.get("share_of_wallet")
    if _at_least(wallet, rules.settings.flags.saturated_wallet):
        return Phrase("flag.wallet_full", {"share": Figure("percent", wallet)})
    return Phrase("flag.broad", {"breadth": Figure("count", customer.get("breadth"))})


def _why_guard(customer: Customer, rules: Rulebook) -> Phrase:
    tenure = customer.get("tenure")
    if customer["open_matters"]:
        return Phrase("flag.open_matters")
    if tenure is not None and tenure * 2 < rules.clock.window:
        return Phrase("flag.new", {"tenure": Figure("days", tenure)})
    referred = customer.get("referred_value")
    if referred is not None and _at_least(referred, customer.get("usual_value") or 0):
        return Phrase("flag.refers", {"value": _money(referred)})
    return Phrase("flag.tagged")


def _why_fresh(customer: Customer, rules: Rulebook) -> Phrase:
    return Phrase("flag.fresh", {"recency": Figure("days", customer["recency"])})


_WHY_FLAG = {
    "loses": _why_loses,
    "poor": _why_poor,
    "contested": _why_contested,
    "upside": _why_upside,
    "saturated": _why_saturated,
    "guard": _why_guard,
    "fresh": _why_fresh,
}


def _money(value: Any) -> Figure:
    return Figure("money", value)


def _silence(customer: Customer) -> dict[str, Figure]:
    return {"silence": Figure("times", customer.get("silence")), "rhythm": Figure("days", customer.get("rhythm"))}


def _regular(customer: Customer) -> bool:
    return _at_least(customer["orders"], REGULAR_PURCHASES)


def _ruled_growth(customer: Customer) -> Any:
    """Return relative growth as rules read it (`crmdash.model.lifecycle.ruled_growth`)."""
    return customer.get("relative_growth") if _at_least(customer.get("orders_before"), REGULAR_PURCHASES) else None


def _at_least(value: Any, limit: float) -> bool:
    return value is not None and value >= limit
