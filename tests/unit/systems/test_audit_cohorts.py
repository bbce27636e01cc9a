"""The audit by acquisition cohort: the whole base, one cohort, cohort against cohort."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdash.evaluate import evaluate
from crmdash.scope import Scope
from crmdash.summary import to_day
from crmdash.systems.acquisition import quarter_of
from crmdash.systems.acquisition_cohorts import cohorts, quarter_index, quarter_name, quarters_of
from crmdash.systems.audit_base import AUDIT_BASE
from crmdash.systems.audit_base import report as base_report
from crmdash.systems.audit_cohort import cohort_report
from crmdash.systems.audit_cohort import report as cohort_of
from crmdash.systems.audit_cohorts import report as cohorts_report
from crmdash.systems.registry import gather
from tests.unit.frames import evidence, money, sale, sales


def on(month: int, day: int) -> int:
    return to_day(date(2024, month, day))


ROWS = [
    *sales("a", {on(1, 1): 100, on(2, 1): 50, on(4, 10): 30, on(7, 1): 20}, cost=1),
    *sales("b", {on(4, 2): 40, on(5, 2): 10}, cost=1),
    sale("b", on(4, 2), 5, cost=1),
    *sales("c", {on(4, 20): 60, on(9, 30): -10}, cost=1),
    *sales("d", {on(8, 15): 70}, cost=1),
    *sales("r", {on(5, 5): -8}, cost=1),
]
Q1, Q2, Q3 = (2024 * 4 + place for place in range(3))


@pytest.fixture(scope="module")
def audited():
    return evidence(ROWS)


def test_cells_hold_active_customers_purchases_and_exact_sums(audited):
    cells = cohorts(audited).cells.select("cohort", "quarter", "active", "purchases", "revenue", "gross_profit")
    assert set(cells.iter_rows()) == {
        (Q1, Q1, 1, 2, money(150), money(148)),
        (Q1, Q2, 1, 1, money(30), money(29)),
        (Q1, Q3, 1, 1, money(20), money(19)),
        (Q2, Q2, 2, 3, money(115), money(111)),
        (Q2, Q3, 0, 0, money(-10), money(-11)),
        (Q3, Q3, 1, 1, money(70), money(69)),
        (None, Q2, 0, 0, money(-8), money(-9)),
    }


def test_the_whole_base_sums_to_its_revenue(audited):
    found = base_report(audited)
    assert found.figures["revenue"].value == money(367) == audited.base["revenue"].sum()
    assert found.rows.frame["revenue"].sum() == money(367)
    assert found.tables["quarters"].frame["revenue"].sum() == money(367)
    assert found.tables["years"].frame["revenue"].sum() == money(367)
    assert found.figures["returns_only"].value == money(-8)
    assert found.rows.frame["quarter"].to_list()[0] == "2024-Q3"
    assert [note.key for note in found.notes] == ["note.older"]
    assert found.notes[0].figures["cohort"].value == "2024-Q1"


def test_a_quarter_that_is_not_over_is_named():
    found = base_report(evidence(ROWS, as_of=on(9, 29)))
    assert [note.key for note in found.notes] == ["note.older", "note.incomplete"]
    assert found.figures["revenue"].value == money(377)  # the return of the last day is set aside
    assert found.figures["quarter"].value == "2024-Q2"


def test_without_profit_there_is_no_gross_profit():
    found = base_report(evidence(sales("a", {on(1, 1): 1})))
    assert "gross_profit" not in found.rows.frame.columns


def test_a_cohort_is_followed_over_time(audited):
    found = cohort_of(audited)
    assert found.figures["cohort"].value == "2024-Q2"
    assert found.figures["customers"].value == 2
    assert found.figures["repeat_share"].value == 0.5
    wanted = ("quarter", "age", "active", "purchases", "revenue", "revenue_per_active", "revenue_so_far", "complete")
    assert found.rows.frame.select(wanted).rows() == [
        ("2024-Q2", 0, 2, 3, money(115), money(57.5), money(57.5), True),
        ("2024-Q3", 1, 0, 0, money(-10), None, money(52.5), True),
    ]


def test_second_orders_are_counted_as_long_as_everybody_was_watched(audited):
    found = cohort_of(audited)
    curve = dict(found.tables["second_orders"].frame.iter_rows())
    assert (curve[27], curve[30], curve[163]) == (0, 0.5, 0.5)  # b after 30 days, c never; c is watched for 163 days
    assert max(curve) == 163
    assert found.figures["days_to_second"].value == 30


def test_half_came_back_is_told_to_the_day():
    rows = [
        *sales("a", {100: 1, 131: 1}),
        *sales("b", {110: 1, 160: 1}),
        *sales("c", {105: 1}),
        *sales("d", {0: 1, 900: 1}),
    ]
    found = cohort_report(evidence(rows), quarter_of(100))
    # The curve has a point every 14 days only; two of three came back, the later of them after 50.
    assert found.figures["days_to_second"].value == 50
    assert 50 not in found.tables["second_orders"].frame["days"].to_list()


def test_another_cohort_can_be_looked_at(audited):
    found = cohort_report(audited, Q1)
    assert found.rows.frame["active_share"].to_list() == [1, 1, 1]
    assert found.figures["may_be_older"].value is True
    # Nobody of the cohort of the third quarter could have come back yet: it is watched for 46 days.
    assert cohort_report(audited, Q3).figures["watched_days"].value == 46
    nobody = cohort_report(audited, Q1 - 4)
    assert nobody.figures["customers"].value == 0 and nobody.figures["repeat_share"].value is None


def test_cohorts_are_compared_at_the_same_age():
    found = cohorts_report(evidence(ROWS, {"economics": {"newcomer_after": 0}}))
    assert found.figures["age"].value == 1
    assert (found.figures["newest"].value, found.figures["earlier"].value) == ("2024-Q2", "2024-Q1")
    assert (found.figures["newest_active_share"].value, found.figures["earlier_active_share"].value) == (0, 1)
    assert found.figures["newest_revenue"].value == money(52.5)
    assert found.figures["earlier_revenue"].value == money(180)
    ages = found.rows.frame.select("cohort", "age").rows()
    assert ages == [("2024-Q3", 0), ("2024-Q2", 0), ("2024-Q2", 1), ("2024-Q1", 0), ("2024-Q1", 1), ("2024-Q1", 2)]


def test_one_cohort_alone_is_compared_with_nothing(audited):
    found = cohorts_report(audited)
    assert found.figures["age"].value is None
    assert found.notes[-1].key == "note.one_cohort"


def test_a_filter_narrows_the_cohorts_and_what_is_remembered():
    everybody = evidence(
        ROWS, customers=[{"customer_id": who, "region": "north" if who == "a" else "south"} for who in "abcdr"]
    )
    narrowed = evaluate(everybody.summary, everybody.settings, Scope(region=("north",)))
    some = gather(everybody.tables, everybody.summary, narrowed, everybody.summary_at, everybody.lasting)
    assert base_report(everybody).figures["revenue"].value == money(367)
    assert base_report(some).figures["revenue"].value == money(200)


@given(st.lists(st.integers(-25_000, 60_000), min_size=1))
def test_quarters_reckoned_once_a_day_are_those_of_each(days):
    found = quarters_of(pl.Series("day", days, dtype=pl.Int64))
    assert found.to_list() == pl.DataFrame({"day": days}).select(quarter_index(pl.col("day"))).to_series().to_list()
    assert quarter_name(found[0]).startswith(str(found[0] // 4))


def test_orders_are_what_cohorts_need():
    assert not evidence(None, customers=[{"customer_id": "a", "orders": 2, "revenue": 5}]).can("audit_base")
    assert AUDIT_BASE.needs == (("transactions",),)


def test_years_keep_those_apart_who_may_be_older(audited):
    years = base_report(audited).tables["years"].frame.select("quarter", "cohort_year", "may_be_older", "revenue")
    assert set(years.iter_rows()) == {
        ("2024-Q1", "2024", True, money(150)), ("2024-Q2", "2024", True, money(30)),
        ("2024-Q3", "2024", True, money(20)), ("2024-Q2", "2024", False, money(115)),
        ("2024-Q3", "2024", False, money(60)), ("2024-Q2", None, None, money(-8)),
    }  # fmt: skip
