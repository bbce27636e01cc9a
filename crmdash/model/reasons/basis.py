"""What every reason is made of: the customer's row, the rules it was labelled by, and small words for figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from crmdash.model.lifecycle import REGULAR_PURCHASES
from crmdash.model.tiers import Cuts
from crmdash.phrases import Figure, Phrase
from crmdash.settings import Settings
from crmdash.summary.clock import Clock
from crmdash.summary.growth import Market

Customer = Mapping[str, Any]
"""One row of `Evaluation.customers`."""

JudgedOver = Literal["all", "lately", "gone"]
_JUDGED: Final[Mapping[JudgedOver, str]] = {"all": "", "lately": "_window", "gone": "_last_window"}
"""How the columns end that hold customer profit and revenue over these days."""


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
    days = _JUDGED[judged_over(customer)]
    return customer.get(f"customer_profit{days}"), customer.get(f"revenue{days}")


def judged_over(customer: Customer) -> JudgedOver:
    """Return over which days: the W days up to T, for who is gone those up to the last purchase, else the total."""
    if "customer_profit_window" not in customer:
        return "all"
    return "gone" if customer["phase"] == "gone" else "lately"


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
