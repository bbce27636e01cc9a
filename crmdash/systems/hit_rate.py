"""How often alerts were right: of those alerted a period ago, who did not order since, beside everybody's share."""

from dataclasses import dataclass

import polars as pl

from crmdash.model.warning import SIGNALS
from crmdash.scope import within
from crmdash.systems.evidence import Evidence
from crmdash.systems.places import find_places
from crmdash.systems.tier_measures import measured_by


@dataclass(frozen=True)
class HitRate:
    """What followed alerts.

    Attributes
    ----------
    day : the day as at which the scores were given; horizon : days looked at after it.
    alerted, silent_alerted : customers alerted, and of these those without a purchase in the days after.
    living, silent_living : the same of all customers with a score.
    signals : codes of the signals that could be told as at that day.
    """

    day: int
    horizon: int
    alerted: int
    silent_alerted: int
    living: int
    silent_living: int
    signals: tuple[str, ...]

    @property
    def of_alerted(self) -> float | None:
        """Share of the alerted customers that did not order (0-1)."""
        return self.silent_alerted / self.alerted if self.alerted else None

    @property
    def of_living(self) -> float | None:
        """Share of all customers with a score that did not order (0-1): the base rate."""
        return self.silent_living / self.living if self.living else None


def hit_rate(then: pl.DataFrame, since: pl.DataFrame, day: int, horizon: int, least_purchases: int = 1) -> HitRate:
    """Compare scores given as at `day` with who ordered in the `horizon` days after.

    Parameters
    ----------
    then : customers as labelled on `day` (`crmdash.evaluate.label`), with risk_score, risk_level and orders.
    since : customers as summarised on `day` + `horizon`, with customer_id and last_purchase.
    least_purchases : customers with fewer purchases on `day` are left out.
    """
    last = since["last_purchase"].gather(find_places(since["customer_id"], then["customer_id"]))
    judged = then.select(
        "risk_score", "orders",
        alerted=(pl.col("risk_level") == "alert").fill_null(False),
        bought=(pl.lit(last) > day).fill_null(False),
    ).filter(pl.col("risk_score").is_not_null() & (pl.col("orders") >= least_purchases).fill_null(True))  # fmt: skip
    silent, alerted = ~judged["bought"], judged["alerted"]
    told = tuple(signal.code for signal in SIGNALS if signal.column in then.columns and then[signal.column].count())
    return HitRate(
        day=day,
        horizon=horizon,
        alerted=int(alerted.sum()),
        silent_alerted=int((silent & alerted).sum()),
        living=len(judged),
        silent_living=int(silent.sum()),
        signals=told,
    )


def last_period_alerts(evidence: Evidence) -> HitRate | None:
    """Return what followed the alerts of one comparison length ago; None where the data does not go back so far."""
    settings, scope = evidence.settings, evidence.evaluation.scope
    rules = f"{settings.lifecycle.model_dump_json()} {settings.warning.model_dump_json()}"
    key = f"hit_rate {rules} {measured_by(settings)} {scope!r}"
    return evidence.remember_lasting(key, lambda: _last_period(evidence))


def _last_period(evidence: Evidence) -> HitRate | None:
    day, as_of = evidence.clock.period_ago, evidence.clock.as_of
    then = None if day is None else evidence.everybody_at(day)
    if day is None or as_of is None or then is None:
        return None
    scope = evidence.evaluation.scope
    return hit_rate(within(then, scope) if scope.active else then, evidence.summary.customers, day, as_of - day)
