"""The step table: what stands at or above every place that a tier line can take.

A line moves in steps (per cent, scores or round amounts), and each step is a cut. For every cut the table holds running
totals, counted once from all customers, so that a line under the hand only has two rows subtracted: exact at every
step, with no look at a customer. Steps stand from the top: the highest cut first, and of two lines the upper one has
the smaller step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from crmdash.columns import MONEY_SCALE
from crmdash.cuts import Ranked, cut_at
from crmdash.errors import SettingsError
from crmdash.model.tally import Amounts, added_up
from crmdash.model.tiers import last_value_tier
from crmdash.settings import (
    LARGEST_AMOUNT,
    LINE_FIELDS,
    Mode,
    Settings,
    Tier,
    TierSettings,
    field_extra,
    parse_settings,
)

Whole = NDArray[np.int64]
Steps = Mapping[Tier, int]
"""The step of every line, top first; the line that is not in force moves with them."""

AMOUNT_STEPS: Final = 100
"""About so many round amounts are offered where lines are amounts."""

NO_STAGE: Final = 0
"""Stages are numbered from 1."""


@dataclass(frozen=True, eq=False)
class Group:
    """Customers to be counted, row by row.

    Attributes
    ----------
    reaches : what is held against the cuts, in ten-thousandths; less than any cut where it is missing.
    value, profit : what is added up; profit is None where nobody's is known.
    stage : numbered from 1, `NO_STAGE` for none.
    apart : who is counted apart, whatever it reaches; None for nobody.
    """

    reaches: Whole
    value: Amounts
    profit: Amounts | None
    stage: NDArray[np.uint8]
    apart: NDArray[np.bool_] | None = None


@dataclass(frozen=True, eq=False)
class Counted:
    """Totals, one for each cut, or a single one: whole numbers, money in ten-thousandths.

    Attributes
    ----------
    customers, value, profit : (cuts,) profit is None where nobody's is known.
    stage_customers, stage_value : (cuts, stages).
    """

    customers: Whole
    value: Whole
    profit: Whole | None
    stage_customers: Whole
    stage_value: Whole


@dataclass(frozen=True, eq=False)
class Running:
    """Totals at or above each cut; of everybody who is not apart, and of those apart."""

    above: Counted
    everybody: Counted
    apart: Counted


@dataclass(frozen=True, eq=False)
class StepTable:
    """Every step that a tier line can take, with what stands at or above it.

    Attributes
    ----------
    mode : how lines are stated.
    grid, cuts : (steps,) the setting's value and the cut of each step, highest cut first; a cut is None in a base that
        draws none, and then nobody reaches it.
    stages : of the chosen lifecycle; empty where it is dark.
    base : the customers looked at: `above` each step, `everybody` but the loss-makers in a tier of their own, and those
        (`apart`).
    prospects : by what their potential reaches; `apart` are those whose potential is held against no line: they stand
        in the tier of class middle.
    curve_customers, curve_value : (steps,) where each step lies on the value curve, on which loss-makers stand too.
    total, positive_total : net sum of the values and sum of those above zero.
    size : how many customers the base has.
    lines : the present step of every line, top first.
    """

    mode: Mode
    grid: tuple[float, ...]
    cuts: tuple[int | None, ...]
    stages: tuple[str, ...]
    base: Running
    prospects: Running
    curve_customers: Whole
    curve_value: Whole
    total: int
    positive_total: int
    size: int
    lines: Steps

    @property
    def signature(self) -> str:
        """Short text that is another one as soon as steps mean something else."""
        return blake2b(repr((self.mode, self.grid, tuple(self.lines))).encode(), digest_size=8).hexdigest()

    def reach(self, tier: Tier) -> range:
        """Return the steps that a line can take with its neighbours pushed to their ends."""
        place = list(self.lines).index(tier)
        return range(place, len(self.grid) - len(self.lines) + place + 1)

    def moved(self, lines: Steps, tier: Tier, to: int) -> dict[Tier, int]:
        """Return where lines stand after one of them is taken to a step, its neighbours pushed along by one step each.

        Where the last neighbour stands at its end, the line stops short, as `crmdash.adjusting.with_value` has it.
        """
        codes, steps, reach = list(lines), list(lines.values()), self.reach(tier)
        place = codes.index(tier)
        steps[place] = min(max(to, reach.start), reach.stop - 1)
        for lower in range(place + 1, len(steps)):
            steps[lower] = max(steps[lower], steps[lower - 1] + 1)
        for upper in reversed(range(place)):
            steps[upper] = min(steps[upper], steps[upper + 1] - 1)
        return dict(zip(codes, steps, strict=True))

    def settings_at(self, settings: Settings, lines: Mapping[str, Any]) -> Settings:
        """Return `settings` with every line at its step; `lines` may come from outside.

        Raises
        ------
        SettingsError
            If lines are missing or unknown, stand on no step or out of order.
        """
        if set(lines) != set(self.lines):
            raise SettingsError(f"tiers: lines belong to {', '.join(self.lines)}")
        steps = [lines[code] for code in self.lines]
        for code, step in zip(self.lines, steps, strict=True):
            if not isinstance(step, int) or isinstance(step, bool) or step not in self.reach(code):
                raise SettingsError(f"tiers: the line of {code} stands on no step")
        if steps != sorted(set(steps)):
            raise SettingsError("tiers: the lines stand out of order")
        field = LINE_FIELDS[self.mode]
        stated = {code: self.grid[step] for code, step in zip(self.lines, steps, strict=True)}
        tiers = settings.tiers.model_dump() | {field: stated}
        return parse_settings(settings.model_dump() | {"tiers": tiers})


def idle_line(settings: Settings) -> Tier | None:
    """Return the line that is not in force, since its lower neighbour is drawn at zero profit; None where all are.

    It is the line of the tier that takes all who reach none: where there are fewer lines than the scheme has room for,
    that tier has no line, and the last line stays in force.
    """
    rest = last_value_tier(settings)
    return rest if rest in settings.tiers.lines else None


def step_grid(values: Ranked, settings: Settings) -> tuple[float, ...]:
    """Return every value that a line can take in the mode in force, from the top; the present lines are among them."""
    tiers = settings.tiers
    extra = field_extra(TierSettings.model_fields[LINE_FIELDS[tiers.mode]])
    if "step" in extra:
        count = round((extra["high"] - extra["low"]) / extra["step"])
        offered = [round(extra["low"] + place * extra["step"], 6) for place in range(count + 1)]
    else:
        offered = [amount / MONEY_SCALE for amount in round_amounts(values)]
    found = {float(value) for value in (*offered, *tiers.lines.values())}
    return tuple(sorted(found, reverse=tiers.mode in ("amount", "score")))


def round_amounts(values: Ranked, few: int = AMOUNT_STEPS) -> list[int]:
    """Return about `few` round amounts (ten-thousandths), highest first, spread over the customers and their value.

    Between two of them stands at least one customer: each is the roundest number that a chosen value reaches and the
    next smaller chosen value does not.
    """
    told = values.count_at_or_above(0)
    ranks = {round(rank) for rank in np.linspace(1, told, min(few // 2, told))} if told else set[int]()
    ranks |= (
        {values.needed_for_share(100 * part / (few // 2)) or told for part in range(1, few // 2)} if told else set()
    )
    limit = int(LARGEST_AMOUNT) * MONEY_SCALE
    chosen = sorted({min(values.at(rank), limit) for rank in ranks}, reverse=True)
    return [_roundest(lower, value) for value, lower in zip(chosen, [*chosen, -1][1:], strict=True)]


def _roundest(above: int, upto: int) -> int:
    """Return the whole number of fewest digits above one and up to another."""
    for power in reversed(range(len(str(upto)) + 1)):
        for digit in (5, 2, 1):
            unit = digit * 10**power
            if (found := upto // unit * unit) > above:
                return found
    return upto


def resolved(values: Ranked, mode: Mode, grid: Sequence[float]) -> tuple[int | None, ...]:
    """Return the cut of each step."""
    return tuple(cut_at(values, mode, value) for value in grid)


def running_totals(group: Group, cuts: Sequence[int | None], stages: int) -> Running:
    """Add up customers at or above every cut, in one pass.

    Customers are put between two cuts each, and what stands in each gap is added up from the top: whole numbers, exact.
    """
    limits = np.array(sorted({cut for cut in cuts if cut is not None}), np.int64)
    gap = np.searchsorted(limits, group.reaches, side="right").astype(np.int32)
    outside = len(limits) + 1
    if group.apart is not None:
        gap[group.apart] = outside
    keys = gap * np.int32(stages + 1) + group.stage
    shape = (outside + 1, stages + 1)

    size = shape[0] * shape[1]

    def added(amounts: Amounts) -> Whole:
        return added_up(keys, amounts, size).reshape(shape)

    counts = added_up(keys, 1, size).reshape(shape)
    parts = (counts, added(group.value), None if group.profit is None else added(group.profit))
    # Whoever stands above n limits reaches the n lowest of them: the gap above a cut is the first of its running total.
    place = {int(limit): number + 1 for number, limit in enumerate(limits)}
    first = np.array([outside if cut is None else place[cut] for cut in cuts], np.intp)
    return Running(
        above=_counted([_from_top(part, outside)[first] if part is not None else None for part in parts]),
        everybody=_counted([part[:outside].sum(axis=0, keepdims=True) if part is not None else None for part in parts]),
        apart=_counted([part[outside:] if part is not None else None for part in parts]),
    )


def _from_top(sums: Whole, outside: int) -> Whole:
    """Add up gaps from the highest down; one row more, for nobody."""
    running = np.cumsum(sums[:outside][::-1], axis=0)[::-1]
    return np.vstack([running, np.zeros_like(running[:1])])


def _counted(parts: Sequence[Whole | None]) -> Counted:
    customers, value, profit = parts
    assert customers is not None and value is not None
    return Counted(
        customers=customers.sum(axis=1),
        value=value.sum(axis=1),
        profit=None if profit is None else profit.sum(axis=1),
        stage_customers=customers[:, NO_STAGE + 1 :],
        stage_value=value[:, NO_STAGE + 1 :],
    )
