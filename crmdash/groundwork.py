"""What is worked out once for customers, and again only where a changed setting touches it.

Sorted values and what is usual hold as long as the data; stages, risks and own flags as long as the rules that they
read (`crmdash.own_ground`); what is usual in a tier as long as its two lines. All of it is kept with the summary
(`Summary.worked_out`), and of the customers only those are counted again whose labels changed.
"""

from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.cuts import Distribution, resolve_cuts
from crmdash.engine import collect, lazy
from crmdash.engine.arrays import Numbers, as_marks, where
from crmdash.engine.language import natively, nw
from crmdash.model import lifecycle
from crmdash.model.cells import Cell, Keys, cell_of
from crmdash.model.concentration import Concentration, Whale, concentration, whale
from crmdash.model.flags import Judged, may_have_bought, referred_value
from crmdash.model.relabelling import Labelled, Stand
from crmdash.model.rules import surely
from crmdash.model.standing import (
    FURTHER,
    Ruler,
    Usual,
    Worth,
    tier_places,
    usual_in,
)
from crmdash.model.tally import Amounts, Tally, amounts_of
from crmdash.model.tiers import Cuts, in_money, potential_tier
from crmdash.own_ground import OwnGround
from crmdash.scope import Scope, within
from crmdash.settings import Tier


def distribute(customers: pl.DataFrame, measure: str) -> Distribution:
    """Return the distribution of the base's values of one measure."""
    in_base, values = customers["in_base"], customers[measure]
    if not in_base.all():
        values = values.filter(in_base)
    known = values.drop_nulls()
    return Distribution.of(known.to_numpy(), missing=len(values) - len(known))


