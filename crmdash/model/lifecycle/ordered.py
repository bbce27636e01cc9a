"""What a lifecycle model is made of: ordered stages, the first rule that holds, and a phase for every stage."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from crmdash.engine.language import nw
from crmdash.model.rules import Rule, first_that_holds, label_of
from crmdash.rule_settings import LifecycleSettings
from crmdash.rule_settings.lifecycle import Model
from crmdash.summary.clock import Clock

Known = frozenset[str]
"""Names of the columns that the customers have."""

Situation = tuple[str, str]
"""A stage, and the phase that it carries."""

Line = tuple[int, tuple[Rule, ...]]
"""A place among situations, from 1, and the rules under which a customer takes it."""

HALF: Final = 2
"""In a file shorter than the window, half of it takes the window's place."""


@dataclass(frozen=True)
class Facts:
    """What rules need to know beside a customer's own row.

    Attributes
    ----------
    established_days : tenure from which a customer can be established: the window W, or half of a shorter file.
    usual_deal_share : median of the base's shares bought on deals; None where it is not known.
    """

    established_days: float
    usual_deal_share: float | None = None

    @classmethod
    def at(cls, clock: Clock, usual_deal_share: float | None = None) -> "Facts":
        """Return the facts that a clock tells."""
        short = clock.span is not None and clock.span < clock.window
        return cls(clock.span / HALF if short and clock.span is not None else clock.window, usual_deal_share)


RulesOf = Callable[[LifecycleSettings, Known, Facts], list[Rule]]
PhasesOf = Callable[[LifecycleSettings, Known], dict[str, list[Rule]]]


def _one_phase_each(limits: LifecycleSettings, known: Known) -> dict[str, list[Rule]]:
    return {}


@dataclass(frozen=True, eq=False)
class LifecycleModel:
    """Ordered stages.

    Attributes
    ----------
    phase_of : the stages in the order of the relationship, each with its phase; where the phase differs by customer,
        that of the last line of its rule.
    rules : the rules in the order in which they are read; the first that holds wins.
    otherwise : the stage of whoever meets no rule.
    phases : for stages whose phase differs by customer, the rules of the other phases.
    """

    code: Model
    phase_of: Mapping[str, str]
    rules: RulesOf
    otherwise: str
    phases: PhasesOf = _one_phase_each

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages in the order of the relationship."""
        return tuple(self.phase_of)

    @cached_property
    def situations(self) -> tuple[Situation, ...]:
        """Every stage with every phase that it can carry, stages in the order of the relationship."""
        own = self.phases(LifecycleSettings(), frozenset())
        further = {code: [rule.name for rule in rules] for code, rules in own.items()}
        return tuple((code, phase) for code in self.stages for phase in (*further.get(code, []), self.phase_of[code]))

    def ordered(self, limits: LifecycleSettings, known: Known, facts: Facts) -> list[Line]:
        """Return the lines that are read for stage and phase, in order: a place among `situations`, from 1, and rules.

        The first line of which every rule holds wins; the last has none. Without any recency there is one line, for 0.
        """
        if "recency" not in known:
            return [(0, ())]
        own, number = self.phases(limits, known), {place: one for one, place in enumerate(self.situations, 1)}
        stages = [(rule.name, (rule,)) for rule in self.rules(limits, known, facts)]
        return [
            line
            for code, rules in (*stages, (self.otherwise, ()))
            for line in (
                *((number[code, phase.name], (*rules, phase)) for phase in own.get(code, [])),
                (number[code, self.phase_of[code]], rules),
            )
        ]

    def stage(self, limits: LifecycleSettings, known: Known, facts: Facts, dtype: Any = None) -> nw.Expr:
        """Return each customer's stage; missing for everyone where recency is not known at all."""
        if "recency" not in known:
            return nw.lit(None, dtype or nw.String)
        return first_that_holds(self.rules(limits, known, facts), self.otherwise, dtype)

    def phase(self, stage: nw.Expr, limits: LifecycleSettings, known: Known, dtype: Any = None) -> nw.Expr:
        """Return the phase that each customer's stage carries."""
        usual = label_of(stage, self.phase_of, dtype)
        for code, rules in self.phases(limits, known).items():
            own = first_that_holds(rules, self.phase_of[code], dtype)
            usual = nw.when(stage == code).then(own).otherwise(usual)
        return usual
