"""Cost to serve from its three sources, satisfaction and open matters."""

import pytest

from tests.unit.frames import contact, measures, money, sale, sales, summarised

ORDERS = [*sales("a", {0: 100, 730: 100}, profit=40), sale("b", 5, 10, profit=5)]
VISITS = [contact("a", 1, "visit", minutes=90, staff="Li"), contact("a", 700, "call", minutes=10, staff="Li")]
LI = [{"name": "Li", "grade": "senior", "hourly_cost": 60}]


def test_cost_to_serve_comes_from_its_column_first():
    stated = [{"customer_id": "a", "cost_to_serve": 30}]
    costly = [contact("a", 1, "visit", cost=7)]
    summary = summarised(ORDERS, customers=stated, contacts=costly)
    assert summary.cost_source == "column"
    a, b = measures(ORDERS, "a", customers=stated, contacts=costly), measures(ORDERS, "b", customers=stated)
    assert (a["cost_to_serve"], a["customer_profit"]) == (money(30), money(50))
    assert (b["cost_to_serve"], b["customer_profit"]) == (0, money(5))


def test_cost_to_serve_is_else_the_cost_of_contacts():
    contacts = [contact("a", 1, "visit", cost=7, minutes=60, staff="Li"), contact("a", 2, "call", cost=3)]
    a, b = (measures(ORDERS, name, contacts=contacts, staff=LI) for name in "ab")
    assert (a["cost_to_serve"], a["gross_profit"], a["customer_profit"]) == (money(10), money(80), money(70))
    assert b["cost_to_serve"] == 0


def test_cost_to_serve_is_else_minutes_at_the_hourly_cost():
    # 100 minutes at 60 an hour.
    assert measures(ORDERS, contacts=VISITS, staff=LI)["cost_to_serve"] == money(100)


def test_without_an_hourly_cost_it_is_missing_and_asked():
    summary = summarised(ORDERS, contacts=VISITS, staff=[{"name": "Li", "grade": "senior"}])
    assert (summary.cost_source, "cost_to_serve" in summary.customers.columns) == (None, False)
    assert [(issue.code, issue.values) for issue in summary.issues] == [("hourly_cost_missing", {"proposed": 150})]
    assert measures(ORDERS, contacts=VISITS)["customer_profit"] == money(80)


def test_contact_costs_follow_the_window_and_the_as_at_date():
    # T = 730: the window is (365, 730]; a contact on day 731 has not happened yet.
    contacts = [contact("a", day, "visit", cost=cost) for day, cost in ((365, 1), (366, 2), (730, 4), (731, 8))]
    found = measures(ORDERS, contacts=contacts)
    assert (found["cost_to_serve"], found["customer_profit_window"]) == (money(7), money(40 - 6))


def test_profit_of_the_last_window_ends_with_the_last_purchase():
    # b's last purchase is on day 5; contacts after it do not count there.
    contacts = [contact("b", 5, "visit", cost=1), contact("b", 6, "visit", cost=50)]
    assert measures(ORDERS, "b", contacts=contacts)["customer_profit_last_window"] == money(4)


def test_satisfaction_is_the_latest_survey_and_changes_between_periods():
    # T = 730, L = 365: earlier surveys 9 and 8, late 7 and 5: 6 - 8.5.
    scores = {100: 9, 365: 8, 366: 7, 700: 5}
    contacts = [contact("a", day, "survey", score=score) for day, score in scores.items()]
    found = measures(ORDERS, contacts=contacts)
    assert (found["satisfaction"], found["satisfaction_change"]) == (5, pytest.approx(-2.5))


def test_satisfaction_without_two_periods_has_no_change():
    found = measures(ORDERS, contacts=[contact("a", 700, "survey", score=5), contact("a", 10, "visit", score=1)])
    assert (found["satisfaction"], found["satisfaction_change"]) == (5, None)


def test_satisfaction_of_the_customers_table_fills_in():
    stated = [{"customer_id": "a", "satisfaction": 9}, {"customer_id": "b", "satisfaction": 4}]
    contacts = [contact("a", 10, "survey", score=6)]
    found = [measures(ORDERS, name, customers=stated, contacts=contacts)["satisfaction"] for name in "ab"]
    assert found == [6, 4]


def test_no_survey_means_no_satisfaction():
    found = measures(ORDERS, contacts=[contact("a", 10, "visit")])
    assert "satisfaction" not in found


@pytest.mark.parametrize(
    ("day", "resolved", "is_open"),
    [(551, None, True), (550, None, True), (549, None, False), (700, 710, False), (700, 731, True)],
)
def test_a_complaint_stays_open_for_180_days_or_until_resolved(day: int, resolved: int | None, is_open: bool):
    complaint = contact("a", day, "complaint", resolved_date=resolved)
    assert measures(ORDERS, contacts=[complaint])["open_matters"] is is_open


@pytest.mark.parametrize(("end", "is_open"), [(731, True), (729, False), (None, False)])
def test_a_contract_that_has_not_ended_is_open(end: int | None, is_open: bool):
    assert measures(ORDERS, customers=[{"customer_id": "a", "contract_end": end}])["open_matters"] is is_open


def test_nothing_open_where_nothing_is_known():
    assert measures(ORDERS)["open_matters"] is False
