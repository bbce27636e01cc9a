"""What followed: how many of those that a limit labelled one comparison length ago have bought since."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import narwhals as nw
import polars as pl

from crmdash.engine import collect, lazy
from crmdash.model import lifecycle, rhythm
from crmdash.model.lifecycle import phase_of
from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.scope import SCOPE_COLUMNS, within
from crmdash.summary import Tables
from crmdash.systems.evidence import Evidence
from crmdash.systems.order import in_order
from crmdash.systems.places import by_place, customer_places, places_at
from crmdash.systems.report import CUSTOMER, STAGE, Column, Explanation, Report, System, Table, row_of
from crmdash.systems.rows import rows_of

BANDS: Final = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0, 9.0)
"""Where a band of silence ends and the next begins, in multiples of the own rhythm."""

PHASES: Final = ("early", "growing", "steady", "falling", "gone")

_STAGE_BEFORE: Final = Column("stage_before", "code", "model:stage")
_PHASE: Final = Column("phase", "code", "model:phase")
_RATES: Final = (Column("customers", "count"), Column("bought", "count"), Column("bought_share", "percent"))
_ROWS: Final = (
    *CUSTOMER, Column("owner", "text"), Column("tier_before", "code", "model:tier"), _STAGE_BEFORE,
    Column("phase_before", "code", "model:phase"), Column("silence_before", "times"), Column("value_before", "money"),
    Column("bought_since", "flag"), Column("spent_since", "money"), STAGE,
)  # fmt: skip


def bought_between(tables: Tables, after: int, until: int) -> pl.DataFrame:
    """Return who bought later than day `after` and up to `until`: customer_id, spent (sum of amounts >= 0)."""
    assert tables.transactions is not None
    day, amount = nw.col("date"), nw.col("amount")
    rows = tables.transactions.filter((day > after) & (day <= until) & (amount >= 0))
    return collect(rows.group_by("customer_id").agg(spent=amount.sum().cast(nw.Int64)))


def followed(earlier: pl.DataFrame, bought: pl.DataFrame) -> pl.DataFrame:
    """Add to customers as labelled on an earlier day what they did since: bought_since, spent_since."""
    found = earlier.join(bought.rename({"spent": "spent_since"}), on="customer_id", how="left", maintain_order="left")
    return found.with_columns(bought_since=pl.col("spent_since").is_not_null())


def rates_by(labelled: pl.DataFrame, label: str, order: Sequence[str]) -> pl.DataFrame:
    """Count by a label who bought since: label, customers, bought, bought_share (missing where nobody had it)."""
    counted = labelled.group_by(label).agg(
        customers=pl.len().cast(pl.Int64), bought=pl.col("bought_since").sum().cast(pl.Int64)
    )
    frame = pl.DataFrame({label: list(order)}, schema={label: pl.String})
    joined = frame.join(counted, on=label, how="left", maintain_order="left")
    filled = joined.with_columns(pl.col("customers", "bought").fill_null(0))
    share = pl.when(pl.col("customers") > 0).then(pl.col("bought") / pl.col("customers"))
    return filled.with_columns(bought_share=share)


def rates_by_silence(labelled: pl.DataFrame, regular_from: int) -> pl.DataFrame:
    """Count by band of silence who bought since, of those with at least `regular_from` purchases.

    Columns: silence_from, silence_below (missing for the last), customers, bought, bought_share. A silence that equals
    an edge belongs to the band that begins there.
    """
    regular = labelled.filter((pl.col("orders") >= regular_from) & pl.col("silence").is_not_null())
    band = pl.sum_horizontal(*((pl.col("silence") >= edge).cast(pl.Int64) for edge in BANDS)).cast(pl.String)
    counted = rates_by(regular.with_columns(band=band), "band", [str(place) for place in range(len(BANDS) + 1)])
    edges = list(pairwise([0.0, *BANDS, None]))
    return counted.with_columns(
        silence_from=pl.Series([low for low, _ in edges], dtype=pl.Float64),
        silence_below=pl.Series([high for _, high in edges], dtype=pl.Float64),
    )


def stages_before(evidence: Evidence) -> pl.DataFrame | None:
    """Return only the stages of one comparison length ago: customer_id, orders, silence, stage, phase of the base.

    The same as in the report, without tiers: what has to follow a slider at once. None where the data does not go
    back so far.
    """
    day, settings = evidence.clock.period_ago, evidence.settings
    summary = None if day is None else evidence.summary_then(day)
    if summary is None:
        return None
    everybody = lazy(summary.customers)
    usual = evidence.remember_lasting(
        f"base rhythm at {day}", lambda: rhythm.base_rhythm(everybody, settings.period.window)
    )
    timed = everybody.with_columns(rhythm=rhythm.rhythm(usual, settings.period))
    staged = lifecycle.add_stage(timed.with_columns(silence=rhythm.silence()), settings, summary.clock)
    looked_at = within(collect(staged), evidence.evaluation.scope)
    return looked_at.filter("in_base").select("customer_id", "orders", "silence", "stage", "phase")


def bought_since(evidence: Evidence) -> dict[str, float | None] | None:
    """Return the share that bought again of each phase of one comparison length ago; no tier line changes it.

    None where the data does not go back so far.
    """
    rules = (evidence.settings.lifecycle, evidence.settings.period)
    named = "|".join(part.model_dump_json() for part in rules)
    return evidence.remember_lasting(
        f"bought since {named} {evidence.evaluation.scope!r}", lambda: _bought_since(evidence)
    )


def _bought_since(evidence: Evidence) -> dict[str, float | None] | None:
    before = stages_before(evidence) if evidence.tables.transactions is not None else None
    if before is None or not len(before):
        return None
    rates = rates_by(followed(before, since(evidence)), "phase", PHASES)
    return dict(rates.select("phase", "bought_share").iter_rows())


def since(evidence: Evidence) -> pl.DataFrame:
    """Return who bought in the latest comparison length: customer_id, spent."""
    clock = evidence.clock
    assert clock.as_of is not None and clock.comparison is not None
    after, until = clock.as_of - clock.comparison, clock.as_of
    return evidence.remember_lasting(f"bought {after} {until}", lambda: bought_between(evidence.tables, after, until))


def report(evidence: Evidence) -> Report:
    """Count what followed on the labels that the present limits would have given one comparison length ago."""
    limits, day = evidence.settings.lifecycle, evidence.clock.period_ago
    everybody = None if day is None else evidence.everybody_at(day)
    if day is None or everybody is None:
        nothing = pl.DataFrame(schema={"customer_id": pl.String, "bought_since": pl.Boolean})
        return Report({}, Table(nothing, _ROWS), notes=(Phrase("followed.no_period", kind="lifecycle"),))
    labelled = _followed(_looked_at(everybody, day, evidence), evidence)
    reached = [stage for stage, phase in phase_of(evidence.settings).items() if phase != "before"]
    stages = rates_by(labelled, "stage", reached)
    silences = rates_by_silence(labelled, limits.regular_from)
    bands = (Column("silence_from", "times"), Column("silence_below", "times"))
    return Report(
        _figures(evidence, labelled),
        Table(_rows(evidence, labelled), _ROWS),
        {
            "stages": Table(stages, (STAGE, *_RATES)),
            "phases": Table(rates_by(labelled, "phase", PHASES), (_PHASE, *_RATES)),
            "silence": Table(silences, (*bands, *_RATES)),
        },
        (Phrase("followed.past", kind="lifecycle"),),
    )


def _followed(earlier: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    """Return the same as `followed`, by the places that `earlier` has."""
    spent = evidence.remember_lasting("spent since", lambda: _spent_by_place(evidence)).gather(earlier["place"])
    return earlier.with_columns(spent.alias("spent_since"), bought_since=spent.is_not_null())


def _spent_by_place(evidence: Evidence) -> pl.Series:
    day, rows = evidence.clock.period_ago, rows_of(evidence).frame.select("place", "date", "amount")
    sold = rows.filter((pl.col("date") > day) & (pl.col("amount") >= 0))
    summed = sold.group_by("place").agg(pl.col("amount").sum())
    return by_place(evidence, summed, summed["place"])["amount"]


def _looked_at(everybody: pl.DataFrame, day: int, evidence: Evidence) -> pl.DataFrame:
    """Return the base of back then with no more columns than are told; to copy all measures would take long."""
    names = {"customer_id", "name", "owner", "in_base", "orders", "silence", "tier", "stage", "phase", *SCOPE_COLUMNS}
    told = everybody.select(
        *(name for name in everybody.columns if name in names), value_before=pl.col(evidence.settings.tiers.measure)
    ).with_columns(places_at(evidence, day))
    return within(told, evidence.evaluation.scope).filter("in_base")


def _figures(evidence: Evidence, labelled: pl.DataFrame) -> dict[str, Figure]:
    clock = evidence.clock
    assert clock.as_of is not None and clock.comparison is not None
    share = labelled["bought_since"].mean() if len(labelled) else None
    return {
        "day": Figure("date", clock.as_of - clock.comparison),
        "days": Figure("days", clock.comparison),
        "customers": Figure("count", len(labelled)),
        "bought": Figure("count", int(labelled["bought_since"].sum())),
        "bought_share": Figure("percent", share),
        "spent_since": Figure("money", int(labelled["spent_since"].sum())),
    }


def _rows(evidence: Evidence, labelled: pl.DataFrame) -> pl.DataFrame:
    """Return the customers of back then, largest value of back then first, with their stage of today."""
    then = labelled.rename(
        {"tier": "tier_before", "stage": "stage_before", "phase": "phase_before", "silence": "silence_before"}
    )
    now = by_place(evidence, evidence.customers.select("stage"), customer_places(evidence))["stage"]
    joined = then.with_columns(now.gather(then["place"]))
    kept = [column.name for column in _ROWS if column.name in joined.columns]
    return in_order(joined.select(*kept, "place"), ("value_before", True), ("place", False)).drop("place")


def explain(found: Report, customer: Customer) -> Explanation | None:
    """Say how a customer was labelled a period ago, what it did since, and what others of its stage did."""
    row = row_of(found, customer)
    if row is None or row.get("stage_before") is None:
        return None
    figures = {
        "stage": Figure("stage", row["stage_before"]),
        "silence": Figure("times", row["silence_before"]),
        "spent": Figure("money", row["spent_since"]),
        "day": found.figures["day"],
    }
    peers = found.tables["stages"].frame.filter(stage=row["stage_before"])
    told = {"stage": figures["stage"], "share": Figure("percent", peers["bought_share"].first())}
    key = "followed.bought" if row["bought_since"] else "followed.silent"
    return Explanation(Phrase(key, figures, "lifecycle"), (Phrase("followed.peers", told, "lifecycle"),))


WHAT_FOLLOWED: Final = System("what_followed", "–", (("transactions",),), report, explain)
