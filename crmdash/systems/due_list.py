"""S13b · Due list: who should order by now and how much that would be, and whose visit is overdue.

Next order due = last purchase + own rhythm; due = within the next days or past. A visit is overdue when the last one is
longer ago than 365 / visits a year that the service policy plans for the customer.
"""

from typing import Final

import narwhals as nw
import polars as pl

from crmdash.engine import collect, lazy
from crmdash.model.reasons import Customer
from crmdash.model.visits import YEAR, add_visit_hours
from crmdash.phrases import Figure, Phrase
from crmdash.summary.tables import columns_of
from crmdash.systems.evidence import Evidence
from crmdash.systems.order import in_order
from crmdash.systems.report import CUSTOMER, STAGE, TIER, Column, Explanation, Report, System, Table, row_of

ROWS: Final = (
    *CUSTOMER, Column("owner", "text"), Column("basket_expected", "money"), Column("next_order_due", "date"),
    Column("order_late_days", "count"), Column("order_due", "flag"), Column("visit_overdue", "flag"),
    Column("visit_late_days", "count"), Column("last_visit", "date"), Column("visits_planned", "count"),
    Column("silence", "times"), TIER, STAGE,
)  # fmt: skip
_NEEDED: Final = (
    "customer_id", "name", "owner", "tier", "stage", "silence", "last_visit", "tenure", "in_base", "tier_class",
    "phase", "strategy", "orders", "gross_profit", "next_order_due", "basket", "may_contact",
)  # fmt: skip
WHEN: Final = ("long_past", "month_past", "week_past", "to_come")
"""When an order was due: more than 30 days ago, 8 to 30, 1 to 7 days ago, today or soon."""

_MONTH: Final = 30
_WEEK: Final = 7
_WHEN: Final = (
    Column("when", "code", "warnings:when"), Column("customers", "count"), Column("basket_expected", "money"),
)  # fmt: skip


def due_list_report(evidence: Evidence) -> Report:
    """List living customers with an order due or a visit overdue: orders first, the largest expected basket first.

    Who does not want to be contacted is on no contact list, and is only counted.
    """
    everybody = _living(evidence)
    living = everybody.filter("may_contact")
    knows_visits = "visit_overdue" in living.columns
    asked = pl.col("order_due") | pl.col("visit_overdue") if knows_visits else pl.col("order_due")
    unasked = everybody.select((~pl.col("may_contact") & asked).sum()).item()
    longest = (("visit_late_days", True),) if knows_visits else ()
    rows = in_order(living.filter(asked), ("order_due", True), ("basket_expected", True), *longest)
    shown = rows.select([column.name for column in ROWS if column.name in rows.columns])
    due, visited = rows.filter("order_due"), int((living["visits_planned"] > 0).sum())
    overdue = int(rows["visit_overdue"].sum()) if knows_visits else None
    in_time = 1 - overdue / visited if overdue is not None and visited else None
    figures = {
        "orders_due": Figure("count", len(due)),
        "basket_expected": Figure("money", int(due["basket_expected"].sum())),
        "past_due": Figure("count", int((due["order_late_days"] > 0).sum())),
        "visits_overdue": Figure("count", overdue),
        "to_be_visited": Figure("count", visited),
        "visits_in_time": Figure("percent", in_time),
        "not_to_be_contacted": Figure("count", unasked),
        **_feedback(evidence),
    }
    notes = _notes(unasked, knows_visits=knows_visits)
    return Report(figures, Table(shown, ROWS), {"when": Table(_by_day(due), _WHEN)}, notes)


def _notes(unasked: int, *, knows_visits: bool) -> tuple[Phrase, ...]:
    notes = () if knows_visits else (Phrase("note.no_visits", kind="warnings"),)
    left_out = Phrase("note.not_to_be_contacted", {"count": Figure("count", unasked)}, "warnings")
    return (*notes, left_out) if unasked else notes


