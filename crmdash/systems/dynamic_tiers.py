"""Dynamic tiers (S9): tiers recomputed once per comparison length, who moved, when, why, and what the margin spares."""

from typing import Final

import polars as pl

from crmdash.model.movement import CAUSES
from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.systems.evidence import Evidence
from crmdash.systems.order import in_order
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, System, Table, row_of
from crmdash.systems.tier_steps import Step, paths, steps_of

UP: Final = CAUSES[1:5]
DOWN: Final = CAUSES[5:]
NEW: Final = CAUSES[0]

_BEFORE: Final = Column("tier_before", "code", "model:tier")
_CAUSE: Final = Column("cause", "code", "lifecycle:cause")
_ROWS: Final = (
    *CUSTOMER, Column("owner", "text"), _BEFORE, TIER, Column("direction", "code", "lifecycle:direction"),
    Column("value_before", "money"), Column("value", "money"), _CAUSE, Column("moved_on", "date"),
    Column("moves", "count"), Column("held", "flag"), Column("flapped", "flag"),
    Column("tier_without_margin", "code", "model:tier"), Column("path", "text"),
)  # fmt: skip
_NUMBERS: Final = 2**63
"""So many whole numbers, from zero on, does one of 64 bits hold."""
_COUNTS: Final = (Column("customers", "count"), Column("value", "money"))


def report(evidence: Evidence) -> Report:
    """Recompute the tiers step by step, and say who moved between any two of them."""
    margin, steps = evidence.settings.movement.margin, steps_of(evidence)
    followed = paths(evidence, steps)
    codes = pl.Enum(list(steps[-1].lines.cuts))
    rows = _rows(followed, steps, codes)
    figures = _figures(rows, steps, margin)
    notes = () if len(steps) > 1 else (Phrase("movement.one_step", kind="lifecycle"),)
    tables = {
        "steps": _steps_table(followed, steps),
        "matrix": Table(_flows(rows, len(steps) - 1), (_BEFORE, TIER, *_COUNTS, Column("value_before", "money"))),
        "flows": _flow_table(rows, steps),
        "causes": _cause_table(followed, steps),
    }
    return Report(figures, Table(rows, _ROWS), tables, notes)


def _rows(followed: pl.DataFrame, steps: list[Step], codes: pl.Enum) -> pl.DataFrame:
    """Return one row per customer: who moved in the last step first, then by value."""
    last = len(steps) - 1
    tiers = {f"tier:{k}": pl.col(f"place:{k}").cat.to(codes) for k in range(len(steps))}
    told = followed.with_columns(**tiers, **_last_move(steps), **_spared(steps))
    before = f"tier:{max(last - 1, 0)}"
    moved = pl.col(f"cause:{last}")
    finished = told.with_columns(
        tier=pl.col(f"tier:{last}").cast(pl.String),
        tier_before=(pl.col(before) if last else pl.lit(None)).cast(pl.String),
        tier_without_margin=pl.col(f"plain:{last}").cat.to(codes).cast(pl.String),
        direction=_direction(moved),
        value=pl.col(f"value:{last}"),
        value_before=pl.col(f"value:{last - 1}") if last else pl.lit(None, pl.Int64),
    ).with_columns(_path(told.select(f"place:{k}" for k in range(len(steps))), codes))
    # What only led here need not be put in order too.
    told_apart = finished.drop(pl.selectors.starts_with("loses:", "plain:", "place:"))
    return in_order(told_apart, (moved.is_null() | (moved == NEW), False), ("value", True))


def _path(places: pl.DataFrame, codes: pl.Enum) -> pl.Series:
    """Return the tiers of every step, oldest first, in words; steps before a customer was there are left out."""
    words = [pl.col(name).cat.to(codes).cast(pl.String) for name in places.columns]
    path = pl.concat_str(words, separator=" > ", ignore_nulls=True).alias("path")
    digits = len(codes.categories) + 1
    if digits ** len(words) > _NUMBERS:
        return places.select(path).to_series()
    # Few paths stand for many customers: each is a number, and told once. Zero is a step without a tier.
    number = pl.lit(0, pl.Int64)
    for name in places.columns:
        number = number * digits + pl.col(name).cast(pl.Int64).fill_null(-1) + 1
    numbered = places.with_columns(number=number)
    told = numbered.unique("number").select("number", path)
    return numbered.select("number").join(told, on="number", how="left", maintain_order="left")["path"]


