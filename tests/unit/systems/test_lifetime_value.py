"""Lifetime value of customers: what the report says on the published data, on tiny hand-checked data, and refuses."""

import datetime

import numpy as np
import polars as pl
import pytest

from crmdash.engine import lazy
from crmdash.i18n import Wording
from crmdash.model.lifetime import bg_nbd
from crmdash.phrases import Figure, say, show
from crmdash.rule_settings import LifetimeSettings
from crmdash.summary import Summary, Tables, summarise, to_day
from crmdash.systems.evidence import Evidence
from crmdash.systems.lifetime_check import Check, Trace, check, held_by_top, trace
from crmdash.systems.lifetime_fit import Fitted, buyers_of, fit_lifetime, refusal
from crmdash.systems.lifetime_value import LIFETIME_VALUE, explain, lifetime_value_report
from crmdash.systems.lifetime_worth import annuity, lifetime_values, margins, valued
from crmdash.systems.report import Report
from tests.unit.frames import Row, evidence, measures, money, sale, sales, summarised, table
from tests.unit.test_references import cdnow_sample

SPLIT = to_day(datetime.date(1997, 9, 30))
WEEKS_BEFORE = 39
EN = Wording("en")
NOBODY = pl.DataFrame(schema={"customer_id": pl.String})


@pytest.fixture(scope="module")
def transactions() -> Tables:
    return Tables.of(cdnow_sample())


@pytest.fixture(scope="module")
def now(transactions: Tables) -> Summary:
    return summarise(transactions)


@pytest.fixture(scope="module")
def then(transactions: Tables) -> Summary:
    return summarise(transactions, as_of=SPLIT)


@pytest.fixture(scope="module")
def fitted(then: Summary) -> Fitted:
    return fit_lifetime(then, LifetimeSettings())


@pytest.fixture(scope="module")
def traced(transactions: Tables, now: Summary) -> Trace:
    assert transactions.transactions is not None and now.clock.as_of is not None
    return trace(transactions.transactions, now.clock.as_of, SPLIT, 0.1, NOBODY)


@pytest.fixture(scope="module")
def checked(fitted: Fitted, then: Summary, now: Summary, traced: Trace) -> Check:
    return check(fitted, then, now, traced.repeats, 0.2)


def test_cdnow_from_its_orders_has_the_published_parameters(fitted: Fitted):
    assert (fitted.purchases.customers, fitted.repeaters) == (2357, 946)
    assert {name: round(value, 3) for name, value in fitted.purchases.parameters.items()} == {
        "r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426,
    }  # fmt: skip
    assert fitted.purchases.log_likelihood == pytest.approx(-9582.4, abs=0.05)
    assert fitted.spend is not None
    assert [round(value, 2) for value in fitted.spend.parameters.values()] == [6.25, 3.74, 15.44]


def test_cdnow_purchases_before_and_after(fitted: Fitted, checked: Check):
    tracking = checked.tracking
    before = tracking.filter(~pl.col("held_out")).row(-1, named=True)
    assert (before["week"], before["actual"]) == (WEEKS_BEFORE, 2457)
    assert tracking["actual"].max() == 2457 + 1882
    assert fitted.buyers.filter(pl.col("x") == 0).height == 1411


def test_cdnow_expected_purchases_follow_the_actual_ones(fitted: Fitted, checked: Check):
    # As in the published tracking plot: a little low at first, then close together.
    weeks = checked.tracking.filter(pl.col("week") >= 26)
    assert (weeks["expected"] / weeks["actual"] - 1).abs().max() < 0.06  # type: ignore[operator]
    # At the end of the fit it is the sum of E[X(T)] of all customers.
    model, ages = bg_nbd.purchasing(fitted.purchases), fitted.buyers["known_days"].to_numpy() / 7
    none = np.zeros(len(ages), int)
    whole = bg_nbd.expected_if_alive(model, none, none.astype(float), ages).sum()
    assert weeks.filter(pl.col("week") == WEEKS_BEFORE)["expected"].item() == pytest.approx(whole)


def test_cdnow_expectations_by_what_customers_did(checked: Check):
    assert checked.conditional["customers"].to_list() == [1411, 439, 214, 100, 62, 38, 29, 64]
    assert checked.conditional["actual"][0] == pytest.approx(334 / 1411)
    assert checked.conditional["expected"][0] == pytest.approx(0.225, abs=5e-4)
    assert (checked.conditional["customers"] * checked.conditional["actual"]).sum() == pytest.approx(1882)


