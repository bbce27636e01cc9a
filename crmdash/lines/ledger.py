"""Who moved: customers whose tier or stage differs between two evaluations, with reason, value and visit hours."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from crmdash.engine import collect, lazy
from crmdash.evaluate import Evaluation
from crmdash.lines.causes import cause, stage_cause
from crmdash.lines.ladder import Ladder
from crmdash.model.visits import add_visit_hours

_PLACED: Final = ("tier", "stage", "value")
_VISITED: Final = ("in_base", "tier_class", "phase", "strategy", "orders", "tenure", "gross_profit")
_COLUMNS: Final = (
    "customer_id", "name", "tier_before", "tier_now", "value_before", "value_now", "up", "hours_before", "hours_now",
    "wanted_before", "wanted_now", "stage_before", "stage_now", "profit_before", "profit_now", "line", "cause",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Ledger:
    """What changed between a baseline and now.

    Attributes
    ----------
    moves : customer_id, name (if held), tier_before, tier_now, value_before, value_now, up, hours_before, hours_now,
        wanted_before, wanted_now, stage_before, stage_now, profit_before, profit_now (customer profit), line, cause;
        one row per customer whose tier differs, largest value first (without regard to sign; of those who left, the
        value before), then by id. Money in ten-thousandths, hours of visits a year (`wanted_*` by the policy,
        `hours_*` under the cost cap). What belongs to a side on which the customer is not in the base is missing.
        `up` is missing where there are not two comparable tiers. `line` is the crossed line next to the tier of now,
        see `crmdash.lines.ladder.Ladder`.
    stage_moves : the same columns for customers of the same tier whose stage differs; without `up` and `line`.
    by_line : line, up, down (customers), value_up, value_down (their value now), hours, hours_wanted; one row per
        line that either side draws, top first. Who jumps a tier counts at both lines, so that up minus down is by how
        many the tiers above a line grew (but for those who entered or left); the rows need not add up to the totals.
    customers : how many rows `moves` has: ups + downs + entered + left, but for tiers that cannot be compared.
    value : sum of the value now of those who moved, in ten-thousandths; those who left add nothing.
    hours, hours_wanted : visit hours a year of those who moved, now minus before, with the cost cap and without it;
        outside the base nobody is visited. Under the cap a higher tier may mean fewer, longer visits.
    """

    moves: pl.DataFrame
    stage_moves: pl.DataFrame
    by_line: pl.DataFrame
    customers: int
    value: int
    hours: float
    hours_wanted: float
    ups: int
    downs: int
    entered: int
    left: int


def ledger(before: Evaluation, now: Evaluation) -> Ledger:
    """Compare two evaluations of the same data, customer by customer.

    Raises
    ------
    ValueError
        If they look at different customers: whoever is filtered away on one side has not left the base.
    """
    if before.scope.chosen != now.scope.chosen:
        raise ValueError(
            "the two evaluations look at different customers; evaluate the baseline with the filter of now"
        )
    ladder = Ladder(before, now)
    both = _side_by_side(_placed(before, "before"), _placed(now, "now"))
    crossed = pl.col("tier_before").ne_missing(pl.col("tier_now"))
    if not ladder.comparable:
        # A tier of the same name is another tier in another scheme.
        crossed = pl.lit(True)
    moved = both.filter(crossed)
    wandered = both.filter(~crossed & pl.col("stage_before").ne_missing(pl.col("stage_now")))
    lined = (
        moved.with_columns(up=ladder.up()).with_columns(line=ladder.nearest_line()).with_columns(cause=cause(ladder))
    )
    unlined = {
        "up": pl.lit(None, pl.Boolean),
        "line": pl.lit(None, pl.String),
        "cause": pl.lit(stage_cause(before, now)),
    }
    described = _described(pl.concat([lined, wandered.with_columns(**unlined)], how="vertical_relaxed"), ladder)
    moves = described.filter(crossed)
    return Ledger(
        moves=moves,
        stage_moves=described.filter(~crossed),
        by_line=_by_line(moves, ladder),
        customers=moves.height,
        value=int(moves["value_now"].sum()),
        hours=_change(moves, "hours"),
        hours_wanted=_change(moves, "wanted"),
        ups=int(moves["up"].sum()),
        downs=int((~moves["up"]).sum()),
        entered=int(moves["tier_before"].is_null().sum()),
        left=int(moves["tier_now"].is_null().sum()),
    )


def _placed(evaluation: Evaluation, side: str) -> pl.DataFrame:
    named = {f"{name}_{side}": pl.col(name) for name in _PLACED}
    return evaluation.customers.filter("in_base").select("customer_id", **named)


def _side_by_side(before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Join by customer. While only lines move, both stand in the same order, and a million need no join."""
    if before["customer_id"].equals(now["customer_id"]):
        return before.hstack(now.drop("customer_id"))
    return before.join(now, on="customer_id", how="full", coalesce=True)


def _described(rows: pl.DataFrame, ladder: Ladder) -> pl.DataFrame:
    """Add name, profit and visit hours of both sides to the rows, and order them: only now are wide columns read."""
    was, stands = _details(ladder.before, rows["customer_id"]), _details(ladder.now, rows["customer_id"])
    known = rows.join(was, on="customer_id", how="left")
    known = known.join(stands, on="customer_id", how="left", suffix="_now")
    known = known.rename({name: f"{name}_before" for name in ("hours", "wanted", "profit")})
    if "name" in known.columns and "name_now" in known.columns:
        known = known.with_columns(name=pl.coalesce("name_now", "name"))
    size = pl.coalesce("value_now", "value_before").abs()
    ordered = known.sort(size, "customer_id", descending=[True, False], nulls_last=True)
    return ordered.select(name for name in _COLUMNS if name in ordered.columns)


def _details(evaluation: Evaluation, ids: pl.Series) -> pl.DataFrame:
    """Return name, customer profit and visit hours of some customers of the base."""
    customers = evaluation.customers
    known = frozenset(customers.columns)
    wanted = [name for name in ("customer_id", "name", "customer_profit", *_VISITED) if name in known]
    some = customers.select(wanted).filter(pl.col("in_base") & pl.col("customer_id").is_in(ids.implode()))
    priced = collect(add_visit_hours(lazy(some), evaluation.settings))
    profit = pl.col("customer_profit") if "customer_profit" in known else pl.lit(None, pl.Int64)
    who = ["customer_id", *(["name"] if "name" in known else [])]
    return priced.select(*who, profit.alias("profit"), "hours", "wanted")


def _by_line(moves: pl.DataFrame, ladder: Ladder) -> pl.DataFrame:
    schema = {"line": pl.String, "up": pl.Int64, "down": pl.Int64, "value_up": pl.Int64, "value_down": pl.Int64}
    rows = []
    for line in ladder.lines:
        crossed = moves.filter(ladder.crosses(line))
        ups, downs = crossed.filter("up"), crossed.filter(~pl.col("up"))
        values = [int(part["value_now"].sum()) for part in (ups, downs)]
        hours = [_change(crossed, name) for name in ("hours", "wanted")]
        rows.append([line, ups.height, downs.height, *values, *hours])
    return pl.DataFrame(rows, schema=schema | {"hours": pl.Float64, "hours_wanted": pl.Float64}, orient="row")


def _change(moves: pl.DataFrame, name: str) -> float:
    return float(moves[f"{name}_now"].sum()) - float(moves[f"{name}_before"].sum())
