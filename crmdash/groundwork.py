"""What is worked out once for customers, and again only where a changed setting touches it.

Sorted values and what is usual hold as long as the data; stages, risks and own flags as long as the rules that they
read; the cells of a tier as long as its two lines. All of it is kept with the summary (`Summary.worked_out`).
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import narwhals as nw
import polars as pl

from crmdash.cuts import Distribution
from crmdash.engine import collect, collect_counts, label_type, lazy
from crmdash.model import classification, lifecycle, rhythm
from crmdash.model.cells import Cell, cells, count
from crmdash.model.classification import TIER_FACTS
from crmdash.model.concentration import Concentration, Whale, concentration, whale
from crmdash.model.flags import add_tier_flags, referred_value, tier_facts
from crmdash.model.tiers import Cuts, cut_above, in_money, potential_tier
from crmdash.scope import Scope, within
from crmdash.settings import Settings, Tier
from crmdash.summary import Summary

Made = TypeVar("Made")

_WITH_TIER = ("customer_profit", "breadth", "potential_value", "in_base", "prospect")
_OWN = (
    "own_key", "loses", "room", "full", "shrinking", "bound", "judged_profit", "judged_revenue", "margin",
)  # fmt: skip


def distribute(customers: pl.DataFrame, measure: str) -> Distribution:
    """Sort the base's values of one measure."""
    values = customers.select("in_base", value=measure).filter("in_base")["value"]
    known = values.drop_nulls()
    return Distribution.of(known.to_numpy(), missing=len(values) - len(known))


