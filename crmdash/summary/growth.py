"""Growth of each customer's revenue, alone and relative to everybody else."""

from dataclasses import dataclass

import narwhals as nw

from crmdash.engine import Lazy, collect_row
from crmdash.summary.clock import Clock
from crmdash.summary.tables import columns_of, ratio, total


@dataclass(frozen=True)
class Market:
    """Revenue of all base customers that bought before T - L, in the last comparison period and the one before it."""

    late: int
    before: int


def measure_market(customers: Lazy, clock: Clock) -> Market | None:
    """Sum what shares of revenue are shares of; None where there are no two periods to compare."""
    length = clock.comparison
    if length is None or not {"revenue_late", "revenue_before"} <= columns_of(customers):
        return None
    older = (nw.col("in_base") & (nw.col("tenure") >= length)).fill_null(False)
    sums = customers.select(late=total(nw.col("revenue_late"), older), before=total(nw.col("revenue_before"), older))
    return Market(**collect_row(sums))


def add_growth(customers: Lazy, clock: Clock, market: Market | None) -> Lazy:
    """Add growth and relative_growth, each in [-2, 2].

    growth = 2 (a1 - a0) / (a1 + a0), a1 the revenue of the last comparison period L, a0 of the L before. Relative
    growth is the same on the customer's share of the revenue of all base customers that bought before T - L, which
    removes season and trend. Both are missing where tenure < 1.5 L, where a0 or a1 is negative, or both are zero.
    """
    length = clock.comparison
    if length is None or market is None:
        return customers
    late, before = nw.col("revenue_late"), nw.col("revenue_before")
    # Compared as whole numbers: 1.5 L may be a half day.
    known = (nw.col("tenure") * 2 >= 3 * length) & (late >= 0) & (before >= 0) & (late + before > 0)
    grown = customers.with_columns(growth=nw.when(known).then(ratio((late - before) * 2, late + before)))
    if market.late <= 0 or market.before <= 0:
        return grown
    # Products instead of shares: a division by one number is rounded by the row's place in the table.
    share_late = late.cast(nw.Float64) * float(market.before)
    share_before = before.cast(nw.Float64) * float(market.late)
    relative = ratio((share_late - share_before) * 2, share_late + share_before)
    return grown.with_columns(relative_growth=nw.when(known).then(relative))
