"""The base at one day per comparison length: lines, worth, and every customer's way through the steps (S9)."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from crmdash.cuts import resolve_cuts
from crmdash.evaluate import distribute
from crmdash.model.movement import Lines, Standing, cause
from crmdash.scope import SCOPE_COLUMNS, within
from crmdash.summary import Clock
from crmdash.systems.evidence import Evidence
from crmdash.systems.places import find_places, spread
from crmdash.systems.rows import contacts_of, rows_of
from crmdash.systems.tier_measures import WORKED_OUT
from crmdash.systems.worth_then import worth_at

_WHO: Final = ("customer_id", "name", "owner")


@dataclass(frozen=True, eq=False)
class Step:
    """The base at one day: its lines, and what every customer was worth.

    Attributes
    ----------
    worth : value (ten-thousandths), loses (whether a customer profit of zero or less is known; missing for who is not
        in the base); one row per customer, in the order of the summary.
    """

    day: int
    lines: Lines
    worth: pl.DataFrame


def step_days(clock: Clock, at_most: int) -> list[int]:
    """Return the days of the steps, oldest first: T, T - L, T - 2 L … as long as rows lie before them."""
    if clock.as_of is None or clock.span is None:
        return []
    if clock.comparison is None:
        return [clock.as_of]
    back = min((clock.span - 1) // clock.comparison, at_most - 1)
    return [clock.as_of - place * clock.comparison for place in range(back, -1, -1)]


def steps_of(evidence: Evidence) -> list[Step]:
    """Return the base at the day of every step, oldest first."""
    days = step_days(evidence.clock, evidence.settings.movement.steps_at_most)
    if evidence.settings.tiers.measure in WORKED_OUT:
        earlier = evidence.remember(f"worth {days}", lambda: _worked_out(evidence, days[:-1]))
        days = [*earlier, *days[-1:]]
    else:
        earlier = evidence.remember_lasting(f"worth {days}", lambda: _earlier(evidence, days[:-1]))
    return [_step(evidence, day, earlier.get(day, evidence.summary.customers)) for day in days]


def _worked_out(evidence: Evidence, days: list[int]) -> dict[int, pl.DataFrame]:
    """Return the customers as at each day by a measure that is worked out; only days from which on it always can be."""
    measure, known = evidence.settings.tiers.measure, evidence.summary.customers
    wanted = ("customer_id", "in_base", measure, "customer_profit", *SCOPE_COLUMNS)
    found: dict[int, pl.DataFrame] = {}
    for day in reversed(days):
        then = evidence.summary_at(day).customers
        if measure not in then.columns:
            break
        places = find_places(known["customer_id"], then["customer_id"])
        found[day] = spread(then.select(name for name in wanted if name in then.columns), places, len(known))
    return {day: found[day] for day in reversed(found)}


def _earlier(evidence: Evidence, days: list[int]) -> dict[int, pl.DataFrame]:
    contacts = contacts_of(evidence) if evidence.summary.cost_source == "contacts" else None
    rows = rows_of(evidence) if days else None
    return worth_at(evidence.tables, evidence.summary, days, rows, contacts)


def _step(evidence: Evidence, day: int, everybody: pl.DataFrame) -> Step:
    """Draw the lines of one day, from everyone or from those looked at, as the board does."""
    settings, scope = evidence.settings, evidence.evaluation.scope
    measure = settings.tiers.measure
    drawn_from = within(everybody, scope) if scope.redraw else everybody
    known = "customer_profit" in everybody.columns
    loses = (pl.col("customer_profit") <= 0).fill_null(False) if known else pl.lit(False)
    worth = everybody.select(value=pl.col(measure), loses=pl.when("in_base").then(loses))
    if everybody is evidence.summary.customers:
        cuts = evidence.evaluation.cuts
    else:
        cuts = resolve_cuts(distribute(drawn_from.select("in_base", measure), measure), settings)
    return Step(day, Lines(cuts, settings), worth)


def paths(evidence: Evidence, steps: list[Step]) -> pl.DataFrame:
    """Follow every customer of the base that is looked at through the steps, oldest first; in the order of their ids.

    Columns: customer_id, name and owner where known, and per step k: value:k, loses:k (missing before the customer was
    in the base), plain:k (place without margin), place:k (with it), cause:k (why it moved).
    """
    margin, everybody = evidence.settings.movement.margin, evidence.summary.customers
    columns = [pl.col("value", "loses").name.suffix(f":{k}") for k in range(len(steps))]
    worth = [step.worth.select(column) for step, column in zip(steps, columns, strict=True)]
    # Of the many measures only these: to filter all of them takes longer than everything that follows.
    who = everybody.select(name for name in everybody.columns if name in (*_WHO, *SCOPE_COLUMNS, "in_base"))
    found = within(pl.concat([who, *worth], how="horizontal").filter("in_base"), evidence.evaluation.scope)
    found = found.select(name for name in found.columns if name in _WHO or ":" in name)
    for k, step in enumerate(steps):
        here, there = _standing(k), pl.col(f"loses:{k}").is_not_null()
        plain = step.lines.place(here.value, here.loses)
        kept_place = step.lines.kept(pl.col(f"place:{k - 1}"), here.value, here.loses, margin) if k else plain
        found = found.with_columns(
            pl.when(there).then(plain).alias(f"plain:{k}"), pl.when(there).then(kept_place).alias(f"place:{k}")
        )
        found = found.with_columns(_causes(found, steps, k, margin))
    return found


def _standing(k: int) -> Standing:
    return Standing(pl.col(f"value:{k}"), pl.col(f"loses:{k}").fill_null(False))


def _causes(found: pl.DataFrame, steps: list[Step], k: int, margin: int) -> pl.Series:
    """Return why each customer moved at step k; looked for only among those that did."""
    causes = pl.repeat(None, len(found), dtype=pl.String, eager=True).alias(f"cause:{k}")
    if not k:
        return causes
    now, before = (steps[k].lines, _standing(k)), (steps[k - 1].lines, _standing(k - 1))
    place, previous = pl.col(f"place:{k}"), pl.col(f"place:{k - 1}")
    moved = found.select(place.ne_missing(previous) & place.is_not_null()).to_series()
    told = found.filter(moved).select(cause(place, previous, now, before, margin)).to_series()
    return causes.scatter(moved.arg_true(), told)