@dataclass(frozen=True, eq=False)
class Groundwork:
    """A summary's customers as one setting of every slider needs them.

    Attributes
    ----------
    scope : which customers are looked at.
    """

    summary: Summary
    settings: Settings
    scope: Scope

    def _kept(self, kind: str, key: Hashable, make: Callable[[], Made], few: int = 4) -> Made:
        return self.summary.worked_out.get(kind, key, make, few)

    @property
    def measure(self) -> str:
        """The measure that tiers go by."""
        return self.settings.tiers.measure

    @property
    def known(self) -> pl.DataFrame:
        """Every customer, without a recency that has a column and yet is known of nobody."""
        everybody = self.summary.customers
        silent = "recency" in everybody.columns and self.is_unknown("recency")
        return everybody.drop("recency") if silent else everybody

    def is_unknown(self, name: str) -> bool:
        """Say whether a measure is known of nobody (`crmdash.model.lifecycle.is_unknown`)."""
        return self._kept("unknown", name, lambda: lifecycle.is_unknown(self.summary.customers, name))

    @property
    def is_dark(self) -> bool:
        """Whether no customer looked at has a recency, so that there are no stages."""
        if not self.scope.active:
            return self.is_unknown("recency")
        seen = within(self.summary.customers, self.scope)
        return self._kept("dark", self.scope, lambda: lifecycle.is_unknown(seen, "recency"))

    def values(self, measure: str, *, everybody: bool = False) -> Distribution:
        """Return the base's values of a measure, sorted: of the customers looked at, or of everybody."""
        scope = Scope() if everybody or not self.scope.active else self.scope
        return self._kept(
            "values", (measure, scope), lambda: distribute(within(self.summary.customers, scope), measure), few=8
        )

    @property
    def concentration(self) -> Concentration:
        """How concentrated the values are."""
        values = self.values(self.measure)
        return self._kept("concentration", (self.measure, self.scope), lambda: concentration(values))

    @property
    def whale(self) -> Whale:
        """The figures of the whale curve."""
        profits = self.values("customer_profit")
        return self._kept("whale", self.scope, lambda: whale(profits))

    @property
    def base_rhythm(self) -> float:
        """Days between two purchases that are usual in the base."""
        window = self.settings.period.window
        return self._kept("rhythm", window, lambda: rhythm.base_rhythm(lazy(self.summary.customers), window))

    @property
    def _own_rules(self) -> str:
        """The rules that stages, risks and own flags are given by, as a key."""
        parts = (self.settings.period, self.settings.lifecycle, self.settings.warning, self.settings.flags)
        return "|".join(part.model_dump_json() for part in parts)

    @property
    def _own(self) -> pl.DataFrame:
        """Every customer as the count by tiers needs it: own labels, and the measures that its tier is asked about."""
        return self._kept("own labels", (self._own_rules, self.measure), self._label_own)

    def _label_own(self) -> pl.DataFrame:
        customers = lazy(self.known)
        labels = label_type(customers)
        told = classification.add_own_labels(customers, self.base_rhythm, self.settings, self.summary.clock, labels)
        names = [name for name in dict.fromkeys((self.measure, *_WITH_TIER, *_OWN)) if name in told.columns]
        return collect(told.select(names)).hstack(self._referred)

    @property
    def _referred(self) -> list[pl.Series]:
        """What each customer's referred ones are worth; nothing where the data does not say who referred whom."""
        return self._kept("referred", self.measure, self._sum_referred)

    def _sum_referred(self) -> list[pl.Series]:
        everybody = lazy(self.summary.customers)
        referred = referred_value(everybody, self.measure)
        if referred is None:
            return []
        beside = everybody.select("customer_id").join(referred, on="customer_id", how="left")
        return [collect(beside)["referred_value"]]

    def _part(self, name: str, *, everybody: bool = False) -> pl.DataFrame:
        """Return the customers of the base, or the prospects, that are looked at."""
        scope = Scope() if everybody else self.scope
        key = (self._own_rules, self.measure, scope, name)
        return self._kept("part", key, lambda: self._take(name, scope), few=8)

    def _take(self, name: str, scope: Scope) -> pl.DataFrame:
        own, everybody = self._own, self.summary.customers
        wanted = everybody[name]
        if scope.active:
            held = [column for column in scope.chosen if column in everybody.columns]
            seen = everybody.select(held).with_row_index("place")
            places = within(seen, scope)["place"]
            return own[places].filter(wanted.gather(places))
        return own if wanted.all() else own.filter(wanted)

    def cells(self, cuts: Cuts) -> list[Cell]:
        """Count the customers looked at by every label that they share."""
        return [cell for tier in cuts for cell in (*self._base_cells(tier, cuts), *self._prospect_cells(tier, cuts))]

    def _lines(self, tier: Tier, cuts: Cuts) -> Hashable:
        """Return what decides who belongs to a tier: its place, and its own line and those above."""
        codes = self.settings.tiers.codes
        place = codes.index(tier)
        above = next((cuts[code] for code in reversed(codes[:place]) if cuts[code] is not None), None)
        return (self.measure, self.settings.tiers.lead_if_loss, place, len(codes), above, cuts[tier])

    def tier_facts(self, tier: Tier, cuts: Cuts) -> dict[str, float | None]:
        """Return what is usual in a tier, of everybody in it; a fact without data is not named."""
        return self._kept("tier facts", (self._lines(tier, cuts), self._own_rules), lambda: self._usual(tier, cuts), 16)

    def _usual(self, tier: Tier, cuts: Cuts) -> dict[str, float | None]:
        there = self._in_tier(self._part("in_base", everybody=True), tier, cuts)
        found = tier_facts(there, self.measure, by=None).row(0, named=True)
        return {name: found[name] for name in TIER_FACTS if name in found}

    def _in_tier(self, base: pl.DataFrame, tier: Tier, cuts: Cuts) -> Any:
        rows = lazy(base)
        labels = label_type(rows)
        reached = classification.reached_tier(frozenset(base.columns), cuts, self.settings, labels)
        return rows.with_columns(tier=reached).filter(nw.col("tier") == tier)

    def _base_cells(self, tier: Tier, cuts: Cuts) -> list[Cell]:
        facts = self.tier_facts(tier, cuts)
        key = (self._lines(tier, cuts), tuple(facts.items()), self._own_rules, self.scope)

        def counted() -> list[Cell]:
            there = self._in_tier(self._part("in_base"), tier, cuts)
            return self._count(there, tier, cuts, facts, in_base=True)

        return self._kept("tier cells", key, counted, 16)

    def _prospect_cells(self, tier: Tier, cuts: Cuts) -> list[Cell]:
        prospects = self._part("prospect")
        if prospects.is_empty():
            return []
        rows = lazy(prospects)
        potential = potential_tier(cuts, self.settings, frozenset(prospects.columns), label_type(rows))
        there = rows.with_columns(tier=potential).filter(nw.col("tier") == tier)
        return self._count(there, tier, cuts, dict.fromkeys(TIER_FACTS), in_base=False)

    def _count(
        self, there: Any, tier: Tier, cuts: Cuts, facts: dict[str, float | None], *, in_base: bool
    ) -> list[Cell]:
        settings, stages = self.settings, lifecycle.stages_of(self.settings)
        described = there.with_columns(
            cut_above=cut_above(nw.lit(tier), cuts, settings),
            **{name: nw.lit(number, nw.Float64) for name, number in facts.items()},
        )
        flagged = add_tier_flags(described, settings.flags, in_money=in_money(settings))
        counted = collect_counts(count(flagged, self.measure))
        return cells(counted, tier, stages, in_base=in_base)

    def labelled(self, cuts: Cuts) -> pl.DataFrame:
        """Return every customer with every label, largest value first, then by id."""
        customers = lazy(self.known.hstack(self._referred))
        labels = label_type(customers)
        tiered = classification.add_tier(customers, cuts, self.settings, labels)
        own = classification.add_own_labels(tiered, self.base_rhythm, self.settings, self.summary.clock, labels)
        by_tier = {tier: self.tier_facts(tier, cuts) for tier in cuts}
        facts = {name: {tier: found[name] for tier, found in by_tier.items()} for name in next(iter(by_tier.values()))}
        decided = classification.add_strategy(classification.add_tier_facts(own, facts), self.settings, labels)
        named = classification.as_names(collect(decided.drop(*_SCRATCH, strict=False)))
        return named.with_columns(value=pl.col(self.measure))[self._order]

    @cached_property
    def _order(self) -> pl.Series:
        """Places of the customers, largest value first; the summary has them by id."""
        values = self.summary.customers[self.measure]
        ranked = pl.DataFrame({"value": values, "place": pl.int_range(len(values), dtype=pl.UInt32, eager=True)})

        def placed() -> pl.Series:
            return ranked.sort("value", descending=True, nulls_last=True, maintain_order=True)["place"]

        return self._kept("order", self.measure, placed)


_SCRATCH = ("own_key", "room", "full", "shrinking", "bound", "judged_profit", "judged_revenue", "margin")
