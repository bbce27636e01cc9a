"""Price is not loyalty (S11): how much more would have to be sold to pay for a price cut."""

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.phrases import Figure
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import TIER, Column, Report, System, Table

_AMOUNTS: Final = (
    Column("customers", "count"),
    Column("revenue", "money"),
    Column("gross_profit", "money"),
    Column("margin", "percent"),
    Column("volume_needed", "percent"),
    Column("possible", "flag"),
    Column("given_away", "money"),
)
_REVENUE: Final = ("transactions.amount", "customers.revenue")
_PROFIT: Final = ("transactions.profit", "transactions.cost", "customers.profit")


def volume_needed(cut: float, margin: float) -> float | None:
    """Return by which fraction the volume must grow to earn as much after a price cut: d / (m - d).

    Parameters
    ----------
    cut, margin : fractions of the price.

    Returns
    -------
    None where no volume can make up for it: the cut takes the whole margin or more.

    Examples
    --------
    >>> round(volume_needed(0.05, 0.25), 4)
    0.25
    """
    return cut / (margin - cut) if margin > cut else None


def needed_over(cuts: NDArray[np.float64], margin: float) -> NDArray[np.float64]:
    """Return the same for many cuts; NaN where it is impossible."""
    left = np.where(margin > cuts, margin - cuts, np.nan)
    return cuts / left


def report(evidence: Evidence) -> Report:
    """Measure the gross margin of every tier, and the volume that would pay for the price cut of the settings.

    margin = gross profit / revenue of the value period, over customers of whom both are known.
    """
    cut = evidence.settings.economics.price_cut / 100
    known = evidence.base.select("tier", "revenue", "gross_profit").drop_nulls(["revenue", "gross_profit"])
    sums = (pl.len().cast(pl.Int64).alias("customers"), pl.col("revenue", "gross_profit").sum())
    order = {code: place for place, code in enumerate(evidence.settings.tiers.codes)}
    tiers = known.group_by("tier").agg(sums).sort(pl.col("tier").replace_strict(order, default=None))
    whole = _judged(known.select(sums), cut).row(0, named=True)
    figures = {
        "price_cut": Figure("percent", cut),
        "margin": Figure("percent", whole["margin"]),
        "volume_needed": Figure("percent", whole["volume_needed"]),
        "possible": Figure("flag", whole["possible"]),
        "given_away": Figure("money", whole["given_away"]),
    }
    return Report(figures, Table(_judged(tiers, cut), (TIER, *_AMOUNTS)))


def _judged(sums: pl.DataFrame, cut: float) -> pl.DataFrame:
    margin = pl.when(pl.col("revenue") > 0).then(pl.col("gross_profit") / pl.col("revenue"))
    possible = pl.col("margin") > cut
    return sums.with_columns(margin=margin).with_columns(
        volume_needed=pl.when(possible).then(cut / (pl.col("margin") - cut)),
        possible=possible,
        given_away=(pl.col("revenue") * cut).round().cast(pl.Int64),
    )


PRICE_CUT: Final = System("price_cut", "S11", (_REVENUE, _PROFIT), report)
