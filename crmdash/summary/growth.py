"""Growth of each customer's revenue, alone and relative to everybody else."""

import narwhals as nw

from crmdash.engine import Lazy, collect_row
from crmdash.summary.clock import Clock
from crmdash.summary.tables import columns_of, ratio, total


def add_growth(customers: Lazy, clock: Clock) -> Lazy:
    """Add growth and relative_growth, each in [-2, 2].

    growth = 2 (a1 - a0) / (a1 + a0), a1 the revenue of the last comparison period L, a0 of the L before. Relative
    growth is the same on the customer's share of the revenue of all base customers that bought before T - L, which
    removes season and trend. Both are missing where tenure < 1.5 L, where a0 or a1 is negative, or both are zero.
    """
    length = clock.comparison
    if length is None or not {"revenue_late", "revenue_before"} <= columns_of(customers):
        return customers
    late, before = nw.col("revenue_late"), nw.col("revenue_before")
    older = (nw.col("in_base") & (nw.col("tenure") >= length)).fill_null(False)
    all_late, all_before = collect_row(customers.select(late=total(late, older), before=total(before, older))).values()
    # Compared as whole numbers: 1.5 L may be a half day.
    known = (nw.col("tenure") * 2 >= 3 * length) & (late >= 0) & (before >= 0) & (late + before > 0)
    grown = customers.with_columns(growth=nw.when(known).then(ratio((late - before) * 2, late + before)))
    if all_late <= 0 or all_before <= 0:
        return grown
    share_late, share_before = late / all_late, before / all_before
    relative = ratio((share_late - share_before) * 2, share_late + share_before)
    return grown.with_columns(relative_growth=nw.when(known).then(relative))
