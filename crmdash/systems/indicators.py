"""The five indicators of a customer's worth to us, each 0-100, and their weighted total.

What stands in a column is taken; else the indicator is computed, from the customer's own payments, answers and ideas
or as its percentile among its peers. An indicator that cannot be computed is missing, and its weight is shared out
over the others.
"""

from collections.abc import Iterable
from typing import Final

import polars as pl

from crmdash.rule_settings import WorthSettings
from crmdash.systems.held_measures import first_held, with_measures
from crmdash.systems.peers import Peers, among_peers, percentile_among

INDICATORS: Final = ("integrity", "cooperation", "dependence", "growth", "contribution")

CONTRIBUTIONS: Final = ("customer_profit", "gross_profit", "revenue")
"""What contribution is measured by: the first of these that the data holds."""

_OWN: Final = (
    "integrity", "on_time_share", "days_late", "return_share", "cooperation", "planned_share", "surveys_window",
    "suggestions_window", "market_reports_window", "share_of_wallet",
)  # fmt: skip
COMPARED: Final = ("breadth", "gap_variation", "relative_growth", *CONTRIBUTIONS)
"""Measures of a summary that `compared` reads."""

ASKED: Final = (*_OWN, *COMPARED)
"""Measures of a summary that scores are made of."""

Points = tuple[pl.Expr, float]
"""What a part reached of its points (0-1, missing where unknown), and its points at most."""


def score_customers(base: pl.DataFrame, peers: Peers, worth: WorthSettings) -> pl.DataFrame:
    """Score customers against their peers: peers and peers_kind beside what `score_placed` returns."""
    return pl.concat([peers.columns, score_placed(base, places_among(base, peers), worth)], how="horizontal")


def score_placed(base: pl.DataFrame, placed: pl.DataFrame, worth: WorthSettings) -> pl.DataFrame:
    """Score customers by what `places_among` tells of them; one row for each, in their order.

    Returns the five indicators, `estimated` (dependence is a guess from what it buys),
    `known` (how many indicators are known) and total (0-100).

    Parameters
    ----------
    base : all those compared with each other, with the measures of a summary.
    """
    asked = with_measures(base, *_OWN)
    told = asked.select(*_OWN).with_columns(*placed)
    answered, gave_ideas = _is_used(asked, "surveys_window"), _is_used(asked, "suggestions_window")
    gave_ideas |= _is_used(asked, "market_reports_window")
    scored = told.with_columns(
        integrity=integrity(worth),
        cooperation=pl.coalesce("cooperation", _cooperation(worth, answered=answered, gave_ideas=gave_ideas)),
        dependence=pl.coalesce(pl.col("share_of_wallet") * 100, "estimated_dependence"),
        estimated=pl.col("share_of_wallet").is_null() & pl.col("estimated_dependence").is_not_null(),
    )
    known = pl.sum_horizontal(pl.col(name).is_not_null() for name in INDICATORS)
    total = weighted((pl.col(name) / 100, getattr(worth, f"weight_{name}")) for name in INDICATORS)
    return scored.select(*INDICATORS, "estimated", known=known.cast(pl.Int64), total=total)


def places_among(base: pl.DataFrame, peers: Peers) -> pl.DataFrame:
    """Return what is a place among peers: growth, contribution and estimated_dependence.

    Parameters
    ----------
    base : those to be compared with each other, with the measures `COMPARED`.
    """
    values = compared(base).with_columns(-pl.col("gap_variation"))
    found = among_peers(values, peers, *(percentile_among(name) for name in values.columns))
    estimated = (found["breadth"] + found["gap_variation"]) / 2
    return found.select("growth", "contribution").with_columns(estimated_dependence=estimated)


def compared(base: pl.DataFrame) -> pl.DataFrame:
    """Return what customers are compared by: breadth, gap_variation, growth (relative) and contribution.

    Contribution is customer profit, else gross profit, else revenue.
    """
    measure = first_held(base, *CONTRIBUTIONS)
    value = pl.lit(None, pl.Int64) if measure is None else pl.col(measure)
    asked = with_measures(base, "breadth", "gap_variation", "relative_growth")
    return asked.with_columns(contribution=value).select(
        "breadth", "gap_variation", "contribution", growth="relative_growth"
    )


def weighted(parts: Iterable[Points]) -> pl.Expr:
    """Return 100 x what the known parts reached of their points; missing where none is known."""
    listed = list(parts)
    reached = pl.sum_horizontal(share * points for share, points in listed)
    possible = pl.sum_horizontal(pl.when(share.is_not_null()).then(float(points)) for share, points in listed)
    return pl.when(possible > 0).then(reached * 100 / possible)


def _is_used(customers: pl.DataFrame, count: str) -> bool:
    """Say whether anybody has such a contact: where nobody was asked, silence says nothing of anyone."""
    return bool(customers[count].fill_null(0).max() or 0)


def integrity(worth: WorthSettings) -> pl.Expr:
    """Return integrity (0-100): as its column states it, else computed.

    Computed are points for paying on time (by amount), for few days late and for few returns; missing if one of them
    is unknown. Asks for integrity, on_time_share, days_late and return_share.
    """
    days = 1 - (pl.col("days_late") / worth.days_late_limit).clip(upper_bound=1)
    returns = 1 - (pl.col("return_share") * 100 / worth.return_share_limit).clip(upper_bound=1)
    possible = worth.integrity_on_time + worth.integrity_days_late + worth.integrity_returns
    reached = (
        worth.integrity_on_time * pl.col("on_time_share")
        + worth.integrity_days_late * days
        + worth.integrity_returns * returns
    )
    return pl.coalesce("integrity", reached * 100 / max(1, possible))


def _cooperation(worth: WorthSettings, *, answered: bool, gave_ideas: bool) -> pl.Expr:
    """Points for planned orders, for an answered survey and for ideas and market reports, over the known parts."""
    ideas = pl.col("suggestions_window").fill_null(0) + pl.col("market_reports_window").fill_null(0)
    parts: list[Points] = [(pl.col("planned_share"), worth.cooperation_planned)]
    if answered:
        parts.append(((pl.col("surveys_window").fill_null(0) > 0).cast(pl.Float64), worth.cooperation_survey))
    if gave_ideas:
        enough = ideas.clip(upper_bound=worth.ideas_enough) / worth.ideas_enough
        parts.append((enough, worth.cooperation_ideas))
    return weighted(parts)
