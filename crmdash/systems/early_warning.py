"""S34 · Early warning: who may leave, why, what to answer, and what is at stake.

value at stake = expected profit x risk score / 100. Score and levels are rules of `crmdash.model.warning`; here they
become a list with reasons, causes and answers, and the alerts of a period ago are judged by what followed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from crmdash.labelling import base_rows, scored
from crmdash.model.reasons import Customer
from crmdash.model.warning import SIGNALS
from crmdash.phrases import Figure, Phrase
from crmdash.systems.barriers import barriers_of
from crmdash.systems.causes import CAUSES, UNKNOWN, causes, given_signals, shrinking_peers, strongest
from crmdash.systems.evidence import Evidence
from crmdash.systems.expected_profit import expectation_notes, expected_of, expected_profits
from crmdash.systems.hit_rate import HitRate, last_period_alerts
from crmdash.systems.order import Key, in_order
from crmdash.systems.places import base_places
from crmdash.systems.report import CUSTOMER, STAGE, TIER, Column, Explanation, Report, System, Table, row_of
from crmdash.systems.tier_measures import measured_by

LEVEL: Final = Column("risk_level", "code", "warnings:level")
CAUSE: Final = Column("cause", "code", "warnings:cause")
ROWS: Final = (
    *CUSTOMER,
    Column("owner", "text"),
    Column("at_stake", "money"),
    Column("risk_score", "score"),
    Column("signal_1", "code", "warnings:signal"),
    Column("signal_2", "code", "warnings:signal"),
    CAUSE,
    Column("answer", "code", "warnings:answer"),
    LEVEL,
    Column("points_1", "score"),
    Column("points_2", "score"),
    Column("expected_profit", "money"),
    TIER,
    STAGE,
    Column("barriers", "count"),
    Column("bonds", "count"),
    Column("lockins", "count"),
)
_SIGNALS: Final = (
    Column("signal", "code", "warnings:signal"),
    CAUSE,
    Column("known", "count"),
    Column("customers", "count"),
    Column("alerted", "count"),
    Column("points", "score"),
)
_CAUSES: Final = (CAUSE, Column("customers", "count"), Column("at_stake", "money"))
_LEVELS: Final = ("alert", "watch")


_EXPECTED_FROM: Final = ("customer_id", "revenue_late", "orders_late", "customer_profit_late")


@dataclass(frozen=True)
class Alerts:
    """How many customers are alerted, and what is at stake with them (ten-thousandths; None where nothing tells)."""

    customers: int
    at_stake: int | None


def alerts(evidence: Evidence) -> Alerts:
    """Count the alerts without listing them: what the board needs at every move of a slider.

    They are counted anew only where something changed that they depend on; no tier line does.
    """
    told = evidence.settings
    rules = (told.period, told.lifecycle, told.warning, told.flags, told.lifetime)
    named = "|".join(part.model_dump_json() for part in rules)
    key = f"alerts {named} {measured_by(told)} {evidence.evaluation.scope!r}"
    return evidence.remember_lasting(key, lambda: _count_alerts(evidence))


def _count_alerts(evidence: Evidence) -> Alerts:
    ground, customers = evidence.evaluation.groundwork, evidence.summary.customers
    base = base_rows(ground)
    rows = base[ground.at_risk[base]]
    read = [name for name in _EXPECTED_FROM if name in customers.columns]
    risky = customers.select(read)[rows].hstack(scored(ground, rows))
    expected = expected_of(risky, evidence)["expected_profit"]
    alerted = risky.select("risk_score", expected).select(_at_stake())["at_stake"]
    return Alerts(len(alerted), _sum_at_stake(alerted))


def _at_stake() -> pl.Expr:
    worth = pl.col("expected_profit") * pl.col("risk_score") / 100
    return (worth + 0.5).floor().cast(pl.Int64).alias("at_stake")


def _sum_at_stake(values: pl.Series) -> int | None:
    """Sum what is at stake; with customers that lose money nothing is. None where it is known of none of them."""
    if len(values) and values.null_count() == len(values):
        return None
    return int(values.clip(lower_bound=0).sum())


def early_warning_report(evidence: Evidence) -> Report:
    """List every customer with a risk score: alerts first, then by value at stake, those without a barrier first."""
    rows, followed = _rows(evidence), last_period_alerts(evidence)
    tables = {"signals": Table(_signal_table(evidence), _SIGNALS), "causes": Table(_cause_table(rows), _CAUSES)}
    return Report(_figures(rows, followed), Table(rows, ROWS), tables, _notes(evidence, followed))


def _rows(evidence: Evidence) -> pl.DataFrame:
    base = evidence.base
    held = [name for name in ("name", "owner", "tier", "stage") if name in base.columns]
    listed = base.select("customer_id", *held, "risk_score", "risk_level", *(_points(base)))
    listed = listed.hstack(expected_profits(evidence).select("expected_profit")).hstack(barriers_of(evidence))
    shrinking = shrinking_peers(evidence).gather(base_places(evidence))
    scored = listed.with_columns(shrinking).filter(pl.col("risk_score").is_not_null())
    found = causes(scored, scored["peers_shrink"])
    scored = scored.hstack(strongest(scored)).with_columns(_at_stake(), cause=found, answer=found)
    return _ranked(scored.select([column.name for column in ROWS if column.name in scored.columns]))


def _ranked(scored: pl.DataFrame) -> pl.DataFrame:
    """Put alerts first, then those to be watched, then the others; of equals the more valuable first."""
    tied = pl.col("barriers").fill_null(0) > 0
    keys: tuple[Key, ...] = (("at_stake", True), (tied, False), ("risk_score", True))
    warned = [in_order(scored.filter(pl.col("risk_level") == level), *keys) for level in _LEVELS]
    calm = scored.filter(pl.col("risk_level").is_null())
    return pl.concat([*warned, calm.sort("at_stake", descending=True, nulls_last=True, maintain_order=True)])


def _points(customers: pl.DataFrame) -> list[str]:
    return [signal.column for signal in given_signals(customers)]


def _signal_table(evidence: Evidence) -> pl.DataFrame:
    """Count for each signal of whom it is known, who shows it, how many of these are alerted, and its mean points."""
    base, given = evidence.base, {signal.code for signal in given_signals(evidence.base)}
    alerted = (pl.col("risk_level") == "alert").fill_null(False)
    counts = []
    for signal in (signal for signal in SIGNALS if signal.code in given):
        points = pl.col(signal.column)
        counts += [
            points.count().alias(f"{signal.code}:known"),
            (points > 0).sum().alias(f"{signal.code}:customers"),
            ((points > 0) & alerted).sum().alias(f"{signal.code}:alerted"),
            points.filter(alerted).sum().alias(f"{signal.code}:points"),
        ]
    found = base.select(counts).row(0, named=True) if counts else {}
    number = int(base.select(alerted.sum()).item()) if len(base) else 0
    rows = [_signal_row(signal.code, signal.cause, found, number) for signal in SIGNALS]
    schema = {
        "signal": pl.String, "cause": pl.String, "known": pl.Int64, "customers": pl.Int64, "alerted": pl.Int64,
        "points": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _signal_row(code: str, cause: str | None, found: Mapping[str, float], alerted: int) -> tuple[object, ...]:
    total = found.get(f"{code}:points")
    mean = total / alerted if total is not None and alerted else None
    counts = (int(found.get(f"{code}:{name}") or 0) for name in ("known", "customers", "alerted"))
    return (code, cause, *counts, mean)


def _cause_table(rows: pl.DataFrame) -> pl.DataFrame:
    """Count the alerts by cause, with what is at stake."""
    alerted = rows.filter(pl.col("risk_level") == "alert")
    counted = alerted.group_by("cause").agg(
        pl.len().cast(pl.Int64).alias("customers"), pl.col("at_stake").clip(lower_bound=0).sum()
    )
    frame = pl.DataFrame({"cause": [*CAUSES, UNKNOWN]})
    return frame.join(counted, on="cause", how="left", maintain_order="left").with_columns(
        pl.col("customers", "at_stake").fill_null(0)
    )


def _figures(rows: pl.DataFrame, followed: HitRate | None) -> dict[str, Figure]:
    alerted = rows.filter(pl.col("risk_level") == "alert")
    figures = {
        "alerts": Figure("count", len(alerted)),
        "at_stake": Figure("money", _sum_at_stake(alerted["at_stake"])),
        "watched": Figure("count", int((rows["risk_level"] == "watch").sum())),
        "scored": Figure("count", len(rows)),
        "without_barrier": Figure("count", int((alerted["barriers"].fill_null(0) == 0).sum())),
    }
    if followed is None:
        return figures
    return figures | {
        "hit_rate": Figure("percent", followed.of_alerted),
        "base_rate": Figure("percent", followed.of_living),
        "alerted_then": Figure("count", followed.alerted),
        "living_then": Figure("count", followed.living),
        "alerted_as_at": Figure("date", followed.day),
        "days_after": Figure("days", followed.horizon),
    }


def _notes(evidence: Evidence, followed: HitRate | None) -> tuple[Phrase, ...]:
    notes = list(expectation_notes(evidence))
    now = {signal.code for signal in given_signals(evidence.base) if evidence.base[signal.column].count()}
    if followed is not None and (later := len(now - set(followed.signals))):
        notes.append(Phrase("note.undated_signals", {"signals": Figure("count", later)}, "warnings"))
    return tuple(notes)


def explain(report: Report, customer: Customer) -> Explanation | None:
    """Say a customer's risk score, the signals behind it, whose doing it is and what to answer."""
    row = row_of(report, customer)
    if row is None:
        return None
    score = {"score": Figure("score", row["risk_score"])}
    label = Phrase(f"risk.{row['risk_level'] or 'calm'}", score, "warnings")
    reasons = [
        Phrase(
            "risk.points",
            {"signal": Figure("term", f"warnings:signal.{signal.code}"), "points": Figure("score", given)},
            "warnings",
        )
        for signal in SIGNALS
        if (given := customer.get(signal.column))
    ]
    if not reasons:
        return Explanation(label)
    answer = {"cause": _words("cause", row["cause"]), "answer": _words("answer", row["cause"])}
    stake = {"expected": Figure("money", row["expected_profit"]), "at_stake": Figure("money", row["at_stake"])}
    reasons.append(Phrase("risk.cause", answer, "warnings"))
    if row["at_stake"] is not None:
        reasons.append(Phrase("risk.at_stake", stake | score, "warnings"))
    return Explanation(label, tuple(reasons))


def _words(table: str, code: str) -> Figure:
    return Figure("term", f"warnings:{table}.{code}")


EARLY_WARNING: Final = System(
    "early_warning",
    "S34",
    (
        (
            "transactions", "customers.last_purchase", "customers.recency", "customers.satisfaction",
            "customers.share_of_wallet_before", "customers.experience", "contacts",
        ),
    ),
    early_warning_report,
    explain,
)  # fmt: skip
"""Early warning."""
