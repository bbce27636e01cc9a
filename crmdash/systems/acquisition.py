"""Acquisition fades (S25): new customers per quarter and source, what they cost, and which sources dry up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from crmdash.phrases import Figure, Phrase
from crmdash.rule_settings import EconomicsSettings
from crmdash.summary import to_date
from crmdash.systems.evidence import Evidence
from crmdash.systems.newcomers import file_start
from crmdash.systems.report import Column, Report, System, Table

YEAR: Final = 4
"""Quarters in a year."""

RUNNING: Final = 2
"""A fall counts once it has lasted so many quarters."""

MOST_SOURCES: Final = 200
"""So many sources are judged one by one, those that fade most first."""

_OF_NEWCOMERS: Final = ("first_purchase", "source", "acquisition_cost")
_QUARTER: Final = Column("quarter", "quarter")
_SOURCE: Final = Column("source", "text")
_COUNTS: Final = (
    Column("new_customers", "count"),
    Column("year_ago", "count"),
    Column("change", "percent"),
    Column("cost_per_newcomer", "money"),
    Column("cost_year_ago", "money"),
    Column("cost_change", "percent"),
)
_COMPLETE: Final = Column("complete", "flag")
_FADING: Final = Column("fading", "flag")


@dataclass(frozen=True)
class Quarters:
    """The calendar quarters of the file, counted as year x 4 + place in the year (from 0).

    Attributes
    ----------
    first, last : those of the first and the last newcomer or of the as-at day.
    complete : the last that is over by the as-at day.
    fair : the first whose newcomers are likely to be new; earlier ones are compared with nothing.
    back : how many quarters ago each is compared with: four, or one where the file is too short for a year.
    """

    first: int
    last: int
    complete: int
    fair: int
    back: int


def report(evidence: Evidence) -> Report:
    """Count newcomers by the quarter of their first purchase, and compare each quarter with the same a year ago.

    A source is fading if it brought fewer by the limit of the settings in the last two complete quarters running, or
    if its newcomers cost more by the limit in the last one. Shorter than five quarters: compared with the quarter
    before.
    """
    limits, new = evidence.settings.economics, _new(evidence.base)
    quarters = span(new, evidence)
    keys = ["source"] if "source" in new.columns else []
    totals = _finished(compare(new, [], quarters, limits), quarters)
    each = _finished(compare(new, keys, quarters, limits), quarters)
    newest = each.filter(pl.col("new_customers").gt(0) | pl.col("year_ago").gt(0)).sort(
        "quarter", "new_customers", *keys, descending=[True, True, *(False for _ in keys)]
    )
    sources = each.filter(pl.col("index") == quarters.complete).sort(
        "fading", "change", *keys, descending=[True, False, *(False for _ in keys)], nulls_last=True
    )
    source = (_SOURCE,) if keys else ()
    tables = {
        "quarters": Table(totals.sort("quarter"), (_QUARTER, *_COUNTS, _COMPLETE, _FADING)),
        "sources": Table(sources.head(MOST_SOURCES), (*source, *_COUNTS, _FADING)),
    }
    rows = Table(newest, (_QUARTER, *source, *_COUNTS, _COMPLETE, _FADING))
    return Report(_figures(totals, sources, quarters), rows, tables, _notes(evidence, quarters, bool(keys)))


def _new(base: pl.DataFrame) -> pl.DataFrame:
    """Return the quarter of every customer's first purchase, its source and what winning it cost."""
    known = base.select([name for name in _OF_NEWCOMERS if name in base.columns])
    known = known.filter(pl.col("first_purchase").is_not_null())
    day = pl.col("first_purchase").cast(pl.Int32).cast(pl.Date)
    index = day.dt.year().cast(pl.Int64) * YEAR + day.dt.quarter().cast(pl.Int64) - 1
    held = [name for name in ("source", "acquisition_cost") if name in known.columns and known[name].count()]
    return known.select(*held, index=index)


def quarter_of(day: int) -> int:
    """Return the quarter of a day, as year x 4 + place in the year."""
    date = to_date(day)
    return date.year * YEAR + (date.month - 1) // 3


def span(new: pl.DataFrame, evidence: Evidence) -> Quarters:
    """Find the quarters that the file covers."""
    clock, start = evidence.clock, file_start(evidence.clock)
    today = 0 if clock.as_of is None else quarter_of(clock.as_of)
    lowest, highest = new["index"].min(), new["index"].max()
    first = lowest if isinstance(lowest, int) else today
    last = max(highest if isinstance(highest, int) else today, today)
    if clock.as_of is None:
        return Quarters(first, last, last, first, YEAR)
    complete = quarter_of(clock.as_of + 1) - 1
    # A quarter is fair if it begins late enough in the file.
    fair = first if start is None else quarter_of(start + evidence.settings.economics.newcomer_after - 1) + 1
    covered = complete - (first if start is None else quarter_of(start)) + 1
    return Quarters(first, last, complete, fair, YEAR if covered > YEAR else 1)


