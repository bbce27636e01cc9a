"""Lost-customer review: the day of the end, the first sign, the cause, what was lost."""

from typing import Any

import polars as pl
import pytest

from crmdash.columns import MONEY_SCALE
from crmdash.phrases import say
from crmdash.rule_settings import LifecycleSettings, WarningSettings
from crmdash.summary import Clock
from crmdash.systems.lost_customers import LOST_CUSTOMERS, ended_on, worth_watching
from tests.unit.frames import contact, evidence, of_customer, sale, sales
from tests.unit.test_warning import EN

CLOCK = Clock(as_of=1_000, window=365, span=1_000, value_start=None)


@pytest.mark.parametrize(
    ("limits", "orders", "rhythm", "day"),
    [
        ({}, 10, 20.0, 620),  # 6 x 20 days
        ({}, 2, 25.0, 600),  # 4 x 25 days
        ({}, 10, 10.0, 590),  # at least 90 days
        ({}, 10, 300.0, 1_000),  # after 730 days, which are not over: closed, today at the latest
        ({"measured_by": "days"}, 10, 20.0, 680),  # 180 days
        ({"model": "personal_cycle"}, 10, 20.5, 562),  # 3 x 20.5 days, rounded up
    ],
)
def test_the_day_of_the_end(limits: dict[str, Any], orders: int, rhythm: float, day: int):
    row = pl.DataFrame({"last_purchase": [500], "orders": [orders], "rhythm": [rhythm]})
    assert row.select(ended_on(LifecycleSettings(**limits), CLOCK)).item() == day


def test_silence_worth_watching():
    assert worth_watching(WarningSettings()) == 2.25
    assert worth_watching(WarningSettings(silence_points=20)) is None
    assert worth_watching(WarningSettings(silence_points=0, watch=0)) is None


# Everybody buys every 20 days; the last day is 780, W = L = 365, looks back on days 598 and 415.
UP_TO = {"stays": 780, "lately": 600, "earlier": 500, "long_ago": 200}
ROWS = [row for name, last in UP_TO.items() for row in sales(name, {day: 100 for day in range(0, last + 1, 20)})]


def test_counted_by_hand():
    # Ended 120 days after the last purchase: on days 720, 620 and 320; the last is more than W ago.
    report = evidence(ROWS).report("lost_customers")
    rows = report.rows.frame
    assert dict(rows.select("customer_id", "ended_on").iter_rows()) == {"lately": 720, "earlier": 620}
    # Worth watching at 2.25 x 20 = 45 days of silence: 75 days before the end.
    assert dict(rows.select("customer_id", "first_signal_on").iter_rows()) == {"lately": 645, "earlier": 545}
    assert rows["first_signal"].to_list() == ["silence", "silence"]
    assert rows["lead_time"].to_list() == [75, 75]
    # In the 365 days up to the last purchase: 19 purchases of 100.
    assert rows["revenue_lost"].to_list() == [1_900 * MONEY_SCALE] * 2
    # As at day 598 "earlier" bought less than before, as its peers do until day 780; of "lately" nothing showed.
    assert dict(rows.select("customer_id", "cause").iter_rows()) == {"earlier": "theirs", "lately": "unknown"}
    figures = report.figures
    assert (figures["lost"].value, figures["revenue_lost"].value) == (2, 3_800 * MONEY_SCALE)
    assert (figures["lead_time"].value, figures["resolution"].value, figures["looks_back"].value) == (75, 182, 2)


def test_the_files_own_reason_comes_first():
    people = [{"customer_id": "earlier", "end_reason": "theirs"}, {"customer_id": "lately", "end_reason": None}]
    report = evidence(ROWS, customers=people).report("lost_customers")
    row = of_customer(report.rows.frame, "earlier")
    assert (row["cause"], row["cause_stated"]) == ("theirs", True)
    causes = dict(report.tables["causes"].frame.select("cause", "customers").iter_rows())
    assert causes == {"ours": 0, "theirs": 1, "market": 0, "other": 0, "unknown": 1}


def test_a_look_back_finds_an_earlier_sign_and_its_cause():
    # Three complaints before day 598 warn of "lately" while it still buys: 25 of them, and 5 of a fall of satisfaction.
    contacts = [contact("lately", day, "complaint") for day in (570, 580, 590)]
    contacts += [contact("lately", day, "survey", score=score) for day, score in ((200, 9.0), (560, 6.0))]
    row = of_customer(evidence(ROWS, contacts=contacts).report("lost_customers").rows.frame, "lately")
    assert (row["first_signal"], row["first_signal_on"], row["lead_time"]) == ("complaints", 598, 122)
    assert (row["cause"], row["cause_stated"]) == ("ours", False)


def test_closed_in_the_file_counts_as_ended_today_at_the_latest():
    people = [{"customer_id": "stays", "status": "closed", "end_reason": "market"}]
    rows = evidence([*ROWS, sale("x", 790, 1)], customers=people).report("lost_customers").rows.frame
    row = of_customer(rows, "stays")
    assert (row["ended_on"], row["cause"], row["first_signal"]) == (790, "market", None)


def test_nobody_lost_and_no_dates():
    assert len(evidence(sales("a", {0: 1, 20: 1, 40: 1})).report("lost_customers").rows.frame) == 0
    only_sums = evidence(None, customers=[{"customer_id": "a", "revenue": 5.0}])
    assert not only_sums.can("lost_customers")


def test_it_is_told_of_one_customer():
    found = evidence(ROWS)
    explain = LOST_CUSTOMERS.explain
    assert explain is not None
    told = explain(found.report("lost_customers"), of_customer(found.customers, "lately"))
    assert told is not None
    assert say(told.label, EN) == "Lost: ended on Dec 22, 1971"
    assert say(told.because[1], EN) == "First signal on Oct 8, 1971: Silent for long, 75 days before the end"
    assert explain(found.report("lost_customers"), of_customer(found.customers, "stays")) is None
