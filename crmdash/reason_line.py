"""One line per customer: value and tier, phase in numbers, flags, strategy, way out."""

from crmdash.i18n import Wording
from crmdash.model.reasons import Customer, Rulebook, why_flags, why_stage, why_strategy
from crmdash.phrases import say


def reason_line(customer: Customer, rules: Rulebook, wording: Wording) -> str:
    """Return the reason for a customer's strategy in one line; empty for customers without one.

    Such as: Platinum, 182,000 · Silent for ×3.1 its usual 24 days; cooling from ×2.0 → Protect; …
    """
    why, stage = why_strategy(customer, rules), why_stage(customer, rules)
    if why is None or stage is None:
        return ""
    tier = wording.term("model", f"tier.{customer['tier'] or customer['potential_tier']}")
    start = "line.prospect" if customer["prospect"] else "line.start"
    parts = [wording.term("reasons", start, tier=tier, value=wording.money(customer["value"]))]
    parts.append(say(stage.because, wording))
    parts += [say(phrase, wording) for phrase in why_flags(customer, rules).values()]
    strategy = wording.term("model", f"strategy.{customer['strategy']}")
    joined = wording.term("reasons", "line.separator").join(parts)
    line = wording.term("reasons", "line.strategy", parts=joined, strategy=strategy)
    if why.way_out is None:
        return line
    return wording.term("reasons", "line.way_out", line=line, way_out=say(why.way_out, wording))
