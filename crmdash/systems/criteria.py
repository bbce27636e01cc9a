"""Criteria (S36): value, lifecycle, credit, traits and loyalty of every customer, any two of them as a matrix.

Loyalty index (0-100) = 35 percentile of purchases among peers + 25 silence (full at x1, nothing at x3) + 20 share of
wallet (else percentile of breadth) + 20 satisfaction / 10 (else recommendation), over the parts that are known.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

from crmdash.model.lifecycle.phases import PHASES
from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.settings import Settings
from crmdash.systems.conditions import held
from crmdash.systems.evidence import Evidence
from crmdash.systems.five_indicators import graded
from crmdash.systems.nature import NATURE_COLUMN, natures
from crmdash.systems.orientation import MIXED, ORIENTATION_COLUMN, ORIENTATIONS
from crmdash.systems.peers import Peers, peer_groups, percentile_in
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, System, Table, row_of
from crmdash.systems.whole_base import measured

PHASE: Final = Column("phase", "code", "model:phase")
CREDIT: Final = Column("credit", "code", "kinds:credit")
LOYALTY: Final = Column("loyalty", "code", "kinds:loyalty")

OFFERED: Final = (TIER, PHASE, CREDIT, NATURE_COLUMN, ORIENTATION_COLUMN, LOYALTY)
"""What customers can be told apart by; any two make a matrix."""

_CODES: Final[Mapping[str, tuple[str, ...]]] = {
    "phase": PHASES,
    "credit": ("a", "b", "c"),
    "nature": ("retail", "merchant", "distributor"),
    "orientation": (*ORIENTATIONS, MIXED),
    "loyalty": ("high", "middle", "low"),
}


def report(evidence: Evidence) -> Report:
    """Tell the criteria of every customer of the base, and how its parts stand to each other."""
    base = evidence.remember("criteria", lambda: judged(evidence))
    known = base["loyalty_index"].count()
    figures = {
        "customers": Figure("count", len(base)),
        "loyalty_known": Figure("count", known),
        "loyal_share": Figure("percent", (base["loyalty"] == "high").sum() / known if known else None),
        "credit_known": Figure("count", base["credit"].count()),
    }
    pairs = (("tier", "loyalty"), ("phase", "credit"))
    tables = {f"{down}_by_{across}": matrix(base, down, across, evidence.settings) for down, across in pairs}
    return Report(figures, Table(base, _ROWS), tables)


_ROWS: Final = (
    *CUSTOMER, TIER, PHASE, CREDIT, Column("integrity", "score"), NATURE_COLUMN, ORIENTATION_COLUMN, LOYALTY,
    Column("loyalty_index", "score"), Column("value", "money"),
)  # fmt: skip


def judged(evidence: Evidence) -> pl.DataFrame:
    """Return the base, most valuable first, with integrity, credit, orientation, nature, loyalty_index and loyalty."""
    limits = evidence.settings.kinds
    base = natures(evidence.base).with_columns(
        _integrity(evidence),
        _orientation(evidence),
        loyalty_index(
            evidence.base, evidence.settings, measured(evidence, "loyalty", _places, tuple(_PLACED.values()))
        ),
    )
    integrity, index = pl.col("integrity"), pl.col("loyalty_index")
    return base.with_columns(
        credit=pl.when(integrity >= limits.credit_a).then(pl.lit("a"))
        .when(integrity >= limits.credit_b).then(pl.lit("b"))
        .when(integrity.is_not_null()).then(pl.lit("c")),
        loyalty=pl.when(index >= limits.loyalty_high).then(pl.lit("high"))
        .when(index >= limits.loyalty_middle).then(pl.lit("middle"))
        .when(index.is_not_null()).then(pl.lit("low")),
    )  # fmt: skip


def loyalty_index(customers: pl.DataFrame, settings: Settings, places: pl.DataFrame | None = None) -> pl.Series:
    """Return the loyalty index (0-100) of customers with orders; missing where no part of it is known.

    Parameters
    ----------
    customers : with any of silence, share_of_wallet, satisfaction, recommend.
    places : by purchases and by breadth (0-1) among the peers, in the order of the customers; unless given, these are
        compared with each other.
    """
    limits = settings.kinds
    if places is None:
        places = _places(customers, peer_groups(customers, settings.worth.peers_at_least))
    placed = customers.with_columns(*places)
    ramp = max(limits.loyalty_silent - limits.loyalty_awake, _LEAST_RAMP)
    awake = ((limits.loyalty_silent - held(placed, "silence")) / ramp).clip(0, 1)
    liked = pl.coalesce(held(placed, "satisfaction"), held(placed, "recommend")) / 10
    parts = (
        (pl.col("often_place"), limits.loyalty_orders),
        (awake, limits.loyalty_silence),
        (pl.coalesce(held(placed, "share_of_wallet"), pl.col("breadth_place")), limits.loyalty_wallet),
        (liked, limits.loyalty_satisfaction),
    )
    possible = pl.sum_horizontal(*(pl.when(part.is_not_null()).then(weight).otherwise(0) for part, weight in parts))
    earned = pl.sum_horizontal(*(part.fill_null(0) * weight for part, weight in parts))
    return placed.select(loyalty_index=pl.when(possible > 0).then(earned * 100 / possible)).to_series()


_PLACED: Final = {"often_place": "orders", "breadth_place": "breadth"}


def _places(base: pl.DataFrame, peers: Peers) -> pl.DataFrame:
    """Return each customer's place (0-1) among its peers by purchases and by breadth."""
    places = {place: percentile_in(base[name], peers) / 100 for place, name in _PLACED.items() if name in base.columns}
    unknown = pl.lit(None, pl.Float64).alias("breadth_place")
    found = base.select(**places)
    return found if "breadth_place" in places else found.with_columns(unknown)


