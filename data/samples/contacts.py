"""Visits, calls, complaints, surveys and other contacts of every customer, and what serving it costs."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from clock import END, START, day_number, working_day
from orders import Line
from people import CAN_VISIT, HOURLY_COST, MIDDLE_FROM, POOR_FILE_OWNERS, SENIOR_FROM, STAFF, yearly_plan
from shops import Shop

TRAVEL_MINUTES: Final = 40
MINUTES: Final = {
    "visit": (25, 70), "call": (6, 20), "enquiry": (5, 15), "sales_lead": (10, 30), "complaint": (15, 45),
    "suggestion": (5, 15), "market": (10, 25), "service": (10, 40),
}  # fmt: skip
TOPICS: Final = {
    "visit": ("order", "promotion", "range", "shelf"), "call": ("order", "delivery", "invoice"),
    "enquiry": ("price", "range", "delivery"), "sales_lead": ("opening", "change of supplier"),
    "complaint": ("late delivery", "damaged goods", "wrong invoice", "short shelf life"),
    "suggestion": ("smaller cases", "evening delivery", "online order", "new product"),
    "market": ("rival's price", "new shop nearby", "consumer taste"),
    "service": ("technical", "return", "cooler repair"), "ad": ("newsletter", "leaflet"),
}  # fmt: skip
SURVEY_DAYS: Final = tuple(
    day_number(day) for day in (date(2024, 9, 16), date(2025, 3, 17), date(2025, 9, 15), date(2026, 3, 16))
)
KEY_ACCOUNT_SCORES: Final = (8.7, 8.4, 6.6, 4.2)
MOST_VISITS: Final = {MIDDLE_FROM: 7, SENIOR_FROM: 18}
"""Most calls and visits in the file below a planned yearly turnover; above all of them 50."""


@dataclass(frozen=True)
class Contact:
    """One contact; `cost` is cents, days are day numbers, a missing value is None."""

    customer_id: str
    day: int
    kind: str
    score: float | None
    topic: str | None
    minutes: int | None
    cost: int
    staff: str | None
    resolved: int | None


def _contact(shop: Shop, owner: str | None, day: int, kind: str, rng: np.random.Generator) -> Contact:
    topic = TOPICS[kind][int(rng.integers(len(TOPICS[kind])))]
    if kind == "ad":
        return Contact(shop.customer_id, day, kind, None, topic, None, 250, None, None)
    alone = owner in POOR_FILE_OWNERS or rng.random() < 0.75
    staff = owner if owner and alone else STAFF[int(rng.integers(len(STAFF)))].name
    if kind == "visit" and not CAN_VISIT[staff]:
        kind, topic = "call", "order"
    minutes = int(rng.integers(*MINUTES[kind]))
    paid_minutes = minutes + (TRAVEL_MINUTES if kind == "visit" else 0)
    return Contact(
        shop.customer_id, day, kind, None, topic, minutes, HOURLY_COST[staff] * paid_minutes // 60, staff, None
    )


def _within(rng: np.random.Generator, first: int, last: int) -> int:
    day = working_day(int(rng.integers(first, max(last, first) + 1)))
    return day if day <= END else END


def _scores(shop: Shop, rng: np.random.Generator) -> tuple[float, ...]:
    if shop.kind == "key_account":
        return KEY_ACCOUNT_SCORES
    level = float(rng.normal(7.9, 0.8))
    fall = float(rng.uniform(1.5, 4.5)) if shop.fade_start is not None and rng.random() < 0.6 else 0.0
    scores = []
    for day in SURVEY_DAYS:
        fallen = fall if shop.fade_start is not None and day > shop.fade_start - 60 else 0.0
        scores.append(round(min(max(level - fallen + float(rng.normal(0, 0.5)), 0.0), 10.0), 1))
    return tuple(scores)


def _surveys(shop: Shop, first: int, last: int, rng: np.random.Generator) -> list[Contact]:
    asked = shop.kind in ("key_account", "large_loss") or rng.random() < 0.42
    found: list[Contact] = []
    for day, overall in zip(SURVEY_DAYS, _scores(shop, rng), strict=True):
        drift = float(rng.normal(0, 0.7))
        topic = ("delivery", "price", "range")[int(rng.integers(3))]
        if asked and first + 20 < day <= last + 100 and shop.kind != "one_time":
            part = round(min(max(overall + drift, 0.0), 10.0), 1)
            asked_for = (("overall", overall), (topic, part)) if rng.random() < 0.4 else (("overall", overall),)
            for name, score in asked_for:
                found.append(Contact(shop.customer_id, day, "survey", score, name, None, 400, None, None))
    return found


def _complaint(shop: Shop, owner: str | None, day: int, solved: bool, rng: np.random.Generator) -> Contact:
    contact = _contact(shop, owner, day, "complaint", rng)
    resolved = day + int(rng.integers(0, 9))
    return Contact(**{**vars(contact), "resolved": min(resolved, END) if solved else None})


def _complaints(shop: Shop, owner: str | None, first: int, last: int, rng: np.random.Generator) -> list[Contact]:
    if shop.kind == "key_account":
        days = ((END - 210, True), (END - 96, False), (END - 51, False))
        return [_complaint(shop, owner, working_day(day), solved, rng) for day, solved in days]
    odds = {"large_loss": 3.0, "fading": 0.6, "dropped": 0.4, "steady": 0.14, "growing": 0.1, "deal_hunter": 0.3}
    count = int(rng.poisson(odds.get(shop.kind, 0.02)))
    found = []
    for _ in range(count):
        since = first if shop.fade_start is None else min(shop.fade_start - 30, last)
        day = _within(rng, since, min(last + 20, END))
        open_odds = {"fading": 0.3, "large_loss": 0.2}.get(shop.kind, 0.08)
        found.append(_complaint(shop, owner, day, not (day > END - 170 and rng.random() < open_odds), rng))
    if shop.kind == "dropped" and rng.random() < 0.025:
        found.append(_complaint(shop, owner, _within(rng, END - 150, END - 30), False, rng))
    return found


def _visits(shop: Shop, owner: str | None, budget: int, last: int, rng: np.random.Generator) -> list[Contact]:
    found: list[Contact] = []
    spent = 0
    most = next((most for below, most in MOST_VISITS.items() if yearly_plan(shop) < below), 50)
    while len(found) < most:
        kind = ("visit", "call", "service", "ad", "suggestion", "market", "enquiry")[
            int(rng.choice(7, p=(0.34, 0.34, 0.08, 0.08, 0.04, 0.04, 0.08)))
        ]
        contact = _contact(shop, owner, _within(rng, shop.start, min(last + 60, END)), kind, rng)
        spent += contact.cost
        if spent > budget:
            break
        found.append(contact)
    return found


def _first_steps(shop: Shop, owner: str | None, rng: np.random.Generator) -> list[Contact]:
    if shop.kind == "prospect":
        kinds = rng.choice(("enquiry", "sales_lead", "ad", "visit", "call"), size=int(rng.integers(0, 7)),
                           p=(0.4, 0.15, 0.2, 0.1, 0.15))  # fmt: skip
        return [_contact(shop, owner, _within(rng, max(shop.created, START), END), str(kind), rng) for kind in kinds]
    if shop.existing or rng.random() < 0.5:
        return []
    day = _within(rng, max(shop.created, START), shop.start)
    return [_contact(shop, owner, day, "enquiry" if rng.random() < 0.8 else "sales_lead", rng)]


def contacts_of(shop: Shop, owner: str | None, lines: list[Line]) -> list[Contact]:
    """Return every contact with one customer, oldest first."""
    if shop.kind in ("internal", "returns_only"):
        return []
    rng = shop.rng(9)
    found = _first_steps(shop, owner, rng)
    if lines:
        first, last = lines[0].day, lines[-1].day
        gross = max(sum(line.amount - line.cost for line in lines), 0)
        found += _surveys(shop, first, last, rng)
        found += _complaints(shop, owner, first, last, rng)
        share = float(rng.uniform(0.3, 0.6)) if shop.planned_loss else float(rng.uniform(0.05, 0.22))
        found += _visits(shop, owner, round(gross * share), last, rng)
    return sorted(found, key=lambda contact: contact.day)


def cost_to_serve(shop: Shop, lines: list[Line], contacts: list[Contact]) -> int | None:
    """Return what serving a customer cost, in cents: its contacts, and deliveries, picking and credit.

    The planned loss-makers take up more than their gross profit; at the others deliveries take an eighth to a third.
    """
    if shop.kind in ("internal", "prospect"):
        return None
    rng = shop.rng(10)
    gross = max(sum(line.amount - line.cost for line in lines), 0)
    talked = sum(contact.cost for contact in contacts)
    if shop.planned_loss:
        worst = 1.45 if shop.kind == "large_loss" else 2.0
        return max(talked, round(gross * float(rng.uniform(1.08, worst)))) + 1
    return talked + round(gross * float(rng.uniform(0.125, 0.34))) + (0 if gross else 2_000)
