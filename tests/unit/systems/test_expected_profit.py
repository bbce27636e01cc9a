"""Expected profit: the last period's profit at its pace times a keep rate measured on the file, or a usual one."""

import pytest

from crmdash.columns import MONEY_SCALE
from crmdash.phrases import say
from crmdash.systems.expected_profit import EXPECTED_PROFIT
from crmdash.systems.keep_rates import keep_rates
from crmdash.systems.report import row_of
from tests.unit.frames import Row, evidence, of_customer, sale, sales
from tests.unit.test_warning import EN

STEADY: dict[int, float] = dict.fromkeys(range(0, 781, 20), 100)


def kept(names: int, keep: int) -> list[Row]:
    """Customers with a steady rhythm, of whom only the first `keep` buy after day 400."""
    rows: list[Row] = []
    for number in range(names):
        until = 781 if number < keep else 400
        rows += sales(f"c{number:02d}", {day: 100 for day in STEADY if day <= until}, profit=20)
    return [*rows, *sales("last", STEADY, profit=20)]


def test_a_keep_rate_is_measured_where_enough_stood_in_the_phase():
    # One L (365 days) before day 780, all 24 + 1 bought every 20 days: steady. 18 + 1 of them bought since.
    found = evidence(kept(24, 18))
    rates = {rate.phase: rate for rate in keep_rates(found)}
    assert (rates["steady"].customers, rates["steady"].bought, rates["steady"].rate) == (25, 19, 0.76)
    assert rates["steady"].measured
    assert [(rates[phase].rate, rates[phase].measured) for phase in ("early", "growing", "falling", "gone")] == [
        (0.3, False), (0.5, False), (0.4, False), (0.1, False),
    ]  # fmt: skip


def test_expected_profit_counted_by_hand():
    # In (415, 780] "last" bought on days 420, 440, …, 780: 19 x 20 of profit; W = L = 365; keep rate 19/25.
    report = evidence(kept(24, 18)).report("expected_profit")
    row = of_customer(report.rows.frame, "last")
    assert (row["profit_a_window"], row["keep_rate"]) == (380 * MONEY_SCALE, 0.76)
    assert row["expected_profit"] == round(380 * 0.76 * MONEY_SCALE)
    assert report.figures["in_profit"].value is True
    # The six that stopped earned nothing since: that is known, and no gap.
    assert of_customer(report.rows.frame, "c20")["expected_profit"] == 0


def test_with_too_few_the_usual_rate_is_taken_and_said():
    report = evidence(kept(3, 3)).report("expected_profit")
    assert of_customer(report.rows.frame, "last")["keep_rate"] == 0.8
    assert [note.key for note in report.notes] == ["note.usual_keep_rates"]
    found = evidence(kept(3, 3), {"warning": {"keep_measured_from": 4}}).report("expected_profit")
    assert of_customer(found.rows.frame, "last")["keep_rate"] == 1.0


def test_a_shorter_period_is_scaled_to_the_window():
    # 400 days of file: L = 182. In (218, 400] there are the days 220 … 400: 10 x 20 of profit, x 365/182 x 0.8.
    rows = sales("a", {day: 100 for day in range(0, 401, 20)}, profit=20)
    row = evidence(rows).report("expected_profit").rows.frame.row(0, named=True)
    assert row["profit_a_window"] == round(200 * MONEY_SCALE * 365 / 182)
    assert row["keep_rate"] == 0.8, "steady, and one customer is too few to measure"
    assert row["expected_profit"] == pytest.approx(200 * MONEY_SCALE * 365 / 182 * 0.8, abs=1)


def test_without_profit_revenue_takes_its_place_and_the_report_says_so():
    report = evidence(sales("a", STEADY)).report("expected_profit")
    assert report.rows.frame["expected_profit"].to_list() == [round(1_900 * 0.8 * MONEY_SCALE)]
    assert report.figures["in_profit"].value is False
    assert report.notes[0].key == "note.in_revenue"


def test_without_two_periods_it_is_missing():
    report = evidence([sale("a", 5, 100, profit=10)]).report("expected_profit")
    assert report.rows.frame["expected_profit"].to_list() == [None]


def test_tier_lines_and_filters_do_not_move_keep_rates():
    rows = kept(24, 18)
    plain, moved = evidence(rows), evidence(rows, {"tiers": {"shares": {"platinum": 10, "gold": 20}}})
    assert keep_rates(plain) == keep_rates(moved)


def test_the_models_of_lifetime_value_can_say_it_instead():
    rows: list[Row] = []
    for number in range(120):
        rows += sales(f"c{number:03d}", {day: 50 + number for day in range(number % 40, 700, 20 + 7 * (number % 9))})
    found = evidence(rows, {"lifetime": {"expected_profit_from": "fitted"}})
    report = found.report("expected_profit")
    assert report.figures["fitted"].value is True
    fitted = row_of(found.report("lifetime_value"), {"customer_id": "c007"})
    assert fitted is not None
    worth = fitted["expected_purchases"] * fitted["expected_value_each"] * fitted["margin"]
    assert of_customer(report.rows.frame, "c007")["expected_profit"] == pytest.approx(worth, abs=1)


def test_it_is_told_of_one_customer():
    found = evidence(kept(24, 18))
    told = EXPECTED_PROFIT.explain
    assert told is not None
    explanation = told(found.report("expected_profit"), of_customer(found.customers, "last"))
    assert explanation is not None
    assert say(explanation.label, EN) == "Expected profit over the next period: 289"
    assert say(explanation.because[0], EN) == (
        "380 at the pace of the last period × 76%, the share of customers in the phase “steady” that go on buying"
    )
