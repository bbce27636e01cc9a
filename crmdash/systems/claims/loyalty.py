"""Claims about who stays: traits, price, satisfaction, expectations, barriers, the file, the second order, cost.

Kept means, of those who bought in the earlier comparison period, who bought in the later one. What the customers table
says of somebody is that of today, so it may follow from staying as well as lead to it.
"""

from math import sqrt
from typing import Final

import polars as pl
import scipy  # which loads its parts only when they are used

from crmdash.phrases import Figure
from crmdash.systems.claims.claim import FEWEST, POINTS, Claim, Finding, judged, untested
from crmdash.systems.claims.comparisons import Comparison, of_counts, shares
from crmdash.systems.evidence import Evidence
from crmdash.systems.places import base_places, before_places, by_place
from crmdash.systems.profile_completeness import base_completeness
from crmdash.systems.report import Needs
from crmdash.systems.trust_ladder import likely_new, observe

REGULAR: Final = 3
"""With fewer purchases the share of deals is chance."""
FADED: Final = -0.1
SILENT: Final = 0.5
ORDERS: Final[Needs] = (("transactions",),)


def _kept(evidence: Evidence) -> pl.DataFrame:
    """Return the base's customers of the earlier period, with `kept`."""
    return evidence.remember("claims kept", lambda: _of_two_periods(evidence))


def _of_two_periods(evidence: Evidence) -> pl.DataFrame:
    asked = ("customer_id", "satisfaction", "expectation", "experience", "exit_barriers")
    base = evidence.base
    if evidence.clock.comparison is None:
        return base.head(0).with_columns(kept=pl.lit(False), complete=pl.lit(None, pl.Float64))
    held = [pl.col(name) for name in asked if name in base.columns]
    filled = base_completeness(evidence)
    kept = base.select(*held, kept=pl.col("orders_late") > 0, then=pl.col("orders_before") > 0, complete=filled)
    return kept.filter("then")


def _compared(found: Comparison) -> Finding:
    figures = {
        "first": Figure("percent", found.first), "second": Figure("percent", found.second),
        "cases": Figure("count", found.cases),
    }  # fmt: skip
    return judged(found.effect, POINTS, found.cases, figures, chance=found.chance)


def more_traits_stay(evidence: Evidence) -> Finding:
    """Compare, a period ago, customers with the most traits with those who had the fewest: who has bought since."""
    table = evidence.report("quality_traits").tables["by_traits"].frame
    large = table.filter(pl.col("customers_before") >= FEWEST).sort("traits")
    if len(large) < 2:
        return untested("few", cases=Figure("count", int(table["customers_before"].sum())),
                        needed=Figure("count", 2 * FEWEST))  # fmt: skip
    few, many = (
        (row["customers_before"], round(row["bought_since"] * row["customers_before"]))
        for row in (large.row(0, named=True), large.row(-1, named=True))
    )
    found = _compared(of_counts(many, few))
    traits = {"most": Figure("count", large["traits"][-1]), "fewest": Figure("count", large["traits"][0])}
    return Finding(found.verdict, {**found.figures, **traits}, found.effect, found.needed, found.cases, found.reason)


def price_is_not_loyalty(evidence: Evidence) -> Finding:
    """Compare, a period ago, regular customers who bought on deals more than usual with others: who has bought since.

    The claim holds unless those who buy on deals were kept clearly better.
    """
    then, clock = evidence.before, evidence.clock
    if then is None or clock.as_of is None or clock.comparison is None or "deal_share" not in then.columns:
        return untested("too_short")
    day = clock.as_of - clock.comparison
    regular = pl.col("in_base") & (pl.col("orders_late") > 0) & (pl.col("orders") >= REGULAR)
    active = then.select("deal_share", "in_base", "orders_late", "orders").with_columns(before_places(evidence))
    active = active.filter(regular)
    now = evidence.base.select(kept=pl.col("last_purchase") > day, there=True)
    known = active.hstack(by_place(evidence, now, base_places(evidence))[active["place"]]).filter("there")
    dealing = pl.col("deal_share") > pl.col("deal_share").median()
    found = shares(known, dealing, pl.col("kept"))
    figures = {
        "first": Figure("percent", found.first), "second": Figure("percent", found.second),
        "cases": Figure("count", found.cases),
    }  # fmt: skip
    return judged(found.effect, POINTS, found.cases, figures, at_most=True)


def satisfied_stay(evidence: Evidence) -> Finding:
    """Compare how many of the satisfied and of the dissatisfied were kept; those between are left out."""
    worth, kept = evidence.settings.worth, _kept(evidence)
    satisfied = pl.when(pl.col("satisfaction") >= worth.satisfied).then(True)
    both = satisfied.when(pl.col("satisfaction") <= worth.dissatisfied).then(False)
    return _compared(shares(kept, both, pl.col("kept")))


def met_expectations_keep(evidence: Evidence) -> Finding:
    """Compare how many were kept of those whose expectation was met and of those whose was not."""
    met = pl.col("experience") >= pl.col("expectation")
    return _compared(shares(_kept(evidence), met, pl.col("kept")))


