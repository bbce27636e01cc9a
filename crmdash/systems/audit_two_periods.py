"""Audit, two periods: who was kept, won, came back or was lost, and what each group did to revenue.

The last L days are set beside the L before. Lost means: bought in the earlier period and not in the later one.
"""

from typing import Final

import polars as pl

from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.systems.evidence import Evidence
from crmdash.systems.order import in_order
from crmdash.systems.places import base_places
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, System, Table, row_of

GROUPS: Final = ("retained", "new", "returned", "lost", "returns_only")
STEPS: Final = ("before", "lost", "down", "up", "returned", "new", "returns_only", "late")
"""The way from the earlier period's revenue to the later one's."""

_GROUP: Final = Column("group", "code", "audit:group")
_AMOUNTS: Final = (Column("revenue_before", "money"), Column("revenue_late", "money"), Column("change", "money"))
_BOUGHT: Final = (Column("orders_before", "count"), Column("orders_late", "count"))
_PROFITS: Final = (Column("profit_before", "money"), Column("profit_late", "money"))
_ROWS: Final = (*CUSTOMER, TIER, _GROUP, *_AMOUNTS, *_BOUGHT, *_PROFITS)
_COUNT: Final = Column("customers", "count")
_GROUPS: Final = (_GROUP, _COUNT, *_AMOUNTS, *_BOUGHT, *_PROFITS)
_DRIVERS: Final = (
    Column("period", "code", "audit:period"), _COUNT, Column("purchases", "count"),
    Column("purchases_per_customer", "decimal"), Column("revenue_per_purchase", "money"), Column("revenue", "money"),
)  # fmt: skip
_MOVES: Final = (Column("direction", "code", "audit:direction"), _COUNT, *_AMOUNTS)
_BRIDGE: Final = (Column("step", "code", "audit:step"), _COUNT, Column("amount", "money"))


def report(evidence: Evidence) -> Report:
    """List whose revenue changed, the largest change first, and the groups; the bridge adds up exactly.

    retained: bought in both periods; new: first purchase in the later one; returned: bought in the later one, not in
    the earlier one, and before that; lost: bought in the earlier one only; returns only: no purchase in either.
    """
    rows = grouped(evidence)
    groups, moves = _by_group(rows), _moves(rows)
    tables = {
        "groups": Table(groups, _GROUPS),
        "bridge": Table(_bridge(rows, groups, moves), _BRIDGE),
        "moves": Table(moves, _MOVES),
        "drivers": Table(_drivers(rows), _DRIVERS),
    }
    size = pl.col("change").abs()
    rows = in_order(rows, (size, True), ("place", False))
    held = [column.name for column in _ROWS if column.name in rows.columns]
    return Report(_figures(evidence, rows, groups), Table(rows.select(held), _ROWS), tables, _notes(evidence))


def grouped(evidence: Evidence) -> pl.DataFrame:
    """Return the base's customers who bought or returned anything in the two periods, with their group and change."""
    clock = evidence.clock
    wanted = ("first_purchase", *(column.name for column in _ROWS))
    # Of the many measures only these: the list is filtered and sorted.
    base = evidence.base.select(name for name in wanted if name in evidence.base.columns)
    if clock.comparison is None or clock.as_of is None:
        amounts = (column.name for column in (*_AMOUNTS, *_BOUGHT))
        known = base.head(0).select(name for name in ("customer_id", "name", "tier") if name in base.columns)
        nobody = known.with_columns(pl.lit(None, pl.Int64).alias(name) for name in amounts)
        return nobody.with_columns(group=pl.lit(None, pl.String), place=pl.lit(None, pl.UInt32))
    before, late = pl.col("orders_before") > 0, pl.col("orders_late") > 0
    won = pl.col("first_purchase") > clock.as_of - clock.comparison
    group = (
        pl.when(before & late).then(pl.lit("retained"))
        .when(before).then(pl.lit("lost"))
        .when(late & won).then(pl.lit("new"))
        .when(late).then(pl.lit("returned"))
        .otherwise(pl.lit("returns_only"))
    )  # fmt: skip
    change = pl.col("revenue_late") - pl.col("revenue_before")
    changed = base.with_columns(base_places(evidence), group=group, change=change)
    moved = (pl.col("revenue_before") != 0) | (pl.col("revenue_late") != 0)
    return changed.filter((pl.col("group") != "returns_only") | moved)


