"""The journey (S20): from the first contact to a customer who brings others."""

from typing import Final

from crmdash.engine import Lazy, usual_value
from crmdash.engine.language import nw
from crmdash.model.lifecycle.ordered import Facts, Known, LifecycleModel
from crmdash.model.lifecycle.signs import drifting, established, lapsed
from crmdash.model.rules import Rule, either, measure, surely
from crmdash.rule_settings import LifecycleSettings
from crmdash.summary.tables import columns_of

REPEAT_PURCHASES: Final = 2
"""Who bought again is retained; who bought once is converted."""


def count_referrals(customers: Lazy) -> Lazy | None:
    """Count the other customers that each one referred; None where the data does not say who referred whom."""
    if "referred_by" not in columns_of(customers):
        return None
    by = nw.col("referred_by")
    brought = customers.filter(~by.is_null() & (by != nw.col("customer_id")))
    counted = brought.group_by("referred_by").agg(referrals=nw.col("customer_id").count().cast(nw.Int64))
    return counted.rename({"referred_by": "customer_id"})


def add_referrals(customers: Lazy) -> Lazy:
    """Add how many other customers each one referred, unless that is known; customers may come in another order."""
    counted = None if "referrals" in columns_of(customers) else count_referrals(customers)
    if counted is None:
        return customers
    joined = customers.join(counted, on="customer_id", how="left")
    return joined.with_columns(referrals=nw.col("referrals").fill_null(0))


def inspired(limits: LifecycleSettings, known: Known, facts: Facts) -> nw.Expr:
    """Return whether a customer speaks for us: recommends, referred somebody, or is satisfied.

    Where none of these is known of a customer (no referral is no sign against it), it counts as inspired if it buys no
    more on deals than the base's median, or if that is not known either.
    """
    recommend, satisfaction = measure("recommend", known), measure("satisfaction", known)
    speaks = either(
        recommend >= limits.inspire_recommend,
        measure("referrals", known) > 0,
        satisfaction >= limits.inspire_satisfaction,
    )
    unasked = recommend.is_null() & satisfaction.is_null()
    return speaks | (unasked & _pays_full_price(known, facts))


def usual_deal_share(customers: Lazy) -> float | None:
    """Return the median of the base's shares bought on deals; None where none is known."""
    if "deal_share" not in columns_of(customers):
        return None
    return usual_value(customers, nw.col("deal_share"), where=nw.col("in_base"))


def _pays_full_price(known: Known, facts: Facts) -> nw.Expr:
    if "deal_share" not in known:
        return nw.lit(True)
    share = nw.col("deal_share")
    if facts.usual_deal_share is None:
        return share.is_null()
    return share.is_null() | surely(share <= facts.usual_deal_share)


def rules(limits: LifecycleSettings, known: Known, facts: Facts) -> list[Rule]:
    """Return the ordered rules; whoever meets none has bought once."""
    met = surely(measure("contacts_made", known) > 0)
    return [
        Rule("reach", nw.col("prospect") & ~met),
        Rule("acquire", nw.col("prospect")),
        Rule("lapsed", lapsed(limits, known)),
        Rule("inspire", established(limits, known, facts) & inspired(limits, known, facts)),
        Rule("retain", nw.col("orders") >= REPEAT_PURCHASES),
    ]


def phases(limits: LifecycleSettings, known: Known) -> dict[str, list[Rule]]:
    """Return how the phase of who is retained differs by customer; otherwise it is steady."""
    few = nw.col("orders") <= limits.growing_up_to
    return {"retain": [Rule("falling", drifting(limits, known)), Rule("growing", few)]}


JOURNEY: Final = LifecycleModel(
    "journey",
    {
        "reach": "before",
        "acquire": "before",
        "convert": "early",
        "retain": "steady",
        "inspire": "steady",
        "lapsed": "gone",
    },
    rules,
    otherwise="convert",
    phases=phases,
)
