"""When a customer's next order is due by its own rhythm, and how late it is."""

from dataclasses import dataclass

from crmdash.model.reasons import Customer
from crmdash.summary.clock import Clock


@dataclass(frozen=True)
class NextOrder:
    """The next order: the day it is due, days until then (below zero: days late), and what it is expected to bring.

    `basket` is in ten-thousandths (mean of the last three purchases), `rhythm` in days, `silence` in rhythms.
    """

    day: int
    days_left: int
    basket: int | None
    rhythm: float
    silence: float
    gone: bool

    @property
    def late(self) -> bool:
        """Whether the day has passed."""
        return self.days_left < 0


def next_order(customer: Customer, clock: Clock) -> NextOrder | None:
    """Return the next order of a row of `Evaluation.customers`; None with fewer than two purchases or without dates."""
    day = customer.get("next_order_due")
    if day is None or clock.as_of is None:
        return None
    return NextOrder(
        day=day,
        days_left=day - clock.as_of,
        basket=customer.get("basket"),
        rhythm=customer["rhythm"],
        silence=customer["silence"],
        gone=customer["phase"] == "gone",
    )