def complete_file_keeps(evidence: Evidence) -> Finding:
    """Compare how many were kept of those whose file is more complete than the median and of the others."""
    kept = _kept(evidence)
    fuller = pl.col("complete") > pl.col("complete").median()
    return _compared(shares(kept, fuller, pl.col("kept")))


def barriers_keep(evidence: Evidence) -> Finding:
    """Compare how many were kept of those with an exit barrier and of those without."""
    tied = pl.col("exit_barriers").fill_null("").str.strip_chars() != ""
    return _compared(shares(_kept(evidence), tied, pl.col("kept")))


def soon_in_touch(evidence: Evidence) -> Finding:
    """Compare how many order a second time in time, of those contacted soon after the first order and of the others.

    Only of those who are likely to be new: an old customer's first order in the file wins no trust.
    """
    report = evidence.report("trust_ladder")
    rows, within = report.rows.frame, report.figures["second_order_within"].value
    if "contacted_soon" not in rows.columns:
        return untested("nobody")
    seen = observe(rows.select("first_purchase", "second_purchase", "contacted_soon"), evidence.clock.as_of, within)
    return _compared(shares(likely_new(evidence, seen), pl.col("contacted_soon"), pl.col("second")))


def dissatisfied_keep_silent(evidence: Evidence) -> Finding:
    """Measure how many of the dissatisfied never complained."""
    figures = evidence.report("complaint_iceberg").figures
    told = {"share": figures["share"], "customers": figures["dissatisfied"]}
    return judged(figures["share"].value, SILENT, int(figures["dissatisfied"].value), told)


def keeping_costs_less(evidence: Evidence) -> Finding:
    """Compare what gross profit costs, in the last L days, with customers from before and with newcomers.

    Cost of a unit of profit = cost to serve / gross profit; with newcomers the cost of winning them is added.
    Newcomers = first purchase in these days, with a known cost of winning.
    """
    base, clock = evidence.base, evidence.clock
    needed = {"profit_late", "customer_profit_late", "acquisition_cost", "first_purchase"}
    if not needed <= set(base.columns) or clock.comparison is None or clock.as_of is None:
        return untested("no_cost")
    known = base.select(needed).drop_nulls(["profit_late", "customer_profit_late", "first_purchase"])
    new = pl.col("first_purchase") > clock.as_of - clock.comparison
    newcomers, old = known.filter(new).drop_nulls(), known.filter(~new)
    served = [int((rows["profit_late"] - rows["customer_profit_late"]).sum()) for rows in (old, newcomers)]
    won, earned = (
        int(newcomers["acquisition_cost"].sum()),
        [int(rows["profit_late"].sum()) for rows in (old, newcomers)],
    )
    if min(earned) <= 0 or served[1] + won <= 0:
        return untested("no_cost")
    keeping, winning = served[0] / earned[0], (served[1] + won) / earned[1]
    figures = {"keeping": Figure("percent", keeping), "winning": Figure("percent", winning)}
    return judged(keeping / winning, 1.0, min(len(old), len(newcomers)), figures, at_most=True)


def acquisition_fades(evidence: Evidence) -> Finding:
    """Compare the newcomers of up to four complete quarters with those of the quarters that they are compared with."""
    quarters = evidence.report("acquisition").tables["quarters"].frame
    known = quarters.filter(pl.col("complete") & (pl.col("year_ago") > 0)).tail(4)
    now, then = int(known["new_customers"].sum()), int(known["year_ago"].sum())
    if not then:
        return untested("too_short")
    change = now / then - 1
    figures = {"change": Figure("percent", change), "now": Figure("count", now), "before": Figure("count", then)}
    chance = float(scipy.stats.norm.sf((then - now) / sqrt(now + then)))
    return judged(change, FADED, then, figures, chance=chance, at_most=True)


CLAIMS: Final = (
    Claim("more_traits_stay", "S3", "loyalty", more_traits_stay, ORDERS, "quality_traits"),
    Claim("soon_in_touch", "S4", "winning", soon_in_touch, (("transactions",), ("contacts",)), "trust_ladder"),
    Claim("keeping_costs_less", "S10", "winning", keeping_costs_less, (
        ("transactions",), ("customers.acquisition_cost",), ("transactions.profit", "transactions.cost"),
        ("customers.cost_to_serve", "contacts.cost", "contacts.minutes"),
    )),
    Claim("price_is_not_loyalty", "S11", "loyalty", price_is_not_loyalty, (("transactions.discount",),)),
    Claim("dissatisfied_keep_silent", "S14b", "loyalty", dissatisfied_keep_silent, system="complaint_iceberg"),
    Claim("met_expectations_keep", "S18", "loyalty", met_expectations_keep, ORDERS, "expectations"),
    Claim("acquisition_fades", "S25", "winning", acquisition_fades, system="acquisition"),
    Claim("complete_file_keeps", "S29", "loyalty", complete_file_keeps, ORDERS, "profile_completeness"),
    Claim("satisfied_stay", "S31", "loyalty", satisfied_stay, (*ORDERS, ("customers.satisfaction", "contacts.score"))),
    Claim("barriers_keep", "S32", "loyalty", barriers_keep, ORDERS, "exit_barriers"),
)  # fmt: skip
"""Claims about who stays, and what it costs."""
