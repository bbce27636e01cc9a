"""What the models read of a customer's past: how often it bought again, when last, and for how long it is known."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Places = NDArray[np.int64]

DAYS_A_WEEK: Final = 7
_DAYS: Final = 1 << 20
"""More days than any history has, so that a history fits into one whole number."""


@dataclass(frozen=True, eq=False)
class History:
    """Distinct histories of customers, and who has which.

    Attributes
    ----------
    x : repeat purchases (purchases after the first).
    t_x : weeks from the first purchase to the last; 0 where there is one only.
    age : weeks from the first purchase to now (T in the papers).
    customers : how many customers have this history.
    place : for each customer, in the order given, the place of its history.
    """

    x: Places
    t_x: Vector
    age: Vector
    customers: Places
    place: Places

    @property
    def size(self) -> int:
        """Number of customers."""
        return int(self.customers.sum())

    def counts_and_ages(self) -> tuple[Places, Vector, Places]:
        """Return the distinct pairs of x and age, and for each history the place of its pair."""
        ages, nth = np.unique(self.age, return_inverse=True)
        found, place = np.unique(self.x * len(ages) + nth, return_inverse=True)
        x, nth = np.divmod(found, max(len(ages), 1))
        return x, ages[nth], place.astype(np.int64)


def distinct_histories(repeats: Places, active_days: Places, known_days: Places) -> History:
    """Put customers with the same history together.

    Parameters
    ----------
    repeats : purchases after the first, by customer.
    active_days : days from the first purchase to the last.
    known_days : days from the first purchase to now.

    Examples
    --------
    >>> found = distinct_histories(np.array([1, 0, 1]), np.array([7, 0, 7]), np.array([14, 14, 14]))
    >>> found.x.tolist(), found.t_x.tolist(), found.customers.tolist(), found.place.tolist()
    ([0, 1], [0.0, 1.0], [1, 2], [1, 0, 1])
    """
    key = (repeats * _DAYS + active_days) * _DAYS + known_days
    found, place, customers = np.unique(key, return_inverse=True, return_counts=True)
    rest, known = np.divmod(found, _DAYS)
    x, active = np.divmod(rest, _DAYS)
    return History(x, active / DAYS_A_WEEK, known / DAYS_A_WEEK, customers.astype(np.int64), place.astype(np.int64))
