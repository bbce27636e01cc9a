"""The firm's own account managers, and whose customer each shop is."""

from dataclasses import dataclass
from typing import Final

from shops import REGIONS, Shop

SENIOR_FROM: Final = 9_000_000
MIDDLE_FROM: Final = 1_600_000
"""Planned turnover of a year, in cents, from which a customer belongs to a senior or a middle account manager."""


@dataclass(frozen=True)
class Person:
    """One account manager; `hourly_cost` is cents."""

    name: str
    grade: str
    region: str | None
    capacity: int
    hours: int
    hourly_cost: int
    can_visit: bool


def _staff() -> tuple[Person, ...]:
    seniors = ("Orla Tresk", "沈若澄", "Calder Varnholt")
    middles = ("Doran Pellworth", "梁承砚", "Nerys Halvorn", "謝雨嵐", "Joris Askern", "郭思妍")
    juniors = ("Tilde Fenwold", "许宁禾", "Kester Corrish", "葉景筠", "Elka Garrowby", "吴佳舟",
               "Alden Sellick", "鄭雨朗", "Wilma Quenby")  # fmt: skip
    inside = ("Petra Istrane", "蔡安栩", "Ewan Lindquay")
    return (
        *(Person(name, "senior", None, 25, 1800, 24_000, True) for name in seniors),
        *(Person(name, "middle", region, 90, 1800, 15_000, True)
          for name, region in zip(middles, REGIONS, strict=True)),
        *(Person(name, "junior", REGIONS[place % len(REGIONS)], 200, 1760, 10_000, True)
          for place, name in enumerate(juniors)),
        *(Person(name, "inside", None, 600, 1700, 7_000, False) for name in inside),
    )  # fmt: skip


STAFF: Final = _staff()
HOURLY_COST: Final = {person.name: person.hourly_cost for person in STAFF}
CAN_VISIT: Final = {person.name: person.can_visit for person in STAFF}
POOR_FILE_OWNERS: Final = ("Doran Pellworth", "梁承砚")
"""The two account managers who keep what they know in their heads: nearly all profile columns are empty."""


def yearly_plan(shop: Shop) -> int:
    """Return the turnover of a year, in cents, that the firm expects from a customer."""
    return round(shop.order_value * (1.0 if shop.kind in ("one_time", "prospect") else 365 / shop.gap))


def owner_of(shop: Shop) -> str | None:
    """Return the account manager of a customer; a few small ones have none."""
    if shop.kind == "key_account":
        return STAFF[0].name
    rng = shop.rng(8)
    planned = yearly_plan(shop) * (4 if shop.kind == "prospect" else 1)
    if planned >= SENIOR_FROM:
        return STAFF[int(rng.integers(3))].name
    if rng.random() < 0.03:
        return None
    if planned >= MIDDLE_FROM:
        return next(person.name for person in STAFF if person.grade == "middle" and person.region == shop.region)
    near = [person.name for person in STAFF if person.grade == "junior" and person.region == shop.region]
    remote = [person.name for person in STAFF if person.grade == "inside"]
    pool = remote if rng.random() < 0.3 else near
    return pool[int(rng.integers(len(pool)))]
