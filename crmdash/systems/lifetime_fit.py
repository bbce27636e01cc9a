"""The two models of lifetime value, fitted to the customers of a summary; or why they are not."""

from dataclasses import dataclass
from math import ceil
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.columns import MONEY_SCALE
from crmdash.model.lifetime import bg_nbd, gamma_gamma
from crmdash.model.lifetime.fit import Fit, Vector
from crmdash.model.lifetime.history import DAYS_A_WEEK, History, Places, distinct_histories
from crmdash.model.rhythm import base_rhythm_in_memory
from crmdash.phrases import Figure, Phrase
from crmdash.rule_settings import LifetimeSettings
from crmdash.summary import Summary

MONTHS_A_YEAR: Final = 12


@dataclass(frozen=True, eq=False)
class Fitted:
    """Both models, and the customers that they were fitted to.

    Attributes
    ----------
    buyers : see `buyers_of`, one row per customer in the order of `history.place`.
    spend : None where too few repeat purchases have a spend above zero.
    correlation : of repeat purchases and mean spend, which the model of spend takes to be none.
    """

    buyers: pl.DataFrame
    history: History
    purchases: Fit
    spend: Fit | None
    correlation: float | None

    @property
    def repeaters(self) -> int:
        """Customers with a repeat purchase."""
        return int((self.buyers["x"] > 0).sum())

    def chance_alive(self) -> Vector:
        """Return of each buyer the chance that it still buys."""
        past = self.history
        return bg_nbd.chance_alive(self._model, past.x, past.t_x, past.age)[past.place]

    def expected_purchases(self, days: float) -> Vector:
        """Return of each buyer the purchases expected in the next `days`."""
        return bg_nbd.expected_purchases(self._model, self.history, days / DAYS_A_WEEK)[self.history.place]

    def discounted_purchases(self, years: int, discount: float) -> Vector:
        """Return of each buyer the purchases expected in the next `years`, each month's discounted from its end."""
        ends = np.arange(1, years * MONTHS_A_YEAR + 1) * bg_nbd.WEEKS_A_YEAR / MONTHS_A_YEAR
        return bg_nbd.discounted_purchases(self._model, self.history, ends, discount)[self.history.place]

    def expected_spend(self) -> Vector:
        """Return of each buyer the mean spend to expect, in currency units; not a number where there is none."""
        purchases, mean = _told(self.buyers)
        if self.spend is None:
            return np.full(len(mean), np.nan)
        return gamma_gamma.expected_spend(gamma_gamma.spending(self.spend), purchases, mean)

    def expected_by_day(self, days: int) -> Vector:
        """Return the repeat purchases expected of a new customer up to day 0, 1, … `days`."""
        weeks, none = np.arange(days + 1) / DAYS_A_WEEK, np.zeros(1)
        return bg_nbd.expected_if_alive(self._model, none.astype(np.int64), none, weeks)

    @property
    def _model(self) -> bg_nbd.Purchasing:
        return bg_nbd.purchasing(self.purchases)


def buyers_of(summary: Summary) -> pl.DataFrame:
    """Return the customers of the base with a dated purchase, by id.

    Columns: customer_id; x repeat purchases; active_days from the first purchase to the last, known_days to T;
    `spends` purchases that `mean` (currency units) is of: the repeat ones, or all where only a total is known.
    """
    as_of, customers = summary.clock.as_of, summary.customers
    dated = {"orders", "first_purchase", "last_purchase"} <= set(customers.columns)
    if as_of is None or not dated:
        return _NOBODY
    found = customers.filter(
        pl.col("in_base") & (pl.col("orders") > 0) & pl.col("last_purchase").is_between("first_purchase", as_of)
    ).with_columns(
        x=pl.col("orders") - 1,
        known_days=as_of - pl.col("first_purchase"),
        active_days=pl.when(pl.col("orders") > 1).then(pl.col("last_purchase") - pl.col("first_purchase")).otherwise(0),
    )
    return found.select("customer_id", "x", "active_days", "known_days", **_spends(customers)).sort("customer_id")


