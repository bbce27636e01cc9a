"""S31b · Open matters: who would have ended but for something unsettled, and what that is.

A relationship lasts until every matter is settled: an overdue invoice, a complaint of the last 180 days without a
resolution, a contract that runs.
"""

from typing import Final

import narwhals as nw
import polars as pl

from crmdash.engine import Lazy, collect, lazy
from crmdash.model.lifecycle.signs import unsettled
from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.summary.signs import COMPLAINT_DAYS
from crmdash.summary.tables import columns_of
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import CUSTOMER, STAGE, TIER, Column, Explanation, Report, System, Table, row_of

MATTERS: Final = ("invoice", "complaint", "contract")
ROWS: Final = (
    *CUSTOMER, Column("owner", "text"), TIER, STAGE, Column("value", "money"), Column("recency", "count"),
    *(Column(f"open_{matter}", "flag") for matter in MATTERS),
    Column("overdue_amount", "money"), Column("overdue_days", "count"), Column("complaints_open", "count"),
    Column("complaint_days", "count"), Column("contract_end", "date"), Column("contract_days_left", "count"),
)  # fmt: skip
_MATTERS: Final = (Column("matter", "code", "warnings:matter"), Column("customers", "count"), Column("value", "money"))


def open_matters_report(evidence: Evidence) -> Report:
    """List customers that only something unsettled keeps from having ended, the largest value first."""
    rows = _rows(evidence)
    shown = rows.select([column.name for column in ROWS if column.name in rows.columns])
    figures = {
        "customers": Figure("count", len(rows)),
        "value": Figure("money", int(rows["value"].sum())),
        "overdue_amount": Figure("money", _sum(rows, "overdue_amount")),
        "invoices": Figure("count", int(rows["open_invoice"].sum())),
        "complaints": Figure("count", int(rows["open_complaint"].sum())),
        "contracts": Figure("count", int(rows["open_contract"].sum())),
    }
    table = pl.concat(
        rows.filter(f"open_{matter}").select(
            matter=pl.lit(matter), customers=pl.len().cast(pl.Int64), value=pl.col("value").sum()
        )
        for matter in MATTERS
    )
    return Report(figures, Table(shown, ROWS), {"matters": Table(table, _MATTERS)})


def _sum(rows: pl.DataFrame, name: str) -> int | None:
    return int(rows[name].sum()) if name in rows.columns else None


def _rows(evidence: Evidence) -> pl.DataFrame:
    base = evidence.base
    kept = unsettled(evidence.settings.lifecycle, frozenset(base.columns))
    waiting = collect(lazy(base).filter(kept & nw.col("in_base")))
    told = [name for name in ("name", "owner", "tier", "stage", "recency", "contract_end") if name in base.columns]
    counted = [name for name in ("overdue_amount", "complaints_open") if name in base.columns]
    listed = waiting.select("customer_id", "value", *told, *counted, **_open(waiting.columns, evidence.clock.as_of))
    # The base comes with the largest value first, and stays so.
    for days in (_overdue_days(evidence), _complaint_days(evidence)):
        if days is not None:
            listed = listed.join(days, on="customer_id", how="left", maintain_order="left")
    if "overdue_days" not in listed.columns and "credit_overdue_days" in waiting.columns:
        listed = listed.with_columns(waiting["credit_overdue_days"].alias("overdue_days"))
    return listed


def _open(known: list[str], as_of: int | None) -> dict[str, pl.Expr]:
    """Return what is open of each matter, and the days that a contract still runs."""
    owed = [pl.col(name) > 0 for name in ("overdue", "credit_overdue_days") if name in known]
    invoice = pl.any_horizontal(*(sign.fill_null(False) for sign in owed)) if owed else pl.lit(False)
    complained = (pl.col("complaints_open") > 0).fill_null(False) if "complaints_open" in known else pl.lit(False)
    left = pl.lit(None, pl.Int64)
    if "contract_end" in known and as_of is not None:
        left = pl.col("contract_end") - as_of
    running = (left > 0).fill_null(False)
    return {
        "open_invoice": invoice,
        "open_complaint": complained,
        "open_contract": running,
        "contract_days_left": pl.when(running).then(left),
    }


def _overdue_days(evidence: Evidence) -> pl.DataFrame | None:
    """Return the days since the oldest unpaid invoice was due."""
    transactions, as_of = evidence.tables.transactions, evidence.clock.as_of
    if as_of is None or not {"due_date", "paid_date"} <= columns_of(transactions):
        return None
    assert transactions is not None
    paid = nw.col("paid_date")
    unpaid = (paid.is_null() | (paid > as_of)) & (nw.col("due_date") < as_of) & (nw.col("amount") > 0)
    return _oldest(transactions.filter((nw.col("date") <= as_of) & unpaid), "due_date", "overdue_days", as_of)


def _complaint_days(evidence: Evidence) -> pl.DataFrame | None:
    """Return the days since the oldest complaint that is still open."""
    contacts, as_of = evidence.tables.contacts, evidence.clock.as_of
    if contacts is None or as_of is None:
        return None
    day = nw.col("date")
    still = (nw.col("kind") == "complaint") & (day <= as_of) & (day >= as_of - COMPLAINT_DAYS)
    if "resolved_date" in columns_of(contacts):
        resolved = nw.col("resolved_date")
        still = still & (resolved.is_null() | (resolved > as_of))
    return _oldest(contacts.filter(still), "date", "complaint_days", as_of)


def _oldest(rows: Lazy, day: str, name: str, as_of: int) -> pl.DataFrame:
    found = collect(rows.group_by("customer_id").agg(oldest=nw.col(day).min()))
    return found.select("customer_id", (as_of - pl.col("oldest")).alias(name))


def explain(report: Report, customer: Customer) -> Explanation | None:
    """Say what keeps a silent customer from having ended."""
    row = row_of(report, customer)
    if row is None:
        return None
    because = []
    if row["open_invoice"]:
        owed = {"amount": Figure("money", row.get("overdue_amount")), "days": Figure("days", row.get("overdue_days"))}
        because.append(Phrase("open.invoice", owed, "warnings"))
    if row["open_complaint"]:
        complaints = {
            "complaints": Figure("count", row["complaints_open"]),
            "days": Figure("days", row.get("complaint_days")),
        }
        because.append(Phrase("open.complaint", complaints, "warnings"))
    if row["open_contract"]:
        runs = {"date": Figure("date", row["contract_end"]), "days": Figure("days", row["contract_days_left"])}
        because.append(Phrase("open.contract", runs, "warnings"))
    silent = {"recency": Figure("days", row.get("recency"))}
    return Explanation(Phrase("open.label", silent, "warnings"), tuple(because))


OPEN_MATTERS: Final = System(
    "open_matters",
    "S31b",
    (
        ("transactions", "customers.last_purchase", "customers.recency"),
        ("transactions.due_date", "customers.credit_overdue_days", "contacts", "customers.contract_end"),
    ),
    open_matters_report,
    explain,
)
"""Open matters."""
