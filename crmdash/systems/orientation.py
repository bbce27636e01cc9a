"""What customers are oriented by (S22): cost, value or technology, told by points over the signals that are known.

The points of an orientation are scaled to 100 by those that could have been had. A customer is assigned to the
orientation with most points if these reach a limit, lead by enough, and rest on enough known signals; else it is mixed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import polars as pl

from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.rule_settings import KindSettings
from crmdash.systems.conditions import at_least, at_most, either, held, surely, usual_percentile
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, System, Table, row_of

ORIENTATIONS: Final = ("cost", "value", "technology")
MIXED: Final = "mixed"

ORIENTATION_COLUMN: Final = Column("orientation", "code", "kinds:orientation")


@dataclass(frozen=True, eq=False)
class Signal:
    """A sign of an orientation: of whom it is known, for whom it holds, and the points that it then gives."""

    known: pl.Expr
    holds: pl.Expr
    points: int


def report(evidence: Evidence) -> Report:
    """Assign every customer of the base, the most valuable first."""
    base = evidence.remember("oriented", lambda: oriented(evidence))
    counted = base.group_by("orientation").agg(customers=pl.len().cast(pl.Int64), value=pl.col("value").sum())
    listed = pl.DataFrame({"orientation": [*ORIENTATIONS, MIXED]})
    table = listed.join(counted, on="orientation", how="left", maintain_order="left").with_columns(
        pl.col("customers", "value").fill_null(0)
    )
    whole = table["value"].sum()
    table = table.with_columns(
        share=pl.col("customers") / max(1, len(base)),
        value_share=pl.col("value") / pl.lit(whole if whole > 0 else None),
    )
    assigned = (base["orientation"] != MIXED).sum()
    figures = {"customers": Figure("count", len(base)), "assigned": Figure("count", assigned)}
    return Report(figures, Table(base, _ROWS), {"by_orientation": Table(table, _TABLE)})


_ROWS: Final = (
    *CUSTOMER, TIER, ORIENTATION_COLUMN, *(Column(f"{name}_points", "score") for name in ORIENTATIONS),
    Column("known_points", "percent"), Column("value", "money"),
)  # fmt: skip
_TABLE: Final = (
    ORIENTATION_COLUMN, Column("customers", "count"), Column("share", "percent"), Column("value", "money"),
    Column("value_share", "percent"),
)  # fmt: skip


def oriented(evidence: Evidence) -> pl.DataFrame:
    """Return the base with cost_points, value_points, technology_points (0-100), known_points and orientation.

    known_points is the share of the assigned orientation's points that could be told, of the highest one where mixed.
    """
    limits, groups = evidence.settings.kinds, signals(evidence)
    scored = evidence.base.with_columns(
        **{f"{name}_points": _scaled(group) for name, group in groups.items()},
        **{f"{name}_known": _known_share(group) for name, group in groups.items()},
    )
    points = {name: pl.col(f"{name}_points").fill_null(0.0) for name in groups}
    assigned: pl.Expr = pl.lit(MIXED)
    for name in reversed(ORIENTATIONS):
        others = pl.max_horizontal(*(points[other] for other in groups if other != name))
        enough = surely(pl.col(f"{name}_known") * 100 >= limits.orientation_known)
        ahead = (points[name] >= limits.orientation_from) & (points[name] - others >= limits.orientation_ahead)
        assigned = pl.when(enough & ahead).then(pl.lit(name)).otherwise(assigned)
    best = pl.max_horizontal(*(pl.col(f"{name}_known") for name in groups))
    told = pl.coalesce(*(pl.when(pl.col("orientation") == name).then(pl.col(f"{name}_known")) for name in groups), best)
    return scored.with_columns(orientation=assigned).with_columns(known_points=told)


def _scaled(group: list[Signal]) -> pl.Expr:
    """Return the points had per 100 that could have been had; missing where nothing is known."""
    possible = pl.sum_horizontal(*(pl.when(signal.known).then(signal.points).otherwise(0) for signal in group))
    earned = pl.sum_horizontal(*(pl.when(signal.holds).then(signal.points).otherwise(0) for signal in group))
    return pl.when(possible > 0).then(earned * 100 / possible)


def _known_share(group: list[Signal]) -> pl.Expr:
    whole = sum(signal.points for signal in group)
    possible = pl.sum_horizontal(*(pl.when(signal.known).then(signal.points).otherwise(0) for signal in group))
    return possible / pl.lit(float(whole) if whole else None)


def signals(evidence: Evidence) -> Mapping[str, list[Signal]]:
    """Return the signals of every orientation, over the customers of the base."""
    base, limits, worth = evidence.base, evidence.settings.kinds, evidence.settings.worth
    column = partial(held, base)
    price, satisfaction = column("price_index"), column("satisfaction")
    long = limits.long_windows * evidence.clock.window
    deals, uptake, returns = column("deal_share"), column("new_product_uptake"), column("return_share")
    high, median = partial(_limit, evidence, percent=limits.high_percentile), partial(_limit, evidence, percent=50)
    on_time, complaints = column("on_time_share"), column("complaints_window")
    late = either(column("days_late") > limits.paid_late_days, on_time < limits.on_time_low)
    paid = on_time.is_not_null() | column("days_late").is_not_null()
    return {
        "cost": [
            _signal(deals, (deals > 0) & at_least(deals, high("deal_share")), limits.cost_deals),
            _signal(price, price <= limits.price_low, limits.cost_price),
            Signal(paid, late, limits.cost_payment),
            _signal(satisfaction, satisfaction <= worth.dissatisfied, limits.cost_satisfaction),
            _signal(complaints, complaints >= limits.many_complaints, limits.cost_complaints),
        ],
        "value": [
            _signal(deals, at_most(deals, median("deal_share")), limits.value_deals),
            _signal(price, price >= limits.price_usual, limits.value_price),
            _signal(on_time, on_time >= limits.on_time_high, limits.value_payment),
            _signal(column("tenure"), column("tenure") >= long, limits.value_tenure),
            _signal(satisfaction, satisfaction >= worth.satisfied, limits.value_satisfaction),
            _signal(returns, at_most(returns, median("return_share")), limits.value_returns),
        ],
        "technology": [
            _signal(price, price >= limits.price_high, limits.technology_price),
            _signal(
                uptake, (uptake > 0) & at_least(uptake, high("new_product_uptake")), limits.technology_new_products
            ),
            _signal(satisfaction, satisfaction >= worth.satisfied, limits.technology_satisfaction),
            _curious(base, high("enquiries_window"), limits),
        ],
    }


def _limit(evidence: Evidence, name: str, percent: float) -> float | None:
    return usual_percentile(evidence, name, percent)


def _signal(measured: pl.Expr, holds: pl.Expr, points: int) -> Signal:
    return Signal(measured.is_not_null(), surely(holds), points)


def _curious(base: pl.DataFrame, many: float | None, limits: KindSettings) -> Signal:
    """Return the sign that a customer asks about technology, asks more than most, or suggests something."""
    technical, enquiries = held(base, "technical_window"), held(base, "enquiries_window")
    asks = (enquiries > 0) & at_least(enquiries, many)
    holds = either(technical > 0, asks, held(base, "suggestions_window") > 0)
    return Signal(enquiries.is_not_null(), holds, limits.technology_contacts)


def explain(found: Report, customer: Customer) -> Explanation | None:
    """Say what a customer is oriented by, with its points."""
    row = row_of(found, customer)
    if row is None:
        return None
    label = Phrase(
        "say.orientation", {"orientation": Figure("term", f"kinds:orientation.{row['orientation']}")}, "kinds"
    )
    points = {name: Figure("score", row[f"{name}_points"]) for name in ORIENTATIONS}
    return Explanation(label, (Phrase("because.orientation", points, "kinds"),))


ORIENTATION: Final = System(
    "orientation", "S22",
    (("transactions.discount", "transactions.due_date", "customers.satisfaction", "contacts.score"),),
    report, explain,
)  # fmt: skip
