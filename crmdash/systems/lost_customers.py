"""S34b · Lost-customer review: who ended in the last window, why, what was the first sign, and how early it came.

A customer ended on the day on which its silence passed the limit of the lifecycle rule. One that the file calls closed
ended on the as-at day at the latest. The first sign is the earliest of two: the day on which silence alone was worth
watching, told to the day, and the first of a few looks back at which the risk score was.
"""

from typing import Final

import polars as pl

from crmdash.engine import collect, lazy
from crmdash.evaluate import missing_measures
from crmdash.model import rhythm
from crmdash.model.lifecycle import add_stage, is_unknown
from crmdash.model.reasons import Customer
from crmdash.model.warning import SIGNALS, add_risk
from crmdash.phrases import Figure, Phrase
from crmdash.rule_settings import LifecycleSettings, WarningSettings
from crmdash.summary import Clock
from crmdash.systems.causes import CAUSES, UNKNOWN, causes, given_signals, shrinking_peers, strongest
from crmdash.systems.evidence import Evidence
from crmdash.systems.hit_rate import last_period_alerts
from crmdash.systems.places import base_places, places_at
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, System, Table, row_of

CAUSE: Final = Column("cause", "code", "warnings:cause")
OTHER: Final = "other"
ROWS: Final = (
    *CUSTOMER,
    Column("owner", "text"),
    TIER,
    Column("revenue_lost", "money"),
    CAUSE,
    Column("cause_stated", "flag"),
    Column("ended_on", "date"),
    Column("last_purchase", "date"),
    Column("first_signal", "code", "warnings:signal"),
    Column("first_signal_on", "date"),
    Column("lead_time", "count"),
)
_NEEDED: Final = (
    "customer_id", "name", "owner", "tier", "phase", "orders", "rhythm", "last_purchase", "end_reason",
    "revenue_last_window", "revenue",
)  # fmt: skip
_CAUSES: Final = (
    CAUSE, Column("customers", "count"), Column("revenue_lost", "money"), Column("cause_stated", "count"),
    Column("lead_time", "count"),
)  # fmt: skip
_SIGNALS: Final = (
    Column("signal", "code", "warnings:signal"), Column("customers", "count"), Column("lead_time", "count"),
)  # fmt: skip


def ended_on(limits: LifecycleSettings, clock: Clock) -> pl.Expr:
    """Return the day on which a customer that is gone passed the limit of silence, the as-at day at the latest."""
    last, orders = pl.col("last_purchase"), pl.col("orders")
    if limits.by_days:
        passed = last + limits.lapsed_days
    elif limits.model == "personal_cycle":
        passed = last + (pl.col("rhythm") * limits.asleep_from).ceil().cast(pl.Int64)
    else:
        regular = pl.when(orders >= limits.regular_from).then(limits.lapsed_silence)
        silence = regular.otherwise(limits.lapsed_silence_early)
        patience = (pl.col("rhythm") * silence).ceil().cast(pl.Int64).clip(lower_bound=limits.lapsed_days_at_least)
        passed = last + pl.min_horizontal(patience, pl.lit(limits.lapsed_days_at_most))
    return pl.min_horizontal(passed, pl.lit(clock.as_of, pl.Int64))


def worth_watching(limits: WarningSettings) -> float | None:
    """Return the silence, in own rhythms, that alone makes a customer worth watching; None where it never does."""
    if limits.silence_points < limits.watch or not limits.silence_points:
        return None
    share = limits.watch / limits.silence_points
    return limits.silence_from + share * (limits.silence_to - limits.silence_from)


def lost_customers_report(evidence: Evidence) -> Report:
    """List who ended in the last W days, the largest loss first."""
    rows, days = _rows(evidence), _days(evidence)
    shown = rows.select([column.name for column in ROWS if column.name in rows.columns])
    tables = {"causes": Table(_by_cause(rows), _CAUSES), "signals": Table(_by_signal(rows), _SIGNALS)}
    followed = last_period_alerts(evidence)
    lead = rows["lead_time"].median()
    figures = {
        "lost": Figure("count", len(rows)),
        "revenue_lost": Figure("money", int(rows["revenue_lost"].sum())),
        "cause_stated": Figure("count", int(rows["cause_stated"].sum())),
        "lead_time": Figure("days", lead),
        "looks_back": Figure("count", len(days)),
        "resolution": Figure("days", _step(evidence.clock)),
    }
    if followed is not None:
        figures |= {
            "hit_rate": Figure("percent", followed.of_alerted),
            "base_rate": Figure("percent", followed.of_living),
            "alerted_then": Figure("count", followed.alerted),
        }
    notes: tuple[Phrase, ...] = ()
    if days:
        looked = {"days": Figure("days", _step(evidence.clock)), "looks": Figure("count", len(days))}
        notes = (Phrase("note.looks_back", looked, "warnings"),)
    return Report(figures, Table(shown, ROWS), tables, notes)


