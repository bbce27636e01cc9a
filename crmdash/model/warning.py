"""Early warning (S34): a risk score of 0-100 that adds up the points of single signals, so that it can be told.

Each signal is a straight ramp from none to all of its points. What is missing gives no points and stays missing, so
that the screen can name it. Customers that have not bought yet, or are gone, have no score.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from crmdash.engine import LabelType, Lazy, as_text
from crmdash.engine.language import nw
from crmdash.model.lifecycle import ruled_growth
from crmdash.model.rules import surely
from crmdash.rule_settings import WarningSettings
from crmdash.summary.clock import Clock
from crmdash.summary.tables import columns_of

Cause = Literal["ours", "theirs", "market"]

HIGHEST: Final = 100.0
"""More points than this change nothing."""

LEVELS: Final = ("watch", "alert")

UNSCORED: Final = ("before", "gone")
"""Phases without a risk score."""

_GRAINS: Final = 1_000_000.0
"""Points are kept in such parts of one, so that a ramp's end is reached exactly."""


_LIVING: Final = "risk:living"


@dataclass(frozen=True, eq=False)
class Signal:
    """One sign of a customer that may leave.

    Attributes
    ----------
    cause : whose doing it is; None where it does not tell (silence). Growth is "market" unless the peers shrink too.
    needs : columns of the customers without which it says nothing.
    measured : what the ramp runs over.
    """

    code: str
    cause: Cause | None
    needs: tuple[str, ...]
    measured: Callable[[WarningSettings, Clock], nw.Expr]

    @property
    def column(self) -> str:
        """The column with the signal's points."""
        return f"risk_{self.code}"


def _plain(name: str) -> Callable[[WarningSettings, Clock], nw.Expr]:
    return lambda limits, clock: nw.col(name)


def _growth(limits: WarningSettings, clock: Clock) -> nw.Expr:
    return ruled_growth(frozenset({"relative_growth", "orders_before"}))


def _complaints(limits: WarningSettings, clock: Clock) -> nw.Expr:
    return nw.col("complaints_open") + nw.col("complaints_closed") * limits.closed_complaint


def _contract_days(limits: WarningSettings, clock: Clock) -> nw.Expr:
    """Return the days until the contract ends; missing once it has ended: then it warns of nothing any more."""
    left = nw.col("contract_end") - nw.lit(clock.as_of, nw.Int64)
    return nw.when(left >= 0).then(left)


SIGNALS: Final = (
    Signal("silence", None, ("silence",), _plain("silence")),
    Signal("growth", "market", ("relative_growth", "orders_before"), _growth),
    Signal("category_loss", "market", ("category_loss",), _plain("category_loss")),
    Signal(
        "wallet_fall", "market", ("share_of_wallet_before", "share_of_wallet"),
        lambda limits, clock: nw.col("share_of_wallet_before") - nw.col("share_of_wallet"),
    ),
    Signal("satisfaction", "ours", ("satisfaction",), _plain("satisfaction")),
    Signal("satisfaction_fall", "ours", ("satisfaction_change",),
           lambda limits, clock: nw.lit(0.0) - nw.col("satisfaction_change")),
    Signal("complaints", "ours", ("complaints_open", "complaints_closed"), _complaints),
    Signal(
        "expectation_gap", "ours", ("experience", "expectation"),
        lambda limits, clock: nw.col("experience") - nw.col("expectation"),
    ),
    Signal("days_late", "theirs", ("days_late",), _plain("days_late")),
    Signal("contract", "market", ("contract_end",), _contract_days),
    Signal("returns", "ours", ("return_share_change",), _plain("return_share_change")),
)  # fmt: skip
"""The signals of the score, in the order of the rule table."""


def signals_of(known: frozenset[str]) -> tuple[Signal, ...]:
    """Return the signals that customers with these columns can give."""
    return tuple(signal for signal in SIGNALS if set(signal.needs) <= known)


def most(signal: Signal, limits: WarningSettings) -> float:
    """Return all the points that a signal can give."""
    return float(getattr(limits, f"{signal.code}_points"))


def _ramp(signal: Signal, limits: WarningSettings, clock: Clock) -> nw.Expr:
    """Return the points of a signal before they are kept between none and all."""
    low, high = getattr(limits, f"{signal.code}_from"), getattr(limits, f"{signal.code}_to")
    return (signal.measured(limits, clock) - low) * (most(signal, limits) / (high - low))


def _between(points: nw.Expr, full: float) -> nw.Expr:
    """Keep points between 0 and `full`: faster than clipping where some are missing."""
    return nw.when(points < 0).then(nw.lit(0.0)).otherwise(nw.when(points > full).then(nw.lit(full)).otherwise(points))