def test_cdnow_rankings(checked: Check):
    found = (checked.by_model, checked.by_past_spend, checked.by_hindsight)
    assert [round(share or 0, 3) for share in found] == [0.663, 0.663, 0.943]


def test_held_by_the_top_by_hand():
    found = pl.DataFrame({"customer_id": list("abcde"), "value": [5, 4, None, 2, 2], "later": [10, 0, 30, 60, 0]})
    assert held_by_top(found, "value", 0.2) == pytest.approx(0.10)
    assert held_by_top(found, "later", 0.21) == pytest.approx(0.90)
    assert held_by_top(found.with_columns(later=0), "value", 0.2) is None


def test_long_files_are_tracked_in_few_points():
    rows = [sale(str(n), day, 10) for n in range(60) for day in range(n, 4000, 150 + n)]
    found = lifetime_value_report(evidence(rows, {"lifetime": {"fewest_customers": 50}}))
    assert 100 < len(found.tables["tracking"].frame) <= 165


def random_base(size: int = 120, seed: int = 7, **more: object) -> list[Row]:
    """Customers who begin in the first half of two years and buy at rates of their own for about 20 each time."""
    random = np.random.default_rng(seed)
    rows = []
    for n in range(size):
        first, rate = int(random.integers(0, 365)), random.gamma(1.0, 1 / 60)
        days = {first} | {first + int(gap) for gap in np.cumsum(random.exponential(1 / rate, 12)) if first + gap < 800}
        rows += [sale(f"c{n:03}", day, round(float(random.gamma(4, 5)), 2), **more) for day in days]
    return rows


@pytest.fixture(scope="module")
def base() -> Evidence:
    return evidence(random_base())


@pytest.fixture(scope="module")
def report(base: Evidence) -> Report:
    return base.report("lifetime_value")


def test_value_is_purchases_times_spend_times_margin(base: Evidence, report: Report):
    row = report.rows.frame.row(0, named=True)
    figures = {name: figure.value for name, figure in report.figures.items()}
    model = bg_nbd.Purchasing(*(figures[name] for name in bg_nbd.NAMES))
    x, weeks = np.array([row["repeat_purchases"]]), (np.array([row["weeks_active"]]), np.array([row["weeks_known"]]))
    alive = bg_nbd.chance_alive(model, x, *weeks)[0]
    months = np.arange(1, 37)
    expected = bg_nbd.expected_if_alive(model, x, weeks[1], months * 365 / 84)
    discounted = alive * (np.diff(expected, prepend=0) @ 1.1 ** (-months / 12))
    repeated = base.summary.customers.filter(pl.col("customer_id") == row["customer_id"])
    spent = (repeated["spent"] - repeated["first_basket"]).item() / 10_000
    p, q, gamma = (figures[name] for name in ("p", "q", "gamma"))
    spend = p * (gamma + spent) / (p * x[0] + q - 1)
    assert row["p_alive"] == pytest.approx(alive)
    assert row["expected_value_each"] == pytest.approx(money(spend), abs=1)
    assert row["lifetime_value"] == pytest.approx(money(discounted * spend), rel=1e-6)
    assert row["margin"] == 1


def test_rows_are_everybody_in_the_base_by_lifetime_value(report: Report):
    rows = report.rows.frame
    assert len(rows) == 120
    assert rows["lifetime_value"].is_sorted(descending=True)
    assert rows["rank_lifetime_value"].to_list() == sorted(rows["rank_lifetime_value"])
    assert rows.sort("rank_past_spend")["past_spend"].is_sorted(descending=True)
    assert report.figures["lifetime_value"].value == rows["lifetime_value"].sum()
    assert set(report.tables) == {"tracking", "conditional"}


def test_without_profit_value_is_revenue_and_says_so(report: Report):
    assert report.figures["in_profit"].value is False
    assert any("no profit" in say(note, EN) for note in report.notes)


def test_a_shorter_horizon_is_worth_less_and_a_discount_too(base: Evidence, report: Report):
    def total(**lifetime: int) -> int:
        found = lifetime_value_report(evidence(random_base(), {"lifetime": lifetime}))
        value = found.figures["lifetime_value"].value
        assert isinstance(value, int)
        return value

    usual = report.figures["lifetime_value"].value
    assert total(horizon_years=1) < usual < total(discount=0)


