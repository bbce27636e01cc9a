"""Flags that the strategy table reads: loses, poor, risk, contested, upside, saturated, guard, fresh.

A flag without its data is false.
"""

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from crmdash.engine import Lazy, quantiles
from crmdash.engine.language import nw
from crmdash.model.lifecycle import REGULAR_PURCHASES, growth
from crmdash.model.rules import either, measure, surely
from crmdash.rule_settings import FlagSettings
from crmdash.summary.clock import Clock
from crmdash.summary.tables import columns_of

FLAGS: Final = ("loses", "poor", "risk", "contested", "upside", "saturated", "guard", "fresh")
GUARDING_TAGS: Final = ("strategic", "benchmark", "door_opener", "inspiring", "sole_outlet")
LEADERS_PERCENTILE: Final = 0.75
_ROUNDING: Final = 1e-9
"""Far more than products and quotients of numbers are off by."""


@dataclass(frozen=True)
class Judged:
    """Which columns profit is judged on: the W days up to T, those up to the last purchase, or the total."""

    profit: str
    revenue: str
    profit_of_gone: str
    revenue_of_gone: str

    def profit_of(self, known: frozenset[str], gone: bool | None = None) -> nw.Expr:
        """Return each customer's judged profit; its phase tells whether it is gone, unless that is given."""
        return _by_phase(self.profit, self.profit_of_gone, known, gone)

    def revenue_of(self, known: frozenset[str], gone: bool | None = None) -> nw.Expr:
        """Return each customer's revenue over the same days."""
        return _by_phase(self.revenue, self.revenue_of_gone, known, gone)

    @classmethod
    def among(cls, known: frozenset[str]) -> "Judged":
        """Choose the windows where they are known, the totals where only totals are."""
        if "customer_profit_window" in known:
            last = ("customer_profit_last_window", "revenue_last_window")
            return cls("customer_profit_window", "revenue_window", *last)
        return cls("customer_profit", "revenue", "customer_profit", "revenue")


def _by_phase(usual: str, of_gone: str, known: frozenset[str], gone: bool | None) -> nw.Expr:
    if usual == of_gone or gone is not None:
        return measure(of_gone if gone else usual, known)
    return nw.when(nw.col("phase") == "gone").then(measure(of_gone, known)).otherwise(measure(usual, known))


def margin(known: frozenset[str]) -> nw.Expr:
    """Return what a customer earns us of its revenue, a fraction; missing without revenue."""
    judged = Judged.among(known)
    revenue = measure(judged.revenue, known)
    return nw.when(revenue > 0).then(nw.col(judged.profit) / revenue)


def tier_facts(base: Lazy, value: str, by: str | None = "tier") -> pl.DataFrame:
    """Return what is usual in each tier: median margin and value, leaders' breadth (75th percentile).

    Parameters
    ----------
    base : the customers of the base, with tier, and with margin where customer profit is known.
    value : the measure that tiers go by.
    by : the tier, or None where all of them stand in one.
    """
    known = columns_of(base)
    asked = {"usual_value": (nw.col(value), 0.5)}
    if "margin" in known:
        asked["usual_margin"] = (nw.col("margin"), 0.5)
    if "breadth" in known:
        asked["leaders_breadth"] = (nw.col("breadth"), LEADERS_PERCENTILE)
    return quantiles(base, asked, by)


def referred_value(customers: Lazy, value: str) -> Lazy | None:
    """Return the value of the other customers that each one referred; None without a `referred_by` column."""
    if "referred_by" not in columns_of(customers):
        return None
    by = nw.col("referred_by")
    referred = customers.filter(nw.col("in_base") & ~by.is_null() & (by != nw.col("customer_id")))
    summed = referred.group_by("referred_by").agg(referred_value=nw.col(value).sum().cast(nw.Int64))
    return summed.rename({"referred_by": "customer_id"})