def _step(clock: Clock) -> int | None:
    return None if clock.comparison is None else max(1, clock.comparison // 2)


def _days(evidence: Evidence) -> list[int]:
    """Return the days of the looks back, the latest first: half a comparison length ago, and a whole one."""
    step, whole = _step(evidence.clock), evidence.clock.period_ago
    if step is None or whole is None:
        return []
    assert evidence.clock.as_of is not None
    return sorted({evidence.clock.as_of - step, whole}, reverse=True)


def _rows(evidence: Evidence) -> pl.DataFrame:
    clock, limits, base = evidence.clock, evidence.settings, evidence.base
    known = base.columns
    if clock.as_of is None or not {"last_purchase", "rhythm", "phase"} <= set(known):
        nobody = base.clear().with_columns(ended_on=pl.lit(None, pl.Int64), place=pl.lit(None, pl.UInt32))
        return _described(evidence, nobody)
    needed = [name for name in _NEEDED if name in known]
    gone = base.select(needed).with_columns(base_places(evidence))
    gone = gone.filter((pl.col("phase") == "gone") & pl.col("last_purchase").is_not_null())
    ended = gone.with_columns(ended_on=ended_on(limits.lifecycle, clock))
    return _described(evidence, ended.filter(pl.col("ended_on") > clock.as_of - clock.window))


def _described(evidence: Evidence, ended: pl.DataFrame) -> pl.DataFrame:
    held = [name for name in ("name", "owner", "tier", "last_purchase", "end_reason") if name in ended.columns]
    revenue = next((name for name in ("revenue_last_window", "revenue") if name in ended.columns), None)
    listed = ended.select(
        "customer_id", *held, "ended_on",
        revenue_lost=pl.lit(None, pl.Int64) if revenue is None else pl.col(revenue),
        silent_on=_silent_on(evidence.settings.warning, ended.columns),
    )  # fmt: skip
    for number, day in enumerate(_days(evidence)):
        listed = listed.join(_seen(evidence, day, number, ended), on="customer_id", how="left", maintain_order="left")
    described = listed.with_columns(**_first_sign(len(_days(evidence))), **_cause(listed.columns))
    lead = pl.col("ended_on") - pl.col("first_signal_on")
    return described.with_columns(lead_time=lead).sort(
        ["revenue_lost", "customer_id"], descending=[True, False], nulls_last=True
    )


def _silent_on(limits: WarningSettings, known: list[str]) -> pl.Expr:
    silence = worth_watching(limits)
    if silence is None or not {"last_purchase", "rhythm"} <= set(known):
        return pl.lit(None, pl.Int64)
    return pl.col("last_purchase") + (pl.col("rhythm") * silence).ceil().cast(pl.Int64)


def _seen(evidence: Evidence, day: int, number: int, ended: pl.DataFrame) -> pl.DataFrame:
    """Return what could be seen of the ended customers on an earlier day: whether worth watching, why, and the cause.

    A look after the customer's end tells nothing, because the gone have no score.
    """
    names = (f"day_{number}", f"signal_{number}", f"cause_{number}")
    there = _scored_then(evidence, day, ended["place"])
    if there is None:
        schema = {"customer_id": pl.String, names[0]: pl.Int64, names[1]: pl.String, names[2]: pl.String}
        return pl.DataFrame(schema=schema)
    needed = ["customer_id", "risk_score", "risk_level", *(signal.column for signal in given_signals(there))]
    shrinking = shrinking_peers(evidence).gather(there["place"])
    there = there.select(needed).with_columns(shrinking).filter(pl.col("risk_score") > 0)
    watched = pl.col("risk_level").is_not_null()
    told = there.hstack(strongest(there)).with_columns(cause=causes(there, there["peers_shrink"]))
    return told.select(
        "customer_id", pl.when(watched).then(pl.lit(day, pl.Int64)).alias(names[0]),
        pl.when(watched).then("signal_1").alias(names[1]), pl.col("cause").alias(names[2]),
    )  # fmt: skip


def _scored_then(evidence: Evidence, day: int, wanted: pl.Series) -> pl.DataFrame | None:
    """Return the customers at some places, as far as they were there on an earlier day, with their risk scores of then.

    The same as in `Evidence.everybody_at`, which would label everybody for the sake of a few; None where that is.
    With the place of each; in no order.
    """
    then, settings = evidence.summary_then(day), evidence.settings
    if then is None or missing_measures(then, settings):
        return None
    places = places_at(evidence, day)
    chosen = pl.repeat(False, len(evidence.summary.customers), eager=True).scatter(wanted, True).gather(places)
    # A day that others look at too is labelled anyway; on the journey a stage depends on everybody's.
    if day == evidence.clock.period_ago or settings.lifecycle.model == "journey":
        everybody = evidence.everybody_at(day)
        return None if everybody is None else everybody.with_columns(places).filter(chosen)
    customers = (
        then.customers.drop("recency", strict=False) if is_unknown(then.customers, "recency") else then.customers
    )
    few = lazy(customers.with_columns(places).filter(chosen))
    usual = rhythm.base_rhythm(lazy(then.customers), settings.period.window)
    timed = few.with_columns(rhythm=rhythm.rhythm(usual, settings.period))
    if "recency" in customers.columns:
        timed = timed.with_columns(silence=rhythm.silence())
    staged = add_stage(timed, settings, then.clock)
    return collect(add_risk(staged, settings.warning, then.clock))


def _first_sign(looks: int) -> dict[str, pl.Expr]:
    """Return the first sign and its day: the earliest look with one, if it came before silence alone told it."""
    day: pl.Expr = pl.col("silent_on")
    signal: pl.Expr = pl.when(pl.col("silent_on").is_not_null()).then(pl.lit("silence"))
    for number in range(looks):
        earlier = (pl.col(f"day_{number}") < day).fill_null(pl.col(f"day_{number}").is_not_null())
        signal = pl.when(earlier).then(f"signal_{number}").otherwise(signal)
        day = pl.when(earlier).then(f"day_{number}").otherwise(day)
    in_time = day <= pl.col("ended_on")
    return {"first_signal": pl.when(in_time).then(signal), "first_signal_on": pl.when(in_time).then(day)}


def _cause(known: list[str]) -> dict[str, pl.Expr]:
    """Return the reason that the file states, else what the last look before the end points to."""
    stated = pl.col("end_reason") if "end_reason" in known else pl.lit(None, pl.String)
    seen = [pl.col(name) for name in known if name.startswith("cause_")]
    return {"cause": pl.coalesce(stated, *seen, pl.lit(UNKNOWN)), "cause_stated": stated.is_not_null()}


def _by_cause(rows: pl.DataFrame) -> pl.DataFrame:
    counted = rows.group_by("cause").agg(
        pl.len().cast(pl.Int64).alias("customers"), pl.col("revenue_lost").sum(),
        pl.col("cause_stated").sum().cast(pl.Int64), _median_days(),
    )  # fmt: skip
    frame = pl.DataFrame({"cause": [*CAUSES, OTHER, UNKNOWN]})
    return frame.join(counted, on="cause", how="left", maintain_order="left").with_columns(
        pl.col("customers", "revenue_lost", "cause_stated").fill_null(0)
    )


def _median_days() -> pl.Expr:
    return pl.col("lead_time").median().floor().cast(pl.Int64)


def _by_signal(rows: pl.DataFrame) -> pl.DataFrame:
    counted = rows.group_by(signal="first_signal").agg(pl.len().cast(pl.Int64).alias("customers"), _median_days())
    frame = pl.DataFrame({"signal": [signal.code for signal in SIGNALS]})
    return frame.join(counted, on="signal", how="inner", maintain_order="left")


def explain(report: Report, customer: Customer) -> Explanation | None:
    """Say when and why a customer was lost, and what the first sign was."""
    row = row_of(report, customer)
    if row is None:
        return None
    label = Phrase("lost.label", {"date": Figure("date", row["ended_on"])}, "warnings")
    cause = {"cause": Figure("term", f"warnings:cause.{row['cause']}")}
    because = [Phrase("lost.stated" if row["cause_stated"] else "lost.computed", cause, "warnings")]
    if row["first_signal"] is not None:
        sign = {
            "signal": Figure("term", f"warnings:signal.{row['first_signal']}"),
            "date": Figure("date", row["first_signal_on"]),
            "days": Figure("days", row["lead_time"]),
        }
        because.append(Phrase("lost.first_signal", sign, "warnings"))
    because.append(Phrase("lost.revenue", {"revenue": Figure("money", row["revenue_lost"])}, "warnings"))
    return Explanation(label, tuple(because))


LOST_CUSTOMERS: Final = System(
    "lost_customers", "S34b", (("transactions", "customers.last_purchase"),), lost_customers_report, explain
)
"""Lost-customer review."""
