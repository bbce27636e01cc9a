"""The personal cycle (NES): new, existing and sleeping customers by nothing but their own rhythm."""

from typing import Final

from crmdash.engine.language import nw
from crmdash.model.lifecycle.ordered import Facts, Known, LifecycleModel
from crmdash.model.rules import Rule, measure
from crmdash.rule_settings import LifecycleSettings

FIRST_PURCHASE: Final = 1
"""With no more purchases than this a customer is new; so is who only returned something."""


def rules(limits: LifecycleSettings, known: Known, facts: Facts) -> list[Rule]:
    """Return the ordered rules, the longest silence first; whoever meets none is active."""
    silence = measure("silence", known)
    return [
        Rule("prospect", nw.col("prospect")),
        Rule("new", nw.col("orders") <= FIRST_PURCHASE),
        Rule("asleep", silence >= limits.asleep_from),
        Rule("half_asleep", silence >= limits.half_asleep_from),
        Rule("sleepy", silence >= limits.sleepy_from),
    ]


def phases(limits: LifecycleSettings, known: Known) -> dict[str, list[Rule]]:
    """Return how the phase of the active differs by customer; otherwise it is steady."""
    return {"active": [Rule("growing", nw.col("orders") <= limits.growing_up_to)]}


PERSONAL_CYCLE: Final = LifecycleModel(
    "personal_cycle",
    {
        "prospect": "before",
        "new": "early",
        "active": "steady",
        "sleepy": "steady",
        "half_asleep": "falling",
        "asleep": "gone",
    },
    rules,
    otherwise="active",
    phases=phases,
)
