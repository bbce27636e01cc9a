"""How often alerts were right: counted by hand, on CDNOW as published, and never with facts of a later day."""

import pytest

from crmdash.evaluate import label
from crmdash.settings import Settings
from crmdash.summary import Tables, summarise, to_date, to_day
from crmdash.systems.hit_rate import hit_rate, last_period_alerts
from tests.unit.frames import evidence, labels, of_customer, sale, sales, there
from tests.unit.test_references import blank_separated, packaged

# Everybody buys every 20 days from day 0; "late" and "lost" stop at day 300, and "late" comes back.
UP_TO = {"a": 780, "b": 780, "late": 300, "lost": 300}
ROWS = [row for name, last in UP_TO.items() for row in sales(name, dict.fromkeys(range(0, last + 1, 20), 100))]
ROWS.append(sale("late", 600, 100))


def test_counted_by_hand():
    # As at day 415 (T 780, L 365): "late" and "lost" are silent for 115 days, 5.75 x 20: alerted, not yet ended.
    found = last_period_alerts(evidence(ROWS))
    assert found is not None
    assert (found.day, found.horizon) == (415, 365)
    assert (found.alerted, found.silent_alerted, found.living, found.silent_living) == (2, 1, 4, 1)
    assert (found.of_alerted, found.of_living) == (0.5, 0.25)
    assert found.signals == ("silence", "growth", "returns")


def test_customers_with_few_purchases_can_be_left_out():
    rows = [*ROWS, sale("once", 400, 5)]
    found = evidence(rows)
    then, now = there(found.everybody_at(415)), found.summary.customers
    assert hit_rate(then, now, 415, 365).living == 5
    assert hit_rate(then, now, 415, 365, least_purchases=3).living == 4


def test_without_an_earlier_period_there_is_none():
    assert last_period_alerts(evidence(sales("a", {0: 10}))) is None
    assert last_period_alerts(evidence(None, customers=[{"customer_id": "a", "revenue": 5.0, "recency": 3}])) is None


def test_nobody_alerted_has_no_share():
    found = last_period_alerts(evidence(sales("a", dict.fromkeys(range(0, 781, 20), 10))))
    assert found is not None
    assert (found.alerted, found.of_alerted, found.of_living) == (0, None, 0.0)


def test_facts_without_a_date_are_not_carried_back():
    people = [{"customer_id": "a", "satisfaction": 1.0, "status": "closed", "share_of_wallet_before": 0.9,
               "share_of_wallet": 0.1, "experience": 1.0, "expectation": 9.0, "contract_end": 430}]  # fmt: skip
    found = evidence(ROWS, customers=people)
    then = of_customer(there(found.everybody_at(415)), "a")
    assert (then["phase"], then["risk_score"]) == ("steady", 0)
    assert not {"status", "satisfaction", "contract_end", "risk_wallet_fall"} & then.keys()
    assert labels(found.evaluation, "phase")["a"] == "gone"


def test_before_the_first_row_nothing_is_seen():
    assert evidence(ROWS).everybody_at(-1) is None
    assert evidence(ROWS).everybody_at(781) is None


def test_cdnow_alerts_are_useful_and_far_from_certain():
    tables = Tables.of(blank_separated(packaged("CDNOW_master.txt"), ids=1))
    day = to_day(to_date(0).fromisoformat("1998-02-14"))
    then, now = summarise(tables, as_of=day), summarise(tables)
    assert now.clock.as_of == day + 136
    scored = label(then, Settings())
    assert scored["risk_returns"].sum() == 0, "nothing comes back there: silence and growth alone"
    found = hit_rate(scored, now.customers, day, 136, least_purchases=3)
    assert found.of_alerted == pytest.approx(0.66, abs=0.005)
    assert found.of_living == pytest.approx(0.50, abs=0.005)
    assert found.signals == ("silence", "growth", "returns")
