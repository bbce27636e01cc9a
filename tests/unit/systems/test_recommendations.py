"""S37b: who brought whom, and what those who were brought are worth."""

import pytest

from crmdash.phrases import Figure
from crmdash.systems.recommendations import explain, report
from tests.unit.frames import evidence, money, of_customer, sale

ROWS = [sale("a", 1, 10), sale("b", 2, 30), sale("c", 3, 20), sale("d", 4, 40), sale("in", 5, 99)]
CUSTOMERS = [
    {"customer_id": "b", "referred_by": "a"},
    {"customer_id": "c", "referred_by": "a"},
    {"customer_id": "p", "referred_by": "b"},
    {"customer_id": "d", "referred_by": "d"},
    {"customer_id": "a", "referred_by": "unknown"},
    {"customer_id": "in", "referred_by": "a", "nature": "internal"},
]


def test_who_brought_how_much():
    found = report(evidence(ROWS, customers=CUSTOMERS))
    columns = ["customer_id", "referred", "referred_buying", "brought_value", "value"]
    assert found.rows.frame.select(columns).rows() == [
        ("a", 2, 2, money(50), money(10)),
        ("b", 1, 0, 0, money(30)),
    ]
    figures = {name: figure.value for name, figure in found.figures.items()}
    # a, b and c buy and were brought, p is a prospect; internal customers and who named itself are left out.
    assert figures == {
        "referrals": 4, "referred_buying": 3, "introducers": 2, "unknown_introducers": 1,
        "brought_value": money(60), "value_share": 0.6,
    }  # fmt: skip


def test_those_who_were_brought_beside_the_others():
    came = report(evidence(ROWS, customers=CUSTOMERS)).tables["came"].frame
    assert came.select("came", "customers", "mean_value", "median_value").rows() == [
        ("referred", 3, money(20), money(20)),
        ("other", 1, money(40), money(40)),
    ]


@pytest.mark.parametrize(
    ("customer_id", "label", "because"),
    [
        ("b", "recommended.brought", ["recommended.by"]),
        ("c", "recommended.by", []),
        ("a", "recommended.brought", ["recommended.by"]),
    ],
)
def test_what_is_said_of_a_customer(customer_id, label, because):
    found = evidence(ROWS, customers=CUSTOMERS)
    told = explain(report(found), of_customer(found.customers, customer_id))
    assert told is not None
    assert told.label.key == label and [phrase.key for phrase in told.because] == because


def test_nothing_is_said_of_who_named_itself():
    found = evidence(ROWS, customers=CUSTOMERS)
    assert explain(report(found), of_customer(found.customers, "d")) is None
    told = explain(report(found), of_customer(found.customers, "c"))
    assert told is not None and told.label.figures["customer"] == Figure("text", "a")
