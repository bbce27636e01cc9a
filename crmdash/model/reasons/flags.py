"""Why a flag holds, with the figures that raised it."""

from crmdash.model.lifecycle import REGULAR_PURCHASES
from crmdash.model.reasons.basis import Customer, Rulebook, at_least, judged, judged_over, money, ruled_growth
from crmdash.model.warning import SIGNALS
from crmdash.phrases import Figure, Phrase

_RISK_BY = {1: "flag.risk_by_one", 2: "flag.risk"}
"""The sentence by how many signs give points; of more than two it names the strongest, not the whole score."""


def why_flags(customer: Customer, rules: Rulebook) -> dict[str, Phrase]:
    """Explain each flag that holds, by its name, with the figures that raised it; `loses` says more than `poor`."""
    held = [name for name in _WHY_FLAG if customer[name] and not (name == "poor" and customer["loses"])]
    return {name: _WHY_FLAG[name](customer, rules) for name in held}


def _why_loses(customer: Customer, rules: Rulebook) -> Phrase:
    return _over_days("loses", customer, rules, {"profit": money(judged(customer)[0])})


def _why_poor(customer: Customer, rules: Rulebook) -> Phrase:
    profit, revenue = judged(customer)
    margin = profit / revenue if profit is not None and revenue and revenue > 0 else None
    figures = {"margin": Figure("percent", margin), "usual": Figure("percent", customer.get("usual_margin"))}
    total = customer.get("customer_profit")
    if judged_over(customer) != "all" and rules.clock.value_start is None and total is not None and total < 0:
        # The list shows the loss of the whole file beside a margin that is none.
        return _over_days("poor_total", customer, rules, figures | {"total": money(total)})
    return _over_days("poor", customer, rules, figures)


def _over_days(key: str, customer: Customer, rules: Rulebook, figures: dict[str, Figure]) -> Phrase:
    """Return a phrase that names the days profit is judged on; where the total is, there are none to name."""
    days = {"days": Figure("days", rules.clock.window)}
    over = judged_over(customer)
    return Phrase(f"flag.{key}", figures) if over == "all" else Phrase(f"flag.{key}_{over}", figures | days)


def _why_risk(customer: Customer, rules: Rulebook) -> Phrase:
    given = ((customer.get(signal.column) or 0.0, -place, signal.code) for place, signal in enumerate(SIGNALS))
    points = sorted(given, reverse=True)
    figures = {"score": Figure("score", customer["risk_score"])}
    for name, (points_given, _place, code) in zip(("first", "second"), points, strict=False):
        figures |= {name: Figure("term", f"warnings:signal.{code}"), f"{name}_points": Figure("score", points_given)}
    signs = sum(points_given > 0 for points_given, *_ in points)
    return Phrase(_RISK_BY.get(signs, "flag.risk_by_more"), figures, "warnings")


def _why_contested(customer: Customer, rules: Rulebook) -> Phrase:
    limits = rules.settings.flags
    before, now = customer.get("share_of_wallet_before"), customer.get("share_of_wallet")
    if before is not None and now is not None and before - now >= limits.contested_wallet_fall - 1e-9:
        return Phrase("flag.wallet_fell", {"before": Figure("percent", before), "now": Figure("percent", now)})
    enough = at_least(customer.get("orders_late"), REGULAR_PURCHASES)
    if enough and at_least(customer.get("category_loss"), limits.contested_category_loss):
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
    change = ruled_growth(customer)
    if at_least(change, limits.upside_growth):
        return Phrase("flag.growing", {"growth": Figure("growth", change)})
    return Phrase("flag.potential", {"potential": money(customer.get("potential_value"))})


def _why_saturated(customer: Customer, rules: Rulebook) -> Phrase:
    wallet = customer.get("share_of_wallet")
    if at_least(wallet, rules.settings.flags.saturated_wallet):
        return Phrase("flag.wallet_full", {"share": Figure("percent", wallet)})
    return Phrase("flag.broad", {"breadth": Figure("count", customer.get("breadth"))})


def _why_guard(customer: Customer, rules: Rulebook) -> Phrase:
    tenure = customer.get("tenure")
    if customer["open_matters"]:
        return Phrase("flag.open_matters")
    if tenure is not None and tenure * 2 < rules.clock.window:
        return Phrase("flag.new", {"tenure": Figure("days", tenure)})
    referred = customer.get("referred_value")
    if referred is not None and at_least(referred, customer.get("usual_value") or 0):
        return Phrase("flag.refers", {"value": money(referred)})
    return Phrase("flag.tagged")


def _why_fresh(customer: Customer, rules: Rulebook) -> Phrase:
    return Phrase("flag.fresh", {"recency": Figure("days", customer["recency"])})


_WHY_FLAG = {
    "loses": _why_loses,
    "poor": _why_poor,
    "risk": _why_risk,
    "contested": _why_contested,
    "upside": _why_upside,
    "saturated": _why_saturated,
    "guard": _why_guard,
    "fresh": _why_fresh,
}
