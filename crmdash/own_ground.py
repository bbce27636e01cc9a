"""What is worked out once for customers by themselves, whatever tier they are in: stages, risks and own flags.

Each part is kept as long as the rules that it reads, beside the summary (`Summary.worked_out`): another rule of the
stages tells stages again and nothing else.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.engine import Lazy, collect, lazy
from crmdash.engine.arrays import Numbers, as_marks, where
from crmdash.engine.language import natively, nw, text_of
from crmdash.model import lifecycle, rhythm, warning
from crmdash.model.flags import marks
from crmdash.model.marks import Own
from crmdash.model.rules import surely
from crmdash.model.standing import first_line
from crmdash.settings import Settings
from crmdash.summary import Summary

Made = TypeVar("Made")

AskedOf = tuple[str, bool]
"""What customers are told beside their measures: silence by the rules of the period, and referrals."""

_CONDITIONS: Final = 40
"""How many conditions are kept: those of one setting, and of some before it."""


@dataclass(frozen=True, eq=False)
class OwnGround:
    """A summary's customers as the rules that read no tier need them."""

    summary: Summary
    settings: Settings

    def kept(self, kind: str, key: Hashable, make: Callable[[], Made], few: int = 4) -> Made:
        """Return what was made for this key of the summary, or make it now; the `few` asked for last are kept."""
        return self.summary.worked_out.get(kind, key, make, few)

    @property
    def known(self) -> pl.DataFrame:
        """Every customer, without a recency that has a column and yet is known of nobody."""
        everybody = self.summary.customers
        silent = "recency" in everybody.columns and self.is_unknown("recency")
        return (everybody.drop("recency") if silent else everybody).hstack(self._referrals)

    def is_unknown(self, name: str) -> bool:
        """Say whether a measure is known of nobody (`crmdash.model.lifecycle.is_unknown`)."""
        return self.kept("unknown", name, lambda: lifecycle.is_unknown(self.summary.customers, name))

    @property
    def base_rhythm(self) -> float:
        """Days between two purchases that are usual in the base."""
        window = self.settings.period.window
        return self.kept("rhythm", window, lambda: rhythm.base_rhythm_in_memory(self.summary.customers, window))

    @cached_property
    def own_rules(self) -> str:
        """The rules that stages, risks and own flags are given by, as a key."""
        return "|".join((self._stage_rules, self._mark_rules))

    @cached_property
    def _stage_rules(self) -> str:
        return self.settings.period.model_dump_json() + self.settings.lifecycle.model_dump_json()

    @cached_property
    def _mark_rules(self) -> str:
        parts = (self.settings.period, self.settings.warning, self.settings.flags)
        return "|".join(part.model_dump_json() for part in parts)

    @property
    def _timed(self) -> pl.DataFrame:
        """Every customer with silence, where recency is known."""
        if "recency" not in self.known.columns:
            return self.known

        def told() -> pl.Series:
            return rhythm.silence_in_memory(self.known, self.base_rhythm, self.settings.period)

        return self.known.hstack([self.kept("silence", self.settings.period.model_dump_json(), told)])

    @property
    def _told_by(self) -> frozenset[str]:
        return frozenset(self._timed.columns)

    @property
    def _stage_lines(self) -> list[lifecycle.Line]:
        """The lines that are read for stage and phase."""
        limits = self.settings.lifecycle
        return lifecycle.MODELS[limits.model].ordered(limits, self._told_by, self.lifecycle_facts)

    @property
    def _marks(self) -> dict[str, nw.Expr]:
        """What own flags are given by, whatever the stage."""
        return marks(self.settings.flags, self.summary.clock, self._told_by)

    @property
    def _one_signal(self) -> tuple[nw.Expr, nw.Expr]:
        """Who has an alert by one signal, and who may have one."""
        return warning.told_by_one(self._told_by, self.settings.warning, self.summary.clock)

    @natively()
    def ask(self) -> None:
        """Ask every condition of everybody in one go, which is quicker than by and by."""
        of_stages = (one for _, rules in self._stage_lines for rule in rules for one in rule.conditions)
        self._asked((*of_stages, *self._marks.values(), *self._one_signal))

    @property
    @natively()
    def situations(self) -> Numbers:
        """Stage and phase of everybody as numbers (`LifecycleModel.ordered`)."""

        def told() -> Numbers:
            lines = self._stage_lines
            asked = self._asked(one for _, rules in lines for rule in rules for one in rule.conditions)
            return first_line(lines, asked, len(self.summary.customers))

        return self.kept("situations", self._stage_rules, told)

    @property
    @natively()
    def own(self) -> Own:
        """What everybody is by itself in any phase."""

        def told() -> Own:
            conditions = self._marks
            found = self._asked(conditions.values())
            held = {name: found[text_of(one)] for name, one in conditions.items()}
            return Own.of(held, self._alerted() & self.summary.customers["in_base"])

        return self.kept("own", self._mark_rules, told)

    def _alerted(self) -> pl.Series:
        """Return who has an alert, whatever its phase: points are added up only where one signal does not tell."""
        conditions = self._one_signal
        found = self._asked(conditions)
        enough, possible = (found[text_of(one)] for one in conditions)
        if not possible.any():
            return enough
        customers, limits, clock = self._timed, self.settings.warning, self.summary.clock
        needed = {name for signal in warning.given_signals(self._told_by, clock) for name in signal.needs}
        open_ones = customers.select(*sorted(needed)).filter(possible)
        alerted = collect(warning.add_alert(lazy(open_ones), limits, clock).select("alert"))["alert"]
        return enough.clone().scatter(where(as_marks(possible)), alerted)

    def _asked(self, conditions: Iterable[nw.Expr]) -> dict[bytes, pl.Series]:
        """Return of everybody, by the text of each condition, whether it surely holds.

        Conditions asked before are kept, a bit for each customer.
        """
        asked_of = (self.settings.period.model_dump_json(), self.settings.lifecycle.model == "journey")
        named = {(asked_of, text_of(one)): one for one in conditions}

        def answer(wanting: list[tuple[AskedOf, bytes]]) -> dict[tuple[AskedOf, bytes], pl.Series]:
            # Beside a column, a condition that is the same for everybody is told of each.
            told = {f"{place}": surely(named[key]) for place, key in enumerate(wanting)}
            found = collect(lazy(self._timed).select("in_base", **told))
            return {key: found[f"{place}"] for place, key in enumerate(wanting)}

        found = self.summary.worked_out.get_each("conditions", list(named), answer, _CONDITIONS)
        return {text: held for (_, text), held in found.items()}

    @property
    def at_risk(self) -> NDArray[np.bool_]:
        """Who has an alert of early warning."""
        return self.own.at_risk(self.situations, lifecycle.situations_of(self.settings))

    @property
    def _referrals(self) -> list[pl.Series]:
        """How many each customer referred, which only the journey asks."""
        if self.settings.lifecycle.model != "journey":
            return []
        counted = self.kept("referrals", "", lambda: self.beside(lifecycle.count_referrals, "referrals"))
        return [counts.fill_null(0) for counts in counted]

    def beside(self, find: Callable[[Lazy], Lazy | None], name: str) -> list[pl.Series]:
        """Return what is found by customer_id, row by row beside the customers."""
        found = find(lazy(self.summary.customers))
        if found is None:
            return []
        ids = self.summary.customers.select("customer_id")
        return [ids.join(collect(found), on="customer_id", how="left", maintain_order="left")[name]]

    @property
    def lifecycle_facts(self) -> lifecycle.Facts:
        """What the rules of the stages need to know beside a customer's own row."""
        usual = None
        if self.settings.lifecycle.model == "journey":
            everybody = lazy(self.summary.customers)
            usual = self.kept("deal share", "", lambda: lifecycle.usual_deal_share(everybody))
        return lifecycle.Facts.at(self.summary.clock, usual)
