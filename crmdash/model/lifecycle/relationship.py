"""The relationship lifecycle (S31): how deep and how regular the relationship is, and whether it still lives."""

from typing import Final

from crmdash.engine.language import nw
from crmdash.model.lifecycle.ordered import Facts, Known, LifecycleModel
from crmdash.model.lifecycle.signs import cooling, disappointed, lapsed, unsettled
from crmdash.model.rules import Rule, measure
from crmdash.rule_settings import LifecycleSettings


def rules(limits: LifecycleSettings, known: Known, facts: Facts) -> list[Rule]:
    """Return the ordered rules; whoever meets none is stable."""
    orders, tenure = nw.col("orders"), measure("tenure", known)
    young = (orders <= limits.formation_up_to) & (tenure < limits.stable_by_age)
    return [
        Rule("prospect", nw.col("prospect")),
        Rule("ended", lapsed(limits, known)),
        Rule("deterioration", cooling(limits, known), (unsettled(limits, known), disappointed(limits, known))),
        Rule("exploration", orders <= limits.exploration_up_to),
        Rule("formation", young, (tenure < limits.formation_at_least,)),
    ]


RELATIONSHIP: Final = LifecycleModel(
    "relationship",
    {
        "prospect": "before",
        "exploration": "early",
        "formation": "growing",
        "stable": "steady",
        "deterioration": "falling",
        "ended": "gone",
    },
    rules,
    otherwise="stable",
)
