"""What contacts tell beside their cost: how often and why one met, complaints, and who keeps the contact."""

from collections.abc import Mapping

import narwhals as nw

from crmdash.engine import Lazy
from crmdash.summary.clock import Clock
from crmdash.summary.tables import columns_of, number_of, ratio, total

COMPLAINT_DAYS = 180
"""A complaint without a resolution counts as an open matter for this long."""

COUNTED_KINDS: Mapping[str, str] = {
    "visits_window": "visit",
    "enquiries_window": "enquiry",
    "suggestions_window": "suggestion",
    "market_reports_window": "market",
    "complaints_window": "complaint",
}
"""Counts in W, each of one kind of contact."""

TECHNICAL = "technical|技术|技術"
"""What a topic about technology holds, in lower case."""

COUNTS = (
    "contacts_made", "contacts_window", *COUNTED_KINDS, "surveys_window", "technical_window",
    "complaints", "complaints_open", "complaints_closed",
)  # fmt: skip
"""Counts that are 0 for a customer without contacts, where there is a table of contacts."""


def count_signs(contacts: Lazy, clock: Clock) -> Lazy:
    """Summarise contacts into one row per customer. An advertisement is no contact made.

    Columns: contacts_made (up to T), contacts_window and the counts of kinds in (T - W, T]; surveys_window (with a
    score; absent without `score`), technical_window (enquiries and service about technology; absent without `topic`);
    complaints (up to T), complaints_open and complaints_closed (of the last 180 days, not resolved and resolved by T);
    last_visit and last_contact (days).

    Parameters
    ----------
    contacts : rows up to T.
    """
    assert clock.as_of is not None
    kind, day, columns = nw.col("kind"), nw.col("date"), columns_of(contacts)
    within, made = day > clock.as_of - clock.window, kind != "ad"
    return contacts.group_by("customer_id").agg(
        contacts_made=number_of(made),
        contacts_window=number_of(within & made),
        last_visit=nw.when(kind == "visit").then(day).max(),
        last_contact=nw.when(made).then(day).max(),
        **{name: number_of(within & (kind == counted)) for name, counted in COUNTED_KINDS.items()},
        **_by_content(columns, within),
        **_complaints(columns, clock.as_of),
    )


def _by_content(columns: frozenset[str], within: nw.Expr) -> dict[str, nw.Expr]:
    kind, counts = nw.col("kind"), {}
    if "score" in columns:
        counts["surveys_window"] = number_of(within & (kind == "survey") & ~nw.col("score").is_null())
    if "topic" in columns:
        technical = nw.col("topic").str.to_lowercase().str.contains(TECHNICAL).fill_null(False)
        counts["technical_window"] = number_of(within & ((kind == "enquiry") | (kind == "service")) & technical)
    return counts


def _complaints(columns: frozenset[str], as_of: int) -> dict[str, nw.Expr]:
    complaint = nw.col("kind") == "complaint"
    recent = complaint & (nw.col("date") >= as_of - COMPLAINT_DAYS)
    resolved = nw.lit(False)
    if "resolved_date" in columns:
        resolved = (nw.col("resolved_date") <= as_of).fill_null(False)
    return {
        "complaints": number_of(complaint),
        "complaints_open": number_of(recent & ~resolved),
        "complaints_closed": number_of(recent & resolved),
    }


def find_main_contact(contacts: Lazy) -> Lazy | None:
    """Return who has most of a customer's contacts, and the share of those that name anybody; None without `staff`.

    Columns: main_contact (of equals the alphabetically first), main_contact_share. Advertisements do not count.
    """
    if "staff" not in columns_of(contacts):
        return None
    named = contacts.filter((nw.col("kind") != "ad") & ~nw.col("staff").is_null())
    each = named.group_by("customer_id", "staff").agg(contacts=nw.len().cast(nw.Int64))
    whole = each.group_by("customer_id").agg(most=nw.col("contacts").max(), named=total(nw.col("contacts")))
    leading = each.join(whole, on="customer_id", how="left").filter(nw.col("contacts") == nw.col("most"))
    found = leading.group_by("customer_id").agg(
        main_contact=nw.col("staff").min(), most=nw.col("most").max(), named=nw.col("named").max()
    )
    share = ratio(nw.col("most"), nw.col("named"))
    return found.select("customer_id", "main_contact", main_contact_share=share)
