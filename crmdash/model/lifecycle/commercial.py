"""The commercial lifecycle (S13): which way the customer's money goes."""

from typing import Final

from crmdash.engine.language import nw
from crmdash.model.lifecycle.ordered import Facts, Known, LifecycleModel
from crmdash.model.lifecycle.signs import cooling, growth, lapsed, unsettled
from crmdash.model.rules import Rule, measure
from crmdash.rule_settings import LifecycleSettings


def rules(limits: LifecycleSettings, known: Known, facts: Facts) -> list[Rule]:
    """Return the ordered rules; whoever meets none is mature."""
    orders, tenure = nw.col("orders"), measure("tenure", known)
    dissatisfied = measure("satisfaction", known) <= limits.decline_satisfaction
    declining = cooling(limits, known, limits.decline_growth)
    growing = nw.lit(False) if limits.by_days else growth(known, lambda change: change >= limits.growth_from)
    return [
        Rule("prospect", nw.col("prospect")),
        Rule("ended", lapsed(limits, known)),
        Rule("decline", declining, (unsettled(limits, known), dissatisfied)),
        Rule("introduction", orders <= limits.introduction_up_to, (tenure < limits.introduction_days,)),
        Rule("growth", tenure < limits.growth_days, (growing,)),
    ]


COMMERCIAL: Final = LifecycleModel(
    "commercial",
    {
        "prospect": "before",
        "introduction": "early",
        "growth": "growing",
        "maturity": "steady",
        "decline": "falling",
        "ended": "gone",
    },
    rules,
    otherwise="maturity",
)
