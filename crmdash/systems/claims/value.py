"""Claims about where value is: few and many, tiers, types, recommendation, channels, give and take."""

from typing import Final

import polars as pl

from crmdash.model.concentration import TOP_SHARE
from crmdash.phrases import Figure, Unit
from crmdash.systems.claims.claim import SUPERIOR, TOGETHER, Claim, Finding, judged, untested
from crmdash.systems.claims.comparisons import Comparison, correlation, superiority
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Needs

HALF: Final = 0.5
EIGHTY: Final = 0.8
MUCH_DESTROYED: Final = 0.05
ALIKE: Final = 2.0
FEW: Final = 1 / 3
MUCH: Final = 1.5

PROFIT: Final[Needs] = (("transactions.profit", "transactions.cost", "customers.profit"),)
COST: Final[Needs] = (("customers.cost_to_serve", "contacts.cost", "contacts.minutes"),)
PLANS: Final[Needs] = (("transactions.planned", "transactions.category"),)
DISCOUNT: Final[Needs] = (("transactions.discount",),)


def _concentrated(limit: float, evidence: Evidence) -> Finding:
    share = evidence.evaluation.concentration.top20_share
    figures = {"share": Figure("percent", share)}
    return judged(share, limit, evidence.evaluation.values.size, figures)


def few_bring_most(evidence: Evidence) -> Finding:
    """Measure the share of the positive value that the largest fifth of the customers holds."""
    return _concentrated(HALF, evidence)


def eighty_twenty(evidence: Evidence) -> Finding:
    """Measure the same share against the famous 80 %."""
    return _concentrated(EIGHTY, evidence)


def losses_matter(evidence: Evidence) -> Finding:
    """Measure what loss-makers destroy of the profit that the others earn."""
    whale, profits = evidence.evaluation.whale, evidence.evaluation.profits
    if whale is None or profits is None or profits.positive_total <= 0:
        return untested("no_profit")
    share = -whale.profit_destroyed / profits.positive_total
    figures = {"share": Figure("percent", share), "customers": Figure("count", whale.loss_makers)}
    return judged(share, MUCH_DESTROYED, profits.size, figures)