def _grains(points: nw.Expr) -> nw.Expr:
    """Count grains: engines round halves in different ways; points are never below zero."""
    return (points * _GRAINS + 0.5).floor()


def _add_points(customers: Lazy, given: list[Signal], limits: WarningSettings, clock: Clock) -> Lazy:
    """Add the points of signals: full x (measured - from) / (to - from), between 0 and full; missing if unknown."""
    # In two steps: written out in one, every ramp would stand there four times.
    ramps = customers.with_columns(**{signal.column: _ramp(signal, limits, clock) for signal in given})
    return ramps.with_columns(
        **{one.column: _grains(_between(nw.col(one.column), most(one, limits))) / _GRAINS for one in given}
    )


def _added(given: list[Signal]) -> nw.Expr:
    first, *others = (nw.col(signal.column).fill_null(0.0) for signal in given)
    return sum(others, first)


def add_risk(customers: Lazy, limits: WarningSettings, clock: Clock, labels: LabelType = as_text) -> Lazy:
    """Add ``risk_<signal>`` for every signal that is known at all, `risk_score` (0-100) and `risk_level`.

    The level is "alert", "watch" or missing. All three are missing for customers outside the base, before their first
    purchase and gone, the score also where no signal is known of the customer.

    Parameters
    ----------
    customers : with in_base and phase, and where known silence and the measures of the signals.
    labels : gives the type that the level is held in.
    """
    level = labels(LEVELS)
    given = given_signals(columns_of(customers), clock)
    if not given:
        return customers.with_columns(risk_score=nw.lit(None, nw.Float64), risk_level=nw.lit(None, level))
    living = nw.col("in_base") & ~surely(
        nw.any_horizontal(*(nw.col("phase") == one for one in UNSCORED), ignore_nulls=True)
    )
    marked = _add_points(customers, given, limits, clock).with_columns(**{_LIVING: living})
    pointed = marked.with_columns(
        **{signal.column: nw.when(nw.col(_LIVING)).then(nw.col(signal.column)) for signal in given}
    )
    known = nw.any_horizontal(*(~nw.col(signal.column).is_null() for signal in given), ignore_nulls=True)
    grains = _grains(_between(_added(given), HIGHEST))
    # Divided by a column: by one number Polars multiplies with its inverse, which loses the last digit.
    total = grains / (grains * 0.0 + _GRAINS)
    scored = pointed.with_columns(risk_score=nw.when(known).then(total)).drop(_LIVING)
    score = nw.col("risk_score")
    watched = nw.when(score >= limits.watch).then(nw.lit("watch", level)).otherwise(nw.lit(None, level))
    alerted = nw.when(score >= limits.alert).then(nw.lit("alert", level)).otherwise(watched)
    return scored.with_columns(risk_level=alerted)


def given_signals(known: frozenset[str], clock: Clock) -> list[Signal]:
    """Return the signals that customers with these columns give on an as-at day, or without one."""
    return [signal for signal in signals_of(known) if clock.as_of is not None or _timeless(signal)]


def add_alert(customers: Lazy, limits: WarningSettings, clock: Clock) -> Lazy:
    """Add `alert`: whether the level of a customer is "alert", whatever phase it is in.

    Parameters
    ----------
    customers : with the measures of one signal at least.
    """
    given = given_signals(columns_of(customers), clock)
    enough = _grains(_added(given)) >= limits.alert * _GRAINS
    return _add_points(customers, given, limits, clock).with_columns(alert=enough)


def told_by_one(known: frozenset[str], limits: WarningSettings, clock: Clock) -> tuple[nw.Expr, nw.Expr]:
    """Return who has an alert by the strongest signal alone, and who may have one by all of them together.

    All others have none. It saves adding up the points of most customers; phases are not looked at.
    """
    given = sorted(given_signals(known, clock), key=lambda signal: most(signal, limits), reverse=True)
    if not given:
        return nw.lit(False), nw.lit(False)
    strongest, *others = given
    reached, full = _ramp(strongest, limits, clock), most(strongest, limits)
    enough = surely(reached >= limits.alert) if full >= limits.alert else nw.lit(False)
    wanting = limits.alert - sum(most(signal, limits) for signal in others)
    # One point of leeway, far more than rounding to grains can add.
    possible = surely(reached >= wanting - 1) if wanting > 1 else nw.lit(True)
    return enough, possible & ~enough


def _timeless(signal: Signal) -> bool:
    """Say whether a signal can be told without an as-at day."""
    return signal.code != "contract"
