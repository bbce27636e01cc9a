"""Rhythm and silence: how long a customer usually waits between purchases, and how long it has been quiet.

Raw gaps of two orders mislead, so every rhythm is smoothed with `k` gaps of the base's usual length. Formulas are asked
of columns on any engine, and of arrays where a million customers lie in memory.
"""

from typing import Any, Final

import numpy as np
import polars as pl

from crmdash.engine import Lazy, quantile, usual_value
from crmdash.engine.arrays import as_held, as_marks, known_in, pieces
from crmdash.engine.language import nw
from crmdash.rule_settings import PeriodSettings
from crmdash.summary.clock import Clock

_DATED: Final = ("orders", "first_purchase", "last_purchase")


def _has_gap(orders: Any) -> Any:
    return orders >= 2


def _gap(orders: Any, first: Any, last: Any) -> Any:
    return (last - first) / (orders - 1)


def _smoothed(orders: Any, first: Any, last: Any, base: float, period: PeriodSettings) -> Any:
    return (last - first + period.pseudo_gaps * base) / (orders + (period.pseudo_gaps - 1))


def base_rhythm(customers: Lazy, window: int) -> float:
    """Return b: the median of (last - first) / (n - 1) days over base customers with two purchases on; else W/4."""
    gaps = _gap(*(nw.col(name) for name in _DATED))
    median = usual_value(customers, gaps, where=nw.col("in_base") & _has_gap(nw.col("orders")))
    return window / 4 if median is None else median


def base_rhythm_in_memory(customers: pl.DataFrame, window: int) -> float:
    """Return b (`base_rhythm`)."""
    dated = [customers[name] for name in _DATED]
    counted, held = as_marks(customers["in_base"] & known_in(*dated)), [as_held(column) for column in dated]
    gaps, found = np.empty(len(customers)), 0
    with np.errstate(all="ignore"):
        for piece in pieces(len(gaps)):
            orders, first, last = (column[piece] for column in held)
            told = np.compress(counted[piece] & _has_gap(orders), _gap(orders, first, last))
            gaps[found : found + len(told)] = told
            found += len(told)
    median = quantile(gaps[:found], 0.5)
    return window / 4 if median is None else median


def rhythm(base: float, period: PeriodSettings) -> nw.Expr:
    """Return r = max(floor, (k b + last - first) / (k + n - 1)) in days; b where the first purchase is not known."""
    orders, first, last = (nw.col(name) for name in _DATED)
    told = _smoothed(orders, first, last, base, period).fill_null(base)
    floored = nw.when(told < period.rhythm_floor).then(nw.lit(float(period.rhythm_floor))).otherwise(told)
    return nw.when(orders > 0).then(floored)


def silence() -> nw.Expr:
    """Return recency in units of the customer's own rhythm."""
    return nw.col("recency") / nw.col("rhythm")


def silence_in_memory(customers: pl.DataFrame, base: float, period: PeriodSettings) -> pl.Series:
    """Return the silence of customers whose recency may be known (`silence`)."""
    dated = [customers[name] for name in _DATED]
    known, held = as_marks(known_in(*dated)), [as_held(column) for column in (*dated, customers["recency"])]
    found = np.empty(len(customers))
    with np.errstate(all="ignore"):
        for piece in pieces(len(found)):
            orders, first, last, recency = (column[piece] for column in held)
            told = _smoothed(orders, first, last, base, period)
            np.copyto(told, base, where=~known[piece])
            np.divide(recency, np.maximum(told, period.rhythm_floor, out=told), out=found[piece])
    missing = ~((customers["orders"] > 0).fill_null(False) & customers["recency"].is_not_null())
    silences = pl.Series("silence", found)
    return silences.set(missing, None) if missing.any() else silences


def next_order_due() -> nw.Expr:
    """Return the day of the next order by the customer's own rhythm, from two purchases on."""
    due = (nw.col("last_purchase") + nw.col("rhythm") + 0.5).floor().cast(nw.Int64)
    return nw.when(nw.col("orders") >= 2).then(due)


def recovered(cooling_silence: float, clock: Clock) -> nw.Expr:
    """Return whether a customer came back of late after a gap of at least the cooling silence."""
    came_back = nw.col("last_gap") >= cooling_silence * nw.col("rhythm")
    return came_back & (nw.col("silence") < 1.5) & (nw.col("recency") <= clock.window // 4)
