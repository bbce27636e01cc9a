"""What every lifecycle model reports: who stands in which stage, what that is worth, and how it changed in a period."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import polars as pl

from crmdash.engine import collect, lazy
from crmdash.evaluate import label
from crmdash.model.lifecycle import PHASES_OF, add_stage
from crmdash.model.reasons import Customer, Rulebook, why_stage
from crmdash.phrases import Figure, Phrase
from crmdash.rule_settings.lifecycle import Model
from crmdash.settings import Settings
from crmdash.summary import Summary
from crmdash.summary.tables import columns_of
from crmdash.systems.evidence import Evidence
from crmdash.systems.places import before_places, by_place, customer_places, places_of
from crmdash.systems.report import CUSTOMER, STAGE, TIER, Column, Explanation, Needs, Report, System, Table, row_of

KNOWN_RECENCY: Final = ("transactions", "customers.last_purchase", "customers.recency")
"""Without the age of the last purchase there is no stage."""

_READ: Final = (
    "customer_id", "internal", "in_base", "prospect", "orders", "orders_before", "first_purchase", "last_purchase",
    "tenure", "recency", "rhythm", "silence", "relative_growth", "satisfaction", "satisfaction_change", "recommend",
    "referred_by", "deal_share", "contacts_made", "open_matters", "created_date",
)  # fmt: skip
"""What rules read of a customer a period ago. Not its status: nobody knows since when the file calls it closed."""

_STAGED: Final = ("customer_id", "stage", "phase", "referrals")
"""What staging adds; `referrals` only on the journey, where the data says who referred whom."""

_PHASE: Final = Column("phase", "code", "model:phase")
_BEFORE: Final = Column("stage_before", "code", "model:stage")
_COUNTS: Final = (Column("customers", "count"), Column("value", "money"))
_COUNTS_BEFORE: Final = (Column("customers_before", "count"), Column("value_before", "money"))
_MEASURES: Final = (
    Column("orders", "count"), Column("tenure", "count"), Column("recency", "count"), Column("rhythm", "decimal"),
    Column("silence", "times"), Column("relative_growth", "decimal"), Column("satisfaction", "score"),
    Column("satisfaction_change", "decimal"),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class StageReport(Report):
    """A report that also keeps the rules by which the stages were given, for explaining them."""

    rules: Rulebook | None = None


def lifecycle_system(
    model: Model, number: str, needs: Needs = (KNOWN_RECENCY,), more: tuple[Column, ...] = ()
) -> System:
    """Return the system of one lifecycle model; `more` are measures that its rules read beside the usual ones."""
    return System(model, number, needs, _reporter(model, more), explain)


def _reporter(model: Model, more: tuple[Column, ...]) -> Callable[[Evidence], Report]:
    def report(evidence: Evidence) -> Report:
        return report_stages(evidence, model, more)

    return report


def report_stages(evidence: Evidence, model: Model, more: tuple[Column, ...] = ()) -> StageReport:
    """Stage everybody by one model, at T and one comparison length ago.

    Rows are all customers but internal ones, prospects included, largest value first. Figures: customers and value
    falling away, gone, and recovered (back of late after a long silence), and how many moved to another stage. Tables:
    `stages` (with counts of a period ago, emphasis and managed actions), `phases` (stage by phase, where a stage has
    several), `flows` (stage_before to stage; who had no stage then, as not yet in the data, has none in stage_before).
    """
    rows = _rows(evidence, model)
    measures = (*_MEASURES, *more, Column("recovered", "flag"))
    # Few cells stand for many customers: every table is summed from them.
    cells = rows.group_by("stage_before", "stage", "phase").agg(
        customers=pl.len().cast(pl.Int64), value=pl.col("value").sum(), value_before=pl.col("value_before").sum()
    )
    return StageReport(
        figures=_figures(rows, evidence),
        rows=Table(rows, (*CUSTOMER, TIER, STAGE, _PHASE, _BEFORE, Column("value", "money"), *measures)),
        tables={"stages": _stages(cells, model), "phases": _phases(cells, model), "flows": _flows(cells, model)},
        rules=replace(evidence.evaluation.rulebook, settings=by_model(evidence.settings, model)),
    )


def by_model(settings: Settings, model: Model) -> Settings:
    """Return `settings` with another lifecycle model."""
    return settings.model_copy(update={"lifecycle": settings.lifecycle.model_copy(update={"model": model})})


def _rows(evidence: Evidence, model: Model) -> pl.DataFrame:
    """Return every customer but internal ones, in the board's order, with stage and phase now and a period ago."""
    rows, past = _staged_now(evidence, model), _staged_before(evidence, model)
    unknown = {"stage_before": pl.lit(None, pl.String), "value_before": pl.lit(None, pl.Int64)}
    told = rows.with_columns(**unknown) if past is None else rows.hstack(past)
    if "recovered" not in told.columns:
        told = told.with_columns(recovered=pl.lit(None, pl.Boolean))
    return told.filter(~pl.col("internal")) if told["internal"].any() else told


