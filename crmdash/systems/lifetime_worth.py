"""What every customer is worth by each reckoning: the models', last year's, and what it spent."""

from typing import Final

import numpy as np
import polars as pl

from crmdash.columns import MONEY_SCALE
from crmdash.model.lifetime.history import DAYS_A_WEEK
from crmdash.rule_settings import LifetimeSettings
from crmdash.settings import Settings
from crmdash.summary import Summary
from crmdash.systems.lifetime_fit import MONTHS_A_YEAR, Fitted, fit_lifetime, refusal

DAYS_A_YEAR: Final = 365


def lifetime_values(summary: Summary, settings: Settings, fitted: Fitted | None = None) -> pl.DataFrame:
    """Return customer_id and lifetime_value (ten-thousandths) of the base; missing where the models are refused.

    Parameters
    ----------
    fitted : the models fitted to this summary, where they are known already.
    """
    base = summary.customers.filter("in_base")
    if fitted is None and refusal(summary, settings.lifetime) is None:
        fitted = fit_lifetime(summary, settings.lifetime)
    return valued(base, fitted, settings).select("customer_id", "lifetime_value")


def valued(base: pl.DataFrame, fitted: Fitted | None, settings: Settings) -> pl.DataFrame:
    """Return what every customer of a base is worth.

    Columns: customer_id; p_alive, expected_purchases (in the next W), expected_value_each, lifetime_value, missing
    where there is no fit; margin; as_last_year and as_last_year_discounted over the horizon; past_spend;
    repeat_purchases, weeks_active (first purchase to last), weeks_known (first purchase to T).
    """
    lifetime, window = settings.lifetime, settings.period.window
    known = set(base.columns)
    margin = margins(base, lifetime)
    spent = [pl.col(name) for name in ("spent", "revenue") if name in known]
    past = pl.coalesce(*spent) if spent else pl.lit(None, pl.Int64)
    reckoned = base.select("customer_id", margin=margin, past_spend=past, last=_last_window(known, margin))
    reckoned = reckoned.join(_expected(fitted, lifetime, window), on="customer_id", how="left")
    a_year = pl.col("last") * (DAYS_A_YEAR / window)
    return reckoned.with_columns(
        lifetime_value=_money(pl.col("purchases_discounted") * pl.col("spend") * pl.col("margin") * MONEY_SCALE),
        expected_value_each=_money(pl.col("spend") * MONEY_SCALE),
        as_last_year=_money(a_year * lifetime.horizon_years),
        as_last_year_discounted=_money(a_year * annuity(lifetime)),
    ).drop("last", "spend", "purchases_discounted")


def _expected(fitted: Fitted | None, settings: LifetimeSettings, window: int) -> pl.DataFrame:
    names = ("p_alive", "expected_purchases", "purchases_discounted", "spend", "weeks_active", "weeks_known")
    if fitted is None:
        return pl.DataFrame(
            schema={"customer_id": pl.String, "repeat_purchases": pl.Int64} | dict.fromkeys(names, pl.Float64)
        )
    return fitted.buyers.select(
        "customer_id",
        repeat_purchases="x",
        p_alive=pl.Series(fitted.chance_alive()),
        expected_purchases=pl.Series(fitted.expected_purchases(window)),
        purchases_discounted=pl.Series(fitted.discounted_purchases(settings.horizon_years, settings.discount / 100)),
        spend=pl.Series(fitted.expected_spend()).fill_nan(None),
        weeks_active=pl.col("active_days") / DAYS_A_WEEK,
        weeks_known=pl.col("known_days") / DAYS_A_WEEK,
    )


def margins(base: pl.DataFrame, settings: LifetimeSettings) -> pl.Series:
    """Return each customer's margin: customer profit ÷ revenue, within the limit; the base's median where unknown.

    Where the data holds no profit it is 1: value is revenue then.
    """
    if not {"customer_profit", "revenue"} <= set(base.columns):
        return pl.Series("margin", np.ones(len(base)))
    limit = settings.margin_limit / 100
    own = base.select(
        pl.when(pl.col("revenue") > 0).then(pl.col("customer_profit") / pl.col("revenue")).clip(-limit, limit)
    ).to_series()
    usual = own.median()
    return own.fill_null(usual if isinstance(usual, float) else 1.0).alias("margin")


def _last_window(known: set[str], margin: pl.Series) -> pl.Expr:
    """Return the value of the W days up to T: customer profit where it is known, else revenue × margin."""
    if "revenue_window" not in known:
        return pl.lit(None, pl.Float64)
    told = pl.col("revenue_window") * margin
    return pl.coalesce(pl.col("customer_profit_window"), told) if "customer_profit_window" in known else told


def annuity(settings: LifetimeSettings) -> float:
    """Return what 1 a year is worth over the horizon, in twelfths, each discounted from its month's end.

    Examples
    --------
    >>> round(annuity(LifetimeSettings(horizon_years=1, discount=10)), 4)
    0.95
    """
    months = np.arange(1, settings.horizon_years * MONTHS_A_YEAR + 1)
    return float((1 + settings.discount / 100) ** (-months / MONTHS_A_YEAR) @ np.full(len(months), 1 / MONTHS_A_YEAR))


def _money(value: pl.Expr) -> pl.Expr:
    """Return whole ten-thousandths; missing beyond 64 bits, which years of a sum that fits can leave."""
    return value.round().cast(pl.Int64, strict=False)