def test_values_for_tiers_are_those_of_the_report(base: Evidence, report: Report):
    found = lifetime_values(base.summary, base.settings).sort("customer_id")
    assert found.columns == ["customer_id", "lifetime_value"]
    assert found.equals(report.rows.frame.select(found.columns).sort("customer_id"))


def test_profit_makes_the_margin():
    rows = [row | {"cost": row["amount"] * 0.75} for row in random_base()]
    found = lifetime_value_report(evidence(rows))
    assert found.rows.frame["margin"].to_list() == pytest.approx([0.25] * 120, abs=1e-3)
    assert found.figures["in_profit"].value is True


def test_margins_by_hand():
    known = pl.DataFrame(
        {"revenue": [100, 100, 100, 0, 50], "customer_profit": [40, 20, -900, 5, None]},
        schema={"revenue": pl.Int64, "customer_profit": pl.Int64},
    )
    # 40 %, 20 %, -900 % held at -100 %; no revenue and no profit: the median of these, 20 %.
    assert margins(known, LifetimeSettings()).to_list() == [0.4, 0.2, -1.0, 0.2, 0.2]
    assert margins(known.drop("customer_profit"), LifetimeSettings()).to_list() == [1.0] * 5


def test_a_year_to_come_by_hand():
    # Twelve twelfths, each discounted from its month's end.
    assert annuity(LifetimeSettings(horizon_years=1, discount=0)) == pytest.approx(1)
    assert annuity(LifetimeSettings(horizon_years=2, discount=21)) == pytest.approx(
        sum(1.21 ** (-month / 12) for month in range(1, 25)) / 12
    )


def test_as_last_year_by_hand():
    # 700 days; of a: 30 in the last 365 days, 100 before. Three years of 30.
    rows = [*sales("a", {0: 100, 400: 10, 700: 20}), *sales("b", {100: 50})]
    found = lifetime_value_report(evidence(rows)).rows.frame
    assert found.select("customer_id", "as_last_year", "past_spend", "rank_past_spend").rows() == [
        ("a", money(90), money(130), 1),
        ("b", 0, money(50), 2),
    ]
    assert found["as_last_year_discounted"][0] == pytest.approx(money(30 * annuity(LifetimeSettings())), abs=1)


def test_as_last_year_is_scaled_to_a_year():
    rows = sales("a", {0: 100, 400: 10, 700: 20})
    found = lifetime_value_report(evidence(rows, {"period": {"window": 73}, "lifetime": {"horizon_years": 1}}))
    assert found.rows.frame["as_last_year"].to_list() == [money(100)]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (sales("a", {0: 10, 5: 10}), "1 customers with a dated purchase are too few, the models ask for 100"),
        (
            [sale(str(n), day, 10) for n in range(120) for day in ([0, 50, 300] if n < 29 else [0])],
            "29 customers bought more than once, the models ask for 30",
        ),
        (
            [sale(str(n), day, 10) for n in range(120) for day in ([0, 150, 300])],
            "the data covers 300 days, the models ask for 450",
        ),
    ],
)
def test_too_little_data_is_refused_with_its_reason(rows: list[Row], reason: str):
    found = lifetime_value_report(evidence(rows))
    assert found.figures["fitted"].value is False
    assert reason in say(found.notes[0], EN)
    assert found.rows.frame["lifetime_value"].null_count() == len(found.rows.frame)
    assert found.rows.frame["past_spend"].null_count() == 0
    assert explain(found, {"customer_id": "a"}) is None


def test_enough_data_is_not_refused():
    rows = [sale(str(n), day, 10) for n in range(100) for day in ([0, 100, 300] if n < 30 else [n])]
    assert refusal(summarised(rows, as_of=460), LifetimeSettings()) is None
    assert refusal(summarised(rows, as_of=449), LifetimeSettings()) is not None


def regular_share(rows: list[Row]) -> float | None:
    return trace(lazy(table("transactions", rows)), 1000, 500, 0.1, NOBODY).regular_share


def test_contracts_show_as_equal_gaps():
    # a pays every 30 days, within a day; b's gaps are 10 and 90; c has one gap only and says nothing.
    monthly = sales("a", {0: 10, 30: 10, 61: 10, 90: 10, 120: 10})
    assert regular_share(monthly) == 1
    assert regular_share([*monthly, *sales("b", {0: 5, 10: 5, 100: 5}), *sales("c", {0: 5, 9: 5})]) == 4 / 6
    assert regular_share(sales("c", {0: 5, 9: 5})) is None


