"""Acquaintance (S35): potential, new, established and loyal customers."""

from typing import Final

from crmdash.engine.language import nw
from crmdash.model.lifecycle.ordered import Facts, Known, LifecycleModel
from crmdash.model.lifecycle.signs import drifting, established, lapsed
from crmdash.model.rules import Rule, either, measure, surely
from crmdash.rule_settings import LifecycleSettings


def rules(limits: LifecycleSettings, known: Known, facts: Facts) -> list[Rule]:
    """Return the ordered rules; whoever meets none is established."""
    tenure, satisfaction = measure("tenure", known), measure("satisfaction", known)
    content = satisfaction.is_null() | surely(satisfaction >= limits.loyal_satisfaction)
    new = either(nw.col("orders") <= limits.introduction_up_to, tenure < limits.introduction_days)
    return [
        Rule("potential", nw.col("prospect")),
        Rule("lapsed", lapsed(limits, known)),
        Rule("new", new),
        Rule("established_loyal", established(limits, known, facts) & content),
    ]


def phases(limits: LifecycleSettings, known: Known) -> dict[str, list[Rule]]:
    """Return how the phase of the established differs by customer; otherwise it is steady."""
    return {"established": [Rule("falling", drifting(limits, known))]}


ACQUAINTANCE: Final = LifecycleModel(
    "acquaintance",
    {
        "potential": "before",
        "new": "early",
        "established": "steady",
        "established_loyal": "steady",
        "lapsed": "gone",
    },
    rules,
    otherwise="established",
    phases=phases,
)
