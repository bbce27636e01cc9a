"""The row of each customer: who it is, what the firm knows and thinks of it, what its orders add up to."""

from datetime import date
from typing import Any, Final

import numpy as np

from clock import END, FILE_END
from contacts import Contact
from names import person_name
from orders import Line, payment_terms
from people import POOR_FILE_OWNERS, yearly_plan
from phrases import GUESTS, HEAD_OFFICE, INDUSTRIES, NOTES
from shops import SOURCES, Shop

Row = dict[str, Any]
BIG: Final = 2_000_000
"""Planned turnover of a year, in cents, from which the firm keeps scores and contracts."""
TAG_ODDS: Final = {
    "strategic": 0.004,
    "benchmark": 0.006,
    "door_opener": 0.005,
    "inspiring": 0.004,
    "competitor": 0.008,
}
BARRIERS: Final = ("economic:bond", "contractual:lockin", "technical:bond", "economic:lockin", "contractual:bond")
SOURCE_ODDS: Final = ((0.26, 0.2, 0.16, 0.14, 0.16, 0.08), (0.33, 0.24, 0.07, 0.2, 0.08, 0.08))
"""How newcomers came, before and in the last year: fairs and advertising fade."""
SOURCE_COSTS: Final = {"field visit": 38_000, "referral": 9_000, "trade fair": 62_000, "web search": 14_000,
                       "advertising": 45_000, "wholesale list": 21_000}  # fmt: skip
LAST_YEAR: Final = END - 365


def _clip(value: float, low: float, high: float, digits: int) -> float:
    return round(min(max(value, low), high), digits)


def totals(lines: list[Line]) -> Row:
    """Return what the orders up to the end of the file add up to; purchases are days with an amount of 0 or more."""
    if not lines:
        return {}
    days = sorted({line.day for line in lines if line.amount >= 0})
    return {
        "revenue": sum(line.amount for line in lines),
        "profit": sum(line.amount - line.cost for line in lines),
        "orders": len(days),
        "first_purchase": days[0] if days else None,
        "last_purchase": days[-1] if days else None,
        "recency": END - days[-1] if days else None,
    }


def _profile(shop: Shop, owner: str | None, rng: np.random.Generator) -> Row:
    filled = 0.05 if owner in POOR_FILE_OWNERS else float(rng.uniform(0.45, 0.98))
    if shop.kind == "prospect":
        filled *= 0.5
    row: Row = {
        column: texts[shop.script][int(rng.integers(len(texts[shop.script])))] if rng.random() < filled else None
        for column, texts in NOTES.items()
    }
    known = rng.random(5) < filled
    person, gender = person_name(rng, shop.script), str(rng.choice(("female", "male")))
    born = date(int(rng.integers(1958, 2002)), int(rng.integers(1, 13)), int(rng.integers(1, 29)))
    had_birthday = (born.month, born.day) <= (FILE_END.month, FILE_END.day)
    row["contact_person"] = person if known[0] or rng.random() < 0.3 * filled else None
    row["gender"] = gender if known[1] else None
    row["birthday"] = (born - date(1970, 1, 1)).days if known[2] and known[0] else None
    row["age"] = FILE_END.year - born.year - (not had_birthday) if known[2] else None
    row["visit_level"] = int(rng.choice((1, 2, 3), p=(0.6, 0.3, 0.1))) if known[3] else None
    return row | _deciders(shop, filled, rng)


def _deciders(shop: Shop, filled: float, rng: np.random.Generator) -> Row:
    head_office = shop.format in ("hotel", "canteen", "supermarket") and rng.random() < 0.45
    known = rng.random(3) < filled
    return {
        "paid_by": (HEAD_OFFICE[shop.script] if head_office else shop.name) if known[0] else None,
        "decided_by": (HEAD_OFFICE[shop.script] if head_office and rng.random() < 0.6 else shop.name)
        if known[1] else None,
        "used_by": (GUESTS[shop.script] if shop.format in ("hotel", "canteen") else shop.name) if known[2] else None,
    }  # fmt: skip


def _opinions(shop: Shop, surveys: list[Contact], rng: np.random.Generator) -> Row:
    if not surveys:
        return {}
    last = [contact.score or 0.0 for contact in surveys if contact.day == surveys[-1].day]
    level = round(sum(last) / len(last), 2)
    if rng.random() < 0.25 and shop.kind != "key_account":
        return {"satisfaction": level}
    expected = _clip(float(rng.normal(7.4, 1.0)), 0, 10, 1)
    row: Row = {"satisfaction": level, "expectation": expected}
    row["experience"] = _clip(level + float(rng.normal(-0.1, 0.6)), 0, 10, 1)
    row["recommend"] = _clip(level + float(rng.normal(0.2, 1.1)), 0, 10, 0)
    for name, shift in (("functional", 0.2), ("experiential", -0.5), ("social", -0.8), ("convenience", 0.0)):
        row[f"value_{name}"] = _clip(level + shift + float(rng.normal(0, 0.8)), 0, 10, 1)
    return row


def _wallet(shop: Shop, orders: int, owner: str | None, rng: np.random.Generator) -> Row:
    if shop.kind == "key_account":
        return {"share_of_wallet": 0.41, "share_of_wallet_before": 0.78}
    share = _clip(float(rng.beta(5.0, 2.2)), 0.05, 0.98, 2)
    moved = {"fading": -0.22, "dropped": -0.25, "growing": 0.12}.get(shop.kind, 0.0) + float(rng.normal(0, 0.05))
    odds = 0.12 if owner in POOR_FILE_OWNERS else 0.55
    if orders < 3 or rng.random() > odds:
        return {}
    return {"share_of_wallet": share, "share_of_wallet_before": _clip(share - moved, 0.02, 1.0, 2)}