def _by_group(rows: pl.DataFrame) -> pl.DataFrame:
    names = [column.name for column in (*_AMOUNTS, *_BOUGHT, *_PROFITS) if column.name in rows.columns]
    sums = rows.group_by("group").agg(pl.len().cast(pl.Int64).alias("customers"), pl.col(names).sum())
    listed = pl.DataFrame({"group": GROUPS}).join(sums, on="group", how="left", maintain_order="left")
    return listed.with_columns(pl.col("customers", *names).fill_null(0))


def _moves(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the retained customers who spent more, the same and less."""
    direction = pl.col("change").sign().replace_strict({1: "up", 0: "same", -1: "down"}, return_dtype=pl.String)
    names = [column.name for column in _AMOUNTS]
    kept = rows.select("group", *names).filter(pl.col("group") == "retained").with_columns(direction=direction)
    sums = kept.group_by("direction").agg(pl.len().cast(pl.Int64).alias("customers"), pl.col(names).sum())
    listed = pl.DataFrame({"direction": ["up", "same", "down"]})
    whole = listed.join(sums, on="direction", how="left", maintain_order="left")
    return whole.with_columns(pl.col("customers", *names).fill_null(0))


def _bridge(rows: pl.DataFrame, groups: pl.DataFrame, moves: pl.DataFrame) -> pl.DataFrame:
    of_groups = {row["group"]: row for row in groups.iter_rows(named=True)}
    sources = of_groups | {row["direction"]: row for row in moves.iter_rows(named=True)}
    ends = {"before": "revenue_before", "late": "revenue_late"}
    active = {"before": "orders_before", "late": "orders_late"}
    customers, amounts = [], []
    for step in STEPS:
        if step in ends:
            amounts.append(int(rows[ends[step]].sum()))
            customers.append(int((rows[active[step]] > 0).sum()))
        else:
            amounts.append(sources[step]["change"])
            customers.append(sources[step]["customers"])
    return pl.DataFrame({"step": STEPS, "customers": customers, "amount": amounts})


def _drivers(rows: pl.DataFrame) -> pl.DataFrame:
    """Return revenue of both periods as customers x purchases per customer x revenue per purchase."""
    found = []
    for period in ("before", "late"):
        bought = rows.select(f"orders_{period}", f"revenue_{period}").filter(pl.col(f"orders_{period}") > 0)
        customers, purchases = len(bought), int(bought[f"orders_{period}"].sum())
        revenue = int(bought[f"revenue_{period}"].sum())
        each = round(revenue / purchases) if purchases else None
        found.append((period, customers, purchases, purchases / customers if customers else None, each, revenue))
    typed = [pl.String, pl.Int64, pl.Int64, pl.Float64, pl.Int64, pl.Int64]
    names = [column.name for column in _DRIVERS]
    return pl.DataFrame(found, schema=dict(zip(names, typed, strict=True)), orient="row")


def _figures(evidence: Evidence, rows: pl.DataFrame, groups: pl.DataFrame) -> dict[str, Figure]:
    counts = dict(groups.select("group", "customers").iter_rows())
    then, now = int(rows["revenue_before"].sum()), int(rows["revenue_late"].sum())
    earlier = counts["retained"] + counts["lost"]
    return {
        "days": Figure("days", evidence.clock.comparison),
        **{group: Figure("count", counts[group]) for group in GROUPS[:-1]},
        "kept_share": Figure("percent", counts["retained"] / earlier if earlier else None),
        "revenue_before": Figure("money", then),
        "revenue_late": Figure("money", now),
        "change": Figure("money", now - then),
        "change_share": Figure("percent", now / then - 1 if then > 0 else None),
    }


def _notes(evidence: Evidence) -> tuple[Phrase, ...]:
    clock = evidence.clock
    if clock.comparison is None:
        return (Phrase("note.too_short", kind="audit"),)
    if clock.season_removed:
        return ()
    return (Phrase("note.season", {"days": Figure("days", clock.comparison)}, "audit"),)


def explain(found: Report, customer: Customer) -> Explanation | None:
    """Say to which group one customer belongs, with its revenue in both periods."""
    row = row_of(found, customer)
    if row is None:
        return None
    label = Phrase("periods.label", {"group": Figure("term", f"audit:group.{row['group']}")}, "audit")
    figures = {
        "before": Figure("money", row["revenue_before"]),
        "late": Figure("money", row["revenue_late"]),
        "days": found.figures["days"],
    }
    return Explanation(label, (Phrase("periods.because", figures, "audit"),))


AUDIT_TWO_PERIODS: Final = System("audit_two_periods", "audit", (("transactions",),), report, explain)
"""Two periods."""