def loses(known: frozenset[str], gone: bool | None = None) -> nw.Expr:
    """Return whether customer profit is zero or less over the days it is judged on."""
    return surely(may_have_bought() & (Judged.among(known).profit_of(known, gone) <= 0))


def may_have_bought() -> nw.Expr:
    """A customer without a purchase cannot lose us money; one of whom purchases are not known can."""
    return nw.col("orders").is_null() | (nw.col("orders") > 0)


def earns_little(profit: Any, revenue: Any, usual_margin: Any, limits: FlagSettings) -> Any:
    """Return whether profit is at most a part of what the revenue usually earns in the tier, if that is anything.

    This and the other questions to a tier are asked of columns, and of arrays where a million customers are counted.
    """
    return (usual_margin > 0) & (profit <= revenue * usual_margin * (limits.poor_margin / 100))


def little_share(usual_margin: float, limits: FlagSettings) -> float:
    """Return the profit of its revenue up to which a customer that earns something surely earns little in a tier.

    It says the same as `earns_little` of those who do not lose, but where rounding decides: that is to be asked of who
    only stays below it once its share is `eased`. A share is one number instead of two.
    """
    return usual_margin * (limits.poor_margin / 100) * (1 - _ROUNDING)


def eased(share: Any) -> Any:
    """Return shares that stay below `little_share` wherever rounding might decide."""
    return share * (1 - 2 * _ROUNDING)


def is_narrow(breadth: Any, leaders_breadth: Any, limits: FlagSettings) -> Any:
    """Return whether a customer buys far fewer categories than the leaders of its tier."""
    return (breadth <= leaders_breadth * limits.upside_breadth) & (leaders_breadth > 0)


def is_broad(breadth: Any, leaders_breadth: Any) -> Any:
    """Return whether a customer buys as many categories as the leaders of its tier."""
    return breadth >= leaders_breadth


def poor(limits: FlagSettings, known: frozenset[str]) -> nw.Expr:
    """Return whether customer profit is far below what its revenue usually earns in the tier; so are all that lose."""
    usual = measure("usual_margin", known)
    return either(nw.col("loses"), earns_little(nw.col("judged_profit"), nw.col("judged_revenue"), usual, limits))


def risk(known: frozenset[str]) -> nw.Expr:
    """Return whether early warning gives an alert (`crmdash.model.warning`)."""
    return surely(nw.col("risk_level") == "alert") if "risk_level" in known else nw.lit(False)


def contested(limits: FlagSettings, clock: Clock, known: frozenset[str]) -> nw.Expr:
    """Return whether somebody else is winning the customer's purchases."""
    signs = [
        measure("share_of_wallet_before", known) - measure("share_of_wallet", known)
        >= limits.contested_wallet_fall - 1e-9,
        (measure("category_loss", known) >= limits.contested_category_loss)
        & (measure("orders_late", known) >= REGULAR_PURCHASES),
    ]
    if "contract_end" in known and clock.as_of is not None:
        left = nw.col("contract_end") - clock.as_of
        signs.append((left >= 0) & (left <= limits.contested_contract_days))
    return either(*signs, _tagged(("competitor",), known))


def room(limits: FlagSettings, known: frozenset[str]) -> nw.Expr:
    """Return whether the customer itself shows that it could buy more from us: its wallet, its growth."""
    small_part = measure("share_of_wallet", known) <= limits.upside_wallet
    return either(small_part, growth(known, lambda change: change >= limits.upside_growth))


def upside(limits: FlagSettings, known: frozenset[str]) -> nw.Expr:
    """Return whether the customer could clearly buy more from us, by its own signs or beside its tier."""
    return either(
        nw.col("room"),
        is_narrow(measure("breadth", known), measure("leaders_breadth", known), limits),
        measure("potential_value", known) >= nw.col("cut_above"),
    )


def full(limits: FlagSettings, known: frozenset[str]) -> nw.Expr:
    """Return whether nearly all of the customer's wallet is ours."""
    return surely(measure("share_of_wallet", known) >= limits.saturated_wallet)


