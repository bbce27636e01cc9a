"""S20b: customers by the number of channels they use, and what each channel brings."""

import pytest

from crmdash.systems.channels import report
from tests.unit.frames import contact, evidence, money, sale

ROWS = [
    sale("a", 400, 10, channel="web"), sale("a", 401, 10, channel="shop"), sale("a", 402, 10, channel="phone"),
    sale("a", 403, 10, channel="mail"),
    sale("b", 400, 20, channel="web"), sale("b", 401, 20, channel="web"), sale("b", 402, 20, channel="shop"),
    sale("c", 403, 40, channel="web"), sale("c", 403, -10, channel="shop"),
    sale("d", 10, 500, channel="web"), sale("d", 403, 5),
]  # fmt: skip


def test_customers_by_the_number_of_channels_in_the_window():
    found = report(evidence(ROWS))
    columns = ["channels", "customers", "share", "revenue", "revenue_per_customer", "orders_per_customer"]
    assert found.rows.frame.select(columns).rows() == [
        ("1", 1, pytest.approx(1 / 3), money(30), money(30), 1.0),
        ("2", 1, pytest.approx(1 / 3), money(60), money(60), 3.0),
        ("3+", 1, pytest.approx(1 / 3), money(40), money(40), 4.0),
    ]
    assert found.figures["several_channels"].value == 2
    assert found.figures["several_revenue_share"].value == pytest.approx(100 / 130)


def test_each_channel_of_the_window():
    each = report(evidence(ROWS)).tables["channels"].frame.select("channel", "customers", "revenue")
    assert each.rows() == [
        ("web", 3, money(90)), ("shop", 2, money(30)), ("mail", 1, money(10)), ("phone", 1, money(10)),
    ]  # fmt: skip


def test_enquiries_and_recommendations_where_they_are_known():
    contacts = [contact("b", 402, "enquiry"), contact("b", 403, "enquiry"), contact("b", 403, "visit")]
    customers = [{"customer_id": "c", "referred_by": "a"}, {"customer_id": "b", "referred_by": None}]
    rows = report(evidence(ROWS, contacts=contacts, customers=customers)).rows.frame
    assert rows["enquiries_per_order"].to_list() == [0, pytest.approx(2 / 3), 0]
    assert rows["referred_share"].to_list() == [1, 0, 0]
    assert not {"enquiries_per_order", "referred_share"} & set(report(evidence(ROWS)).rows.frame.columns)


def test_no_purchase_of_the_window_names_a_channel():
    found = report(evidence([sale("a", 1, 5, channel="web"), sale("a", 500, 5)]))
    assert not len(found.rows.frame) and found.figures["several_share"].value is None
