"""What is worked out once for customers, and again only where a changed setting touches it.

Sorted values and what is usual hold as long as the data; stages, risks and own flags as long as the rules that they
read; the cells of a tier as long as its two lines. All of it is kept with the summary (`Summary.worked_out`).
"""

from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeVar

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.cuts import Distribution
from crmdash.engine import Lazy, collect, label_type, lazy
from crmdash.model import classification, lifecycle, rhythm
from crmdash.model.cells import OWN_FLAGS, Cell, Keys, cell_of
from crmdash.model.concentration import Concentration, Whale, concentration, whale
from crmdash.model.flags import margin, referred_value
from crmdash.model.tally import FURTHER, MARKS, Own, Places, Usual, Worth, keys_of, tally, tier_places, usual_in
from crmdash.model.tiers import Cuts, in_money, potential_tier
from crmdash.scope import Scope, within
from crmdash.settings import Settings, Tier
from crmdash.summary import Summary

Made = TypeVar("Made")

Who = Literal["in_base", "prospect"]


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

    def kept(self, kind: str, key: Hashable, make: Callable[[], Made], few: int = 4) -> Made:
        """Return what was made for this key of the summary, or make it now; the `few` asked for last are kept."""
        return self.summary.worked_out.get(kind, key, make, few)

    def begin(self) -> None:
        """Sort values while stages are told, on both cores; done at once where nothing of it has changed."""
        with ThreadPoolExecutor(1) as beside:
            sorted_beside = beside.submit(self._sort)
            _ = self.told
            sorted_beside.result()

    def _sort(self) -> None:
        for measure in dict.fromkeys((self.measure, "customer_profit")):
            if measure in self.summary.customers.columns:
                self.values(measure)
        self._worth("in_base", self.scope)

    @property
    def measure(self) -> str:
        """The measure that tiers go by."""
        return self.settings.tiers.measure

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
    def is_dark(self) -> bool:
        """Whether no customer looked at has a recency, so that there are no stages."""
        if not self.scope.active:
            return self.is_unknown("recency")
        everybody, scope = self.summary.customers, self.scope
        return self.kept("dark", scope, lambda: lifecycle.is_unknown(within(everybody, scope), "recency"))

    def values(self, measure: str, *, everybody: bool = False) -> Distribution:
        """Return the base's values of a measure, sorted: of the customers looked at, or of everybody."""
        scope = Scope() if everybody or not self.scope.active else self.scope
        return self.kept(
            "values", (measure, scope), lambda: distribute(within(self.summary.customers, scope), measure), few=8
        )

    @property
    def concentration(self) -> Concentration:
        """How concentrated the values are."""
        values = self.values(self.measure)
        return self.kept("concentration", (self.measure, self.scope), lambda: concentration(values))

    @property
    def whale(self) -> Whale:
        """The figures of the whale curve."""
        profits = self.values("customer_profit")
        return self.kept("whale", self.scope, lambda: whale(profits))

    @property
    def base_rhythm(self) -> float:
        """Days between two purchases that are usual in the base."""
        window = self.settings.period.window
        return self.kept("rhythm", window, lambda: rhythm.base_rhythm(lazy(self.summary.customers), window))

    @property
    def own_rules(self) -> str:
        """The rules that stages, risks and own flags are given by, as a key."""
        parts = (self.settings.period, self.settings.lifecycle, self.settings.warning, self.settings.flags)
        return "|".join(part.model_dump_json() for part in parts)

    def _tell_own(self) -> pl.DataFrame:
        customers = lazy(self.known)
        told = classification.add_own_labels(
            customers, self.base_rhythm, self.settings, self.summary.clock, label_type(customers), self.lifecycle_facts
        )
        names = ("stage", "phase", "risk_score", *OWN_FLAGS, *MARKS, "judged_profit", "judged_revenue")
        return collect(told.select(*dict.fromkeys(names)))

    @property
    def referred(self) -> list[pl.Series]:
        """What each customer's referred ones are worth; nothing where the data does not say who referred whom."""
        found = partial(referred_value, value=self.measure)
        return self.kept("referred", self.measure, lambda: self._beside(found, "referred_value"))

    @property
    def _referrals(self) -> list[pl.Series]:
        """How many each customer referred, which only the journey asks."""
        if self.settings.lifecycle.model != "journey":
            return []
        counted = self.kept("referrals", "", lambda: self._beside(lifecycle.count_referrals, "referrals"))
        return [counts.fill_null(0) for counts in counted]

    def _beside(self, find: Callable[[Lazy], Lazy | None], name: str) -> list[pl.Series]:
        """Return what is found by customer_id, row by row beside the customers."""
        found = find(lazy(self.summary.customers))
        if found is None:
            return []
        ids = self.summary.customers.select("customer_id")
        return [ids.join(collect(found), on="customer_id", how="left", maintain_order="left")[name]]

    def rows_of(self, who: Who, scope: Scope = Scope()) -> NDArray[np.intp] | None:
        """Return the places of the customers of the base, or of the prospects, in a scope; None where that is all."""

        def found() -> NDArray[np.intp] | None:
            everybody = self.summary.customers
            held = [column for column in scope.chosen if column in everybody.columns]
            marked = everybody.select(who, *held).with_row_index("place")
            places = within(marked, scope).filter(who)["place"].to_numpy().astype(np.intp)
            return None if len(places) == len(everybody) else places

        return self.kept("rows", (who, scope), found, few=8)

    def _worth(self, who: Who, scope: Scope) -> Worth:
        def read() -> Worth:
            known = self.summary.customers
            names = [name for name in (self.measure, "customer_profit", *FURTHER) if name in known.columns]
            chosen = collect(lazy(known).select(*dict.fromkeys(names), **self._margin))
            rows = self.rows_of(who, scope)
            there = chosen.hstack(self.referred)
            return Worth.of(there if rows is None else there[rows], self.measure)

        return self.kept("worth", (who, scope, self.measure), read)

    @property
    def _margin(self) -> dict[str, nw.Expr]:
        known = frozenset(self.summary.customers.columns)
        return {"margin": margin(known)} if "customer_profit" in known else {}

    def _own(self, who: Who, scope: Scope) -> Own:
        def read() -> Own:
            told, rows = self.told, self.rows_of(who, scope)
            return Own.of(told if rows is None else told[rows], lifecycle.stages_of(self.settings))

        return self.kept("own", (self.own_rules, who, scope), read)

    def cells(self, cuts: Cuts) -> list[Cell]:
        """Count the customers looked at by every label that they share."""
        return [cell for tier in cuts for cell in (*self._base_cells(tier, cuts), *self._prospect_cells(tier, cuts))]

    def _lines(self, tier: Tier, cuts: Cuts) -> Hashable:
        """Return what decides who belongs to a tier: its place, and its own line and those above."""
        codes = self.settings.tiers.codes
        place = codes.index(tier)
        above = next((cuts[code] for code in reversed(codes[:place]) if cuts[code] is not None), None)
        return (self.measure, self.settings.tiers.lead_if_loss, place, len(codes), above, cuts[tier])

    def usual(self, tier: Tier, cuts: Cuts) -> Usual:
        """Return what is usual in a tier, of everybody in it."""

        def told() -> Usual:
            worth = self._worth("in_base", Scope())
            return usual_in(worth, self._rows_in(tier, cuts, worth, Scope()))

        return self.kept("usual", (self._lines(tier, cuts), self.settings.period.window), told, 16)

    def _places(self, cuts: Cuts, worth: Worth, scope: Scope) -> Places:
        key = (self.measure, self.settings.tiers.lead_if_loss, tuple(cuts.items()), scope)
        return self.kept("places", key, lambda: tier_places(worth, cuts, self.settings))

    def _rows_in(self, tier: Tier, cuts: Cuts, worth: Worth, scope: Scope) -> NDArray[np.intp]:
        place, lines = self.settings.tiers.codes.index(tier), self._lines(tier, cuts)
        return self.kept(
            "rows of tiers", (lines, scope), lambda: np.flatnonzero(self._places(cuts, worth, scope) == place), few=8
        )

    def _base_cells(self, tier: Tier, cuts: Cuts) -> list[Cell]:
        usual, above = self.usual(tier, cuts), self._cut_above(tier, cuts)
        key = (self._lines(tier, cuts), usual, above, self.own_rules, self.scope)

        def counted() -> list[Cell]:
            worth = self._worth("in_base", self.scope)
            rows = self._rows_in(tier, cuts, worth, self.scope)
            return self._count("in_base", tier, cuts, rows)

        return self.kept("tier cells", key, counted, 16)

    def _prospect_cells(self, tier: Tier, cuts: Cuts) -> list[Cell]:
        rows = self.rows_of("prospect", self.scope)
        if rows is not None and not len(rows):
            return []
        there = np.flatnonzero(self.potential_places(cuts, self.scope) == self.settings.tiers.codes.index(tier))
        return self._count("prospect", tier, cuts, there)

    def _count(self, who: Who, tier: Tier, cuts: Cuts, rows: NDArray[np.intp]) -> list[Cell]:
        stages = lifecycle.stages_of(self.settings)
        found = tally(self._worth(who, self.scope), self.keys(who, tier, cuts, rows, self.scope), rows)
        return [cell_of(tier, who == "in_base", stages, one) for one in found]

    def keys(self, who: Who, tier: Tier, cuts: Cuts, rows: NDArray[np.intp], scope: Scope = Scope()) -> Keys:
        """Return every label of some customers of a tier (`crmdash.model.cells`).

        Parameters
        ----------
        rows : places among the customers of the base, or among the prospects, in the scope.
        """
        usual = self.usual(tier, cuts) if who == "in_base" else Usual()
        worth, own, above = self._worth(who, scope), self._own(who, scope), self._cut_above(tier, cuts)
        return keys_of(worth, own, rows, usual, above, self.settings.flags)

    def _cut_above(self, tier: Tier, cuts: Cuts) -> int | None:
        """Return the cut that a potential in money is held against."""
        codes = self.settings.tiers.codes
        place = codes.index(tier)
        return cuts[codes[place - 1]] if place and in_money(self.settings) else None

    def base_places(self, cuts: Cuts) -> Places:
        """Return the place of the tier of everybody in the base."""
        return self._places(cuts, self._worth("in_base", Scope()), Scope())

    def potential_places(self, cuts: Cuts, scope: Scope = Scope()) -> Places:
        """Return the place of the tier that the potential of each prospect would reach."""
        key = (self.measure, self.settings.tiers.model_dump_json(), tuple(cuts.items()), scope)
        return self.kept("potentials", key, lambda: self._place_potentials(cuts, scope))

    def _place_potentials(self, cuts: Cuts, scope: Scope) -> Places:
        known, rows = self.summary.customers, self.rows_of("prospect", scope)
        there = known if rows is None else known[rows]
        names = [name for name in ("prospect", "potential_value") if name in known.columns]
        reached = potential_tier(cuts, self.settings, frozenset(names), nw.Enum)
        tiers = collect(lazy(there.select(names)).with_columns(tier=reached))["tier"]
        return tiers.to_physical().cast(pl.Int8).to_numpy()

    @property
    def told(self) -> pl.DataFrame:
        """Every customer's own labels, in the summary's order: stage, phase, own flags."""
        return self.kept("own labels", self.own_rules, self._tell_own)

    @property
    def lifecycle_facts(self) -> lifecycle.Facts:
        """What the rules of the stages need to know beside a customer's own row."""
        usual = None
        if self.settings.lifecycle.model == "journey":
            everybody = lazy(self.summary.customers)
            usual = self.kept("deal share", "", lambda: lifecycle.usual_deal_share(everybody))
        return lifecycle.Facts.at(self.summary.clock, usual)

    @property
    def by_value(self) -> NDArray[np.intp]:
        """Places of the customers, largest value first, then by id; the summary has them by id."""
        values = self.summary.customers[self.measure]

        def ordered() -> NDArray[np.intp]:
            ranked = pl.DataFrame({"value": values, "place": np.arange(len(values))})
            return ranked.sort("value", descending=True, nulls_last=True, maintain_order=True)["place"].to_numpy()

        return self.kept("order", self.measure, ordered)