def saturated(known: frozenset[str]) -> nw.Expr:
    """Return whether the customer already buys nearly all it can from us."""
    broad = is_broad(measure("breadth", known), measure("leaders_breadth", known))
    return either(nw.col("full"), broad & nw.col("shrinking")) & ~nw.col("upside")


def bound(clock: Clock, known: frozenset[str]) -> nw.Expr:
    """Return whether the customer itself gives a reason not to end the relationship, whatever it earns."""
    new = measure("tenure", known) * 2 < clock.window
    return either(_tagged(GUARDING_TAGS, known), nw.col("open_matters"), new)


def guard(known: frozenset[str]) -> nw.Expr:
    """Return whether there is such a reason, or whether it refers as much as is usual in its tier."""
    return either(nw.col("bound"), measure("referred_value", known) >= measure("usual_value", known))


def fresh(limits: FlagSettings, known: frozenset[str]) -> nw.Expr:
    """Return whether a gone customer bought not long ago."""
    return surely((nw.col("phase") == "gone") & lately(limits, known))


def lately(limits: FlagSettings, known: frozenset[str]) -> nw.Expr:
    """Return whether a customer bought not long ago."""
    return measure("recency", known) <= limits.fresh_days


def shrinking(known: frozenset[str]) -> nw.Expr:
    """Return whether a customer buys less than before, or no more."""
    return growth(known, lambda change: change <= 0)


def _tagged(tags: tuple[str, ...], known: frozenset[str]) -> nw.Expr:
    if "tags" not in known:
        return nw.lit(False)
    padded = nw.concat_str(nw.lit(";"), nw.col("tags"), nw.lit(";"))
    return either(*(padded.str.contains(f";{tag};", literal=True) for tag in tags))


def add_own_flags(customers: Lazy, limits: FlagSettings, clock: Clock) -> Lazy:
    """Add the flags that a customer has by itself, whatever tier it is in, and what the others need of it.

    Adds loses, risk, contested and fresh, and for `add_tier_flags` room, full, shrinking, bound, judged_profit and
    judged_revenue.

    Parameters
    ----------
    customers : with phase, and where known the risk level and the measures of the flags.
    """
    known = columns_of(customers)
    return customers.with_columns(
        loses=loses(known),
        risk=risk(known),
        contested=contested(limits, clock, known),
        fresh=fresh(limits, known),
        room=room(limits, known),
        full=full(limits, known),
        shrinking=shrinking(known),
        bound=bound(clock, known),
        judged_profit=nw.when(may_have_bought()).then(Judged.among(known).profit_of(known)),
        judged_revenue=Judged.among(known).revenue_of(known),
    )


def marks(limits: FlagSettings, clock: Clock, known: frozenset[str]) -> dict[str, nw.Expr]:
    """Return a customer's own flags as no stage changes them.

    contested, room, full, shrinking, bound; `loses` in every phase but gone, `loses_gone` and `fresh_gone` in that one.
    """
    return {
        "loses": loses(known, gone=False),
        "loses_gone": loses(known, gone=True),
        "fresh_gone": surely(lately(limits, known)),
        "contested": contested(limits, clock, known),
        "room": room(limits, known),
        "full": full(limits, known),
        "shrinking": shrinking(known),
        "bound": bound(clock, known),
    }


def add_tier_flags(customers: Lazy, limits: FlagSettings, *, in_money: bool = True) -> Lazy:
    """Add the flags that depend on the tier, poor, upside, saturated and guard, to customers with their own flags.

    Parameters
    ----------
    customers : with cut_above and the facts of their tier.
    in_money : whether the tier lines are amounts; a potential in money is held against no line of points.
    """
    known = columns_of(customers) - (set() if in_money else {"potential_value"})
    first = customers.with_columns(poor=poor(limits, known), upside=upside(limits, known), guard=guard(known))
    return first.with_columns(saturated=saturated(known))
