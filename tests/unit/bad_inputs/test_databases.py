"""Cases in which a database changes the picture: typed numbers, NULL, days, repeated names, empty and huge tables."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crmdash.ingest.database import Database, Limits, as_source, list_relations, read_query, read_relation
from crmdash.ingest.dataset import Dataset, open_dataset
from crmdash.ingest.options import Mapping, Options
from tests.unit.bad_inputs.files import aside, codes, column, days, found, issue, money
from tests.unit.frames import there

ORDERS = "customer_id TEXT, date TEXT, amount NUMERIC"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return tmp_path / "shop.db"


def opened(shop: Path, columns: str, rows: list[tuple[Any, ...]], most: int = 1_000, **options: Any) -> Dataset:
    """Store rows in a table of SQLite, read `most` of them and open them as a dataset."""
    with closing(sqlite3.connect(shop)) as connection, connection:
        connection.execute(f"CREATE TABLE orders ({columns})")
        if rows:
            connection.executemany(f"INSERT INTO orders VALUES ({', '.join('?' * len(rows[0]))})", rows)
    database = Database.from_fields("shop", {"dialect": "sqlite", "database": str(shop)})
    (relation,) = list_relations(database)
    return dataset_of(read_relation(database, relation, Limits(rows=most)), **options)


def dataset_of(raw: Any, **options: Any) -> Dataset:
    source = as_source(raw)
    dataset = open_dataset([source], {source.name: Mapping(options=Options(**options))})
    assert dataset.rows == dataset.rows_used + dataset.rows_set_aside == dataset.rows_used + dataset.set_aside.height
    return dataset


def test_case_13_a_table_without_rows(shop: Path):
    dataset = opened(shop, ORDERS, [])
    assert codes(dataset) == ["no_rows_at_all", "nothing_usable"]
    assert dataset.files[0].columns == ("customer_id", "date", "amount")


def test_case_30_a_name_twice_in_a_select(shop: Path):
    opened(shop, ORDERS, [("A", "2024-01-05", 5)])
    database = Database.from_fields("shop", {"dialect": "sqlite", "database": str(shop)})
    query = "SELECT o.customer_id, p.customer_id, o.date, o.amount FROM orders o, orders p"
    dataset = dataset_of(read_query(database, query))
    assert dataset.files[0].columns == ("customer_id", "customer_id (2)", "date", "amount")
    assert "header_repeated" in codes(dataset)
    assert column(dataset, "amount") == money(5)


def test_case_37_a_cell_of_ten_megabytes(shop: Path):
    dataset = opened(shop, ORDERS, [("A" * 10_000_000, "2024-01-05", 5)])
    assert (dataset.usable, dataset.issues[0].severity) == (False, "error")
    assert codes(dataset)[0] == "cell_too_long"


def test_case_38_more_rows_than_are_read_are_cut_and_told(shop: Path):
    rows = [(f"C{n}", "2024-01-05", n) for n in range(1, 51)]
    dataset = opened(shop, ORDERS, rows, most=20)
    cut = issue(dataset, "rows_cut")
    assert (cut.severity, dataset.rows, dataset.rows_used) == ("warning", 20, 20)


def test_case_44_typed_numbers_are_exact_whatever_they_look_like(shop: Path):
    rows = [("A", "2024-01-05", 1.234), ("B", "2024-01-05", 0.1), ("C", "2024-01-05", 1e5), ("D", "2024-01-05", -3)]
    dataset = opened(shop, "customer_id TEXT, date TEXT, amount REAL", rows)
    assert column(dataset, "amount") == money(1.234, 0.1, 100_000, -3)
    assert "decimal_sign" not in codes(dataset)


def test_case_53_null_is_missing_and_a_word_is_a_word(shop: Path):
    columns = "customer_id TEXT, date TEXT, amount NUMERIC, name TEXT"
    rows = [("A", "2024-01-05", None, "None"), ("B", "2024-01-05", 5, "NULL"), (None, "2024-01-05", 6, "NA")]
    dataset = opened(shop, columns, rows)
    assert aside(dataset) == [(1, "required_blank", "amount", None), (3, "required_blank", "customer_id", None)]
    assert there(dataset.customers)["name"].to_list() == ["NULL"]


def test_case_56_whole_numbers_to_the_last_digit(shop: Path):
    dataset = opened(shop, "customer_id TEXT, date TEXT, amount INTEGER", [("A", "2024-01-05", 900_000_000_000_001)])
    assert column(dataset, "amount") == [9_000_000_000_000_010_000]


def test_case_60_a_column_of_nothing_but_null(shop: Path):
    dataset = opened(shop, ORDERS, [("A", "2024-01-05", None), ("B", "2024-01-06", None)])
    assert codes(dataset)[0] == "column_empty"
    assert (dataset.usable, dataset.rows_set_aside) == (False, 2)


def test_case_63_and_64_ids_stay_text_or_whole_numbers(shop: Path):
    rows = [("00123", "2024-01-05", 1), ("123456789012345678", "2024-01-05", 2), (" 7", "2024-01-05", 3)]
    assert column(opened(shop, ORDERS, rows), "customer_id") == ["00123", "123456789012345678", "7"]


def test_case_64_whole_numbers_as_ids_beside_null(shop: Path):
    columns = "customer_id INTEGER, date TEXT, amount NUMERIC"
    rows = [(123_456_789_012_345_678, "2024-01-05", 1), (None, "2024-01-05", 2), (7, "2024-01-05", 3)]
    dataset = opened(shop, columns, rows)
    assert column(dataset, "customer_id") == ["123456789012345678", "7"]
    assert aside(dataset) == [(2, "required_blank", "customer_id", None)]


@pytest.mark.parametrize(
    "cell", ["2024-01-05", "2024-01-05 23:59:59", "2024-01-05T23:59:59+08:00", "2024-01-05 00:00:00Z", "20240105"]
)
def test_case_71_and_82_the_day_that_is_stored_is_the_day(shop: Path, cell: str):
    rows = [("A", cell, 1), ("B", "2024-01-06", 2)]
    assert column(opened(shop, ORDERS, rows), "date") == days("2024-01-05", "2024-01-06")


def test_case_78_seconds_in_a_whole_number_column(shop: Path):
    columns = "customer_id TEXT, date INTEGER, amount NUMERIC"
    dataset = opened(shop, columns, [("A", 1_704_412_800, 1), ("B", 1_704_499_200, 2)])
    assert column(dataset, "date") == days("2024-01-05", "2024-01-06")
    assert codes(dataset) == ["date_numbers"]


def test_case_72_texts_in_a_database_leave_the_order_open_too(shop: Path):
    rows = [("A", "05/04/2024", 1), ("B", "05/04/2024", 2), ("C", "03/02/2024", 3)]
    assert "date_order" in codes(opened(shop, ORDERS, rows))
    assert found(opened(shop.with_name("other.db"), ORDERS, rows, date_order="dmy")) == []


def test_case_92_hostile_text_in_a_database(shop: Path):
    names = ["'; DROP TABLE orders; --", "=1+1", "<script>alert(1)</script>", "abc\u202egnp.exe", "𠮷野家", "a\nb"]
    columns = "customer_id TEXT, date TEXT, amount NUMERIC, name TEXT"
    rows = [(f"C{n}", "2024-01-05", n + 1, name) for n, name in enumerate(names)]
    assert there(opened(shop, columns, rows).customers)["name"].to_list() == names
