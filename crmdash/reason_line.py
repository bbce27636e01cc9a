"""One line per customer: value and tier, phase in numbers, flags, strategy, way out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from crmdash.i18n import Wording
from crmdash.model.reasons import Customer, Rulebook, why_flags, why_stage, why_strategy
from crmdash.phrases import say

MANY: Final = 2_000
"""Lines remembered at most: some pages of a list."""


def reason_line(customer: Customer, rules: Rulebook, wording: Wording) -> str:
    """Return the reason for a customer's strategy in one line; empty for customers without one.

    Such as: Platinum, 182,000 · Silent for ×3.1 its usual 24 days; cooling from ×2.0 → Protect; …
    No line depends on where tiers are drawn, but through the customer's own row.
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


class ReasonLines:
    """Lines told before, under the same rules but for the tier lines, and in the same language.

    With each line stands what was read of the customer for it; it is told anew only where one of these has changed. So
    a moved tier line changes the few lines that it is about.
    """

    def __init__(self) -> None:
        self._told: dict[str, tuple[Mapping[str, Any], str]] = {}

    def of(self, customer: Customer, rules: Rulebook, wording: Wording) -> str:
        """Return the customer's line (see `reason_line`)."""
        known = self._told.get(customer["customer_id"])
        if known is not None and all(customer.get(name) == value for name, value in known[0].items()):
            return known[1]
        if len(self._told) >= MANY:
            self._told.clear()
        watched = _Watched(customer, {})
        line = reason_line(watched, rules, wording)
        self._told[customer["customer_id"]] = watched.read, line
        return line


@dataclass(frozen=True, eq=False)
class _Watched(Mapping[str, Any]):
    """A customer's row that notes what was read of it."""

    row: Customer
    read: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        self.read[name] = value = self.row[name]
        return value

    def get(self, name: str, default: Any = None) -> Any:
        """Return a measure, or `default` where the data has no such column; no rule asks with a default of its own."""
        self.read[name] = value = self.row.get(name, default)
        return value

    def __contains__(self, name: object) -> bool:
        return name in self.row

    def __iter__(self) -> Iterator[str]:
        return iter(self.row)

    def __len__(self) -> int:
        return len(self.row)
