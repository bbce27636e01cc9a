"""How many moved, counted without listing them: what the board says at every move of a slider."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crmdash.evaluate import Evaluation
from crmdash.labelling import Rows, base_rows, phases_and_strategies, tiers_of_everybody
from crmdash.lines.ledger import HOURS_DIGITS, ledger
from crmdash.model.strategies import SHOWN_STRATEGIES
from crmdash.model.tiers import CLASSES
from crmdash.model.visit_policy import VisitPolicy, yearly_orders

_WON_BACK: Final = SHOWN_STRATEGIES.index("win_back")


@dataclass(frozen=True)
class Moved:
    """Customers in another tier than before: `customers`, `value` and `hours_wanted` of `Ledger`."""

    customers: int
    value: int
    hours_wanted: float


def moved(before: Evaluation, now: Evaluation) -> Moved:
    """Count who stands in another tier, as the ledger would.

    Where a tier line has moved and nothing else, nobody is listed. Otherwise the ledger counts.

    Raises
    ------
    ValueError
        If the two look at different customers (see `ledger`).
    """
    if not _only_tiers_differ(before, now):
        listed = ledger(before, now)
        return Moved(listed.customers, listed.value, listed.hours_wanted)
    rows = _other_tier(before, now)
    value = now.groundwork.summary.customers[now.settings.tiers.measure].gather(rows).sum()
    hours = [float(_wanted(each, rows).sum()) for each in (before, now)]
    return Moved(len(rows), int(value), round(hours[1] - hours[0], HOURS_DIGITS))


def _only_tiers_differ(before: Evaluation, now: Evaluation) -> bool:
    """Say whether both are of the same customers at the same day, in tiers of the same names."""
    one, other = before.settings.tiers, now.settings.tiers
    same_customers = before.groundwork.summary is now.groundwork.summary and before.scope.chosen == now.scope.chosen
    return same_customers and one.scheme == other.scheme and one.codes == other.codes


def _other_tier(before: Evaluation, now: Evaluation) -> Rows:
    rows = base_rows(now.groundwork)
    was, stands = (tiers_of_everybody(each.groundwork, each.cuts) for each in (before, now))
    return rows[(was != stands)[rows]]


def _wanted(evaluation: Evaluation, rows: Rows) -> NDArray[np.float64]:
    """Return the hours of visits a year that the service policy asks for, of some customers of the base."""
    ground, tiers = evaluation.groundwork, evaluation.settings.tiers
    orders = ground.kept("yearly orders", "", lambda: yearly_orders(ground.summary.customers))
    phases, strategies = phases_and_strategies(ground, evaluation.cuts, rows)
    classes = np.array([CLASSES.index(tiers.classes[code]) for code in tiers.codes])
    standing = classes[tiers_of_everybody(ground, evaluation.cuts)[rows]]
    won_back = (strategies == _WON_BACK).astype(np.intp)
    return VisitPolicy.of(evaluation.settings).wanted(standing, phases, won_back, orders[rows])
