"""Customers that one file has and another lacks."""

from typing import Any

from crmdash.ingest.dataset import Dataset, open_dataset
from crmdash.ingest.orphans import SCHEMA
from crmdash.ingest.raw import Source

ORDERS = "customer_id,date,amount\n1,2024-01-05,5\n1,2024-01-06,5\n2,2024-01-06,6\n9,2024-01-07,7\n"
CUSTOMERS = "customer_id,name,created date\n1,Ann,2020-01-01\n2,Bo,2020-01-01\n3,Cy,2020-01-01\n"
CONTACTS = "customer_id,date,kind\n1,2024-01-05,visit\n7,2024-01-06,call\n7,2024-01-07,call\n"


def opened(*texts: str) -> Dataset:
    return open_dataset([Source(f"{n}.csv", text.encode()) for n, text in enumerate(texts, start=1)])


def found(dataset: Dataset) -> list[tuple[Any, ...]]:
    return [(one.severity, one.code, one.count, one.example, one.values.get("rows")) for one in dataset.issues]


def test_orphans_on_either_side_are_counted_and_listed():
    dataset = opened(ORDERS, CUSTOMERS, CONTACTS)
    assert [file.table for file in dataset.files] == ["transactions", "customers", "contacts"]
    assert dataset.orphans.schema == SCHEMA
    assert dataset.orphans.rows() == [
        ("9", "transactions", "customers", 1), ("3", "customers", "transactions", 1), ("7", "contacts", "customers", 2),
    ]  # fmt: skip
    assert found(dataset) == [
        ("warning", "orders_without_customer", 1, "9", 1), ("info", "customers_without_orders", 1, "3", 1),
        ("warning", "contacts_without_customer", 1, "7", 2),
    ]  # fmt: skip


def test_orders_alone_have_no_orphans():
    assert opened(ORDERS).orphans.is_empty()


def test_contacts_without_a_customer_file_need_an_order():
    dataset = opened(ORDERS, CONTACTS)
    assert dataset.orphans.rows() == [("7", "contacts", "transactions", 2)]


def test_ids_that_lost_their_zeros_in_one_file_are_named():
    orders = "customer_id,date,amount\n007,2024-01-05,5\n007,2024-01-06,5\nA8,2024-01-06,6\n"
    customers = "customer_id,name,revenue\n7,Ann,1\na8,Bo,2\n"
    dataset = opened(orders, customers)
    assert [(one.code, one.count, one.example) for one in dataset.issues if one.code == "ids_nearly_match"] == [
        ("ids_nearly_match", 2, "007 / 7")
    ]