def _staged_now(evidence: Evidence, model: Model) -> pl.DataFrame:
    if model == evidence.settings.lifecycle.model:
        return evidence.customers
    return _staged(evidence, evidence.summary, evidence.customers, model, customer_places(evidence))


def _staged_before(evidence: Evidence, model: Model) -> pl.DataFrame | None:
    """Return stage_before and value_before (ten-thousandths) beside the customers of now; None without a period ago."""
    before, day = evidence.before, evidence.clock.period_ago
    summary = None if day is None else evidence.summary_then(day)
    if before is None or summary is None:
        return None
    kept = {*_READ, evidence.settings.tiers.measure}
    read = before.select(name for name in before.columns if name in kept)
    found = _staged(evidence, summary, read, model, before_places(evidence))
    there = pl.lit(True)
    if "created_date" in found.columns:
        # A name that came into the file since was no prospect then.
        later = pl.col("created_date") > day
        there = ~(pl.col("prospect") & later).fill_null(False)
    value = pl.col(evidence.settings.tiers.measure)
    told = found.select(stage_before=pl.when(there).then("stage"), value_before=pl.when(there).then(value))
    return told[_rows_before(evidence)]


def _rows_before(evidence: Evidence) -> pl.Series:
    """Return for each of the customers of now its row a period ago; missing for who was not there."""

    def found() -> pl.Series:
        places = before_places(evidence)
        numbers = pl.int_range(len(places), dtype=pl.UInt32, eager=True).alias("row").to_frame()
        return by_place(evidence, numbers, places)["row"].gather(customer_places(evidence))

    return evidence.remember("rows a period ago", found)


def _staged(
    evidence: Evidence, summary: Summary, labelled: pl.DataFrame, model: Model, places: pl.Series
) -> pl.DataFrame:
    """Stage customers by a model, in their order; what is usual in the base is that of everybody, filter or not.

    Parameters
    ----------
    places : of the customers, in their order.
    """
    settings = by_model(evidence.settings, model)
    rest = labelled.drop("stage", "phase", "referrals", strict=False)
    if evidence.evaluation.scope.active:
        told = label(summary, settings)
        told = told.select(name for name in _STAGED if name in told.columns)
        return rest.join(told, on="customer_id", how="left", maintain_order="left")
    counted = labelled.with_columns(_referrals(evidence, labelled, places)) if model == "journey" else labelled
    added = add_stage(lazy(counted), settings, summary.clock)
    return rest.hstack(collect(added.select(*(name for name in _STAGED[1:] if name in columns_of(added)))))


def _referrals(evidence: Evidence, labelled: pl.DataFrame, places: pl.Series) -> list[pl.Series]:
    """Count whom each customer referred among those who are there: by place, as counting by id takes a join of texts.

    Parameters
    ----------
    labelled : all customers of now or a period ago; places : theirs, in their order.
    """
    if "referred_by" not in labelled.columns:
        return []
    everybody = evidence.summary.customers["referred_by"]
    introducers = evidence.remember_lasting("introducers", lambda: places_of(evidence, everybody))
    other = labelled.select((pl.col("referred_by") != pl.col("customer_id")).fill_null(False)).to_series()
    found = introducers.gather(places.filter(other)).drop_nulls().to_numpy()
    numbers = np.bincount(found, minlength=len(everybody)).astype(np.int64)
    return [pl.Series("referrals", numbers).gather(places)]


