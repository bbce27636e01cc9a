"""Why a customer gets its strategy, and what would lead out of it."""

from math import floor

from crmdash.model.reasons.basis import Customer, Reason, Rulebook, judged, money
from crmdash.model.reasons.stages import why_stage
from crmdash.phrases import Phrase

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
    profit, revenue = judged(customer)
    usual = customer.get("usual_margin")
    if profit is None or revenue is None:
        return None
    expected = 0.0 if usual is None else max(0.0, revenue * usual * rules.settings.flags.poor_margin / 100)
    return Phrase("row.way_out_of_poor", {"missing": money(max(1, floor(expected - profit) + 1))})
