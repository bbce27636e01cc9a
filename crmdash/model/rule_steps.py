"""What a limit of the lifecycle moves: tiers and stages counted at every step of its slider.

Tier lines stay where they are. A limit is held against one figure of each customer, and every other limit that it
pushes along rises with it; so a customer whose stage is the same at two steps has it at all steps between them. Stages
are told at both ends, and between them only of those who change, ever closer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crmdash.model.steps import Whole
from crmdash.model.tally import Amounts, added_up
from crmdash.settings import Tier

Places = NDArray[np.intp]
Codes = NDArray[np.uint8]
AT_ONCE: Final = 200_000
"""So many customers and steps are asked about at once where fewer customers are left."""

TellStages = Callable[[Places, Places], Codes]
"""Takes customers and, for each of them, the step asked about; gives their stages by number."""


@dataclass(frozen=True, eq=False)
class RuleSteps:
    """Tiers and stages at every step of one limit, all other settings given; prospects among them.

    Attributes
    ----------
    path : the limit's path, such as ``lifecycle.cooling_silence``.
    grid : (steps,) the values that it can take, the present one among them, smallest first; `at` is its step.
    tiers, stages : what the counts are of; no stages where the lifecycle is dark.
    customers, value : (steps, tiers, stages) value in ten-thousandths.
    """

    path: str
    grid: tuple[float, ...]
    at: int
    tiers: tuple[Tier, ...]
    stages: tuple[str, ...]
    customers: Whole
    value: Whole


@dataclass(frozen=True, eq=False)
class Changes:
    """Customers whose stage becomes another one at a step."""

    customer: Places
    step: Places
    before: Codes
    after: Codes


def followed(customers: int, steps: int, stages_at: TellStages) -> tuple[Codes, Changes]:
    """Return the stage of every customer at the first step, and every change on the way to the last."""
    everybody = np.arange(customers)
    ends = stages_at(np.tile(everybody, 2), np.repeat(np.array([0, steps - 1]), customers)).reshape(2, customers)
    who = np.flatnonzero(ends[0] != ends[1])
    found = []
    # One row for each stretch in which a customer changes: the steps asked about and the stages there, first and last.
    at, stages = np.tile(np.array([0, steps - 1]), (len(who), 1)), ends[:, who].T
    while len(who):
        adjacent = at[:, 1] - at[:, 0] == 1
        found.append((who[adjacent], at[adjacent, 1], *stages[adjacent].T))
        who, at, stages = _between(who[~adjacent], at[~adjacent], stages[~adjacent], stages_at)
    if not found:
        return ends[0], Changes(who, who, ends[0, :0], ends[0, :0])
    return ends[0], Changes(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def _between(who: Places, at: Places, stages: Codes, stages_at: TellStages) -> tuple[Places, Places, Codes]:
    """Part every stretch, and return those parts in which the stage still changes: the fewer are left, the finer."""
    if not len(who):
        return who, at, stages
    width = int((at[:, 1] - at[:, 0]).max())
    parts = max(2, min(AT_ONCE // len(who), width))
    points = at[:, :1] + (at[:, 1:] - at[:, :1]) * np.arange(parts + 1) // parts
    inside = stages_at(np.repeat(who, parts - 1), points[:, 1:-1].ravel()).reshape(-1, parts - 1)
    told = np.hstack([stages[:, :1], inside, stages[:, 1:]])
    row, part = np.nonzero(told[:, :-1] != told[:, 1:])
    pair = part[:, None] + np.arange(2)
    return who[row], points[row[:, None], pair], told[row[:, None], pair]


def counted(
    tiers: NDArray[np.int8], first: Codes, changes: Changes, value: Amounts, shape: tuple[int, int, int]
) -> tuple[Whole, Whole]:
    """Count customers and value by step, tier and stage: those at the first step, and what changes from then on.

    Parameters
    ----------
    tiers : place of each customer's tier.
    shape : number of steps, tiers and stages.
    """
    _, _, stages = shape
    everybody = np.arange(len(tiers))
    begin = _added(tiers.astype(np.int64) * stages + first, everybody, value, shape)
    place = (changes.step * shape[1] + tiers[changes.customer]) * stages
    come = _added(place + changes.after, changes.customer, value, shape)
    gone = _added(place + changes.before, changes.customer, value, shape)
    customers, values = (np.cumsum(a + b - c, axis=0) for a, b, c in zip(begin, come, gone, strict=True))
    return customers, values


def _added(keys: NDArray[np.int64], who: Places, value: Amounts, shape: tuple[int, int, int]) -> tuple[Whole, Whole]:
    size = shape[0] * shape[1] * shape[2]
    return added_up(keys, 1, size).reshape(shape), added_up(keys, value[who], size).reshape(shape)