def small_ones_alike(evidence: Evidence) -> Finding:
    """Measure how far the customers below the largest fifth differ: upper quartile / lower quartile of their value."""
    values = evidence.base["value"].drop_nulls().sort(descending=True)
    rest = values[-(-len(values) * TOP_SHARE // 100) :]
    low, high = rest.quantile(0.25, "linear"), rest.quantile(0.75, "linear")
    if low is None or high is None or low <= 0:
        return untested("no_spread")
    figures = {
        "times": Figure("times", high / low), "low": Figure("money", round(low)), "high": Figure("money", round(high)),
    }  # fmt: skip
    return judged(high / low, ALIKE, len(rest), figures, at_most=True)


def _ranked(found: Comparison, unit: Unit) -> Finding:
    """Judge one group against another by ranks; `unit` is "money" or "percent"."""
    medians = (found.first, found.second)
    first, second = (value if value is None or unit != "money" else round(value) for value in medians)
    figures = {
        "first": Figure(unit, first), "second": Figure(unit, second), "chance": Figure("percent", found.effect),
    }  # fmt: skip
    return judged(found.effect, SUPERIOR, found.cases, figures, chance=found.chance)


def top_pays_full_price(evidence: Evidence) -> Finding:
    """Compare the share of deals in what the classes below the top buy with that of the top class."""
    below = pl.col("tier_class") != "top"
    return _ranked(superiority(evidence.base, below, pl.col("deal_share")), "percent")


def second_tier_wants_discounts(evidence: Evidence) -> Finding:
    """Compare the share of deals of the class below the top with that of the top class."""
    two = evidence.base.select("tier_class", "deal_share").filter(pl.col("tier_class").is_in(["top", "upper"]))
    return _ranked(superiority(two, pl.col("tier_class") == "upper", pl.col("deal_share")), "percent")


def last_tier_demands_much(evidence: Evidence) -> Finding:
    """Compare the cost to serve a unit of revenue in the last class with that of all others."""
    if not {"cost_to_serve", "revenue"} <= set(evidence.base.columns):
        return untested("no_cost")
    bought = evidence.base.select("revenue", "cost_to_serve", "tier_class").filter(pl.col("revenue") > 0)
    cost = pl.col("cost_to_serve") / pl.col("revenue")
    return _ranked(superiority(bought, pl.col("tier_class") == "bottom", cost), "percent")


def _typed(evidence: Evidence, code: str) -> tuple[pl.DataFrame, int]:
    """Return the base's value and profit with `member`: whether the type holds (it need not be the primary one)."""
    return evidence.remember(f"claims typed {code}", lambda: _type_members(evidence, code))


def _type_members(evidence: Evidence, code: str) -> tuple[pl.DataFrame, int]:
    rows = evidence.report("ten_types").rows.frame
    types = pl.concat_str(pl.lit(";"), pl.col("types").fill_null(""), pl.lit(";"))
    flags = rows.select("customer_id", member=types.str.contains(f";{code};", literal=True))
    held = [name for name in ("value", "customer_profit") if name in evidence.base.columns]
    asked = evidence.base.select("customer_id", *held)
    if flags["customer_id"].equals(asked["customer_id"]):
        found = asked.with_columns(flags["member"])
    else:
        found = asked.join(flags, on="customer_id", how="left", maintain_order="left")
    return found, int(found["member"].sum())


def _against_heads(evidence: Evidence, code: str, measure: str) -> tuple[float | None, float | None, int]:
    """Return a type's share of the customers, its share of a measure, and how many it holds for."""
    rows, members = _typed(evidence, code)
    whole, own = (int(part[measure].sum()) for part in (rows, rows.filter("member")))
    if not len(rows) or whole <= 0:
        return None, None, members
    return members / len(rows), own / whole, members


def loyal_few_but_much(evidence: Evidence) -> Finding:
    """Measure whether loyal customers are at most a third, and bring more than their number."""
    heads, value, members = _against_heads(evidence, "loyal", "value")
    if heads is None or value is None or not members:
        return untested("nobody")
    figures = {"heads": Figure("percent", heads), "part": Figure("percent", value)}
    found = judged(value / heads, MUCH, members, figures)
    if found.verdict == "holds" and heads > FEW:
        return Finding("fails", figures, found.effect, found.needed, found.cases)
    return found


def _profit_of(evidence: Evidence, code: str) -> Finding:
    if "customer_profit" not in evidence.base.columns or int(evidence.base["customer_profit"].sum()) <= 0:
        return untested("no_profit")
    heads, profit, members = _against_heads(evidence, code, "customer_profit")
    if heads is None or profit is None or not members:
        return untested("nobody")
    figures = {"heads": Figure("percent", heads), "part": Figure("percent", profit)}
    return judged(profit / heads, 1.0, members, figures)


def discount_buyers_earn(evidence: Evidence) -> Finding:
    """Measure whether discount buyers bring at least their part of the profit."""
    return _profit_of(evidence, "discount")


def impulse_pays(evidence: Evidence) -> Finding:
    """Measure whether impulse buyers bring at least their part of the profit."""
    return _profit_of(evidence, "impulse")


def wanderers_least(evidence: Evidence) -> Finding:
    """Compare the mean value of wandering customers with that of the poorest other type that holds for enough."""
    rows = evidence.report("ten_types").tables["by_type"].frame.filter(pl.col("customers") > 0)
    each = rows.with_columns(mean=pl.col("value") / pl.col("customers"))
    own = each.filter(pl.col("type") == "wandering")
    others = each.filter((pl.col("type") != "wandering") & (pl.col("customers") >= 10))["mean"].drop_nulls()
    if not len(own) or not len(others):
        return untested("nobody")
    least = others.sort()[0]
    if least <= 0:
        return untested("no_spread")
    figures = {"first": Figure("money", round(own["mean"][0])), "second": Figure("money", round(least))}
    return judged(own["mean"][0] / least, 1.0, int(own["customers"][0]), figures, at_most=True)


def recommended_worth_more(evidence: Evidence) -> Finding:
    """Compare the value of customers brought by others with that of everybody else."""
    brought = pl.col("referred_by").is_not_null()
    return _ranked(superiority(evidence.base, brought, pl.col("value")), "money")


def more_channels_more(evidence: Evidence) -> Finding:
    """Compare revenue in the window by one channel or several, among customers with two purchases in it or more."""
    several = evidence.base.select("orders_window", "channels_window", "revenue_window")
    several = several.filter(pl.col("orders_window") >= 2)
    return _ranked(superiority(several, pl.col("channels_window") >= 2, pl.col("revenue_window")), "money")


def give_and_take(evidence: Evidence) -> Finding:
    """Measure whether customers who see more value in us bring more: rank correlation."""
    found = correlation(evidence.report("balance").rows.frame, pl.col("gets"), pl.col("gives"))
    figures = {"correlation": Figure("decimal", found.effect), "customers": Figure("count", found.cases)}
    return judged(found.effect, TOGETHER, found.cases, figures, chance=found.chance)


def tiers_help(evidence: Evidence) -> Finding:
    """Take over the verdict of the four conditions."""
    found = evidence.report("tiers_help").figures
    verdict = str(found["verdict"].value).rpartition(".")[2]
    figures = {"differing": found["measures_differing"], "measures": found["measures"]}
    if verdict not in ("help", "no_help"):
        return untested("use_not_shown", **figures)
    needed, differing = found["measures"].value, found["measures_differing"].value
    return Finding("holds" if verdict == "help" else "fails", figures, float(differing), None, int(needed))


CLAIMS: Final = (
    Claim("few_bring_most", "S6", "few_and_many", few_bring_most),
    Claim("eighty_twenty", "S6", "few_and_many", eighty_twenty),
    Claim("losses_matter", "S6", "few_and_many", losses_matter, PROFIT),
    Claim("small_ones_alike", "S5", "few_and_many", small_ones_alike),
    Claim("top_pays_full_price", "S5", "few_and_many", top_pays_full_price, DISCOUNT),
    Claim("second_tier_wants_discounts", "S5", "few_and_many", second_tier_wants_discounts, DISCOUNT),
    Claim("last_tier_demands_much", "S5", "few_and_many", last_tier_demands_much, COST),
    Claim("tiers_help", "S7", "few_and_many", tiers_help, system="tiers_help"),
    Claim("loyal_few_but_much", "S21", "kinds", loyal_few_but_much, system="ten_types"),
    Claim("discount_buyers_earn", "S21", "kinds", discount_buyers_earn, (*DISCOUNT, *PROFIT), "ten_types"),
    Claim("impulse_pays", "S21", "kinds", impulse_pays, (*PLANS, *PROFIT), "ten_types"),
    Claim("wanderers_least", "S21", "kinds", wanderers_least, (("contacts",),), "ten_types"),
    Claim("recommended_worth_more", "S37b", "winning", recommended_worth_more, system="recommendations"),
    Claim("more_channels_more", "S20b", "kinds", more_channels_more, system="channels"),
    Claim("give_and_take", "S17b", "loyalty", give_and_take, system="balance"),
)  # fmt: skip
"""Claims about value."""
