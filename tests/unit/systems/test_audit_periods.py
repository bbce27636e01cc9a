"""The audit of one period and of two."""

import polars as pl
import pytest

from crmdash.systems.audit_bins import binned, round_edges
from crmdash.systems.audit_period import explain as explain_period
from crmdash.systems.audit_period import report as period_report
from crmdash.systems.audit_two_periods import explain, report
from tests.unit.frames import evidence, money, of_customer, sale, sales

SHORT = {"period": {"window": 30}}
ROWS = [
    *sales("up", {0: 1, 75: 10, 105: 30}),
    *sales("down", {66: 50, 120: 20}),
    *sales("same", {63: 5, 93: 5}),
    *sales("new", {99: 12}),
    *sales("back", {15: 7, 108: 9}),
    *sales("lost", {87: 40, 114: -4}),
    *sales("returns", {72: -3, 117: -1}),
    *sales("old", {9: 100}),
]


@pytest.fixture(scope="module")
def periods():
    return report(evidence(ROWS, SHORT))


def test_every_customer_of_the_two_periods_has_one_group(periods):
    assert dict(periods.rows.frame.select("customer_id", "group").iter_rows()) == {
        "up": "retained", "down": "retained", "same": "retained", "new": "new", "back": "returned", "lost": "lost",
        "returns": "returns_only",
    }  # fmt: skip
    assert periods.rows.frame["customer_id"].to_list()[:2] == ["lost", "down"]
    assert periods.figures["kept_share"].value == 3 / 4
    assert [periods.figures[name].value for name in ("retained", "new", "returned", "lost")] == [3, 1, 1, 1]


def test_the_bridge_adds_up_exactly(periods):
    bridge = {row["step"]: (row["customers"], row["amount"]) for row in periods.tables["bridge"].frame.to_dicts()}
    assert bridge == {
        "before": (4, money(102)), "lost": (1, money(-44)), "down": (1, money(-30)), "up": (1, money(20)),
        "returned": (1, money(9)), "new": (1, money(12)), "returns_only": (1, money(2)), "late": (5, money(71)),
    }  # fmt: skip
    steps = sum(amount for step, (_, amount) in bridge.items() if step != "late")
    assert steps == bridge["late"][1]


def test_revenue_is_taken_apart_into_its_drivers(periods):
    before, late = periods.tables["drivers"].frame.to_dicts()
    assert (before["customers"], before["purchases"], before["revenue_per_purchase"]) == (4, 4, money(26.25))
    assert (late["customers"], late["purchases_per_customer"], late["revenue"]) == (5, 1.0, money(76))


def test_one_customer_is_told_its_group(periods):
    told = explain(periods, {"customer_id": "lost"})
    assert told is not None and told.label.figures["group"].value == "audit:group.lost"
    assert told.because[0].figures["late"].value == money(-4)
    assert explain(periods, {"customer_id": "old"}) is None


def test_a_file_of_one_day_has_no_two_periods():
    found = report(evidence(sales("a", {5: 10})))
    assert len(found.rows.frame) == 0
    assert [note.key for note in found.notes] == ["note.too_short"]
    assert found.figures["change"].value == 0


def test_a_short_file_says_that_the_season_stays():
    found = report(evidence(sales("a", {0: 10, 100: 5})))
    assert [note.key for note in found.notes] == ["note.season"]


def test_one_period_counts_who_bought_in_it():
    found = period_report(evidence(ROWS, SHORT))
    assert found.rows.frame.select("customer_id", "decile").rows() == [
        ("up", 1), ("down", 3), ("new", 5), ("back", 7), ("same", 9),
    ]  # fmt: skip
    assert found.figures["revenue"].value == money(76)
    assert found.figures["returns_only"].value == money(-5)
    assert found.figures["share_of_base"].value == 5 / 8
    assert [note.key for note in found.notes] == ["note.few", "note.returns_only"]


@pytest.fixture(scope="module")
def twenty():
    """Twenty customers who spend 1 to 20, the last at a loss of 5."""
    rows = [sale(f"{n:02}", 500, n, cost=0 if n < 20 else 25) for n in range(1, 21)]
    return period_report(evidence([sale("01", 0, 0, cost=0), *rows], {"period": {"window": 180}}))


def test_deciles_hold_a_tenth_of_the_customers_each(twenty):
    deciles = twenty.tables["deciles"].frame
    assert deciles["customers"].to_list() == [2] * 10
    assert deciles["sum"].to_list()[0] == money(19 + 18)
    assert deciles["sum"].to_list()[-1] == money(1 - 5)
    assert deciles["sum_share"].to_list()[0] == pytest.approx(37 / 185)
    assert twenty.figures["measure"].value == "audit:measure.customer_profit_window"
    assert twenty.figures["losing"].value == 1
    assert of_customer(twenty.rows.frame, "20")["decile"] == 10
    told = explain_period(twenty, {"customer_id": "20"})
    assert told is not None and told.because[-1].figures["profit"].value == money(-5)


def test_distributions_count_everybody(twenty):
    for name in ("by_purchases", "by_revenue", "by_profit"):
        assert twenty.tables[name].frame["customers"].sum() == 20
    assert twenty.tables["by_revenue"].frame["sum"].sum() == money(210)
    assert twenty.tables["by_profit"].frame["lower"][0] < 0


def test_bins_are_closed_below_and_open_at_the_ends():
    bins = binned(pl.Series([-1, 0, 1, 5, 9, 10, 99]), [0, 5, 10])
    assert bins.select("lower", "upper", "customers", "sum").rows() == [
        (None, 0, 1, -1), (0, 5, 2, 1), (5, 10, 2, 14), (10, None, 2, 109),
    ]  # fmt: skip
    assert binned(pl.Series([1], dtype=pl.Int64), [0, 5])["lower"].to_list() == [0]
    assert round_edges(pl.Series([], dtype=pl.Int64)) == []
