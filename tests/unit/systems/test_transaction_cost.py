"""Transaction cost: cost per order beside the tier's median, the cheapest channel, the saving."""

import polars as pl
import pytest

from crmdash.columns import MONEY_SCALE
from crmdash.systems.transaction_cost import TRANSACTION_COST, main_channels
from tests.unit.frames import Row, evidence, of_customer, sale

# One tier in effect: ten customers with four orders each; cost to serve 40, but 400 for "x" and 60 for "y".
COST = {f"c{number}": 40.0 for number in range(8)} | {"x": 400.0, "y": 60.0}
ONE_TIER = {"tiers": {"shares": {"platinum": 97, "gold": 98, "iron": 99}}}


def channel(name: str) -> str:
    return "phone" if name in ("x", "c0", "c1", "c2") else "web"


ROWS: list[Row] = [sale(name, day, 100, channel=channel(name)) for name in COST for day in (0, 20, 40, 60)]
PEOPLE: list[Row] = [{"customer_id": name, "cost_to_serve": cost} for name, cost in COST.items()]


def test_counted_by_hand():
    # 10 per order is usual. "y" costs 15, which is no more than 1.5 times; "x" 100: 90 x 4 orders too much.
    report = evidence(ROWS, ONE_TIER | {"warning": {"channel_customers": 3}}, customers=PEOPLE).report(
        "transaction_cost"
    )
    row = report.rows.frame.row(0, named=True)
    assert report.rows.frame["customer_id"].to_list() == ["x"]
    assert (row["cost_per_order"], row["usual_cost_per_order"]) == (100 * MONEY_SCALE, 10 * MONEY_SCALE)
    assert (row["times_usual"], row["saving"]) == (10.0, 360 * MONEY_SCALE)
    assert (row["main_channel"], row["proposed_channel"]) == ("phone", None), "phone and web cost the same here"
    assert report.figures["saving"].value == 360 * MONEY_SCALE


def test_the_cheapest_channel_of_the_tier_is_proposed():
    dearer = [person | ({"cost_to_serve": 44.0} if person["customer_id"] in ("c0", "c1", "c2") else {})
              for person in PEOPLE]  # fmt: skip
    settings = ONE_TIER | {"warning": {"channel_customers": 4}}
    report = evidence(ROWS, settings, customers=dearer).report("transaction_cost")
    assert of_customer(report.rows.frame, "x")["proposed_channel"] == "web"
    cheapest = report.tables["channels"].frame.filter("cheapest")
    assert cheapest.select("main_channel", "customers", "cost_per_order").rows() == [("web", 6, 10 * MONEY_SCALE)]


def test_a_channel_of_few_customers_is_not_proposed():
    report = evidence(ROWS, ONE_TIER | {"warning": {"channel_customers": 20}}, customers=PEOPLE).report(
        "transaction_cost"
    )
    assert not report.tables["channels"].frame["cheapest"].any()
    assert report.rows.frame["proposed_channel"].to_list() == [None]


def test_without_a_channel_nothing_is_proposed_and_the_report_says_so():
    rows = [{name: value for name, value in row.items() if name != "channel"} for row in ROWS]
    report = evidence(rows, ONE_TIER, customers=PEOPLE).report("transaction_cost")
    assert report.rows.frame["proposed_channel"].to_list() == [None]
    assert [note.key for note in report.notes] == ["note.no_channel"]


def test_orders_of_the_value_period_count():
    # Of the last 12 months only two orders, and of the cost of 620 days that of 365: 400 x 365 / 620 / 2 per order.
    rows = [sale(name, day, 100) for name in COST for day in (0, 20, 600, 620)]
    report = evidence(rows, ONE_TIER | {"period": {"value_months": 12}}, customers=PEOPLE).report("transaction_cost")
    row = of_customer(report.rows.frame, "x")
    assert (row["orders"], row["cost_per_order"]) == (2, pytest.approx(117.74195 * MONEY_SCALE, abs=1))


def test_the_gone_need_no_channel():
    rows = [*ROWS, *(sale("new", day, 5) for day in range(0, 800, 20))]
    report = evidence(rows, ONE_TIER, customers=[*PEOPLE, {"customer_id": "new", "cost_to_serve": 1.0}])
    assert "x" not in report.report("transaction_cost").rows.frame["customer_id"]


def test_it_is_told_of_one_customer():
    found = evidence(ROWS, ONE_TIER, customers=PEOPLE)
    explain = TRANSACTION_COST.explain
    assert explain is not None
    told = explain(found.report("transaction_cost"), of_customer(found.customers, "x"))
    assert told is not None and [because.key for because in told.because] == ["cost.because", "cost.proposal"]
    assert explain(found.report("transaction_cost"), of_customer(found.customers, "y")) is None


def test_without_any_cost_to_serve_the_report_says_so():
    contacts: list[Row] = [{"customer_id": "x", "date": 5, "kind": "visit", "minutes": 30.0}]
    report = evidence(ROWS, ONE_TIER, contacts=contacts).report("transaction_cost")
    assert not len(report.rows.frame)
    assert "note.no_cost_to_serve" in [note.key for note in report.notes]
    assert report.tables["channels"].frame.schema["cost_per_order"] == pl.Int64


def test_the_main_channel_is_the_one_of_most_rows_and_of_equals_the_first_by_name():
    rows = [sale("a", 0, 1, channel="web"), sale("a", 1, 1, channel="web"), sale("a", 2, 1, channel="agent"),
            sale("b", 0, 1, channel="web"), sale("b", 1, 1, channel="phone"), sale("c", 5, 1, channel=None),
            sale("d", 0, -1, channel="web"), sale("d", 1, 1, channel="phone")]  # fmt: skip
    found = main_channels(evidence(rows))
    assert found is not None
    assert found.to_list() == ["web", "phone", None, "phone"]
    assert main_channels(evidence([sale("a", 0, 1)])) is None
    assert main_channels(evidence([sale("a", 0, 1, channel=None)])) is None
