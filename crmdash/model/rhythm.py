"""Rhythm and silence: how long a customer usually waits between purchases, and how long it has been quiet.

Raw gaps of two orders mislead, so every rhythm is smoothed with `k` gaps of the base's usual length.
"""

import narwhals as nw

from crmdash.engine import Lazy, usual_value
from crmdash.rule_settings import PeriodSettings
from crmdash.summary.clock import Clock


def base_rhythm(customers: Lazy, window: int) -> float:
    """Return b: the median of (last - first) / (n - 1) days over base customers with two purchases on; else W/4."""
    orders, span = nw.col("orders"), nw.col("last_purchase") - nw.col("first_purchase")
    median = usual_value(customers, span / (orders - 1), where=nw.col("in_base") & (orders >= 2))
    return window / 4 if median is None else median


def rhythm(base: float, period: PeriodSettings) -> nw.Expr:
    """Return r = max(floor, (k b + last - first) / (k + n - 1)) in days; b where the first purchase is not known."""
    orders, span = nw.col("orders"), nw.col("last_purchase") - nw.col("first_purchase")
    smoothed = (span + period.pseudo_gaps * base) / (orders + (period.pseudo_gaps - 1))
    told = smoothed.fill_null(base)
    floored = nw.when(told < period.rhythm_floor).then(nw.lit(float(period.rhythm_floor))).otherwise(told)
    return nw.when(orders > 0).then(floored)


def silence() -> nw.Expr:
    """Return recency in units of the customer's own rhythm."""
    return nw.col("recency") / nw.col("rhythm")


def next_order_due() -> nw.Expr:
    """Return the day of the next order by the customer's own rhythm, from two purchases on."""
    due = (nw.col("last_purchase") + nw.col("rhythm") + 0.5).floor().cast(nw.Int64)
    return nw.when(nw.col("orders") >= 2).then(due)


def recovered(cooling_silence: float, clock: Clock) -> nw.Expr:
    """Return whether a customer came back of late after a gap of at least the cooling silence."""
    came_back = nw.col("last_gap") >= cooling_silence * nw.col("rhythm")
    return came_back & (nw.col("silence") < 1.5) & (nw.col("recency") <= clock.window // 4)
