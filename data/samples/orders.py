"""Order lines of every customer: own rhythm, season, fading before the end, discounts, payment, returns."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from assortment import Product, assortment
from clock import END, to_date, working_day
from shops import Shop

SEASON: Final = {10: 1.2, 11: 1.35, 12: 1.5}
"""Basket in a month against an ordinary one; in these months orders also come closer together."""
CHANNELS: Final = ("field rep", "phone", "web shop", "EDI")
CHANNEL_ODDS: Final = (0.38, 0.26, 0.26, 0.1)
KEY_ACCOUNT_SILENT_FROM: Final = END - 30
UNPAID_END_SHARE: Final = 0.05
"""Share of the dropped customers that left their last invoice unpaid."""


@dataclass(frozen=True)
class Line:
    """One order line; money is cents, days are day numbers, a missing value is None."""

    customer_id: str
    day: int
    order_id: str
    product: str | None
    category: str | None
    quantity: int
    list_amount: int
    discount: int | None
    amount: int
    cost: int
    channel: str | None
    planned: bool | None
    due: int | None
    paid: int | None


@dataclass(frozen=True)
class _Habits:
    terms: int
    late_by: int
    channels: tuple[str, ...]
    planned: float | None
    deal: float


def payment_terms(shop: Shop) -> int:
    """Return the days a customer has to pay: small ones pay on delivery."""
    days = shop.rng(3).choice((0, 14, 30)) if shop.order_value < 120_000 else shop.rng(3).choice((30, 30, 45, 60))
    return int(days)


def _habits(shop: Shop) -> _Habits:
    rng = shop.rng(4)
    late = shop.kind == "large_loss" or rng.random() < 0.07
    count = int(rng.choice((1, 2, 3), p=(0.55, 0.33, 0.12)))
    planned = None if rng.random() < 0.12 else float(rng.choice((0.1, 0.5, 0.85, 0.95)))
    return _Habits(
        terms=payment_terms(shop),
        late_by=int(rng.integers(12, 45)) if late else 0,
        channels=tuple(str(name) for name in rng.choice(CHANNELS, count, False, CHANNEL_ODDS)),
        planned=planned,
        deal={"deal_hunter": 0.85, "large_loss": 0.9}.get(shop.kind, 0.14),
    )


def _season(day: int) -> float:
    return SEASON.get(to_date(day).month, 1.0)


def _stretch(shop: Shop, day: float, fading_orders: int) -> float:
    stretch = 0.85 if _season(int(day)) > 1 else 1.0
    if fading_orders:
        step = {"dropped": 0.3, "key_account": 0.28}.get(shop.kind, 0.6)
        return stretch * (1 + step * fading_orders)
    if shop.kind == "growing":
        return stretch / min(1 + 0.35 * (day - shop.start) / 365, 1.7)
    return stretch


def _last_day(shop: Shop) -> int:
    if shop.kind == "key_account":
        return KEY_ACCOUNT_SILENT_FROM
    return END - 190 if shop.kind == "recovered" else END


def order_days(shop: Shop) -> list[int]:
    """Return the days on which a customer orders, oldest first."""
    if shop.kind in ("prospect", "returns_only"):
        return []
    if shop.kind == "one_time":
        return [min(working_day(shop.start), END)]
    rng = shop.rng(5)
    most_fading = int(rng.integers(2, 5)) if shop.kind == "dropped" else 99
    day, fading, days = float(shop.start), 0, []
    while day < _last_day(shop) + 1 and fading <= most_fading:
        days.append(min(working_day(int(day)), END))
        fading += shop.fade_start is not None and day >= shop.fade_start
        gap = shop.gap * _stretch(shop, day, fading) * round(float(rng.gamma(6.0, 1 / 6)), 4)
        day += max(gap, 1.0)
    if shop.kind == "recovered":
        days.append(working_day(END - int(rng.integers(8, 25))))
    return sorted(set(days))


def _categories(shop: Shop, day: int) -> tuple[str, ...]:
    """Return the categories still bought: from the fade on (the key account: long before) one after another is lost."""
    if shop.fade_start is None:
        return shop.categories
    lost_from, step = shop.fade_start - 2 * shop.gap, 2 * shop.gap
    if shop.kind == "key_account":
        lost_from, step = END - 480, 35
    lost = 0 if day < lost_from else 1 + int((day - lost_from) // step)
    return shop.categories[: max(len(shop.categories) - lost, 2 if shop.kind == "key_account" else 1)]


def _basket(shop: Shop, day: int, rng: np.random.Generator) -> list[tuple[Product, int]]:
    categories = _categories(shop, day)
    count = int(rng.integers(1, min(len(categories), 4) + 1))
    value = shop.order_value * _season(day) * round(float(rng.lognormal(0, 0.3)), 4)
    if shop.kind == "growing":
        value *= min(1 + 0.5 * (day - shop.start) / 365, 2.0)
    basket: dict[Product, int] = {}
    for _ in range(count):
        shelf = assortment()[categories[int(rng.integers(len(categories)))]]
        on_sale = [product for product in shelf if product.launch <= day]
        product = on_sale[int(rng.integers(len(on_sale)))]
        quantity = max(1, round(value / count / product.price_on(day) * float(rng.uniform(0.6, 1.4))))
        basket[product] = basket.get(product, 0) + quantity
    return list(basket.items())


def _paid(habits: _Habits, due: int, rng: np.random.Generator) -> int | None:
    delay = habits.late_by + int(rng.integers(-4, 12)) if habits.late_by else -int(rng.integers(0, 6))
    paid = due + (delay if habits.terms or habits.late_by else 0)
    return paid if paid <= END else None


def _order(shop: Shop, habits: _Habits, day: int, order_id: str, rng: np.random.Generator) -> Iterator[Line]:
    due = day + habits.terms
    paid = _paid(habits, due, rng)
    channel = None if rng.random() < 0.02 else habits.channels[int(rng.integers(len(habits.channels)))]
    planned = None if habits.planned is None else bool(rng.random() < habits.planned)
    for product, quantity in _basket(shop, day, rng):
        list_amount = quantity * product.price_on(day)
        rate = 0.0
        if rng.random() < habits.deal:
            rate = shop.discount * float(rng.uniform(0.7, 1.3)) if habits.deal > 0.5 else float(rng.uniform(0.03, 0.1))
        discount = round(list_amount * round(rate, 3))
        named = rng.random() >= 0.004
        yield Line(
            shop.customer_id, day, order_id, product.name if named else None, product.category if named else None,
            quantity, list_amount, discount, list_amount - discount, quantity * product.cost_on(day),
            channel, planned, due, paid,
        )  # fmt: skip


def _return_of(line: Line, rng: np.random.Generator) -> Line | None:
    day = working_day(line.day + int(rng.integers(3, 16)))
    share = float(rng.choice((0.25, 0.5, 1.0)))
    quantity = max(1, round(line.quantity * share))
    if day > END:
        return None
    amount, cost = line.amount * quantity // line.quantity, line.cost * quantity // line.quantity
    return replace(
        line, day=day, order_id=f"R{line.order_id[1:]}", quantity=-quantity, amount=-amount, cost=-cost,
        list_amount=-(line.list_amount * quantity // line.quantity), discount=None, due=None, paid=None, planned=None,
    )  # fmt: skip


def _returns_only(shop: Shop) -> list[Line]:
    rng = shop.rng(6)
    product = assortment()["Household"][int(rng.integers(8))]
    quantity = int(rng.integers(2, 6))
    amount = quantity * product.price_on(shop.start)
    return [
        Line(shop.customer_id, working_day(shop.start), f"R{shop.index:04d}00", product.name, product.category,
             -quantity, -amount, None, -amount, -quantity * product.cost_on(shop.start), "field rep", None, None, None)
    ]  # fmt: skip


def lines_of(shop: Shop) -> list[Line]:
    """Return every order line and return of one customer, oldest first."""
    if shop.kind == "returns_only":
        return _returns_only(shop)
    rng, habits = shop.rng(7), _habits(shop)
    lines: list[Line] = []
    for place, day in enumerate(order_days(shop)):
        lines += _order(shop, habits, day, f"A{shop.index:04d}{place:03d}", rng)
    if shop.kind == "dropped" and rng.random() < UNPAID_END_SHARE and habits.terms:
        last = lines[-1].order_id
        lines = [replace(line, paid=None) if line.order_id == last else line for line in lines]
    if shop.kind not in ("internal", "key_account"):
        likely = 0.03 if shop.planned_loss else 0.012
        sent_back = [_return_of(line, rng) for line in lines if rng.random() < likely]
        lines += [line for line in sent_back if line is not None]
    return sorted(lines, key=lambda line: (line.day, line.order_id))
