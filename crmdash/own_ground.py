"""What is worked out once for customers by themselves, whatever tier they are in: stages, risks and own flags.

Each part is kept as long as the rules that it reads, beside the summary (`Summary.worked_out`): another rule of the
stages tells stages again and nothing else.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.engine import Lazy, collect, lazy
from crmdash.model import classification, lifecycle, rhythm, warning
from crmdash.model.flags import marks
from crmdash.model.marks import Own
from crmdash.model.standing import Numbers, as_bytes
from crmdash.settings import Settings
from crmdash.summary import Summary

Made = TypeVar("Made")


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
        return self.kept("rhythm", window, lambda: rhythm.base_rhythm(lazy(self.summary.customers), window))

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
        """Every customer with rhythm and silence."""

        def told() -> pl.DataFrame:
            timed = classification.add_silence(lazy(self.known), self.base_rhythm, self.settings)
            return collect(timed.select(*(name for name in ("rhythm", "silence") if name in timed.columns)))

        beside = self.kept("silence", self.settings.period.model_dump_json(), told)
        return self.known.hstack(beside)

    @property
    def situations(self) -> Numbers:
        """Stage and phase of everybody as numbers (`LifecycleModel.situation`)."""

        def told() -> Numbers:
            customers, limits = self._timed, self.settings.lifecycle
            model, names = lifecycle.MODELS[limits.model], frozenset(customers.columns)
            number = model.situation(limits, names, self.lifecycle_facts)
            # A rule may be the same for everybody: with a column beside it, it is told for each.
            return collect(lazy(customers).select("in_base", number=number))["number"].to_numpy()

        return self.kept("situations", self._stage_rules, told)

    @property
    def own(self) -> Own:
        """What everybody is by itself in any phase."""

        def told() -> Own:
            customers = self._timed
            told = marks(self.settings.flags, self.summary.clock, frozenset(customers.columns))
            found = collect(lazy(customers).select("in_base", **told))
            return Own.of(found, self._alerted(customers) & customers["in_base"])

        return self.kept("own", self._mark_rules, told)

    def _alerted(self, customers: pl.DataFrame) -> pl.Series:
        """Return who has an alert, whatever its phase: points are added up only where one signal does not tell."""
        limits, clock, known = self.settings.warning, self.summary.clock, frozenset(customers.columns)
        enough, possible = warning.told_by_one(known, limits, clock)
        told = collect(lazy(customers).select("in_base", enough=enough, possible=possible))
        if not told["possible"].any():
            return told["enough"]
        needed = {name for signal in warning.given_signals(known, clock) for name in signal.needs}
        open_ones = customers.select(*sorted(needed)).filter(told["possible"])
        alerted = collect(warning.add_alert(lazy(open_ones), limits, clock).select("alert"))["alert"]
        return told["enough"].scatter(np.flatnonzero(as_bytes(told["possible"])), alerted)

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
