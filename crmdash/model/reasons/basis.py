"""What every reason is made of: the customer's row, the rules it was labelled by, and small words for figures."""

from collections.abc import Mapping
from dataclasses import dataclass
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


def judged(customer: Customer) -> tuple[Any, Any]:
    """Return customer profit and revenue over the days that `loses` and `poor` are judged on."""
    if "customer_profit_window" not in customer:
        return customer.get("customer_profit"), customer.get("revenue")
    if customer["phase"] == "gone":
        return customer["customer_profit_last_window"], customer.get("revenue_last_window")
    return customer["customer_profit_window"], customer["revenue_window"]


def money(value: Any) -> Figure:
    """Return an amount in ten-thousandths as a figure."""
    return Figure("money", value)


def silence(customer: Customer) -> dict[str, Figure]:
    """Return a customer's silence and rhythm as figures."""
    return {"silence": Figure("times", customer.get("silence")), "rhythm": Figure("days", customer.get("rhythm"))}


def ruled_growth(customer: Customer) -> Any:
    """Return relative growth as rules read it (`crmdash.model.lifecycle.ruled_growth`)."""
    return customer.get("relative_growth") if at_least(customer.get("orders_before"), REGULAR_PURCHASES) else None


def at_least(value: Any, limit: float) -> bool:
    """Say whether a value is known and at least `limit`."""
    return value is not None and value >= limit
