"""Contacts: cost to serve and satisfaction, one row per customer."""

import narwhals as nw

from crmdash.columns import MONEY_SCALE
from crmdash.engine import Lazy
from crmdash.summary.clock import Clock
from crmdash.summary.tables import columns_of, number_of, ratio, total

SCORE_SCALE = 10_000
"""Scores are summed in whole ten-thousandths of a point."""


def price_contacts(contacts: Lazy, staff: Lazy | None, hourly_cost: float | None = None) -> Lazy | None:
    """Add `contact_cost` (money) to each contact: its cost, else minutes / 60 x the hourly cost of its staff.

    `hourly_cost` (currency units) stands in where the staff table has no such column. None where nothing is known.
    """
    columns, staff_columns = columns_of(contacts), columns_of(staff)
    if "cost" in columns:
        return contacts.with_columns(contact_cost=nw.col("cost").fill_null(0))
    if "minutes" not in columns:
        return None
    if staff is not None and "staff" in columns and "hourly_cost" in staff_columns:
        rates = staff.group_by("name").agg(hourly_cost=nw.col("hourly_cost").max()).rename({"name": "staff"})
        return _cost_of_time(contacts.join(rates, on="staff", how="left"), nw.col("hourly_cost").fill_null(0))
    if hourly_cost is None:
        return None
    return _cost_of_time(contacts, nw.lit(hourly_cost * MONEY_SCALE))


def _cost_of_time(contacts: Lazy, hourly_cost: nw.Expr) -> Lazy:
    cost = nw.col("minutes").fill_null(0) * hourly_cost / 60
    return contacts.with_columns(contact_cost=(cost + 0.5).floor().cast(nw.Int64))


def sum_service_cost(priced: Lazy, last_purchase: Lazy, clock: Clock) -> Lazy:
    """Sum contact costs: in the value period, over W up to T, over W up to the last purchase, and over the last L."""
    assert clock.as_of is not None
    day, last, cost = nw.col("date"), nw.col("last_purchase"), nw.col("contact_cost")
    rows = priced.join(last_purchase.select("customer_id", "last_purchase"), on="customer_id", how="left")
    within = nw.lit(True) if clock.value_start is None else day > clock.value_start
    late = {} if clock.comparison is None else {"service_cost_late": total(cost, day > clock.as_of - clock.comparison)}
    return rows.group_by("customer_id").agg(
        service_cost=total(cost, within),
        service_cost_window=total(cost, day > clock.as_of - clock.window),
        service_cost_last_window=total(cost, (day > last - clock.window) & (day <= last)),
        **late,
    )


def survey_satisfaction(contacts: Lazy, clock: Clock) -> Lazy | None:
    """Return the latest survey score and its change: mean of the last comparison period minus the one before."""
    if "score" not in columns_of(contacts) or clock.as_of is None:
        return None
    surveys = contacts.filter((nw.col("kind") == "survey") & ~nw.col("score").is_null())
    surveys = surveys.with_columns(points=(nw.col("score") * SCORE_SCALE + 0.5).floor().cast(nw.Int64))
    latest = surveys.group_by("customer_id").agg(date=nw.col("date").max())
    scores = surveys.join(latest, on=["customer_id", "date"], how="inner")
    points = nw.col("points")
    latest_sum = scores.group_by("customer_id").agg(points=total(points), rows=number_of(~points.is_null()))
    level = latest_sum.select("customer_id", survey_score=ratio(points, nw.col("rows") * SCORE_SCALE))
    if clock.comparison is None:
        return level
    day, late, before = nw.col("date"), clock.as_of - clock.comparison, clock.as_of - 2 * clock.comparison
    now, then = day > late, (day > before) & (day <= late)
    sums = surveys.group_by("customer_id").agg(
        now=total(points, now),
        now_rows=number_of(now),
        then=total(points, then),
        then_rows=number_of(then),
    )
    now_mean, then_mean = (ratio(nw.col(name), nw.col(f"{name}_rows") * SCORE_SCALE) for name in ("now", "then"))
    change = now_mean - then_mean
    return level.join(sums.select("customer_id", satisfaction_change=change), on="customer_id", how="left")