def _figures(rows: pl.DataFrame, evidence: Evidence) -> dict[str, Figure]:
    clock, known_before = evidence.clock, evidence.before is not None
    phase = pl.col("phase")
    parts = {"falling": phase == "falling", "gone": phase == "gone", "recovered": pl.col("recovered")}
    moved = pl.col("stage_before").is_not_null() & (pl.col("stage_before") != pl.col("stage"))
    # Summed, not filtered: to copy the parts with all their columns takes many times as long.
    counts = {code: part.sum().cast(pl.Int64) for code, part in (parts | {"moved": moved}).items()}
    values = {f"{code}_value": pl.when(part).then("value").sum() for code, part in parts.items()}
    told = rows.select(**counts, **values).row(0, named=True)
    figures = {"customers": Figure("count", len(rows))}
    for code in parts:
        dark = code == "recovered" and rows["recovered"].null_count() == len(rows)
        figures[code] = Figure("count", None if dark else told[code])
        figures[f"{code}_value"] = Figure("money", None if dark else int(told[f"{code}_value"]))
    day = clock.as_of - clock.comparison if clock.as_of is not None and clock.comparison is not None else None
    figures["moved"] = Figure("count", told["moved"] if known_before else None)
    figures["day_before"] = Figure("date", day if known_before else None)
    return figures


def _counted(cells: pl.DataFrame, *by: str) -> pl.DataFrame:
    return cells.group_by(by).agg(pl.col("customers", "value").sum())


def _stages(cells: pl.DataFrame, model: Model) -> Table:
    """Count every stage now and a period ago, with what matters in it: nothing where nobody stands in it."""
    phase_of = PHASES_OF[model]
    frame = pl.DataFrame({"stage": list(phase_of), "phase": list(phase_of.values())})
    counted = frame.join(_counted(cells, "stage"), on="stage", how="left", maintain_order="left")
    past = cells.filter(pl.col("stage_before").is_not_null())
    if len(past):
        then = past.group_by(stage="stage_before").agg(
            customers_before=pl.col("customers").sum(), value_before=pl.col("value_before").sum()
        )
        counted = counted.join(then, on="stage", how="left", maintain_order="left")
    whole = int(cells["customers"].sum())
    filled = counted.with_columns(pl.exclude("stage", "phase").fill_null(0))
    shares = [count / whole if whole else None for count in filled["customers"]]
    told = filled.with_columns(
        share=pl.Series(shares, dtype=pl.Float64), emphasis=pl.col("phase"), managed=pl.col("stage")
    )
    words = (Column("emphasis", "code", "model:emphasis"), Column("managed", "code", "model:managed"))
    return Table(told, (STAGE, _PHASE, *_COUNTS, Column("share", "percent"), *_COUNTS_BEFORE, *words))


def _in_order(counted: pl.DataFrame, model: Model, *columns: str) -> pl.DataFrame:
    places = {stage: place for place, stage in enumerate(PHASES_OF[model])}
    order = [pl.col(name).replace_strict(places, default=None, return_dtype=pl.Int64) for name in columns]
    return counted.sort(*order, nulls_last=True)


def _phases(cells: pl.DataFrame, model: Model) -> Table:
    counted = _counted(cells.filter(pl.col("stage").is_not_null()), "stage", "phase")
    return Table(_in_order(counted.sort("phase"), model, "stage"), (STAGE, _PHASE, *_COUNTS))


def _flows(cells: pl.DataFrame, model: Model) -> Table:
    """Count who stood where a period ago and stands where now; `value` is that of now."""
    counted = cells.group_by("stage_before", "stage").agg(pl.col("customers", "value", "value_before").sum())
    if counted["stage_before"].null_count() == len(counted):
        counted = counted.clear()
    counted = counted.with_columns(value_before=pl.when(pl.col("stage_before").is_not_null()).then("value_before"))
    ordered = _in_order(counted, model, "stage_before", "stage")
    return Table(ordered, (_BEFORE, STAGE, *_COUNTS, Column("value_before", "money")))


def explain(report: Report, customer: Customer) -> Explanation | None:
    """Say in which stage of the model a customer stands, why, what would change it, and what matters now."""
    row = row_of(report, customer)
    rules = report.rules if isinstance(report, StageReport) else None
    if row is None or rules is None or row["stage"] is None:
        return None
    reason = why_stage(row, rules)
    assert reason is not None
    told = [reason.because] + ([] if reason.way_out is None else [reason.way_out])
    if row["recovered"]:
        told.append(_phrase("recovered"))
    if row["stage_before"] is not None and row["stage_before"] != row["stage"]:
        told.append(_phrase("was", stage=Figure("stage", row["stage_before"]), day=report.figures["day_before"]))
    told.append(_phrase("emphasis", emphasis=Figure("term", f"model:emphasis.{row['phase']}")))
    label_figures = {"stage": Figure("stage", row["stage"]), "phase": Figure("term", f"model:phase.{row['phase']}")}
    return Explanation(_phrase("stands", **label_figures), tuple(told))


def _phrase(key: str, **figures: Any) -> Phrase:
    return Phrase(key, figures, "stages")
