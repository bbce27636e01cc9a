"""Keeping costs less than winning (S10): what a few more kept customers are worth, and what winning as much costs."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from crmdash.columns import MONEY_SCALE
from crmdash.phrases import Figure, Phrase
from crmdash.systems.evidence import Evidence
from crmdash.systems.expected_profit import expected_profits
from crmdash.systems.newcomers import file_start, newcomers
from crmdash.systems.places import base_places, by_place
from crmdash.systems.report import TIER, Column, Report, System, Table
from crmdash.systems.rows import contacts_of, rows_of

_COLUMNS: Final = (
    TIER,
    Column("customers", "count"),
    Column("expected_profit", "money"),
    Column("gain", "money"),
    Column("worth_keeping", "money"),
    Column("newcomers_needed", "decimal"),
    Column("cost_of_winning", "money"),
)


_OF_NEWCOMERS: Final = ("first_purchase", "tenure", "acquisition_cost", "cost_to_serve")


@dataclass(frozen=True)
class Winning:
    """What a new customer brings and costs, in ten-thousandths.

    Attributes
    ----------
    first_year : mean customer profit of newcomers in their first W days; None where nobody's are over.
    newcomers : of how many customers it is the mean.
    cost : what winning one costs; `assumed` where the data does not say.
    """

    first_year: float | None
    newcomers: int
    cost: float
    assumed: bool


def report(evidence: Evidence) -> Report:
    """Compare, for every tier, keeping more of its customers with winning the same profit anew.

    gain = living customers x points kept more x their mean expected profit; newcomers needed = gain / a newcomer's
    first-year profit; cost of winning = newcomers needed x acquisition cost; worth keeping = gain / customers.
    """
    winning = win(evidence)
    tiers = by_tier(_living(evidence), evidence.settings.economics.retention_gain, winning)
    figures = {
        "retention_gain": Figure("percent", evidence.settings.economics.retention_gain / 100),
        "gain": Figure("money", _sum(tiers["gain"])),
        "newcomers_needed": Figure("decimal", _sum(tiers["newcomers_needed"])),
        "cost_of_winning": Figure("money", _sum(tiers["cost_of_winning"])),
        "newcomer_profit": Figure("money", None if winning.first_year is None else round(winning.first_year)),
        "newcomers": Figure("count", winning.newcomers),
        "acquisition_cost": Figure("money", round(winning.cost)),
        "acquisition_cost_assumed": Figure("flag", winning.assumed),
    }
    return Report(figures, Table(tiers, _COLUMNS), notes=_notes(winning))


def _sum(values: pl.Series) -> float | None:
    return float(values.sum()) if values.count() else None


def _notes(winning: Winning) -> tuple[Phrase, ...]:
    notes = []
    if winning.first_year is None:
        notes.append(Phrase("keeping.no_first_year", {}, "what_if"))
    if winning.assumed:
        notes.append(Phrase("keeping.cost_assumed", {"cost": Figure("money", round(winning.cost))}, "what_if"))
    return tuple(notes)


def _living(evidence: Evidence) -> pl.DataFrame:
    """Return the customers who can still be kept, with their expected profit."""
    expected = expected_profits(evidence)["expected_profit"]
    told = evidence.base.select("tier", "phase", expected_profit=expected)
    return told.filter(pl.col("phase").ne_missing("gone"))


def by_tier(living: pl.DataFrame, points: float, winning: Winning) -> pl.DataFrame:
    """Return one row per tier, the largest gain first; what is to be won anew only where the gain is positive.

    Parameters
    ----------
    living : tier, expected_profit (ten-thousandths).
    points : how many of a hundred customers more would stay.
    """
    each = living.group_by("tier").agg(
        pl.len().cast(pl.Int64).alias("customers"), pl.col("expected_profit").cast(pl.Float64).mean()
    )
    gain = pl.col("customers") * points / 100 * pl.col("expected_profit")
    first_year = winning.first_year if winning.first_year is not None and winning.first_year > 0 else None
    needed = pl.when(pl.col("gain") > 0).then(pl.col("gain") / pl.lit(first_year, pl.Float64))
    reckoned = each.with_columns(gain=gain).with_columns(newcomers_needed=needed)
    amounts = {
        "expected_profit": pl.col("expected_profit"),
        "gain": pl.col("gain"),
        "worth_keeping": pl.col("gain") / pl.col("customers"),
        "cost_of_winning": pl.col("newcomers_needed") * winning.cost,
    }
    whole = reckoned.with_columns(
        **{name: value.round().cast(pl.Int64, strict=False) for name, value in amounts.items()}
    )
    return whole.sort("gain", "tier", descending=[True, False], nulls_last=True)


def win(evidence: Evidence) -> Winning:
    """Measure what a newcomer earns in its first W days, and what winning one costs (lately, else ever)."""
    economics, clock = evidence.settings.economics, evidence.clock
    held = [name for name in _OF_NEWCOMERS if name in evidence.base.columns]
    new = newcomers(evidence.base.select(held).with_columns(base_places(evidence)), clock, economics.newcomer_after)
    complete = new.filter(pl.col("tenure") >= clock.window)
    earned = _first_profit(evidence, complete)
    cost = _known_cost(evidence, new)
    assumed = float(economics.acquisition_cost * MONEY_SCALE)
    first_year = earned.mean()
    return Winning(
        first_year if isinstance(first_year, float) else None, len(earned), assumed if cost is None else cost,
        cost is None,
    )  # fmt: skip


def _known_cost(evidence: Evidence, new: pl.DataFrame) -> float | None:
    """Return the mean acquisition cost of the newcomers of the last W days, else of everybody; None if unknown."""
    if "acquisition_cost" not in evidence.base.columns:
        return None
    late = new.filter(pl.col("tenure") < evidence.clock.window)
    means = (frame["acquisition_cost"].cast(pl.Float64).mean() for frame in (late, evidence.base))
    return next((mean for mean in means if isinstance(mean, float)), None)


def _first_profit(evidence: Evidence, buyers: pl.DataFrame) -> pl.Series:
    """Return the profit in the W days from the first purchase on, less the cost to serve in them, where it is known."""
    first = by_place(evidence, buyers.select("first_purchase"), buyers["place"])["first_purchase"]
    known = _early(rows_of(evidence).frame, first, evidence.clock.window).drop_nulls("profit")
    earned = known.group_by("place").agg(pl.col("profit").sum())
    return earned["profit"] - _first_service(evidence, buyers, first, earned["place"])


def _early(rows: pl.DataFrame, first: pl.Series, window: int) -> pl.DataFrame:
    """Return the rows of the first W days of customers; `first` has the day of the first purchase by place."""
    since = rows["date"] - first.gather(rows["place"])
    return rows.filter((since >= 0) & (since < window))


def _first_service(evidence: Evidence, buyers: pl.DataFrame, first: pl.Series, places: pl.Series) -> pl.Series:
    """Return the cost to serve of the first W days, at `places`: of contacts in them, or a stated total by its days."""
    source = evidence.summary.cost_source
    if source == "column":
        costs = buyers.select("place", cost=_part_of_total(evidence))
    elif source == "contacts":
        early = _early(contacts_of(evidence), first, evidence.clock.window)
        costs = early.group_by("place").agg(cost=pl.col("contact_cost").sum())
    else:
        return pl.zeros(len(places), pl.Float64, eager=True)
    every = by_place(evidence, costs.select("cost"), costs["place"])["cost"]
    return every.gather(places).cast(pl.Float64).fill_null(0.0)


def _part_of_total(evidence: Evidence) -> pl.Expr:
    """Return the part of a stated cost to serve that falls on a customer's first W days, in ten-thousandths.

    part = cost x W / days, days = those from the later of first purchase and value period's start to T, at least W.
    """
    clock = evidence.clock
    start = clock.value_start if clock.value_start is not None else file_start(clock)
    longest = clock.window if clock.as_of is None or start is None else clock.as_of - start
    days = pl.max_horizontal(pl.lit(clock.window), pl.min_horizontal(pl.col("tenure"), pl.lit(longest)))
    return pl.col("cost_to_serve") * clock.window / days


RETENTION_GAIN: Final = System(
    "retention_gain", "S10", (("transactions",), ("transactions.profit", "transactions.cost")), report
)
