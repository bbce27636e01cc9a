"""Early warning: value at stake, order of the list, causes, and the sample's key account."""

from functools import cache

import polars as pl
import pytest

from crmdash.columns import MONEY_SCALE
from crmdash.evaluate import evaluate
from crmdash.phrases import say
from crmdash.settings import Settings
from crmdash.summary import summarise
from crmdash.systems.causes import causes, peers_shrink, strongest
from crmdash.systems.early_warning import EARLY_WARNING, alerts
from crmdash.systems.evidence import Evidence
from crmdash.systems.registry import gather
from crmdash.ui.cache import sample
from tests.unit.frames import contact, evidence, of_customer, sales
from tests.unit.test_warning import EN

# "a" and "b" buy every 20 days and stop at day 720: silent for 60 days, 3 rhythms. "c" goes on to day 780.
STOPPED: dict[int, float] = {day: 100 for day in range(0, 721, 20)}
ROWS = [*sales("a", STOPPED, profit=20), *sales("b", STOPPED, profit=20),
        *sales("c", {day: 100 for day in range(0, 781, 20)}, profit=20)]  # fmt: skip


@pytest.fixture(scope="module")
def on_the_sample() -> Evidence:
    tables, settings = sample().tables, Settings()
    summary = summarise(tables)
    at = cache(lambda day: summarise(tables, settings.period, day))
    return gather(tables, summary, evaluate(summary, settings), at)


def test_value_at_stake_counted_by_hand():
    # In (415, 780] "a" bought on 420 … 720: 16 x 20 of profit; falling, keep rate 0.4; score 60.
    report = evidence(ROWS).report("early_warning")
    row = of_customer(report.rows.frame, "a")
    assert (row["risk_score"], row["risk_level"], row["expected_profit"]) == (60, "alert", 128 * MONEY_SCALE)
    assert row["at_stake"] == round(128 * 0.6 * MONEY_SCALE)
    assert report.figures["alerts"].value == 2
    assert report.figures["at_stake"].value == 2 * row["at_stake"]
    assert (row["signal_1"], row["points_1"], row["signal_2"], row["cause"]) == ("silence", 60, None, "unknown")


def test_the_board_counts_the_same():
    found = evidence(ROWS)
    figures = found.report("early_warning").figures
    assert (alerts(found).customers, alerts(found).at_stake) == (figures["alerts"].value, figures["at_stake"].value)


def test_of_equals_those_without_a_barrier_come_first():
    people = [{"customer_id": "a", "exit_barriers": "economic:bond"}, {"customer_id": "b", "exit_barriers": None}]
    rows = evidence(ROWS, customers=people).report("early_warning").rows.frame
    assert rows["customer_id"].to_list() == ["b", "a", "c"]
    assert rows["barriers"].to_list() == [None, 1, None]


def test_customers_that_lose_money_put_nothing_at_stake():
    rows = [*sales("a", STOPPED, profit=-20), *ROWS[len(STOPPED) :]]
    found = evidence(rows)
    report = found.report("early_warning")
    assert of_customer(report.rows.frame, "a")["at_stake"] < 0
    assert report.figures["at_stake"].value == alerts(found).at_stake == round(128 * 0.6 * MONEY_SCALE)


def pointed(**points: float) -> pl.DataFrame:
    return pl.DataFrame([{"risk_score": 50.0} | {f"risk_{name}": value for name, value in points.items()}])


@pytest.mark.parametrize(
    ("points", "shrinking", "cause"),
    [
        ({"silence": 60.0}, False, "unknown"),
        ({"silence": 60.0, "complaints": 1.0}, False, "ours"),
        ({"growth": 30.0}, False, "market"),
        ({"growth": 30.0}, True, "theirs"),
        ({"growth": 30.0, "days_late": 5.0, "complaints": 25.0}, True, "theirs"),
        ({"growth": 30.0, "days_late": 5.0, "complaints": 25.0}, False, "market"),
        ({"satisfaction": 10.0, "expectation_gap": 6.0, "wallet_fall": 15.0}, False, "ours"),
        ({"satisfaction": 15.0, "wallet_fall": 15.0}, False, "ours"),
        ({"days_late": 20.0, "contract": 19.0}, False, "theirs"),
    ],
)
def test_the_cause_is_the_one_with_most_points(points: dict[str, float], shrinking: bool, cause: str):
    assert causes(pointed(**points), pl.Series([shrinking])).to_list() == [cause]


