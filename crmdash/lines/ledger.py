"""Who moved: customers whose tier or stage differs between two evaluations, with reason, value and visit hours."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from crmdash.engine import collect, lazy
from crmdash.evaluate import Evaluation
from crmdash.labelling import Rows, base_rows, stages_of_everybody, tiers_of_everybody
from crmdash.lines.causes import cause, stage_cause
from crmdash.lines.ladder import Ladder
from crmdash.model.visits import add_visit_hours

HOURS_DIGITS: Final = 6
"""Decimals that sums of hours are true to: however they are summed up, the same number is shown."""

_PLACED: Final = ("tier", "stage", "value", "profit", "hours", "wanted")
_VISITED: Final = ("in_base", "orders", "tenure", "gross_profit")
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
    both = _side_by_side(before, now)
    crossed = pl.col("tier_before").ne_missing(pl.col("tier_now"))
    if not ladder.comparable:
        # A tier of the same name is another tier in another scheme.
        crossed = pl.lit(True)
    moved = both.filter(crossed)
    wandered = both.filter(~crossed & pl.col("stage_before").ne_missing(pl.col("stage_now")))
    lined = moved.with_columns(up=ladder.up()).with_columns(line=ladder.nearest_line())
    moves = _ordered(lined.with_columns(cause=cause(ladder)))
    unlined = {
        "up": pl.lit(None, pl.Boolean),
        "line": pl.lit(None, pl.String),
        "cause": pl.lit(stage_cause(before, now)),
    }
    return Ledger(
        moves=moves,
        stage_moves=_ordered(wandered.with_columns(**unlined)),
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


def _side_by_side(before: Evaluation, now: Evaluation) -> pl.DataFrame:
    """Return customers of the base as they stood and stand: of the same customers only those whose labels differ."""
    if _same_customers(before, now):
        rows = _differing(before, now)
        was, stands = _on_both_sides(before, now, rows)
        both = was.hstack(stands.drop("customer_id"))
    else:
        was, stands = (
            _placed(each, base_rows(each.groundwork), side) for each, side in ((before, "before"), (now, "now"))
        )
        both = was.join(stands, on="customer_id", how="full", coalesce=True)
    if "name_now" not in both.columns:
        return both
    return both.with_columns(name=pl.coalesce("name_now", "name_before"))


def _on_both_sides(before: Evaluation, now: Evaluation, rows: Rows) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return where some customers stood and stand; under one policy their visits are planned together."""
    sides = _chosen(before, rows), _chosen(now, rows)
    policies = [(each.settings.service, each.settings.period) for each in (before, now)]
    if policies[0] != policies[1] or sides[0].schema != sides[1].schema:
        return _planned(sides[0], before, "before"), _planned(sides[1], now, "now")
    both = _priced(pl.concat(sides), now)
    return _named(both[: len(rows)], "before"), _named(both[len(rows) :], "now")


def _same_customers(before: Evaluation, now: Evaluation) -> bool:
    one, other = before.groundwork.summary.customers, now.groundwork.summary.customers
    return one is other or one.select("customer_id", "in_base").equals(other.select("customer_id", "in_base"))


def _differing(before: Evaluation, now: Evaluation) -> Rows:
    """Return the places of those looked at in the base whose tier or stage differs, or might: names tell."""
    rows, same_tiers = base_rows(now.groundwork), before.settings.tiers.codes == now.settings.tiers.codes
    if not same_tiers or before.settings.lifecycle.model != now.settings.lifecycle.model:
        return rows
    was, stands = ((tiers_of_everybody(each.groundwork, each.cuts), stages_of_everybody(each.groundwork))
                   for each in (before, now))  # fmt: skip
    differs = (was[0] != stands[0]) | (was[1] != stands[1])
    return rows[differs[rows]]


def _placed(evaluation: Evaluation, rows: Rows, side: str) -> pl.DataFrame:
    """Return where some customers stand on one side, with value, customer profit and visit hours."""
    return _planned(_chosen(evaluation, rows), evaluation, side)


def _chosen(evaluation: Evaluation, rows: Rows) -> pl.DataFrame:
    customers = evaluation.groundwork.summary.customers
    known, measure = frozenset(customers.columns), evaluation.settings.tiers.measure
    held = [name for name in ("customer_id", "name", *_VISITED) if name in known]
    profit = pl.col("customer_profit") if "customer_profit" in known else pl.lit(None, pl.Int64)
    chosen = customers.select(*held, value=pl.col(measure), profit=profit)[rows]
    return chosen.hstack(evaluation.labels(rows))


def _planned(chosen: pl.DataFrame, evaluation: Evaluation, side: str) -> pl.DataFrame:
    return _named(_priced(chosen, evaluation), side)


def _priced(chosen: pl.DataFrame, evaluation: Evaluation) -> pl.DataFrame:
    return collect(add_visit_hours(lazy(chosen), evaluation.settings))


def _named(priced: pl.DataFrame, side: str) -> pl.DataFrame:
    kept = ("customer_id", "name", *_PLACED)
    told = priced.select(name for name in kept if name in priced.columns)
    return told.rename({name: f"{name}_{side}" for name in told.columns if name != "customer_id"})


def _ordered(rows: pl.DataFrame) -> pl.DataFrame:
    """Put the largest first, whatever its sign, then by id."""
    size = pl.coalesce("value_now", "value_before").abs()
    ordered = rows.sort(size, "customer_id", descending=[True, False], nulls_last=True)
    return ordered.select(name for name in _COLUMNS if name in ordered.columns)


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
    change = float(moves[f"{name}_now"].sum()) - float(moves[f"{name}_before"].sum())
    return round(change, HOURS_DIGITS)
