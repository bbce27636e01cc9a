"""Payment: what of a customer's invoices was paid in time, how late, and what is overdue."""

import narwhals as nw

from crmdash.summary.clock import Clock
from crmdash.summary.tables import number_of, ratio, total

SUMS = ("invoices:judged", "invoices:on_time", "invoices:rows", "invoices:days_late", "overdue", "overdue_amount")


def payment_sums(columns: frozenset[str], clock: Clock) -> dict[str, nw.Expr]:
    """Return the sums over a customer's days: overdue and overdue_amount, and what `payment_measures` needs."""
    return {name: total(nw.col(name)) for name in SUMS} if is_known(columns, clock) else {}


def payment_of_day(columns: frozenset[str], clock: Clock) -> dict[str, nw.Expr]:
    """Return the sums over the rows of a customer's day that have a due date.

    An invoice is a row of amount > 0 with a due date; it is judged once it is paid or its due date is over.
    """
    if not is_known(columns, clock):
        return {}
    amount, due, paid = nw.col("amount"), nw.col("due_date"), nw.col("paid_date")
    unpaid = paid.is_null() | (paid > clock.as_of)
    # A payment after the as-at day is not known on it: until then the invoice is late up to that day.
    settled = nw.when(unpaid).then(nw.lit(clock.as_of, nw.Int64)).otherwise(paid)
    invoice = ~due.is_null() & (amount > 0)
    overdue = invoice & unpaid & (due < clock.as_of)
    judged = invoice & (~unpaid | (due < clock.as_of))
    late_by = nw.when(settled > due).then(settled - due).otherwise(nw.lit(0))
    return {
        "invoices:judged": total(amount, judged),
        "invoices:on_time": total(amount, judged & ~unpaid & (paid <= due)),
        "invoices:rows": number_of(judged),
        "invoices:days_late": total(late_by, judged),
        "overdue": number_of(overdue),
        "overdue_amount": total(amount, overdue),
    }


def payment_measures(columns: frozenset[str], clock: Clock) -> dict[str, nw.Expr]:
    """Return on_time_share (by amount) and days_late (mean of the invoices) out of the sums."""
    if not is_known(columns, clock):
        return {}
    return {
        "on_time_share": ratio(nw.col("invoices:on_time"), nw.col("invoices:judged")),
        "days_late": ratio(nw.col("invoices:days_late"), nw.col("invoices:rows")),
    }


def is_known(columns: frozenset[str], clock: Clock) -> bool:
    """Say whether the transactions tell when they were due and when paid."""
    return {"due_date", "paid_date"} <= columns and clock.as_of is not None