def _direction(cause_code: pl.Expr) -> pl.Expr:
    return (
        pl.when(cause_code == NEW).then(pl.lit("new"))
        .when(cause_code.is_in(UP)).then(pl.lit("up"))
        .when(cause_code.is_in(DOWN)).then(pl.lit("down"))
        .otherwise(pl.lit("stayed"))
    )  # fmt: skip


def _last_move(steps: list[Step]) -> dict[str, pl.Expr]:
    """Return the cause and day of the latest move, and how many there were (entering the base is none)."""
    newest = [pl.col(f"cause:{k}") for k in range(len(steps) - 1, -1, -1)]
    days = [
        pl.when(pl.col(f"cause:{k}").is_not_null()).then(pl.lit(steps[k].day, pl.Int64))
        for k in range(len(steps) - 1, -1, -1)
    ]
    moves = [(pl.col(f"cause:{k}") != NEW).fill_null(False).cast(pl.Int64) for k in range(len(steps))]
    return {"cause": pl.coalesce(newest), "moved_on": pl.coalesce(days), "moves": pl.sum_horizontal(moves)}


def _spared(steps: list[Step]) -> dict[str, pl.Expr]:
    """Return who stands elsewhere without the margin, and who would have left a tier and come back without it."""
    last = len(steps) - 1
    there_and_back = [
        (pl.col(f"plain:{k}") == pl.col(f"plain:{k - 2}"))
        & (pl.col(f"plain:{k}") != pl.col(f"plain:{k - 1}"))
        & (pl.col(f"place:{k}") == pl.col(f"place:{k - 1}"))
        & (pl.col(f"place:{k}") == pl.col(f"place:{k - 2}"))
        for k in range(2, len(steps))
    ]
    flapped = pl.any_horizontal(there_and_back).fill_null(False) if there_and_back else pl.lit(False)
    return {"held": (pl.col(f"plain:{last}") != pl.col(f"place:{last}")).fill_null(False), "flapped": flapped}


def _figures(rows: pl.DataFrame, steps: list[Step], margin: int) -> dict[str, Figure]:
    direction = pl.col("direction")
    counted = rows.select(
        **{code: (direction == code).sum() for code in ("up", "down", "new")},
        crossed=pl.col("value").filter((direction == "up") | (direction == "down")).sum(),
    )
    count = counted.row(0, named=True)
    return {
        "periods": Figure("count", len(steps)),
        "first_day": Figure("date", steps[0].day),
        "moved_up": Figure("count", count["up"]),
        "moved_down": Figure("count", count["down"]),
        "newcomers": Figure("count", count["new"]),
        "value_moved": Figure("money", int(count["crossed"])),
        "held": Figure("count", int(rows["held"].sum())),
        "flapped": Figure("count", int(rows["flapped"].sum())),
        "margin": Figure("percent", margin / 100),
    }


def _steps_table(followed: pl.DataFrame, steps: list[Step]) -> Table:
    counted = [
        {
            "day": step.day,
            "customers": followed[f"place:{k}"].count(),
            "value": int(followed[f"value:{k}"].filter(followed[f"place:{k}"].is_not_null()).sum()),
            "moved_up": int(followed[f"cause:{k}"].is_in(UP).sum()),
            "moved_down": int(followed[f"cause:{k}"].is_in(DOWN).sum()),
            "newcomers": int((followed[f"cause:{k}"] == NEW).sum()),
        }
        for k, step in enumerate(steps)
    ]
    moved = (Column("moved_up", "count"), Column("moved_down", "count"), Column("newcomers", "count"))
    return Table(pl.DataFrame(counted), (Column("day", "date"), *_COUNTS, *moved))