def _living(evidence: Evidence) -> pl.DataFrame:
    """Return who is not gone, with what is due; no word of visits where the last ones are not known."""
    base, as_of = evidence.base, evidence.clock.as_of
    known = set(base.columns)
    living = base.select([name for name in _NEEDED if name in known]).filter(pl.col("phase") != "gone")
    due = pl.col("next_order_due") if "next_order_due" in known else pl.lit(None, pl.Int64)
    late = pl.lit(as_of, pl.Int64) - due
    held = [name for name in ("name", "owner", "tier", "stage", "silence", "last_visit", "tenure") if name in known]
    planned = collect(add_visit_hours(lazy(living), evidence.settings)).select(
        "customer_id", *held, visits_planned="visits", next_order_due=due, order_late_days=late,
        basket_expected=pl.col("basket") if "basket" in known else pl.lit(None, pl.Int64),
        order_due=(late >= -evidence.settings.warning.due_within).fill_null(False),
        may_contact=pl.col("may_contact").fill_null(True) if "may_contact" in known else pl.lit(True),
    )  # fmt: skip
    if "last_visit" not in known or as_of is None:
        return planned
    return planned.with_columns(_visit_late(as_of)).with_columns(
        visit_overdue=(pl.col("visit_late_days") > 0).fill_null(False)
    )


def _visit_late(as_of: int) -> pl.Expr:
    """Return how many days the next visit is late, below zero if it is still to come; missing where none is planned.

    Who was never visited is counted from its first purchase.
    """
    since = pl.coalesce(pl.lit(as_of, pl.Int64) - pl.col("last_visit"), pl.col("tenure"))
    between = pl.when(pl.col("visits_planned") > 0).then(YEAR / pl.col("visits_planned"))
    return (since - between).ceil().cast(pl.Int64).alias("visit_late_days")


def _feedback(evidence: Evidence) -> dict[str, Figure]:
    """Return how fast complaints of the last W days were settled: median days, number settled and still open."""
    contacts, clock = evidence.tables.contacts, evidence.clock
    if contacts is None or clock.as_of is None:
        return {}
    wanted = ["customer_id", "date"] + (["resolved_date"] if "resolved_date" in columns_of(contacts) else [])
    recent = (nw.col("date") <= clock.as_of) & (nw.col("date") > clock.as_of - clock.window)
    found = collect(contacts.filter((nw.col("kind") == "complaint") & recent).select(*wanted))
    found = found.join(evidence.customers.select("customer_id"), on="customer_id", how="semi")
    if "resolved_date" not in found.columns:
        return {"complaints_unsettled": Figure("count", len(found))}
    settled = found.filter((pl.col("resolved_date") <= clock.as_of).fill_null(False))
    days = settled.select(pl.col("resolved_date") - pl.col("date")).to_series()
    return {
        "days_to_settle": Figure("days", days.median()),
        "complaints_settled": Figure("count", len(settled)),
        "complaints_unsettled": Figure("count", len(found) - len(settled)),
    }


def _by_day(due: pl.DataFrame) -> pl.DataFrame:
    late = pl.col("order_late_days")
    when = (
        pl.when(late > _MONTH).then(pl.lit("long_past"))
        .when(late > _WEEK).then(pl.lit("month_past"))
        .when(late > 0).then(pl.lit("week_past"))
        .otherwise(pl.lit("to_come"))
    )  # fmt: skip
    counted = due.group_by(when=when).agg(pl.len().cast(pl.Int64).alias("customers"), pl.col("basket_expected").sum())
    frame = pl.DataFrame({"when": WHEN}).join(counted, on="when", how="left", maintain_order="left")
    return frame.with_columns(pl.col("customers", "basket_expected").fill_null(0))


def explain(report: Report, customer: Customer) -> Explanation | None:
    """Say when a customer's next order was due and what it should bring, and whether a visit is overdue."""
    row = row_of(report, customer)
    if row is None:
        return None
    because = []
    if row["order_due"]:
        order = {
            "date": Figure("date", row["next_order_due"]),
            "days": Figure("days", abs(row["order_late_days"])),
            "basket": Figure("money", row["basket_expected"]),
        }
        because.append(Phrase("due.past" if row["order_late_days"] > 0 else "due.to_come", order, "warnings"))
    if row.get("visit_overdue"):
        visit = {"days": Figure("days", row["visit_late_days"]), "visits": Figure("count", row["visits_planned"])}
        because.append(Phrase("due.visit", visit, "warnings"))
    return Explanation(Phrase("due.order" if row["order_due"] else "due.only_visit", kind="warnings"), tuple(because))


DUE_LIST: Final = System("due_list", "S13b", (("transactions", "customers.last_purchase"),), due_list_report, explain)
"""Due list."""
