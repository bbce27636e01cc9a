"""Contacts: cost to serve, satisfaction, complaints and other signs, one row per customer."""

import narwhals as nw

from crmdash.engine import Lazy
from crmdash.summary.clock import Clock
from crmdash.summary.tables import columns_of, number_of, ratio, total

COMPLAINT_DAYS = 180
"""A complaint without a resolution counts as an open matter for this long."""


def price_contacts(contacts: Lazy, staff: Lazy | None) -> Lazy | None:
    """Add `contact_cost` (money) to each contact: its cost, else minutes / 60 x the hourly cost of its staff.

    None where neither can be known.
    """
    columns, staff_columns = columns_of(contacts), columns_of(staff)
    if "cost" in columns:
        return contacts.with_columns(contact_cost=nw.col("cost").fill_null(0))
    if not {"minutes", "staff"} <= columns or staff is None or "hourly_cost" not in staff_columns:
        return None
    rates = staff.select(staff="name", hourly_cost="hourly_cost")
    minutes = nw.col("minutes").fill_null(0)
    cost = (minutes * nw.col("hourly_cost").fill_null(0) / 60 + 0.5).floor().cast(nw.Int64)
    return contacts.join(rates, on="staff", how="left").with_columns(contact_cost=cost)


def sum_service_cost(priced: Lazy, last_purchase: Lazy, clock: Clock) -> Lazy:
    """Sum contact costs: in the value period, over W up to T, and over W up to the last purchase."""
    assert clock.as_of is not None
    day, last, cost = nw.col("date"), nw.col("last_purchase"), nw.col("contact_cost")
    rows = priced.join(last_purchase.select("customer_id", "last_purchase"), on="customer_id", how="left")
    within = nw.lit(True) if clock.value_start is None else day > clock.value_start
    return rows.group_by("customer_id").agg(
        service_cost=total(cost, within),
        service_cost_window=total(cost, day > clock.as_of - clock.window),
        service_cost_last_window=total(cost, (day > last - clock.window) & (day <= last)),
    )


def count_contacts(contacts: Lazy, clock: Clock) -> Lazy:
    """Count contacts by kind over W, and complaints still open."""
    assert clock.as_of is not None
    day, kind = nw.col("date"), nw.col("kind")
    recent = day > clock.as_of - clock.window
    complaint = (kind == "complaint") & (day >= clock.as_of - COMPLAINT_DAYS)
    unresolved = nw.lit(True)
    if "resolved_date" in columns_of(contacts):
        unresolved = nw.col("resolved_date").is_null() | (nw.col("resolved_date") > clock.as_of)
    kinds = ("visit", "call", "enquiry", "suggestion", "market", "survey", "service")
    return contacts.group_by("customer_id").agg(
        complaints_recent=number_of(complaint),
        complaints_open=number_of(complaint & unresolved),
        contacts_other_than_ads=number_of(kind != "ad"),
        **{f"{name}s_in_window": number_of((kind == name) & recent) for name in kinds},
    )


def survey_satisfaction(contacts: Lazy, clock: Clock) -> Lazy | None:
    """Return the latest survey score and its change: mean of the last comparison period minus the one before."""
    if "score" not in columns_of(contacts) or clock.as_of is None:
        return None
    surveys = contacts.filter((nw.col("kind") == "survey") & ~nw.col("score").is_null())
    latest = surveys.group_by("customer_id").agg(date=nw.col("date").max())
    scores = surveys.join(latest, on=["customer_id", "date"], how="inner")
    level = scores.group_by("customer_id").agg(survey_score=nw.col("score").mean())
    if clock.comparison is None:
        return level
    day, late, before = nw.col("date"), clock.as_of - clock.comparison, clock.as_of - 2 * clock.comparison
    now, then = day > late, (day > before) & (day <= late)
    sums = surveys.group_by("customer_id").agg(
        now=nw.when(now).then(nw.col("score")).otherwise(nw.lit(0.0)).sum(),
        now_rows=number_of(now),
        then=nw.when(then).then(nw.col("score")).otherwise(nw.lit(0.0)).sum(),
        then_rows=number_of(then),
    )
    change = ratio(nw.col("now"), nw.col("now_rows")) - ratio(nw.col("then"), nw.col("then_rows"))
    return level.join(sums.select("customer_id", satisfaction_change=change), on="customer_id", how="left")
