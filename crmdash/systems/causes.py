"""Why a customer is at risk: whose doing most points of the score come from, and the two strongest signals."""

from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.model.warning import SIGNALS, Signal
from crmdash.systems.evidence import Evidence
from crmdash.systems.peers import among_peers, peer_groups
from crmdash.systems.places import spread

CAUSES: Final = ("ours", "theirs", "market")
"""In the order in which they are looked for: of equal causes the first, so that we look at ourselves first."""

UNKNOWN: Final = "unknown"


def given_signals(customers: pl.DataFrame) -> tuple[Signal, ...]:
    """Return the signals whose points the customers carry."""
    return tuple(signal for signal in SIGNALS if signal.column in customers.columns)


def causes(customers: pl.DataFrame, peers_shrink: pl.Series) -> pl.Series:
    """Return ours, theirs, market or unknown for each customer with a risk score, missing for the others.

    Points of signals that tell no cause (silence) follow the largest other cause; without any other it is unknown.
    Lost growth is theirs where the peers lose revenue too, else the market's.
    """
    points = {cause: np.zeros(len(customers)) for cause in CAUSES}
    shrinking = peers_shrink.fill_null(False).to_numpy()
    for signal in given_signals(customers):
        given = customers[signal.column].fill_null(0).to_numpy()
        if signal.code == "growth":
            points["theirs"] += np.where(shrinking, given, 0)
            points["market"] += np.where(shrinking, 0, given)
        elif signal.cause is not None:
            points[signal.cause] += given
    return _largest(np.column_stack(list(points.values())), customers["risk_score"])


def _largest(points: NDArray[np.float64], scores: pl.Series) -> pl.Series:
    first = pl.Series(points.argmax(axis=1) if len(points) else [], dtype=pl.Int64)
    told = pl.Series(points.max(axis=1, initial=0.0) > 0, dtype=pl.Boolean)
    names = pl.DataFrame({"first": first, "told": told, "score": scores}).select(
        cause=pl.when(pl.col("score").is_not_null()).then(
            pl.when("told")
            .then(pl.col("first").replace_strict(dict(enumerate(CAUSES)), return_dtype=pl.String))
            .otherwise(pl.lit(UNKNOWN))
        )
    )
    return names.to_series()


def strongest(customers: pl.DataFrame) -> pl.DataFrame:
    """Return signal_1, points_1, signal_2 and points_2 of each customer: the signals with most points, none without."""
    signals = given_signals(customers)
    codes = pl.Series([signal.code for signal in signals], dtype=pl.String)
    if not signals or not len(customers):
        empty: dict[str, Any] = {"signal": pl.String, "points": pl.Float64}
        nothing = pl.Series([None] * len(customers))
        return pl.DataFrame({f"{name}_{place}": nothing.cast(kind) for place in (1, 2) for name, kind in empty.items()})
    points = customers.select(pl.col(signal.column).fill_null(0) for signal in signals).to_numpy().copy()
    found: dict[str, pl.Series] = {}
    rows = np.arange(len(points))
    for place in (1, 2):
        best = points.argmax(axis=1)
        most = pl.Series(points[rows, best])
        counted = most > 0
        found[f"signal_{place}"] = pl.select(pl.when(counted).then(codes.gather(best))).to_series()
        found[f"points_{place}"] = pl.select(pl.when(counted).then(most)).to_series()
        points[rows, best] = -1
    return pl.DataFrame(found)


def shrinking_peers(evidence: Evidence) -> pl.Series:
    """Return `peers_shrink` by place (`crmdash.systems.places`), whatever filter is set; computed once for the data."""
    fewest, everybody = evidence.settings.worth.peers_at_least, evidence.summary.customers
    wanted = ["customer_id", "in_base", "revenue_late", "revenue_before", "format", "market", "nature"]
    held = everybody.select([name for name in wanted if name in everybody.columns])

    def by_place() -> pl.Series:
        base = held.with_row_index("place").filter("in_base")
        return spread(peers_shrink(base, fewest), base["place"], len(held))["peers_shrink"]

    return evidence.remember_lasting(f"peers_shrink {fewest}", by_place)


def peers_shrink(base: pl.DataFrame, fewest: int) -> pl.DataFrame:
    """Return customer_id and `peers_shrink`: whether the revenue of the customer's peers fell between the last periods.

    Parameters
    ----------
    base : every customer of the base. fewest : the smallest number of customers that makes a group of peers.
    """
    if not {"revenue_late", "revenue_before"} <= set(base.columns):
        return base.select("customer_id", peers_shrink=pl.lit(None, pl.Boolean))
    fell = (pl.col("revenue_late").sum() < pl.col("revenue_before").sum()).alias("peers_shrink")
    found = among_peers(base.select("revenue_late", "revenue_before"), peer_groups(base, fewest), fell)
    return base.select("customer_id").hstack(found)
