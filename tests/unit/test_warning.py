"""The risk score: each signal on both ends of its ramp, what is missing, who has none, and the two levels."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdash.engine import collect, lazy
from crmdash.i18n import Wording
from crmdash.model.reasons import why_flags
from crmdash.model.warning import SIGNALS, add_risk
from crmdash.phrases import say
from crmdash.rule_settings import WarningSettings
from crmdash.summary import Clock
from tests.unit.frames import evaluated, labels, of_customer, sales

TODAY = 1_000
CLOCK = Clock(as_of=TODAY, window=365, span=TODAY, value_start=None)
WHOLE = {"orders_before", "complaints_open", "complaints_closed", "contract_end"}
EN = Wording("en")
USUAL = WarningSettings()


def risk(limits: WarningSettings = USUAL, **facts: Any) -> dict[str, Any]:
    """Return the row of one living customer of whom only `facts` are known."""
    row = {"in_base": True, "phase": "steady"} | facts
    types: dict[str, Any] = {"in_base": pl.Boolean, "phase": pl.String} | dict.fromkeys(WHOLE, pl.Int64)
    schema = {name: types.get(name, pl.Float64) for name in row}
    return collect(add_risk(lazy(pl.DataFrame([row], schema=schema)), limits, CLOCK)).row(0, named=True)


@pytest.mark.parametrize(
    ("facts", "points"),
    [
        ({"silence": 1.5}, 0),
        ({"silence": 2.25}, 30),
        ({"silence": 3.0}, 60),
        ({"silence": 9.0}, 60),
        ({"relative_growth": -0.3, "orders_before": 3}, 0),
        ({"relative_growth": -0.65, "orders_before": 3}, 15),
        ({"relative_growth": -1.5, "orders_before": 3}, 30),
        ({"relative_growth": 0.5, "orders_before": 3}, 0),
        ({"category_loss": 0.2}, 0),
        ({"category_loss": 0.4}, 10),
        ({"category_loss": 0.6}, 20),
        ({"share_of_wallet_before": 0.75, "share_of_wallet": 0.7}, 0),
        ({"share_of_wallet_before": 0.75, "share_of_wallet": 0.6}, 12.5),
        ({"share_of_wallet_before": 0.75, "share_of_wallet": 0.5}, 25),
        ({"satisfaction": 7.0}, 0),
        ({"satisfaction": 5.0}, 10),
        ({"satisfaction": 2.0}, 20),
        ({"satisfaction_change": -0.5}, 0),
        ({"satisfaction_change": -1.75}, 7.5),
        ({"satisfaction_change": -3.0}, 15),
        ({"satisfaction_change": 2.0}, 0),
        ({"complaints_open": 0, "complaints_closed": 1}, 6.25),
        ({"complaints_open": 1, "complaints_closed": 0}, 12.5),
        ({"complaints_open": 1, "complaints_closed": 2}, 25),
        ({"experience": 6.5, "expectation": 7.0}, 0),
        ({"experience": 5.0, "expectation": 6.75}, 5),
        ({"experience": 2.0, "expectation": 8.0}, 10),
        ({"days_late": 7.0}, 0),
        ({"days_late": 33.5}, 10),
        ({"days_late": 60.0}, 20),
        ({"contract_end": TODAY + 120}, 0),
        ({"contract_end": TODAY + 75}, 10),
        ({"contract_end": TODAY}, 20),
        ({"return_share_change": 0.05}, 0),
        ({"return_share_change": 0.125}, 5),
        ({"return_share_change": 0.2}, 10),
    ],
)  # fmt: skip
def test_each_signal_is_a_ramp(facts: dict[str, Any], points: float):
    assert risk(**facts)["risk_score"] == pytest.approx(points, abs=1e-6)


@pytest.mark.parametrize(
    "facts",
    [
        {"silence": None},
        {"relative_growth": -1.0, "orders_before": 2},  # too few purchases before to speak of a fall
        {"share_of_wallet_before": 0.75, "share_of_wallet": None},
        {"contract_end": TODAY - 1},  # ended: it warns of nothing any more
        {"silence": 9.0, "phase": "gone"},
        {"silence": 9.0, "phase": "before"},
        {"silence": 9.0, "in_base": False},
        {"in_base": True},
    ],
)
def test_without_a_known_signal_there_is_no_score(facts: dict[str, Any]):
    found = risk(**facts)
    assert (found["risk_score"], found["risk_level"]) == (None, None)


def test_points_add_up_and_what_is_missing_adds_nothing():
    found = risk(silence=2.25, category_loss=0.4, satisfaction=None, complaints_open=1, complaints_closed=0)
    assert (found["risk_silence"], found["risk_category_loss"], found["risk_complaints"]) == (30, 10, 12.5)
    assert found["risk_satisfaction"] is None
    assert found["risk_score"] == 52.5


def test_a_hundred_is_the_most():
    assert risk(silence=5.0, category_loss=1.0, satisfaction=0.0, days_late=90.0)["risk_score"] == 100


@pytest.mark.parametrize(("silence", "level"), [(2.24, None), (2.25, "watch"), (2.99, "watch"), (3.0, "alert")])
def test_levels(silence: float, level: str | None):
    assert risk(silence=silence)["risk_level"] == level


def test_the_limits_are_settings():
    limits = WarningSettings(silence_from=1.0, silence_to=2.5, silence_points=40, alert=40, watch=10)
    assert (risk(limits, silence=1.75)["risk_score"], risk(limits, silence=2.5)["risk_level"]) == (20, "alert")


@given(st.lists(st.tuples(*(st.none() | st.floats(-5, 15) for _ in range(4))), min_size=1, max_size=20))
def test_the_score_is_the_capped_sum_of_the_points(rows: list[tuple[float | None, ...]]):
    names = ("silence", "category_loss", "satisfaction", "days_late")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Float64), orient="row")
    frame = frame.with_columns(in_base=pl.lit(True), phase=pl.lit("steady"))
    for row in collect(add_risk(lazy(frame), WarningSettings(), CLOCK)).rows(named=True):
        points = [row[f"risk_{name}"] for name in names]
        known = [point for point in points if point is not None]
        expected = min(100, sum(known)) if known else None
        assert row["risk_score"] == (None if expected is None else pytest.approx(expected, abs=1e-4))
        assert (row["risk_level"] == "alert") is (row["risk_score"] is not None and row["risk_score"] >= 60)


def test_every_signal_has_its_settings_and_a_cause_or_none():
    limits = WarningSettings()
    for signal in SIGNALS:
        assert getattr(limits, f"{signal.code}_from") != getattr(limits, f"{signal.code}_to")
        assert getattr(limits, f"{signal.code}_points") > 0
    assert {signal.cause for signal in SIGNALS} == {None, "ours", "theirs", "market"}


def test_an_alert_raises_the_flag_and_says_why():
    # Every ten days up to day 200, the last day of another on day 240: silent for 40 days, 4 x its 10 days.
    rows = [*sales("a", dict.fromkeys(range(0, 201, 10), 100)), *sales("b", dict.fromkeys(range(0, 241, 10), 10))]
    found = evaluated(rows)
    assert labels(found, "risk") == {"a": True, "b": False}
    why = why_flags(of_customer(found.customers, "a"), found.rulebook)
    assert say(why["risk"], EN) == "Risk score 60.0 of 100: Silent for long 60.0"


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ({"risk_silence": 60.0}, "Risk score 60.0 of 100: Silent for long 60.0"),
        (
            {"risk_silence": 60.0, "risk_wallet_fall": 25.0},
            "Risk score 85.0 of 100: Silent for long 60.0, Share of wallet fell 25.0",
        ),
        (
            {"risk_silence": 60.0, "risk_wallet_fall": 25.0, "risk_growth": 15.0},
            "Risk score 100.0 of 100, above all: Silent for long 60.0, Share of wallet fell 25.0",
        ),
    ],
)
def test_of_more_than_two_signs_the_strongest_are_named_as_such(points: dict[str, float], said: str):
    found = evaluated(sales("a", dict.fromkeys(range(0, 201, 10), 100)))
    silent = dict.fromkeys((signal.column for signal in SIGNALS), 0.0)
    customer = of_customer(found.customers, "a") | silent | points
    customer |= {"risk": True, "risk_score": sum(points.values())}
    assert say(why_flags(customer, found.rulebook)["risk"], EN) == said


def test_a_risky_valuable_customer_is_protected():
    # Two open complaints change no phase, but with the rest they give an alert: row "valuable in danger".
    rows = sales("a", dict.fromkeys(range(0, 800, 40), 1_000))
    rows += sales("b", dict.fromkeys(range(0, 800, 40), 1))
    people = [{"customer_id": "a", "satisfaction": 3.0, "expectation": 9.0, "experience": 5.0,
               "share_of_wallet_before": 0.9, "share_of_wallet": 0.85, "contract_end": 760 + 200}]  # fmt: skip
    complaints = [{"customer_id": "a", "date": day, "kind": "complaint"} for day in (700, 710)]
    plain = evaluated(rows, customers=people)
    alerted = evaluated(rows, {"warning": {"alert": 50}}, customers=people, contacts=complaints)
    assert (labels(plain, "phase")["a"], labels(alerted, "phase")["a"]) == ("steady", "steady")
    assert labels(alerted, "risk")["a"] and not labels(plain, "risk")["a"]
    found = of_customer(alerted.customers, "a")
    assert (found["strategy"], found["reason_code"]) == ("protect", "valuable_in_danger")