def test_a_base_of_contracts_is_warned_of():
    rows = [sale(str(n), n % 30 + 30 * month, 10 + n % 7) for n in range(120) for month in range(4 + n % 20)]
    found = lifetime_value_report(evidence(rows))
    assert any("contracts or subscriptions" in say(note, EN) for note in found.notes)


def test_purchases_after_the_day_and_newcomers_are_not_traced():
    rows = [*sales("a", {0: 10, 5: 10, 9: 10, 30: 10}), *sales("b", {8: 10, 9: 10})]
    found = trace(lazy(table("transactions", rows)), 20, 7, 0.1, NOBODY)
    assert found.repeats.rows() == [(5, 1), (9, 1)]


def test_internal_customers_stand_outside():
    rows = [*sales("a", {0: 10, 5: 10, 9: 10}), *sales("own", {0: 10, 3: 10, 9: 10})]
    outside = pl.DataFrame({"customer_id": ["own"]})
    assert trace(lazy(table("transactions", rows)), 20, 7, 0.1, outside).repeats.rows() == [(5, 1), (9, 1)]
    own = [{"customer_id": "own", "nature": "internal"}]
    assert buyers_of(summarised(rows, customers=own))["customer_id"].to_list() == ["a"]


def test_a_purchase_after_the_day_tells_nothing():
    known = {"orders": 3, "revenue": 30.0, "first_purchase": 10}
    customers = [
        {"customer_id": "a", "last_purchase": 40, **known},
        {"customer_id": "b", "last_purchase": 60, **known},
        {"customer_id": "c", "last_purchase": 5, **known},
    ]
    assert buyers_of(summarised(None, customers=customers, as_of=50))["customer_id"].to_list() == ["a"]


def test_same_day_purchases_are_one_and_returns_none():
    rows = [*sales("a", {0: 10, 14: 30}), sale("a", 14, 5), sale("a", 20, -5), sale("b", 9, 1), sale("c", 3, -4)]
    found = buyers_of(summarised(rows, as_of=21))
    assert found.select("customer_id", "x", "active_days", "known_days", "spends", "mean").rows() == [
        ("a", 1, 14, 21, 1, 35.0),
        ("b", 0, 0, 12, 0, None),
    ]


def test_a_customers_table_gives_frequency_too():
    random = np.random.default_rng(3)
    customers = [
        {"customer_id": str(n), "orders": int(orders), "first_purchase": 0, "last_purchase": 365 - 20 * int(gap)
         if orders > 1 else 0, "revenue": float(10 * orders + gap)}
        for n, (orders, gap) in enumerate(zip(random.integers(1, 9, 150), random.integers(0, 12, 150), strict=True))
    ]  # fmt: skip
    found = lifetime_value_report(evidence(None, {}, customers=customers, as_of=365))
    assert found.figures["fitted"].value is True
    assert found.rows.frame["lifetime_value"].null_count() == 0
    assert found.tables == {}
    assert any("does not go back" in say(note, EN) for note in found.notes)


def test_what_it_needs():
    assert LIFETIME_VALUE.number == "S15"
    assert evidence(None, {}, customers=[{"customer_id": "a", "revenue": 5.0}]).missing(LIFETIME_VALUE.needs) == (
        ("transactions", "customers.first_purchase"),
    )


def test_one_customer_is_explained(base: Evidence, report: Report):
    customer = base.customers.row(0, named=True)
    found = explain(report, customer)
    assert found is not None
    row = report.rows.frame.row(by_predicate=pl.col("customer_id") == customer["customer_id"], named=True)
    assert say(found.label, EN) == f"Worth {show(Figure('money', row['lifetime_value']), EN)} over the next 3 years"
    assert say(found.because[0], EN).startswith(f"{row['repeat_purchases']} repeat purchases, the last one")
    assert EN.percent(row["p_alive"], 0) in say(found.because[0], EN)


def test_measures_it_reads_are_those_of_the_summary():
    found = measures([*sales("a", {0: 10, 14: 30}), sale("a", 20, -5)])
    assert (found["spent"], found["first_basket"], found["orders"]) == (money(40), money(10), 2)


def test_what_leaves_64_bits_over_the_horizon_is_missing():
    found = evidence([sale("a", 0, 9e14), sale("b", 1, 5)])
    told = valued(found.base, None, found.settings).sort("customer_id")
    assert told["as_last_year"].to_list() == [None, money(15)]
