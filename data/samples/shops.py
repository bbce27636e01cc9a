"""Who the customers are and how each of them behaves: format, size, rhythm, and the story planted in it."""

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from assortment import CATEGORIES
from clock import END, QUARTER_WEIGHTS, SEED, START, quarter_start
from names import Script, draw_script, shop_name

Kind = Literal[
    "one_time", "steady", "dropped", "fading", "growing", "deal_hunter", "recovered", "key_account", "large_loss",
    "returns_only", "internal", "prospect",
]  # fmt: skip

KIND_COUNTS: Final[dict[Kind, int]] = {
    "one_time": 1000, "steady": 1140, "dropped": 430, "fading": 200, "growing": 110, "deal_hunter": 100,
    "recovered": 8, "key_account": 1, "large_loss": 9, "returns_only": 2, "internal": 5, "prospect": 240,
}  # fmt: skip

EXISTING_SHARE: Final[dict[Kind, float]] = {
    "one_time": 0.0, "steady": 0.46, "dropped": 0.65, "fading": 0.75, "growing": 0.36, "deal_hunter": 0.5,
    "recovered": 1.0, "key_account": 1.0, "large_loss": 1.0, "returns_only": 1.0, "internal": 1.0, "prospect": 0.0,
}  # fmt: skip
"""Share of each kind that was a customer before the file begins."""

LAST_QUARTER: Final[dict[Kind, int]] = {"dropped": 5, "fading": 5, "growing": 7}
"""Newcomers of these kinds start within the first so many quarters, to have time for their story."""

LOSS_SHARE: Final[dict[Kind, float]] = {
    "one_time": 0.20, "steady": 0.095, "dropped": 0.16, "fading": 0.09, "growing": 0.05, "deal_hunter": 0.32,
}  # fmt: skip
"""Share of each kind whose service is planned to cost more than its gross profit."""


@dataclass(frozen=True)
class Format:
    """One kind of shop: share of the base, median order value in cents, median gap in days, breadth of range."""

    name: str
    share: float
    order_value: int
    spread: float
    gap: int
    breadth: tuple[int, int]


FORMATS: Final = (
    Format("kiosk", 0.24, 70_000, 0.5, 78, (2, 4)),
    Format("convenience store", 0.26, 120_000, 0.55, 62, (3, 7)),
    Format("supermarket", 0.09, 290_000, 0.65, 36, (6, 10)),
    Format("restaurant", 0.17, 140_000, 0.55, 60, (2, 5)),
    Format("hotel", 0.06, 240_000, 0.65, 44, (3, 7)),
    Format("canteen", 0.08, 220_000, 0.55, 42, (3, 6)),
    Format("petrol station", 0.06, 130_000, 0.45, 66, (3, 6)),
    Format("bakery café", 0.04, 90_000, 0.45, 70, (2, 4)),
)
MARKETS: Final = ("city centre", "suburb", "town", "countryside")
REGIONS: Final = ("Harbour", "North", "East", "Hills", "River", "Islands")
SOURCES: Final = ("field visit", "referral", "trade fair", "web search", "advertising", "wholesale list")


@dataclass(frozen=True)
class Shop:
    """One customer before any order is drawn; days are day numbers, money is cents."""

    index: int
    kind: Kind
    script: Script
    name: str
    format: str
    market: str
    region: str
    created: int
    start: int
    existing: bool
    order_value: int
    gap: float
    categories: tuple[str, ...]
    discount: float
    fade_start: int | None
    planned_loss: bool
    customer_id: str = ""

    def rng(self, stream: int) -> np.random.Generator:
        """Return the customer's own stream of random numbers, so that no customer disturbs another."""
        return np.random.default_rng([SEED, stream, self.index])


def _acquired(rng: np.random.Generator, kind: Kind) -> int:
    weights = np.array(QUARTER_WEIGHTS[: LAST_QUARTER.get(kind, len(QUARTER_WEIGHTS))])
    quarter = int(rng.choice(len(weights), p=weights / weights.sum()))
    return int(rng.integers(quarter_start(quarter), min(quarter_start(quarter + 1), END + 1)))


