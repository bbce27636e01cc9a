"""Audit, one period: how unequal the customers of the last W days were in purchases, spend and profit."""

from typing import Final

import polars as pl

from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.systems.audit_bins import PURCHASES, bin_table, round_edges
from crmdash.systems.evidence import Evidence
from crmdash.systems.order import in_order
from crmdash.systems.places import base_places
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Kind, Report, System, Table, row_of

TENTHS: Final = 10

_SPEND: Final = Column("revenue_window", "money")
_PROFIT: Final = Column("customer_profit_window", "money")
_ROWS: Final = (*CUSTOMER, TIER, Column("decile", "count"), Column("orders_window", "count"), _SPEND, _PROFIT)
_DECILES: Final = (
    Column("decile", "count"), Column("customers", "count"), Column("lowest", "money"), Column("highest", "money"),
    Column("sum", "money"), Column("sum_share", "percent"), Column("mean", "money"),
    Column("mean_purchases", "decimal"), Column("mean_revenue", "money"),
)  # fmt: skip
_DISTRIBUTIONS: Final[tuple[tuple[str, str, Kind], ...]] = (
    ("by_purchases", "orders_window", "count"),
    ("by_revenue", _SPEND.name, "money"),
    ("by_profit", _PROFIT.name, "money"),
)


def _with_profit(evidence: Evidence) -> pl.DataFrame:
    """Return the base with the customer profit of the window; of the last L days where that is the window too."""
    profits = (_PROFIT.name, "customer_profit_late")
    wanted = (*(column.name for column in _ROWS), *profits)
    # Of the many measures only these: the list is filtered and sorted.
    base = evidence.base.select(name for name in dict.fromkeys(wanted) if name in evidence.base.columns)
    if _PROFIT.name in base.columns or not evidence.clock.season_removed or "customer_profit_late" not in base.columns:
        return base
    return base.with_columns(pl.col("customer_profit_late").alias(_PROFIT.name))


def measured_by(customers: pl.DataFrame) -> str:
    """Return what the deciles are made by: customer profit of the window where it is known, else its revenue."""
    known = _PROFIT.name in customers.columns and customers[_PROFIT.name].count()
    return _PROFIT.name if known else _SPEND.name


def report(evidence: Evidence) -> Report:
    """Return everybody with a purchase in the last W days in order of profit (else revenue), in tenths of customers.

    Of equal customers at the edge of a decile the first by number goes into the better one, so that every decile
    holds a tenth; the shares of the deciles do not depend on it. Shares are of the sum of all deciles.
    """
    active = _with_profit(evidence).with_columns(base_places(evidence)).filter(pl.col("orders_window") > 0)
    measure = measured_by(active)
    ordered = in_order(active, (measure, True), ("place", False))
    rows = ordered.with_columns(decile=_decile(ordered[measure].count()))
    tables = {"deciles": Table(_deciles(rows, measure), _DECILES)}
    for name, column, kind in _DISTRIBUTIONS:
        if column in rows.columns and rows[column].count():
            edges = PURCHASES if kind == "count" else round_edges(rows[column])
            tables[name] = bin_table(rows[column], edges, kind)
    held = [column.name for column in _ROWS if column.name in rows.columns]
    return Report(_figures(evidence, rows, measure), Table(rows.select(held), _ROWS), tables, _notes(evidence, rows))


def _decile(known: int) -> pl.Expr:
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    return pl.when(place < known).then(place * TENTHS // max(known, 1) + 1)


def _deciles(rows: pl.DataFrame, measure: str) -> pl.DataFrame:
    value = pl.col(measure)
    total = rows[measure].sum()
    return (
        rows.drop_nulls("decile")
        .group_by("decile")
        .agg(
            customers=pl.len().cast(pl.Int64), lowest=value.min(), highest=value.max(), sum=value.sum(),
            mean=_mean(value), mean_purchases=pl.col("orders_window").mean(), mean_revenue=_mean(pl.col(_SPEND.name)),
        )
        .with_columns(sum_share=pl.col("sum") / (total if total > 0 else None))
        .sort("decile")
    )  # fmt: skip


def _mean(value: pl.Expr) -> pl.Expr:
    return (value.mean() + 0.5).floor().cast(pl.Int64)


def _figures(evidence: Evidence, rows: pl.DataFrame, measure: str) -> dict[str, Figure]:
    customers, purchases, revenue = len(rows), int(rows["orders_window"].sum()), int(rows[_SPEND.name].sum())
    everybody, total = int(evidence.base[_SPEND.name].sum()), int(rows[measure].sum())
    best = int(rows.filter(pl.col("decile") == 1)[measure].sum()) if customers >= TENTHS else None
    profit = int(rows[measure].sum()) if measure == _PROFIT.name else None
    losing = int((rows[measure] < 0).sum()) if measure == _PROFIT.name else None
    return {
        "days": Figure("days", evidence.clock.window),
        "customers": Figure("count", customers),
        "share_of_base": Figure("percent", customers / len(evidence.base) if len(evidence.base) else None),
        "purchases": Figure("count", purchases),
        "purchases_per_customer": Figure("decimal", purchases / customers if customers else None),
        "bought_once": Figure("percent", (rows["orders_window"] == 1).mean() if customers else None),
        "revenue": Figure("money", revenue),
        "revenue_per_customer": Figure("money", round(revenue / customers) if customers else None),
        "revenue_per_purchase": Figure("money", round(revenue / purchases) if purchases else None),
        "profit": Figure("money", profit),
        "losing": Figure("count", losing),
        "measure": Figure("term", f"audit:measure.{measure}"),
        "best_decile_share": Figure("percent", best / total if best is not None and total > 0 else None),
        "returns_only": Figure("money", everybody - revenue),
    }


def _notes(evidence: Evidence, rows: pl.DataFrame) -> tuple[Phrase, ...]:
    notes = []
    if 0 < len(rows) < TENTHS:
        notes.append(Phrase("note.few", {"customers": Figure("count", len(rows))}, "audit"))
    without = int(evidence.base[_SPEND.name].sum()) - int(rows[_SPEND.name].sum())
    if without:
        notes.append(Phrase("note.returns_only", {"amount": Figure("money", without)}, "audit"))
    return tuple(notes)


def explain(found: Report, customer: Customer) -> Explanation | None:
    """Say in which tenth of the customers one stands, with what it bought in the window."""
    row = row_of(found, customer)
    if row is None or row["decile"] is None:
        return None
    label = Phrase("period.label", {"decile": Figure("count", row["decile"]), "by": found.figures["measure"]}, "audit")
    figures = {"purchases": Figure("count", row["orders_window"]), "revenue": Figure("money", row[_SPEND.name])}
    because = Phrase("period.because", figures | {"days": found.figures["days"]}, "audit")
    if row.get(_PROFIT.name) is None:
        return Explanation(label, (because,))
    return Explanation(
        label, (because, Phrase("period.profit", {"profit": Figure("money", row[_PROFIT.name])}, "audit"))
    )


AUDIT_PERIOD: Final = System("audit_period", "audit", (("transactions",),), report, explain)
"""One period."""