def compare(new: pl.DataFrame, keys: Sequence[str], quarters: Quarters, limits: EconomicsSettings) -> pl.DataFrame:
    """Return one row per quarter and key, quarters without newcomers included, and whether it was fading by then.

    change = newcomers / newcomers of the quarter compared with - 1, missing where that one had none or is not fair.
    """
    costs = "acquisition_cost" in new.columns
    cost = pl.col("acquisition_cost").cast(pl.Float64).mean() if costs else pl.lit(None, pl.Float64).first()
    counted = new.group_by("index", *keys).agg(pl.len().cast(pl.Int64).alias("new_customers"), cost.alias("cost"))
    grid = pl.DataFrame({"index": pl.int_range(quarters.first, quarters.last + 1, dtype=pl.Int64, eager=True)})
    if keys:
        grid = grid.join(new.select(keys).unique(), how="cross")
    on = ["index", *keys]
    whole = grid.join(counted, on=on, how="left", nulls_equal=True).with_columns(pl.col("new_customers").fill_null(0))
    ago = whole.filter(pl.col("index") >= quarters.fair).select(
        pl.col("index") + quarters.back, *keys, year_ago="new_customers", cost_ago="cost"
    )
    compared = whole.join(ago, on=on, how="left", nulls_equal=True).with_columns(
        change=_change("new_customers", "year_ago"), cost_change=_change("cost", "cost_ago")
    )
    return _fading(compared, keys, limits)


def _change(now: str, then: str) -> pl.Expr:
    return pl.when(pl.col(then) > 0).then(pl.col(now) / pl.col(then) - 1)


def _fading(compared: pl.DataFrame, keys: Sequence[str], limits: EconomicsSettings) -> pl.DataFrame:
    falls = (pl.col("change") <= -limits.fading_fall / 100 + 1e-9).fill_null(False)
    dearer = (pl.col("cost_change") >= limits.fading_cost / 100 - 1e-9).fill_null(False)
    told = pl.col("change").is_not_null() | pl.col("cost_change").is_not_null()
    marked = compared.sort("index").with_columns(falls=falls)
    before = [pl.col("falls").shift(step) for step in range(1, RUNNING)]
    run = pl.all_horizontal("falls", *((b.over(keys) if keys else b).fill_null(False) for b in before))
    return marked.with_columns(fading=pl.when(told).then(run | dearer))


def _finished(compared: pl.DataFrame, quarters: Quarters) -> pl.DataFrame:
    """Name the quarters and round the costs; one that is not over is compared with nothing."""
    complete = pl.col("index") <= quarters.complete
    judged = ("change", "cost_change", "fading")
    year, place = pl.col("index") // YEAR, pl.col("index") % YEAR + 1
    return compared.with_columns(
        *(pl.when(complete).then(pl.col(name)).alias(name) for name in judged),
        quarter=pl.format("{}-Q{}", year, place),
        complete=complete,
        cost_per_newcomer=pl.col("cost").round().cast(pl.Int64),
        cost_year_ago=pl.col("cost_ago").round().cast(pl.Int64),
    )


def _figures(totals: pl.DataFrame, sources: pl.DataFrame, quarters: Quarters) -> dict[str, Figure]:
    found = totals.filter(pl.col("index") == quarters.complete)
    last = found.row(0, named=True) if len(found) else dict.fromkeys(totals.columns)
    return {
        "quarter": Figure("quarter", last["quarter"]),
        "new_customers": Figure("count", last["new_customers"]),
        "year_ago": Figure("count", last["year_ago"]),
        "change": Figure("percent", last["change"]),
        "cost_per_newcomer": Figure("money", last["cost_per_newcomer"]),
        "cost_change": Figure("percent", last["cost_change"]),
        "fading": Figure("flag", last["fading"]),
        "sources_named": Figure("count", len(sources)),
        "sources_fading": Figure("count", sources.filter("fading").height),
        "compared_with_quarters_ago": Figure("count", quarters.back),
    }


def _notes(evidence: Evidence, quarters: Quarters, by_source: bool) -> tuple[Phrase, ...]:
    notes = []
    if quarters.back != YEAR:
        notes.append("acquisition.quarter_before")
    if file_start(evidence.clock) is not None:
        notes.append("acquisition.first_days")
    if not by_source:
        notes.append("acquisition.no_source")
    if "customers.acquisition_cost" not in evidence.held:
        notes.append("acquisition.no_cost")
    return tuple(Phrase(key, {}, "what_if") for key in notes)


ACQUISITION: Final = System("acquisition", "S25", (("transactions", "customers.first_purchase"),), report)
