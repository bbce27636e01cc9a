"""Money: revenue, cost, profit, discounts, returns, payment, and the value period."""

import pytest

from crmdash.summary import to_date, to_day
from crmdash.summary.clock import months_before
from tests.unit.frames import measures, money, sale, sales


def test_gross_profit_is_the_profit_column():
    found = measures([sale("a", 0, 100, profit=30), sale("a", 1, 50, profit=-5)])
    assert (found["revenue"], found["gross_profit"], found["customer_profit"]) == (money(150), money(25), money(25))


def test_gross_profit_is_else_amount_minus_cost():
    found = measures([sale("a", 0, 100, cost=70), sale("a", 1, -20, cost=-14)])
    assert (found["cost"], found["gross_profit"]) == (money(56), money(24))


def test_profit_is_missing_not_zero_without_a_source():
    assert "gross_profit" not in measures([sale("a", 0, 100)])
    rows = [sale("a", 0, 100, profit=None), sale("b", 0, 100, profit=1)]
    found = measures(rows)
    assert (found["gross_profit"], found["customer_profit"]) == (None, None)


def test_sums_are_exact():
    # Ten times 0.1 and one 0.0001: no binary fraction may show.
    assert measures([sale("a", day, 0.1) for day in range(10)] + [sale("a", 10, 0.0001)])["revenue"] == 10_001


def test_shares_of_deals_discounts_and_returns():
    # Sold 100 + 60 (of which 60 on a deal of 20) and 16 returned: revenue 144.
    rows = [sale("a", 0, 100, discount=0), sale("a", 1, 60, discount=20), sale("a", 2, -16, discount=None)]
    found = measures(rows)
    assert found["deal_share"] == pytest.approx(60 / 144)
    assert found["discount_share"] == pytest.approx(20 / (160 + 20))
    assert found["return_share"] == pytest.approx(16 / 160)


def test_discount_share_is_of_the_list_amount_where_known():
    rows = [sale("a", 0, 90, discount=10, list_amount=100), sale("a", 1, 50, discount=0, list_amount=100)]
    assert measures(rows)["discount_share"] == pytest.approx(0.05)


def test_shares_without_revenue_or_column_are_missing():
    assert measures([sale("a", 0, 0, discount=0)])["deal_share"] is None
    assert not {"deal_share", "discount_share", "on_time_share", "days_late"} & measures([sale("a", 0, 1)]).keys()


def test_payment_is_judged_by_amount():
    # T = 100. Paid in time 300; paid 6 days late 100; overdue by 10 days 200; not due yet 400: not judged.
    rows = [
        sale("a", 0, 300, due_date=30, paid_date=30),
        sale("a", 10, 100, due_date=40, paid_date=46),
        sale("a", 60, 200, due_date=90, paid_date=None),
        sale("a", 100, 400, due_date=130, paid_date=None),
    ]
    found = measures(rows)
    assert found["on_time_share"] == pytest.approx(300 / 600)
    assert found["days_late"] == pytest.approx((0 + 6 + 10) / 3)
    assert found["open_matters"]


def test_the_amount_overdue():
    # T = 100. Due before T and unpaid by then: 200 and 30 (paid later); due on T, paid, or a return: not overdue.
    invoices = [(200, 90, None), (30, 99, 101), (400, 100, None), (50, 40, 90), (-60, 50, None), (7, None, None)]
    rows = [sale("a", 10, amount, due_date=due, paid_date=paid) for amount, due, paid in invoices]
    rows.append(sale("b", 100, 1, due_date=None, paid_date=None))
    assert (measures(rows)["overdue_amount"], measures(rows, "b")["overdue_amount"]) == (money(230), 0)
    assert "overdue_amount" not in measures([sale("a", 0, 1)])


def test_the_return_share_changes_between_the_two_periods():
    # T = 730, L = 365. Before (0, 365]: 10 of 100 returned; late: 30 of 120.
    rows = sales("a", {0: 1, 10: 100, 365: -10, 366: 120, 730: -30})
    rows += sales("b", {10: 100, 300: -10, 700: -1})
    assert measures(rows)["return_share_change"] == pytest.approx(0.25 - 0.10)
    assert measures(rows, "b")["return_share_change"] is None
    assert "return_share_change" not in measures([sale("a", 0, 1)])


def test_what_is_paid_or_not_yet_due_is_settled():
    rows = [sale("a", 0, 300, due_date=30, paid_date=50), sale("a", 60, 1, due_date=60, paid_date=None)]
    assert not measures(rows)["open_matters"]


def test_value_period_counts_the_last_months_only():
    # T = 2021-03-31; twelve months before is 2020-03-31, itself outside.
    days = {name: to_day(to_date(0).fromisoformat(name)) for name in ("2020-03-31", "2020-04-01", "2021-03-31")}
    rows = [sale("a", days["2020-03-31"], 1, profit=1), sale("a", days["2020-04-01"], 10, profit=2)]
    rows.append(sale("b", days["2021-03-31"], 1, profit=1))
    found = measures(rows, value_months=12)
    assert (found["revenue"], found["gross_profit"], found["orders"]) == (money(10), money(2), 2)
    assert measures(rows)["revenue"] == money(11)


def test_a_customer_without_rows_in_the_value_period_is_worth_nothing_but_stays():
    rows = [sale("a", 0, 50), sale("b", 1_000, 1)]
    found = measures(rows, value_months=12)
    assert (found["revenue"], found["in_base"]) == (0, True)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [("2024-03-31", 1, "2024-02-29"), ("2021-01-15", 24, "2019-01-15"), ("2021-02-28", 12, "2020-02-28")],
)
def test_calendar_months(day: str, months: int, before: str):
    given = to_day(to_date(0).fromisoformat(day))
    assert to_date(months_before(given, months)).isoformat() == before


def test_revenue_and_profit_of_the_windows():
    # T = 1000, W = 365: the window is (635, 1000]; a's own last window (135, 500].
    rows = sales("a", {135: 1, 136: 2, 500: 4}, profit=1)
    rows += [sale("b", 635, 8, profit=1), sale("b", 1_000, 16, profit=3)]
    a, b = measures(rows, "a"), measures(rows, "b")
    assert (a["revenue_window"], a["revenue_last_window"]) == (0, money(6))
    # No sale and no service in the window: there is nothing to judge, so the profit is missing, not zero.
    assert (a["customer_profit_window"], a["customer_profit_last_window"]) == (None, money(2))
    assert (b["revenue_window"], b["customer_profit_window"]) == (money(16), money(3))