@dataclass(frozen=True, eq=False)
class Groundwork(OwnGround):
    """A summary's customers as one setting of every slider needs them.

    Attributes
    ----------
    scope : which customers are looked at.
    """

    scope: Scope

    def begin(self) -> Cuts:
        """Return the tier lines; customers are placed by them while all that no line changes is told, on both cores."""
        if self.summary.worked_out.all_of("labelled"):
            return self.cuts
        with ThreadPoolExecutor(1) as beside:
            placed = beside.submit(self._place)
            self.ask()
            _ = self.situations, self.own
            _ = self.whale if "customer_profit" in self.summary.customers.columns else None, self._added_up
            return placed.result()

    def _place(self) -> Cuts:
        _ = self.concentration, self._stand(self.cuts)
        return self.cuts

    @property
    def cuts(self) -> Cuts:
        """The lines between the tiers, of everybody or, where they are redrawn, of those looked at."""
        return resolve_cuts(self.drawn_on, self.settings)

    @property
    def drawn_on(self) -> Distribution:
        """The values that lines are drawn on: of everybody or, where lines are redrawn, of those looked at."""
        return self.values(self.measure, everybody=not self.scope.redraw)

    @property
    def measure(self) -> str:
        """The measure that tiers go by."""
        return self.settings.tiers.measure

    @property
    def is_dark(self) -> bool:
        """Whether nobody has a recency, so that there are no stages: of everybody, as stages themselves are told."""
        return self.is_unknown("recency")

    def values(self, measure: str, *, everybody: bool = False) -> Distribution:
        """Return the base's values of a measure: of the customers looked at, or of everybody."""
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
    def referred(self) -> list[pl.Series]:
        """What each customer's referred ones are worth; nothing where the data does not say who referred whom."""
        found = partial(referred_value, value=self.measure)
        return self.kept("referred", self.measure, lambda: self.beside(found, "referred_value"))

    @property
    def seen(self) -> NDArray[np.bool_] | None:
        """Which customers are looked at; None where all are."""
        if not self.scope.active:
            return None

        def found() -> NDArray[np.bool_]:
            everybody = self.summary.customers
            marked = np.zeros(len(everybody), np.bool_)
            held = [column for column in self.scope.chosen if column in everybody.columns]
            placed = everybody.select("in_base", *held).with_row_index("place")
            marked[within(placed, self.scope)["place"].to_numpy()] = True
            return marked

        return self.kept("seen", self.scope, found)

    @property
    def _worth(self) -> Worth:
        def read() -> Worth:
            customers = self.summary.customers
            judged = self._judged() if "customer_profit" in customers.columns else None
            names = [name for name in (self.measure, *FURTHER) if name in customers.columns]
            return Worth.of(customers.select(*dict.fromkeys(names)).hstack(self.referred), self.measure, judged)

        return self.kept("worth", self.measure, read)

    @natively()
    def _judged(self) -> pl.DataFrame:
        customers = self.summary.customers
        names = Judged.among(frozenset(customers.columns))
        told = collect(lazy(customers).select(losing=surely(nw.col("customer_profit") <= 0), bought=may_have_bought()))
        read = {
            "profit": names.profit,
            "revenue": names.revenue,
            "profit_gone": names.profit_of_gone,
            "revenue_gone": names.revenue_of_gone,
        }
        unknown = pl.Series([None], dtype=pl.Float64)
        return told.hstack(
            [
                (customers[name] if name in customers.columns else unknown.new_from_index(0, len(customers))).alias(
                    what
                )
                for what, name in read.items()
            ]
        )

    @property
    def _added_up(self) -> tuple[Amounts, ...]:
        """What cells are told of beside their customers: value and, where it is known, profit."""
        known = self.summary.customers
        names = [name for name in (self.measure, "customer_profit") if name in known.columns]
        return tuple(self.kept("amounts", name, partial(amounts_of, known[name])) for name in names)

    def cells(self, cuts: Cuts) -> list[Cell]:
        """Count the customers looked at by every label that they share."""
        codes, situations = self.settings.tiers.codes, lifecycle.situations_of(self.settings)
        cells = (cell_of(key, codes, situations, *sums) for key, *sums in self._tally(cuts).found)
        return [cell for cell in cells if cell is not None]

    def _tally(self, cuts: Cuts) -> Tally:
        amounts = self._added_up

        def counted() -> Tally:
            keys, seen = self.keys(cuts), self.seen
            # Who is not looked at stands nowhere.
            there = keys if seen is None else keys * seen
            return Tally.of(there, amounts, self.summary.worked_out.all_of("tally"))

        return self.kept("tally", (*self._labelled_by(cuts), self.scope), counted)

    def keys(self, cuts: Cuts) -> Keys:
        """Return every label of everybody (`crmdash.model.cells`); of who is not counted any that stands nowhere."""

        def told() -> Labelled:
            named, earlier = lifecycle.situations_of(self.settings), self.summary.worked_out.all_of("labelled")
            return Labelled.of(self._stand(cuts), self.situations, named, self.own, earlier)

        return self.kept("labelled", self._labelled_by(cuts), told).keys

    def _labelled_by(self, cuts: Cuts) -> tuple[Hashable, ...]:
        return (self.own_rules, self.settings.tiers.model_dump_json(), tuple(cuts.items()))

    def _lines(self, tier: Tier, cuts: Cuts) -> Hashable:
        """Return what decides who belongs to a tier: its place, and its own line and those above."""
        codes = self.settings.tiers.codes
        place = codes.index(tier)
        above = next((cuts[code] for code in reversed(codes[:place]) if cuts[code] is not None), None)
        return (self.measure, self.settings.tiers.lead_if_loss, place, len(codes), above, cuts[tier])

    def usual(self, tier: Tier, cuts: Cuts) -> Usual:
        """Return what is usual in a tier, of everybody in it."""

        def told() -> Usual:
            number = self.settings.tiers.codes.index(tier) + 1
            return usual_in(self._worth, pl.Series(self.standings(cuts) == number))

        return self.kept("usual", (self._lines(tier, cuts), self.settings.period.window), told, 16)

    def _cut_above(self, tier: Tier, cuts: Cuts) -> int | None:
        """Return the cut that a potential in money is held against."""
        codes = self.settings.tiers.codes
        place = codes.index(tier)
        return cuts[codes[place - 1]] if place and in_money(self.settings) else None

    def _stand(self, cuts: Cuts) -> Stand:
        limits = self.settings.flags

        def told() -> Stand:
            standings, above = self.standings(cuts), tuple(self._cut_above(tier, cuts) for tier in cuts)
            usual = tuple(self.usual(tier, cuts) for tier in cuts)
            # Of prospects nothing is usual, but the line above is theirs too.
            ruler = Ruler((Usual(), *usual, *(Usual() for _ in cuts)), (None, *above, *above), limits)
            return Stand.of(self._worth, standings, ruler, self.summary.worked_out.all_of("stand"))

        lines = (self.measure, self.settings.tiers.model_dump_json(), tuple(cuts.items()))
        return self.kept("stand", (limits.model_dump_json(), *lines), told)

    def standings(self, cuts: Cuts) -> Numbers:
        """Return where everybody stands, as a number (`Stand`)."""

        def told() -> Numbers:
            outside, rows, tiers = self._outside, self._prospects, len(self.settings.tiers.codes)
            found = (tier_places(self._worth, cuts, self.settings) + np.int8(1)).view(np.uint8)
            if len(outside):
                found[outside] = 0
            if len(rows):
                found[rows] = self._potentials(cuts, rows) + 1 + tiers
            return found

        return self.kept("standings", (self.measure, self.settings.tiers.model_dump_json(), tuple(cuts.items())), told)

    @property
    def _outside(self) -> NDArray[np.intp]:
        return self.kept("outside", "", lambda: where(~as_marks(self.summary.customers["in_base"])))

    @property
    def _prospects(self) -> NDArray[np.intp]:
        return self.kept("prospects", "", lambda: where(as_marks(self.summary.customers["prospect"])))

    def _potentials(self, cuts: Cuts, rows: NDArray[np.intp]) -> Numbers:
        """Return the place of the tier that the potential of each prospect would reach."""
        known = self.summary.customers
        names = [name for name in ("prospect", "potential_value") if name in known.columns]
        reached = potential_tier(cuts, self.settings, frozenset(names), nw.Enum)
        tiers = collect(lazy(known.select(names)[rows]).with_columns(tier=reached))["tier"]
        return tiers.to_physical().cast(pl.UInt8).to_numpy()

    @property
    def by_value(self) -> NDArray[np.intp]:
        """Places of the customers, largest value first, then by id; the summary has them by id."""
        values = self.summary.customers[self.measure]

        def ordered() -> NDArray[np.intp]:
            ranked = pl.DataFrame({"value": values, "place": np.arange(len(values))})
            return ranked.sort("value", descending=True, nulls_last=True, maintain_order=True)["place"].to_numpy()

        return self.kept("order", self.measure, ordered)
