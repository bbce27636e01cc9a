"""S10: what a few more kept customers are worth, and what winning as much anew costs."""

import polars as pl
import pytest

from crmdash.systems.newcomers import newcomers
from crmdash.systems.retention_gain import RETENTION_GAIN, Winning, by_tier, report, win
from tests.unit.frames import contact, evidence, money, sale

# The file begins on day 0 with "old"; "new" comes on day 100, "late" on day 300; the last day is 600.
ROWS = [
    sale("old", 0, 100, profit=90), sale("old", 600, 100, profit=90),
    sale("new", 100, 10, profit=10), sale("new", 464, 20, profit=20), sale("new", 465, 70, profit=70),
    sale("late", 300, 30, profit=30),
]  # fmt: skip


def test_a_gain_and_what_it_costs_to_win_as_much():
    living = pl.DataFrame({"tier": ["gold", "iron", "gold"], "expected_profit": [money(100), None, money(300)]})
    rows = by_tier(living, 5, Winning(first_year=money(40), newcomers=3, cost=money(80), assumed=True))
    gold, iron = rows.rows(named=True)
    # 2 x 5 % x 200 = 20; 20 / 40 = half a newcomer at 80.
    assert gold == {
        "tier": "gold", "customers": 2, "expected_profit": money(200), "gain": money(20), "worth_keeping": money(10),
        "newcomers_needed": 0.5, "cost_of_winning": money(40),
    }  # fmt: skip
    assert iron["customers"] == 1 and iron["gain"] is None and iron["cost_of_winning"] is None


@pytest.mark.parametrize("first_year", [None, 0.0, -5.0])
def test_newcomers_who_earn_nothing_make_up_for_nothing(first_year):
    living = pl.DataFrame({"tier": ["gold"], "expected_profit": [money(100)]})
    row = by_tier(living, 5, Winning(first_year, 1, money(80), assumed=False)).row(0, named=True)
    assert row["gain"] == money(5) and row["newcomers_needed"] is None and row["cost_of_winning"] is None


def test_a_tier_that_loses_money_has_nothing_to_win_anew():
    living = pl.DataFrame({"tier": ["lead"], "expected_profit": [money(-100)]})
    row = by_tier(living, 10, Winning(money(40), 1, money(80), assumed=False)).row(0, named=True)
    assert row["gain"] == money(-10) and row["newcomers_needed"] is None


def test_only_those_who_came_later_are_newcomers():
    found = evidence(ROWS)
    assert newcomers(found.base, found.clock, 90)["customer_id"].sort().to_list() == ["late", "new"]
    assert newcomers(found.base, found.clock, 301)["customer_id"].sort().to_list() == ["late", "new", "old"]


def test_a_newcomers_first_year():
    # "new": days 100 to 464, so 10 + 20; "late" has not been a customer for a window yet.
    assert win(evidence(ROWS)) == Winning(money(30), 1, money(100), assumed=True)


def test_the_cost_to_serve_of_the_first_year_is_taken_off():
    contacts = [
        contact("new", 99, "visit", cost=1),
        contact("new", 464, "visit", cost=4),
        contact("new", 465, "call", cost=2),
    ]
    assert win(evidence(ROWS, contacts=contacts)).first_year == money(26)
    # A stated total is spread over the 500 days since the first purchase: 365 of them.
    stated = [{"customer_id": "new", "cost_to_serve": 50}]
    assert win(evidence(ROWS, customers=stated)).first_year == pytest.approx(money(30) - money(50) * 365 / 500)


def test_acquisition_costs_of_late_count_first():
    costs = [{"customer_id": "late", "acquisition_cost": 70}, {"customer_id": "new", "acquisition_cost": 50}]
    assert win(evidence(ROWS, customers=costs)).cost == money(70)
    assert win(evidence(ROWS, customers=costs[1:])).cost == money(50)
    assert not win(evidence(ROWS, customers=costs[1:])).assumed


def test_the_report_reckons_with_expected_profit():
    found = evidence(ROWS, {"economics": {"retention_gain": 10}})
    expected = found.report("expected_profit").rows.frame.select("customer_id", "expected_profit")
    living = found.base.filter(pl.col("phase") != "gone").join(expected, on="customer_id")
    figures = report(found).figures
    assert figures["gain"].value == pytest.approx(int(living["expected_profit"].sum()) * 0.1, abs=len(living))
    assert figures["acquisition_cost_assumed"].value is True
    assert figures["newcomer_profit"].value == money(30)


def test_a_short_file_says_that_no_first_year_is_over():
    found = report(evidence([sale("a", 0, 5, profit=1), sale("a", 100, 5, profit=1)]))
    assert [note.key for note in found.notes] == ["keeping.no_first_year", "keeping.cost_assumed"]
    assert found.figures["newcomers_needed"].value is None


def test_without_profit_it_is_dark():
    assert evidence([sale("a", 1, 5)]).missing(RETENTION_GAIN.needs) == (("transactions.profit", "transactions.cost"),)
