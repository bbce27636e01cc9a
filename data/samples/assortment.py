"""What the sample firm sells: categories with their gross margin, products with list price and launch day."""

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from clock import FILE_START, SEED, day_number, to_date

NEW_PRODUCTS_FROM = date(2025, 8, 4)

CATEGORIES: dict[str, tuple[float, tuple[int, int], tuple[str, ...]]] = {
    "Soft drinks": (0.20, (48, 120), ("Lemonade", "Cola", "Orange soda", "Tonic", "Ginger ale", "Iced tea")),
    "Water and juice": (0.24, (30, 110), ("Still water", "Sparkling water", "Apple juice", "Orange juice", "Nectar")),
    "Beer and wine": (0.17, (90, 340), ("Lager", "Wheat beer", "Dark beer", "Red wine", "White wine", "Cider")),
    "Snacks": (0.30, (40, 150), ("Potato crisps", "Salted peanuts", "Crackers", "Rice snacks", "Popcorn")),
    "Confectionery": (0.32, (50, 190), ("Milk chocolate", "Dark chocolate", "Fruit gums", "Mints", "Wafers")),
    "Coffee and tea": (0.34, (80, 360), ("Ground coffee", "Espresso beans", "Green tea", "Black tea", "Oolong tea")),
    "Chilled and dairy": (0.16, (45, 180), ("Fresh milk", "Yoghurt", "Butter", "Cheese slices", "Tofu", "Cream")),
    "Staples": (0.12, (40, 160), ("Rice", "Noodles", "Flour", "Sugar", "Cooking oil", "Salt")),
    "Household": (0.28, (50, 200), ("Dish soap", "Paper towels", "Bin bags", "Floor cleaner", "Laundry powder")),
    "Personal care": (0.35, (60, 260), ("Hand soap", "Shampoo", "Toothpaste", "Tissues", "Wet wipes", "Hand cream")),
}
"""Category: usual gross margin, range of list prices per case, kinds of goods."""

PACKS = ("small case", "large case")
NEW_GOODS = (
    ("Soft drinks", "Yuzu soda"),
    ("Water and juice", "Coconut water"),
    ("Beer and wine", "Alcohol-free lager"),
    ("Snacks", "Baked chickpeas"),
    ("Snacks", "Lentil chips"),
    ("Confectionery", "Sesame brittle"),
    ("Coffee and tea", "Cold brew"),
    ("Coffee and tea", "Roasted barley tea"),
    ("Chilled and dairy", "Oat drink"),
    ("Household", "Soap refill pouch"),
    ("Personal care", "Solid shampoo"),
    ("Staples", "Buckwheat noodles"),
)


@dataclass(frozen=True)
class Product:
    """One article; prices and costs are cents per case, `launch` a day number."""

    name: str
    category: str
    price: int
    unit_cost: int
    launch: int

    def price_on(self, day: int) -> int:
        """Return the list price in cents on a day: three per cent more with each new year."""
        years = to_date(day).year - FILE_START.year
        return int((self.price * 103**years + 100**years // 2) // 100**years)

    def cost_on(self, day: int) -> int:
        """Return the cost in cents on a day, which rises with the list price."""
        return self.price_on(day) * self.unit_cost // self.price


def _product(rng: np.random.Generator, category: str, name: str, launch: int) -> Product:
    margin, (low, high), _ = CATEGORIES[category]
    price = int(rng.integers(low, high)) * 100 + int(rng.choice((0, 50, 90)))
    own_margin = round(margin + float(rng.uniform(-0.03, 0.03)), 4)
    return Product(name, category, price, round(price * (1 - own_margin)), launch)


@cache
def assortment() -> dict[str, tuple[Product, ...]]:
    """Return the products of each category, the new ones of the last year at the end."""
    rng = np.random.default_rng([SEED, 1])
    shelves: dict[str, list[Product]] = {category: [] for category in CATEGORIES}
    for category, (_, _, goods) in CATEGORIES.items():
        for good in goods:
            for pack in PACKS:
                shelves[category].append(_product(rng, category, f"{good}, {pack}", 0))
    for place, (category, name) in enumerate(NEW_GOODS):
        launch = day_number(NEW_PRODUCTS_FROM) + 18 * place
        shelves[category].append(_product(rng, category, f"{name}, case", launch))
    return {category: tuple(products) for category, products in shelves.items()}