def _agreement(shop: Shop, lines: list[Line], rng: np.random.Generator) -> Row:
    big = yearly_plan(shop) >= BIG
    unpaid = [END - line.due for line in lines if line.due is not None and line.paid is None and line.due < END]
    row: Row = {"payment_terms": payment_terms(shop) if lines else None}
    row["credit_overdue_days"] = max(unpaid, default=0) if row["payment_terms"] else None
    if shop.kind == "key_account":
        return row | {"contract_end": END + 46, "exit_barriers": "economic:bond", "cooperation": 58, "integrity": 91}
    if big and lines and rng.random() < 0.5:
        ends = {"dropped": (-500, -20), "fading": (20, 380), "one_time": (-300, -20)}.get(shop.kind, (-60, 900))
        row["contract_end"] = max(END + int(rng.integers(*ends)), shop.start + 30)
        if shop.kind in ("dropped", "one_time"):
            row["contract_end"] = min(row["contract_end"], END - 1)
    if big and rng.random() < 0.6:
        row["exit_barriers"] = ";".join(str(name) for name in rng.choice(BARRIERS, int(rng.integers(1, 3)), False))
    if big and lines and rng.random() < 0.7:
        late = any(line.due is not None and line.paid is not None and line.paid > line.due + 5 for line in lines)
        row["cooperation"] = int(_clip(float(rng.normal(68, 15)), 0, 100, 0))
        row["integrity"] = int(_clip(float(rng.normal(48 if late else 86, 8)), 0, 100, 0))
    return row


def _closing(shop: Shop, lines: list[Line], rng: np.random.Generator) -> Row:
    odds = {"dropped": 0.4, "one_time": 0.15}.get(shop.kind, 0.0)
    last = lines[-1].day if lines else END
    settled = all(line.paid is not None or line.due is None for line in lines)
    if last > END - 170 or not settled or rng.random() > odds:
        return {"status": "active"}
    reason = str(rng.choice(("ours", "theirs", "market", "other"), p=(0.28, 0.34, 0.28, 0.1)))
    return {"status": "closed", "end_reason": reason if rng.random() < 0.85 else None}


def _tags(shop: Shop, rng: np.random.Generator) -> str | None:
    if shop.kind == "key_account":
        return "benchmark;competitor"
    sole = shop.market == "countryside" and shop.format in ("kiosk", "convenience store") and rng.random() < 0.2
    tags = [name for name, odds in TAG_ODDS.items() if rng.random() < odds]
    return ";".join([*tags, *(["sole_outlet"] if sole else [])]) or None


def _origin(shop: Shop, earlier: list[str], rng: np.random.Generator) -> Row:
    recent = shop.start > LAST_YEAR and not shop.existing
    source = str(rng.choice(SOURCES, p=SOURCE_ODDS[recent]))
    if rng.random() < (0.55 if shop.existing else 0.1):
        return {}
    row: Row = {"source": source}
    if source == "referral" and earlier and rng.random() < 0.85:
        close = earlier[: max(len(earlier) // 12, 1)] if rng.random() < 0.4 else earlier
        row["referred_by"] = close[int(rng.integers(len(close)))]
    if not shop.existing and shop.kind != "prospect":
        row["acquisition_cost"] = round(SOURCE_COSTS[source] * float(rng.uniform(0.5, 1.6)) * (1.3 if recent else 1.0))
    return row


def _potential(shop: Shop, revenue: int, rng: np.random.Generator) -> int | None:
    guess = int(rng.lognormal(14.6, 1.3)) // 10_000 * 10_000
    factor = round(float(rng.uniform(0.9, 1.9)), 2)
    if shop.kind == "prospect":
        return guess if rng.random() < 0.87 else None
    return int(revenue * factor) // 10_000 * 10_000 if revenue > 0 and rng.random() < 0.25 else None


def customer_row(
    shop: Shop, owner: str | None, lines: list[Line], contacts: list[Contact], cost: int | None, earlier: list[str]
) -> Row:
    """Return one customer's row; `earlier` are purchasing customers with older files, who may have referred it."""
    rng = shop.rng(11)
    surveys = [contact for contact in contacts if contact.kind == "survey"]
    sums = totals(lines)
    row: Row = {
        "customer_id": shop.customer_id, "name": shop.name, "owner": owner, "created_date": shop.created,
        "nature": "internal" if shop.kind == "internal" else "retail", "format": shop.format,
        "market": shop.market, "region": shop.region, "cost_to_serve": cost,
    }  # fmt: skip
    row |= sums | _profile(shop, owner, rng) | _closing(shop, lines, rng)
    if shop.kind == "internal":
        return row
    row["industry"] = INDUSTRIES[shop.format] if rng.random() < 0.85 else None
    row |= _opinions(shop, surveys, rng) | _wallet(shop, sums.get("orders", 0), owner, rng)
    row |= _agreement(shop, lines, rng) | _origin(shop, earlier, rng)
    row["tags"] = _tags(shop, rng)
    row["may_contact"] = (None, False, True)[int(rng.choice(3, p=(0.06, 0.04, 0.9)))]
    row["potential_value"] = _potential(shop, sums.get("revenue", 0), rng)
    return row