_NOBODY: Final = pl.DataFrame(
    schema={
        "customer_id": pl.String,
        "x": pl.Int64,
        "active_days": pl.Int64,
        "known_days": pl.Int64,
        "spends": pl.Int64,
        "mean": pl.Float64,
    }
)


def _spends(customers: pl.DataFrame) -> dict[str, pl.Expr]:
    if {"spent", "first_basket"} <= set(customers.columns):
        repeated, purchases = pl.col("spent") - pl.col("first_basket"), pl.col("x")
    elif "revenue" in customers.columns:
        repeated, purchases = pl.col("revenue"), pl.col("orders")
    else:
        return {"spends": pl.lit(0, pl.Int64), "mean": pl.lit(None, pl.Float64)}
    known = (purchases > 0) & repeated.is_not_null()
    return {
        "spends": pl.when(known).then(purchases).otherwise(0),
        "mean": pl.when(known).then(repeated / MONEY_SCALE / purchases),
    }


def _told(buyers: pl.DataFrame) -> tuple[Places, Vector]:
    """Return how many purchases tell of a customer's spend, and their mean; a mean below zero tells of no spend."""
    return buyers["spends"].to_numpy(), buyers["mean"].fill_null(0.0).clip(0.0, None).to_numpy()


def telling_customers(summary: Summary) -> int:
    """Return how many customers tell what a repeat purchase is worth."""
    buyers = buyers_of(summary)
    purchases, mean = _told(buyers)
    return int(_telling(buyers, purchases, mean).sum())


def _telling(buyers: pl.DataFrame, purchases: Places, mean: Vector) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (buyers["x"].to_numpy() > 0) & (purchases > 0) & (mean > 0)
    return found


def refusal(summary: Summary, settings: LifetimeSettings) -> Phrase | None:
    """Return why the models are not fitted: too few customers, too few repeaters or too short a time."""
    buyers = buyers_of(summary)
    repeaters, days = int((buyers["x"] > 0).sum()), buyers["known_days"].max()
    if len(buyers) < settings.fewest_customers:
        return _refused("customers", "count", len(buyers), settings.fewest_customers)
    if repeaters < settings.fewest_repeaters:
        return _refused("repeaters", "count", repeaters, settings.fewest_repeaters)
    rhythm = base_rhythm_in_memory(summary.customers, summary.period.window)
    known, needed = int(days) if isinstance(days, int) else 0, ceil(settings.fewest_rhythms * rhythm)
    return _refused("days", "days", known, needed) if known < needed else None


def _refused(reason: str, unit: str, found: int, needed: int) -> Phrase:
    shown = {"found": Figure("days", found), "needed": Figure("days", needed)}
    if unit == "count":
        shown = {"found": Figure("count", found), "needed": Figure("count", needed)}
    return Phrase(f"refused.{reason}", shown, "lifetime")


def fit_key(summary: Summary, settings: LifetimeSettings) -> str:
    """Return a name for the fit to a summary, among the fits of the same data and period."""
    return f"lifetime_value fitted {summary.clock.as_of} {settings.fewest_repeaters}"


def fit_lifetime(summary: Summary, settings: LifetimeSettings) -> Fitted:
    """Fit both models to the customers of the base; `refusal` says beforehand whether there are enough."""
    buyers = buyers_of(summary)
    x = buyers["x"].to_numpy()
    history = distinct_histories(x, buyers["active_days"].to_numpy(), buyers["known_days"].to_numpy())
    purchases, mean = _told(buyers)
    telling = _telling(buyers, purchases, mean)
    enough = telling.sum() >= settings.fewest_repeaters
    return Fitted(
        buyers,
        history,
        bg_nbd.fit_bg_nbd(history),
        gamma_gamma.fit_gamma_gamma(purchases[telling], mean[telling]) if enough else None,
        gamma_gamma.correlation(purchases[telling], mean[telling]),
    )
