"""Flags that the strategy table reads: loses, poor, risk, contested, upside, saturated, guard, fresh.

A flag without its data is false.
"""

from dataclasses import dataclass
from typing import Final

import narwhals as nw

from crmdash.engine import Lazy
from crmdash.model.lifecycle import REGULAR_PURCHASES, ruled_growth
from crmdash.model.rules import either, measure, surely
from crmdash.rule_settings import FlagSettings
from crmdash.summary.clock import Clock
from crmdash.summary.tables import columns_of

FLAGS: Final = ("loses", "poor", "risk", "contested", "upside", "saturated", "guard", "fresh")
GUARDING_TAGS: Final = ("strategic", "benchmark", "door_opener", "inspiring", "sole_outlet")
LEADERS_PERCENTILE: Final = 0.75


@dataclass(frozen=True)
class Judged:
    """Which columns profit is judged on: the W days up to T, those up to the last purchase, or the total."""

    profit: str
    revenue: str
    profit_of_gone: str
    revenue_of_gone: str

    def profit_of(self, known: frozenset[str]) -> nw.Expr:
        """Return each customer's judged profit."""
        return _unless_gone(measure(self.profit, known), measure(self.profit_of_gone, known))

    def revenue_of(self, known: frozenset[str]) -> nw.Expr:
        """Return each customer's revenue over the same days."""
        return _unless_gone(measure(self.revenue, known), measure(self.revenue_of_gone, known))

    @classmethod
    def among(cls, known: frozenset[str]) -> "Judged":
        """Choose the windows where they are known, the totals where only totals are."""
        if "customer_profit_window" in known:
            last = ("customer_profit_last_window", "revenue_last_window")
            return cls("customer_profit_window", "revenue_window", *last)
        return cls("customer_profit", "revenue", "customer_profit", "revenue")


def _unless_gone(usually: nw.Expr, gone: nw.Expr) -> nw.Expr:
    return nw.when(nw.col("phase") == "gone").then(gone).otherwise(usually)


def tier_facts(customers: Lazy, value: str) -> Lazy:
    """Return what is usual in each tier of the base: median margin and value, leaders' breadth (75th percentile)."""
    known = columns_of(customers)
    judged = Judged.among(known)
    base = customers.filter(nw.col("in_base"))
    usual = {"usual_value": nw.col(value).median()}
    if "customer_profit" in known:
        revenue = measure(judged.revenue, known)
        base = base.with_columns(margin=nw.when(revenue > 0).then(nw.col(judged.profit) / revenue))
        usual["usual_margin"] = nw.col("margin").median()
    if "breadth" in known:
        usual["leaders_breadth"] = nw.col("breadth").quantile(LEADERS_PERCENTILE, "linear")
    return base.group_by("tier").agg(**usual)


def referred_value(customers: Lazy, value: str) -> Lazy | None:
    """Return the value of the other customers that each one referred; None without a `referred_by` column."""
    if "referred_by" not in columns_of(customers):
        return None
    by = nw.col("referred_by")
    referred = customers.filter(nw.col("in_base") & ~by.is_null() & (by != nw.col("customer_id")))
    summed = referred.group_by("referred_by").agg(referred_value=nw.col(value).sum().cast(nw.Int64))
    return summed.rename({"referred_by": "customer_id"})


def loses(known: frozenset[str]) -> nw.Expr:
    """Return whether customer profit is zero or less over the days it is judged on."""
    return surely(_may_have_bought() & (Judged.among(known).profit_of(known) <= 0))


def _may_have_bought() -> nw.Expr:
    """A customer without a purchase cannot lose us money; one of whom purchases are not known can."""
    return nw.col("orders").is_null() | (nw.col("orders") > 0)


def poor(limits: FlagSettings, known: frozenset[str]) -> nw.Expr:
    """Return whether customer profit is far below what its revenue usually earns in the tier; so are all that lose."""
    judged = Judged.among(known)
    profit, revenue = judged.profit_of(known), judged.revenue_of(known)
    usual = measure("usual_margin", known)
    expected = revenue * usual * (limits.poor_margin / 100)
    return either(nw.col("loses"), _may_have_bought() & (usual > 0) & (profit <= expected))


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


def upside(limits: FlagSettings, known: frozenset[str]) -> nw.Expr:
    """Return whether the customer could clearly buy more from us."""
    narrow = measure("breadth", known) <= limits.upside_breadth * measure("leaders_breadth", known)
    return either(
        measure("share_of_wallet", known) <= limits.upside_wallet,
        narrow & (measure("leaders_breadth", known) > 0),
        ruled_growth(known) >= limits.upside_growth,
        measure("potential_value", known) >= nw.col("cut_above"),
    )


def saturated(limits: FlagSettings, known: frozenset[str]) -> nw.Expr:
    """Return whether the customer already buys nearly all it can from us."""
    broad = measure("breadth", known) >= measure("leaders_breadth", known)
    full = either(measure("share_of_wallet", known) >= limits.saturated_wallet, broad & (ruled_growth(known) <= 0))
    return full & ~nw.col("upside")


def guard(clock: Clock, known: frozenset[str]) -> nw.Expr:
    """Return whether there is a reason not to end the relationship, whatever it earns."""
    brings = measure("referred_value", known) >= measure("usual_value", known)
    new = measure("tenure", known) * 2 < clock.window
    return either(_tagged(GUARDING_TAGS, known), brings, nw.col("open_matters"), new)


def fresh(limits: FlagSettings, known: frozenset[str]) -> nw.Expr:
    """Return whether a gone customer bought not long ago."""
    return surely((nw.col("phase") == "gone") & (measure("recency", known) <= limits.fresh_days))


def _tagged(tags: tuple[str, ...], known: frozenset[str]) -> nw.Expr:
    if "tags" not in known:
        return nw.lit(False)
    padded = nw.concat_str(nw.lit(";"), nw.col("tags"), nw.lit(";"))
    return either(*(padded.str.contains(f";{tag};", literal=True) for tag in tags))


def add_flags(customers: Lazy, limits: FlagSettings, clock: Clock, *, in_money: bool = True) -> Lazy:
    """Add one boolean column per flag to customers with tier, phase, cut_above and the facts of their tier.

    Parameters
    ----------
    in_money : whether the tier lines are amounts; a potential in money is held against no line of points.
    """
    known = columns_of(customers) - (set() if in_money else {"potential_value"})
    first = customers.with_columns(
        loses=loses(known),
        risk=risk(known),
        contested=contested(limits, clock, known),
        upside=upside(limits, known),
        guard=guard(clock, known),
        fresh=fresh(limits, known),
    )
    return first.with_columns(poor=poor(limits, known), saturated=saturated(limits, known))