def _flows(rows: pl.DataFrame, k: int) -> pl.DataFrame:
    """Count who stood where before step k and stands where at it: tier_before (missing: new), tier, customers, value,
    value_before; empty for the first step.
    """
    if not k:
        return pl.DataFrame(
            schema={"tier_before": pl.String, "tier": pl.String, "customers": pl.Int64, "value": pl.Int64,
                    "value_before": pl.Int64}
        )  # fmt: skip
    asked = rows.select(f"tier:{k - 1}", f"tier:{k}", f"value:{k - 1}", f"value:{k}")
    there = asked.filter(pl.col(f"tier:{k}").is_not_null())
    counted = there.group_by(f"tier:{k - 1}", f"tier:{k}").agg(
        customers=pl.len().cast(pl.Int64), value=pl.col(f"value:{k}").sum(), value_before=pl.col(f"value:{k - 1}").sum()
    )
    ordered = counted.sort(f"tier:{k - 1}", f"tier:{k}", nulls_last=True)
    return ordered.select(
        pl.col(f"tier:{k - 1}").cast(pl.String).alias("tier_before"),
        pl.col(f"tier:{k}").cast(pl.String).alias("tier"),
        "customers", "value", "value_before",
    )  # fmt: skip


def _flow_table(rows: pl.DataFrame, steps: list[Step]) -> Table:
    days = (Column("day_before", "date"), Column("day", "date"))
    flows = [_flows(rows, 0).with_columns(day_before=pl.lit(None, pl.Int64), day=pl.lit(None, pl.Int64))]
    for k in range(1, len(steps)):
        named = {"day_before": pl.lit(steps[k - 1].day, pl.Int64), "day": pl.lit(steps[k].day, pl.Int64)}
        flows.append(_flows(rows, k).with_columns(**named))
    return Table(pl.concat(flows), (*days, _BEFORE, TIER, *_COUNTS))


def _cause_table(followed: pl.DataFrame, steps: list[Step]) -> Table:
    """Count the causes of the last step's moves, the commonest first."""
    last = len(steps) - 1
    counted = (
        followed.select(f"cause:{last}", f"value:{last}")
        .filter(pl.col(f"cause:{last}").is_not_null())
        .group_by(cause=f"cause:{last}")
        .agg(customers=pl.len().cast(pl.Int64), value=pl.col(f"value:{last}").sum())
        .sort(["customers", "cause"], descending=[True, False])
    )
    return Table(counted, (_CAUSE, *_COUNTS))


def explain(found: Report, customer: Customer) -> Explanation | None:
    """Say in which tier a customer stands step by step, and why it moved."""
    row = row_of(found, customer)
    if row is None or row["tier"] is None:
        return None
    days = found.tables["steps"].frame["day"].to_list()
    told = [_told(row, days, k) for k in range(len(days)) if row[f"cause:{k}"] is not None]
    if row["held"]:
        without = {"tier": Figure("tier", row["tier_without_margin"])}
        told.append(Phrase("movement.held", without | {"margin": found.figures["margin"]}, "lifecycle"))
    key = "movement.moved" if told else "movement.stayed"
    label = {"tier": Figure("tier", row["tier"]), "moves": Figure("count", row["moves"])}
    return Explanation(Phrase(key, label | {"day": Figure("date", days[0])}, "lifecycle"), tuple(told))


def _told(row: Customer, days: list[int], k: int) -> Phrase:
    figures = {
        "day": Figure("date", days[k]),
        "day_before": Figure("date", days[k - 1]),
        "tier": Figure("tier", row[f"tier:{k}"]),
        "tier_before": Figure("tier", row[f"tier:{k - 1}"]),
        "value": Figure("money", row[f"value:{k}"]),
        "value_before": Figure("money", row[f"value:{k - 1}"]),
    }
    return Phrase(f"movement.{row[f'cause:{k}']}", figures, "lifecycle")


DYNAMIC_TIERS: Final = System("dynamic_tiers", "S9", (("transactions",),), report, explain)
