"""customers.csv: one row per customer, with measures, labels and the reason in one line."""

from collections.abc import Collection
from typing import Final

import polars as pl

from crmdash.columns import MONEY_SCALE
from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.reason_line import reason_line

MONEY_MEASURES: Final = (
    "revenue", "cost", "gross_profit", "cost_to_serve", "customer_profit", "lifetime_value", "indicator_total",
    "basket",
)  # fmt: skip
DAY_MEASURES: Final = ("first_purchase", "last_purchase", "next_order_due")
OTHER_MEASURES: Final = (
    "orders", "tenure", "recency", "rhythm", "silence", "last_gap", "recovered", "growth", "relative_growth",
    "gap_variation", "discount_share", "deal_share", "return_share", "breadth", "top_category_share", "category_loss",
    "price_index", "new_product_uptake", "on_time_share", "days_late", "satisfaction", "satisfaction_change",
    "open_matters",
)  # fmt: skip
LABELS: Final = ("tier", "stage", "strategy", "reason_code")
_EXACT_MONEY: Final = pl.Decimal(38, 4)


def customer_rows(evaluation: Evaluation, wording: Wording) -> pl.DataFrame:
    """Return one row per customer as it is written: id first, then measures, labels and the reason in one line."""
    customers, rules = evaluation.customers, evaluation.rulebook
    reasons = [reason_line(row, rules, wording) for row in customers.iter_rows(named=True)]
    written = customers.select(labelled_columns(customers.columns))
    return written.with_columns(reason=pl.Series(reasons, dtype=pl.String))


def labelled_columns(known: Collection[str]) -> list[pl.Expr]:
    """Return the columns of customers.csv without the reason in words, out of labelled customers."""
    money = [_decimal(name) for name in MONEY_MEASURES if name in known]
    days = [_iso(name) for name in DAY_MEASURES if name in known]
    others = [pl.col(name) for name in OTHER_MEASURES if name in known]
    return [pl.col("customer_id"), *money, *days, *others, *(pl.col(name) for name in LABELS)]


def _decimal(name: str) -> pl.Expr:
    return (pl.col(name).cast(_EXACT_MONEY) / MONEY_SCALE).cast(_EXACT_MONEY)


def _iso(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Int32).cast(pl.Date)
