"""Tiers and matrix counted again in plain Python, customer by customer, from values, profits, potentials and stages."""

from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from math import ceil
from typing import Any

from crmdash.evaluate import Evaluation
from crmdash.settings import Settings
from tests.unit.steps.reading import Shown

Standing = dict[tuple[bool, str, str | None], list[int]]
"""Customers, value and profit by whether they buy, tier (of a prospect the one its potential would reach) and stage."""


def exact(number: float) -> Fraction:
    return Fraction(str(number))


@dataclass
class Recount:
    """The customers of an evaluation, whose stages hold wherever tier lines stand."""

    evaluation: Evaluation

    @cached_property
    def customers(self) -> Counter[tuple[Any, ...]]:
        """How many have the same value, profit, potential, stage, in_base and prospect; what is not known is None."""
        customers = self.evaluation.customers
        names = ("value", "customer_profit", "potential_value", "stage", "in_base", "prospect")
        columns = [customers[n].to_list() if n in customers.columns else [None] * len(customers) for n in names]
        return Counter(zip(*columns, strict=True))

    @cached_property
    def values(self) -> list[int]:
        """The values that lines are drawn on, largest first."""
        evaluation = self.evaluation
        summary = evaluation.groundwork.summary.customers
        everybody = summary.filter("in_base")[evaluation.settings.tiers.measure].to_list()
        seen = [row[0] for row in self.customers.elements() if row[4]]
        chosen = seen if evaluation.scope.redraw else everybody
        self.missing = sum(value is None for value in chosen)
        return sorted((value for value in chosen if value is not None), reverse=True)

    def cut(self, mode: str, line: float) -> int | None:
        """Return the cut of one line, by walking down the values."""
        values = self.values
        base = len(values) + self.missing
        if mode == "amount":
            return round(exact(line) * 10_000)
        if mode == "share":
            target = exact(line) * (self._running or [0])[-1] / 100
            if target <= 0:
                return None
            return values[bisect_left(self._running, target)]
        if not values:
            return None
        if mode == "heads":
            return values[min(ceil(exact(line) * base / 100), len(values)) - 1]
        least = exact(line) * base / 100
        return min((value for value, below in self._below if below >= least), default=values[0] + 1)

    @cached_property
    def _running(self) -> list[int]:
        return list(accumulate(value for value in self.values if value > 0))

    @cached_property
    def _below(self) -> list[tuple[int, int]]:
        """Every value with how many are smaller."""
        ascending = self.values[::-1]
        return [(value, bisect_left(ascending, value)) for value in sorted(set(ascending))]

    def standing(self, settings: Settings) -> Standing:
        """Count everybody by tier and stage."""
        tiers = settings.tiers
        loses, codes = tiers.lead_if_loss, tiers.codes
        drawn = [code for code in tiers.lines if not (loses and code == codes[-2])]
        cuts = [self.cut(tiers.mode, tiers.lines[code]) for code in drawn]
        last = codes[-2] if loses else codes[-1]
        middle = next(code for code, name in tiers.classes.items() if name == "middle")
        found: Standing = defaultdict(lambda: [0, 0, 0])
        for (value, profit, potential, stage, buys, prospect), count in self.customers.items():
            if not buys and not prospect:
                continue
            reaches = value if buys else potential
            tier = last if buys else middle
            if reaches is not None:
                tier = last
                for code, cut in zip(drawn, cuts, strict=True):
                    if cut is not None and reaches >= cut:
                        tier = code
                        break
            if buys and loses and profit is not None and profit <= 0:
                tier = codes[-1]
            there = found[buys, tier, stage]
            there[0] += count
            there[1] += count * (value or 0)
            there[2] += count * (profit or 0)
        return found

    def tiers(self, settings: Settings, standing: Standing) -> dict[str, Shown]:
        """Return what the tier table shows."""
        sums = {code: [0, 0, 0] for code in settings.tiers.codes}
        for (buys, tier, _), row in standing.items():
            if buys:
                sums[tier] = [one + more for one, more in zip(sums[tier], row, strict=True)]
        known = self.evaluation.profits is not None
        total = sum(value for _, value, _ in sums.values())
        tiers = settings.tiers
        cuts = {code: self.cut(tiers.mode, line) for code, line in tiers.lines.items()}
        if tiers.lead_if_loss:
            cuts[tiers.codes[-2]] = None
        return {
            code: Shown(count, value, profit if known and count else None,
                        value / total if total > 0 else None, cuts.get(code))
            for code, (count, value, profit) in sums.items()
        }  # fmt: skip

    def matrix(self, standing: Standing) -> dict[tuple[str, str], tuple[int, int]]:
        """Return customers and value of every tier and stage with somebody in it."""
        found = defaultdict[tuple[str, str], list[int]](lambda: [0, 0])
        for (_, tier, stage), (count, value, _) in standing.items():
            assert stage is not None
            cell = found[tier, stage]
            cell[0] += count
            cell[1] += value
        return {cell: (customers, value) for cell, (customers, value) in found.items()}
