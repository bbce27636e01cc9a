"""Loss of the top (S30): what remains without the largest customers, an account manager's, or those of a tier."""

from dataclasses import dataclass
from math import ceil
from typing import Final, Literal

import numpy as np
import polars as pl

from crmdash.cuts import Distribution
from crmdash.model.concentration import TOP_SHARE
from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, System, Table, row_of

Taken = Literal["top", "owner", "tier", "half"]
SEED: Final = 20
"""Half of a tier is drawn by chance, and by the same chance every time."""

_AMOUNTS: Final = (Column("revenue", "money"), Column("customer_profit", "money"))
_LEFT: Final = (Column("revenue_left", "percent"), Column("profit_left", "percent"))
_COUNT: Final = Column("customers", "count")
_OWNER: Final = Column("owner", "text")


@dataclass(frozen=True)
class Removal:
    """Who is taken away: the `count` largest, all customers of an owner (None: of nobody), all or half of a tier."""

    kind: Taken
    count: int = 0
    name: str | None = None


@dataclass(frozen=True, eq=False)
class Standing:
    """What customers are worth together; money in ten-thousandths, None where the data does not say.

    Attributes
    ----------
    value : sum of the measure that orders the customers, of which `top20_share` is told.
    """

    customers: int
    value: int
    revenue: int | None
    profit: int | None
    top20_share: float | None
    values: Distribution


def standing(customers: pl.DataFrame) -> Standing:
    """Add up customers of the base."""
    known = customers["value"].drop_nulls()
    values = Distribution.of(known.to_numpy(), missing=len(customers) - len(known))
    top = min(ceil(TOP_SHARE * values.base / 100), values.size)
    share = values.sum_of_largest(top) / values.positive_total if values.positive_total > 0 else None
    revenue, profit = (_sum(customers, name) for name in ("revenue", "customer_profit"))
    return Standing(len(customers), values.total, revenue, profit, share, values)


def left_without(base: pl.DataFrame, removal: Removal) -> pl.DataFrame:
    """Return the customers of the base that remain."""
    return base.filter(~taken(base, removal))


def taken(base: pl.DataFrame, removal: Removal) -> pl.Series:
    """Say of each customer of the base, largest value first, whether it is taken away."""
    place = np.arange(len(base))
    if removal.kind == "top":
        return pl.Series(place < removal.count)
    column = "owner" if removal.kind == "owner" else "tier"
    if column not in base.columns:
        return pl.Series(np.zeros(len(base), dtype=bool))
    concerned = base[column].eq_missing(pl.Series([removal.name], dtype=pl.String))
    return concerned if removal.kind != "half" else pl.Series(_half(concerned.to_numpy()))


def _half(concerned: np.ndarray) -> np.ndarray:
    """Draw half of the rows that hold, rounded up."""
    places = np.flatnonzero(concerned)
    drawn = np.random.default_rng(SEED).permutation(places)[: ceil(len(places) / 2)]
    chosen = np.zeros(len(concerned), dtype=bool)
    chosen[drawn] = True
    return chosen


def of_each(evidence: Evidence) -> pl.DataFrame:
    """Return what is needed of every customer of the base, largest value first."""
    wanted = ("customer_id", "name", "tier", "owner", "value", "revenue", "customer_profit")
    return evidence.base.select([name for name in wanted if name in evidence.base.columns])


def report(evidence: Evidence) -> Report:
    """Take away the largest customers, and beside it every owner's and every tier's, one at a time."""
    base = of_each(evidence)
    away = Removal("top", count=evidence.settings.economics.top_n)
    before, after = standing(base), standing(left_without(base, away))
    gone = base.filter(taken(base, away))
    rows = gone.with_columns(value_share=_share(pl.col("value"), before.values.total))
    columns = (*CUSTOMER, TIER, _OWNER, Column("value", "money"), Column("value_share", "percent"), *_AMOUNTS)
    return Report(_figures(before, after), Table(rows, columns), _tables(base, before, evidence))


def _figures(before: Standing, after: Standing) -> dict[str, Figure]:
    return {
        "customers": Figure("count", before.customers),
        "customers_left": Figure("count", after.customers),
        "revenue": Figure("money", before.revenue),
        "revenue_left": Figure("money", after.revenue),
        "customer_profit": Figure("money", before.profit),
        "customer_profit_left": Figure("money", after.profit),
        "top20_share": Figure("percent", before.top20_share),
        "top20_share_left": Figure("percent", after.top20_share),
    }


def _tables(base: pl.DataFrame, before: Standing, evidence: Evidence) -> dict[str, Table]:
    tiers = (TIER, _COUNT, *_AMOUNTS, *_LEFT)
    halved = base.filter(_halves(base, evidence))
    order = {code: place for place, code in enumerate(evidence.settings.tiers.codes)}
    by_place = pl.col("tier").replace_strict(order, default=None)
    found = {
        "without_tier": Table(_grouped(base, "tier", before).sort(by_place), tiers),
        "without_half_of_tier": Table(_grouped(halved, "tier", before).sort(by_place), tiers),
    }
    if "owner" in base.columns:
        owners = _grouped(base, "owner", before).sort("value", "owner", descending=[True, False])
        found["without_owner"] = Table(owners, (_OWNER, _COUNT, *_AMOUNTS, *_LEFT))
    return found


def _halves(base: pl.DataFrame, evidence: Evidence) -> pl.Series:
    chosen = np.zeros(len(base), dtype=bool)
    for tier in evidence.settings.tiers.codes:
        chosen |= taken(base, Removal("half", name=tier)).to_numpy()
    return pl.Series(chosen)


def _grouped(customers: pl.DataFrame, column: str, before: Standing) -> pl.DataFrame:
    """Sum the customers that go together, and say which part of the whole would be left without them."""
    named = [name for name in ("revenue", "customer_profit") if name in customers.columns]
    sums = customers.group_by(column).agg(pl.len().cast(pl.Int64).alias("customers"), pl.col("value", *named).sum())
    wholes = {"revenue": ("revenue_left", before.revenue), "customer_profit": ("profit_left", before.profit)}
    return sums.with_columns((1 - _share(pl.col(name), wholes[name][1])).alias(wholes[name][0]) for name in named)


def _share(part: pl.Expr, whole: int | None) -> pl.Expr:
    return part / whole if whole is not None and whole > 0 else pl.lit(None, pl.Float64)


def _sum(customers: pl.DataFrame, column: str) -> int | None:
    known = customers[column].drop_nulls() if column in customers.columns else None
    return None if known is None else int(known.sum())


def explain(found: Report, customer: Customer) -> Explanation | None:
    """Say of one of the largest what would go with it."""
    row = row_of(found, customer)
    if row is None or row["value_share"] is None:
        return None
    return Explanation(Phrase("loss.would_go", {"share": Figure("percent", row["value_share"])}, "what_if"))


LOSS_OF_THE_TOP: Final = System("loss_of_the_top", "S30", (("transactions", "customers"),), report, explain)