def test_the_two_strongest_signals():
    found = strongest(pointed(silence=10.0, complaints=25.0, contract=10.0, returns=0.0)).row(0)
    assert found == ("complaints", 25.0, "silence", 10.0)
    assert strongest(pointed(silence=0.0, complaints=3.0)).row(0) == ("complaints", 3.0, None, None)


def test_peers_shrink_with_the_revenue_of_their_group():
    base = pl.DataFrame({
        "customer_id": ["a", "b", "c", "d"], "format": ["bar", "bar", "inn", "inn"],
        "revenue_late": [5, 4, 9, 3], "revenue_before": [9, 1, 2, 4],
    })  # fmt: skip
    assert dict(peers_shrink(base, 2).iter_rows()) == {"a": True, "b": True, "c": False, "d": False}
    # 12 + 9 against 12 + 4: with everybody as peers nobody's peers shrink.
    assert not peers_shrink(base, 3)["peers_shrink"].any()


def test_the_samples_key_account_is_alerted_first_with_cause_and_reasons(on_the_sample: Evidence):
    report = on_the_sample.report("early_warning")
    first = report.rows.frame.row(0, named=True)
    assert (first["customer_id"], first["risk_level"], first["risk_score"]) == ("C0279", "alert", 100)
    assert (first["cause"], first["answer"]) == ("ours", "ours")
    assert (first["signal_1"], first["signal_2"]) == ("silence", "wallet_fall")
    explain = EARLY_WARNING.explain
    assert explain is not None
    told = explain(report, of_customer(on_the_sample.customers, "C0279"))
    assert told is not None
    assert say(told.label, EN) == "Alert: risk score 100.0 of 100"
    reasons = [say(reason, EN) for reason in told.because]
    assert reasons[:3] == ["Silent for long: 60.0 points", "Buys less: 15.1 points", "Lost categories: 12.2 points"]
    assert "Complaints: 25.0 points" in reasons and "Contract ends: 16.4 points" in reasons
    assert reasons[-2] == "Most points come from: Ours. Answer: Find the need, adjust, correct and compensate"


def test_points_of_the_list_add_up_on_the_sample(on_the_sample: Evidence):
    rows = on_the_sample.customers.filter(pl.col("risk_score").is_not_null())
    points = [name for name in rows.columns if name.startswith("risk_") and name not in ("risk_score", "risk_level")]
    assert len(points) == 11
    sums = rows.select(pl.sum_horizontal(points).clip(upper_bound=100)).to_series()
    assert sums.to_list() == pytest.approx(rows["risk_score"].to_list(), abs=1e-5)
    figures = on_the_sample.report("early_warning").figures
    assert figures["alerts"].value == int(rows["risk"].sum())
    assert figures["hit_rate"].value > 3 * figures["base_rate"].value


def test_complaints_count_from_contacts():
    contacts = [contact("c", 770, "complaint"), contact("c", 771, "complaint")]
    row = of_customer(evidence(ROWS, contacts=contacts).report("early_warning").rows.frame, "c")
    assert (row["risk_score"], row["signal_1"], row["cause"]) == (25, "complaints", "ours")


def test_a_file_of_sums_alone_is_dark():
    found = evidence(None, customers=[{"customer_id": "a", "revenue": 5.0}])
    assert not found.can("early_warning")
    lit = evidence(
        None, customers=[{"customer_id": "a", "revenue": 5.0, "satisfaction": 3.0, "recency": 10, "orders": 4}]
    )
    report = lit.report("early_warning")
    assert report.rows.frame["risk_score"].to_list() == [20.0]
    assert report.figures["at_stake"].value == 0