def _fade_start(rng: np.random.Generator, kind: Kind, start: int, gap: float) -> int | None:
    if kind == "key_account":
        return END - 248
    if kind == "fading":
        return END - int(rng.integers(140, 360))
    if kind == "dropped":
        earliest = start + int(2.2 * gap)
        latest = max(END - 90 - int(9 * gap), earliest + 1)
        return int(rng.integers(earliest, latest))
    return None


def _size(rng: np.random.Generator, shape: Format, kind: Kind) -> tuple[int, float]:
    if kind == "key_account":
        return 3_400_000, 8.0
    if kind == "large_loss":
        return int(rng.integers(900_000, 1_900_000)), float(rng.integers(9, 16))
    size = round(float(rng.lognormal(0, shape.spread)), 4)
    if kind == "one_time":
        size = min(size, 2.0) * 1.1
    if kind == "fading":
        size *= 1.4
    gap = shape.gap * round(float(rng.lognormal(0, 0.35)), 4) * size**-0.3
    return int(shape.order_value * size), round(max(gap, 6.0), 2)


def _shape(rng: np.random.Generator, kind: Kind) -> Format:
    if kind == "key_account":
        return FORMATS[4]
    if kind == "large_loss":
        return FORMATS[int(rng.choice((2, 4, 5)))]
    return FORMATS[int(rng.choice(len(FORMATS), p=[shape.share for shape in FORMATS]))]


def _discount(rng: np.random.Generator, kind: Kind) -> float:
    if kind == "deal_hunter":
        return round(float(rng.uniform(0.06, 0.12)), 4)
    if kind == "large_loss":
        return round(float(rng.uniform(0.05, 0.09)), 4)
    return round(float(rng.uniform(0.0, 0.04)), 4)


def _shop(index: int, kind: Kind, taken: set[str]) -> Shop:
    rng = np.random.default_rng([SEED, 2, index])
    shape = _shape(rng, kind)
    script = draw_script(rng)
    order_value, gap = _size(rng, shape, kind)
    existing = bool(rng.random() < EXISTING_SHARE[kind])
    start = START + int(rng.integers(0, max(int(gap), 7))) if existing else _acquired(rng, kind)
    low, high = (8, 9) if kind in ("key_account", "large_loss") else shape.breadth
    count = int(rng.integers(low, high + 1))
    categories = tuple(str(name) for name in rng.choice(list(CATEGORIES), size=count, replace=False))
    created = START - int(rng.integers(60, 2900)) if existing else start - int(rng.integers(0, 45))
    return Shop(
        index=index, kind=kind, script=script, name=shop_name(rng, script, shape.name, taken), format=shape.name,
        market=str(rng.choice(MARKETS, p=(0.34, 0.28, 0.24, 0.14))), region=str(rng.choice(REGIONS)),
        created=created, start=start, existing=existing, order_value=order_value, gap=gap, categories=categories,
        discount=_discount(rng, kind), fade_start=_fade_start(rng, kind, start, gap),
        planned_loss=kind == "large_loss" or bool(rng.random() < LOSS_SHARE.get(kind, 0.0)),
    )  # fmt: skip


KEY_ACCOUNT_NAME: Final = "Quillmere Grand Hotels 奎爾米爾大飯店"
INTERNAL_NAMES: Final = (
    "Staff Shop, Head Office", "员工内购店", "倉庫員工餐廳", "Showroom Kitchen, Harbour", "Training Centre Canteen",
)  # fmt: skip


def _renamed(shop: Shop, internal: list[str]) -> Shop:
    if shop.kind == "key_account":
        return replace(shop, name=KEY_ACCOUNT_NAME, market="city centre", region="Harbour", script="en")
    if shop.kind == "internal":
        return replace(shop, name=internal.pop(0), order_value=60_000, gap=40.0)
    return shop


def shops() -> list[Shop]:
    """Draw every customer, numbered in the order in which the firm opened their files."""
    taken: set[str] = set()
    kinds = [kind for kind, count in KIND_COUNTS.items() for _ in range(count)]
    internal = list(INTERNAL_NAMES)
    drawn = [_renamed(_shop(index, kind, taken), internal) for index, kind in enumerate(kinds)]
    drawn.sort(key=lambda shop: (shop.created, shop.index))
    return [replace(shop, customer_id=f"C{place:04d}") for place, shop in enumerate(drawn, start=1)]
