"""The policy of visits as a table: what a class in a phase gets, for summing up many customers at once.

The rules stand in `crmdash.model.visits` alone. Here they are asked once about every class and phase, with and without
a limit by orders; a customer is then looked up.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.engine import collect, lazy
from crmdash.model.lifecycle.phases import PHASES
from crmdash.model.tiers import CLASSES
from crmdash.model.visits import add_visit_hours, orders_a_year
from crmdash.rule_settings import ServiceSettings
from crmdash.settings import Settings

Codes = NDArray[np.signedinteger]
Numbers = NDArray[np.float64]

_PHASES: Final = (*PHASES, None)
"""The last one, at place -1: no phase is known."""

_STRATEGIES: Final = (None, "win_back")


@dataclass(frozen=True, eq=False)
class VisitPolicy:
    """Hours of visits a year by class, phase and whether the customer is to be won back.

    Attributes
    ----------
    hours : what the policy asks for, before orders are looked at.
    each : hours of one visit, by class.
    limited : where there are no more visits than orders.
    """

    hours: Numbers
    each: Numbers
    limited: NDArray[np.bool_]

    @classmethod
    def of(cls, settings: Settings) -> "VisitPolicy":
        """Ask the rules about every class and phase."""
        return _policy(settings.service)

    def wanted(self, classes: Codes, phases: Codes, won_back: Codes, orders: Numbers) -> Numbers:
        """Return the hours of visits a year that the policy asks for, before their cost is looked at.

        Parameters
        ----------
        classes, phases : places in `CLASSES` and `PHASES`; -1 where no phase is known.
        won_back : 1 for customers that are to be won back, else 0.
        orders : orders a year, rounded up; infinite where they are not known (`yearly_orders`).
        """
        usual = self.hours[classes, phases, won_back]
        held_down = np.minimum(usual, orders * self.each[classes])
        return np.where(self.limited[classes, phases, won_back], held_down, usual)


def yearly_orders(customers: pl.DataFrame) -> Numbers:
    """Return the orders a year of each customer, rounded up, as the policy counts them; infinite where not known."""
    known = frozenset(customers.columns)
    found = collect(lazy(customers).select(orders=orders_a_year(known)))["orders"]
    return found.cast(pl.Float64).fill_null(np.inf).to_numpy()


@lru_cache(maxsize=32)
def _policy(service: ServiceSettings) -> VisitPolicy:
    settings = Settings(service=service)
    asked = [(True, *kind) for kind in product(CLASSES, _PHASES, _STRATEGIES)]
    schema = {"in_base": pl.Boolean, "tier_class": pl.String, "phase": pl.String, "strategy": pl.String}
    kinds = pl.DataFrame(asked, schema=schema, orient="row")
    free = _hours(kinds, settings)
    without_orders = _hours(kinds.with_columns(orders=pl.lit(0, pl.Int64)), settings)
    each = np.array([getattr(service, f"minutes_{code}") + service.travel_minutes for code in CLASSES]) / 60
    return VisitPolicy(free, each, without_orders < free)


def _hours(kinds: pl.DataFrame, settings: Settings) -> Numbers:
    told = collect(add_visit_hours(lazy(kinds), settings))["wanted"].to_numpy()
    return told.reshape(len(CLASSES), len(_PHASES), len(_STRATEGIES))