_LEAST_RAMP: Final = 0.01
"""Where both ends of the silence ramp are set to the same, it is a step."""


def _integrity(evidence: Evidence) -> pl.Series:
    """Return integrity as the five indicators tell it, else as the column states it."""
    base = evidence.base
    if evidence.can("five_indicators"):
        return graded(evidence)[0]["integrity"]
    return base.with_columns(integrity=held(base, "integrity"))["integrity"]


def _orientation(evidence: Evidence) -> pl.Series:
    """Return the orientation of the base's customers; missing where no signal of it can be read."""
    if not evidence.can("orientation"):
        return pl.Series("orientation", [None] * len(evidence.base), dtype=pl.String)
    return evidence.report("orientation").rows.frame["orientation"]


def codes_of(criterion: str, settings: Settings) -> tuple[str, ...]:
    """Return the codes of a criterion in their order."""
    return settings.tiers.codes if criterion == "tier" else _CODES[criterion]


def matrix(base: pl.DataFrame, down: str, across: str, settings: Settings) -> Table:
    """Return customers and value of every pair of two criteria that occurs, what is not known (null) last.

    Raises
    ------
    KeyError
        If there is no such criterion.
    """
    cells = base.group_by(down, across).agg(customers=pl.len().cast(pl.Int64), value=pl.col("value").sum())
    order = {name: {code: place for place, code in enumerate(codes_of(name, settings))} for name in (down, across)}
    places = [pl.col(name).replace_strict(codes, default=len(codes)) for name, codes in order.items()]
    whole = cells["value"].sum()
    shared = cells.sort(places).with_columns(
        share=pl.col("customers") / max(1, len(base)),
        value_share=pl.col("value") / pl.lit(whole if whole > 0 else None),
    )
    by_name = {column.name: column for column in OFFERED}
    counts = (Column("customers", "count"), Column("share", "percent"), Column("value", "money"),
              Column("value_share", "percent"))  # fmt: skip
    return Table(shared, (by_name[down], by_name[across], *counts))


def explain(found: Report, customer: Customer) -> Explanation | None:
    """Say how loyal a customer is, and what its credit is worth."""
    row = row_of(found, customer)
    if row is None or row["loyalty"] is None:
        return None
    label = Phrase(f"say.loyalty_{row['loyalty']}", {"index": Figure("score", row["loyalty_index"])}, "kinds")
    figures = {"orders": Figure("count", row["orders"]), "silence": Figure("times", row.get("silence"))}
    credit = Phrase("because.credit", {"credit": Figure("term", f"kinds:credit.{row['credit']}"),
                                       "integrity": Figure("score", row["integrity"])}, "kinds")  # fmt: skip
    return Explanation(label, (Phrase("because.loyalty", figures, "kinds"), *((credit,) if row["credit"] else ())))


CRITERIA: Final = System("criteria", "S36", (("transactions", "customers.orders"),), report, explain)
