"""Orders added up in the database give the customers the same figures as the orders read line by line."""

import random
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from crmdash.evaluate import evaluate
from crmdash.ingest.database import (
    Database,
    DatabaseFailed,
    Limits,
    Relation,
    aggregated_mapping,
    list_relations,
    read_aggregated,
    read_relation,
)
from crmdash.ingest.options import Mapping, Options
from crmdash.ingest.raw import RawTable
from crmdash.ingest.validation import validate
from crmdash.settings import Settings
from crmdash.summary import summarise
from crmdash.summary.tables import Tables
from tests.postgres import Postgres
from tests.unit.frames import there

COLUMNS = {
    "cust": "text", "at": "timestamp", "amt": "numeric(14,4)", "paid": "double precision", "off": "numeric(10,2)",
    "gain": "numeric(14,2)", "pieces": "integer", "kind": "text", "no": "text",
}  # fmt: skip
MAPPING = Mapping(
    "transactions",
    {
        "customer_id": ("cust",), "date": ("at",), "amount": ("amt",), "cost": ("paid",), "profit": ("gain",),
        "quantity": ("pieces",), "discount": ("off",), "category": ("kind",), "order_id": ("no",),
    },
    Options(discount="money"),
)  # fmt: skip
Row = tuple[Any, ...]
Make = Callable[[list[Row]], tuple[Database, Relation]]


def random_rows(count: int) -> list[Row]:
    """Order lines as they come: returns, days with both, lines without cost, profit or discount."""
    chance = random.Random(7)
    rows: list[Row] = []
    for number in range(count):
        day = f"2024-{chance.randint(1, 12):02}-{chance.randint(1, 28):02} {chance.randint(0, 23):02}:59:59"
        amount = f"{chance.choice((1, 1, 1, -1)) * chance.randint(0, 5_000_000) / 10_000:.4f}"
        known = chance.random
        rows.append((
            f"{chance.randint(1, 60):05}", day, amount,
            chance.randint(1, 30_000) / 100 if known() < 0.7 else None,
            f"{chance.randint(0, 900) / 100:.2f}" if known() < 0.4 else None,
            f"{chance.randint(-9_000, 9_000) / 100:.2f}" if known() < 0.3 else None,
            chance.randint(1, 9), chance.choice(("tea", "咖啡", None)), f"N{number}",
        ))  # fmt: skip
    return rows


@pytest.fixture(params=["sqlite", "postgresql"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """Make a table of orders in each kind of database."""
    columns = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS.items())

    def in_sqlite(rows: list[Row]) -> tuple[Database, Relation]:
        path = tmp_path / "shop.db"
        connection = sqlite3.connect(path)
        connection.execute(f"CREATE TABLE orders ({columns})")
        connection.executemany(f"INSERT INTO orders VALUES ({', '.join('?' * len(COLUMNS))})", rows)
        connection.commit()
        connection.close()
        return found(Database.at("shop", f"sqlite:///{path}"))

    def in_postgresql(rows: list[Row]) -> tuple[Database, Relation]:
        values = ", ".join(["%s"] * len(COLUMNS))
        server.run(f"CREATE TABLE orders ({columns})", f"INSERT INTO orders VALUES ({values})", values=rows)
        return found(Database.at("shop", server.url()))

    if request.param == "sqlite":
        yield in_sqlite
    else:
        server: Postgres = request.getfixturevalue("postgres")
        yield in_postgresql
        server.run("DROP TABLE IF EXISTS orders")


def found(database: Database) -> tuple[Database, Relation]:
    return database, next(each for each in list_relations(database) if each.name == "orders")


def customers(raw: RawTable, mapping: Mapping) -> pl.DataFrame:
    typed = validate(raw, mapping)
    summary = summarise(Tables.of(there(typed.frame)))
    return evaluate(summary, Settings()).customers


def test_customers_are_the_same_as_line_by_line(make: Make):
    rows = random_rows(3_000)
    database, relation = make(rows)
    full = customers(read_relation(database, relation), MAPPING)
    raw = read_aggregated(database, relation, MAPPING)
    summed = customers(raw, aggregated_mapping(MAPPING))
    assert raw.frame.height < len(rows)
    assert [(issue.code, issue.count, issue.values) for issue in raw.issues] == [
        ("orders_added_up", 3_000, {"rows": raw.frame.height})
    ]
    # Counted per line, or priced per line: what a sum cannot keep.
    lost = {"rows", "rows_window", "price_index"}
    assert full.height == 60
    assert set(full.columns) == set(summed.columns)
    assert {"tier", "stage", "revenue", "orders", "recency", "gap_variation", "gross_profit", "deal_share"} <= set(
        full.columns
    )
    kept = [name for name in full.columns if name not in lost]
    different = [name for name in kept if not full[name].equals(summed[name])]
    assert different == []


def test_sales_and_returns_of_one_day_stay_apart(make: Make):
    same = ("A", "2024-01-05 08:00:00")
    rest = (None, None, None, 1, None, "N")
    database, relation = make([(*same, "10.1", *rest), (*same, "0.2", *rest), (*same, "-20.0001", *rest)])
    raw = read_aggregated(database, relation, MAPPING)
    typed = validate(raw, aggregated_mapping(MAPPING))
    rows = there(typed.frame).select("customer_id", "date", "amount", "quantity").sort("amount").rows()
    assert rows == [("A", 19_727, -200_001, 1.0), ("A", 19_727, 103_000, 2.0)]


def test_lines_without_amount_customer_or_day_are_counted(make: Make):
    rest = (None, None, None, None, None, "N")
    day = "2024-01-05 08:00:00"
    database, relation = make(
        [("A", day, "1", *rest), ("A", day, None, *rest), (None, day, "2", *rest), ("B", None, "3", *rest)]
    )
    raw = read_aggregated(database, relation, MAPPING)
    assert [(issue.code, issue.count) for issue in raw.issues] == [("orders_added_up", 4), ("lines_set_aside", 1)]
    typed = validate(raw, aggregated_mapping(MAPPING))
    assert (there(typed.frame).height, raw.frame.height) == (1, 3)


def test_days_written_as_text_are_cut_where_they_are_iso(make: Make):
    rest = (None, None, None, None)
    rows = [("A", None, amount, *rest, at, None) for at, amount in (
        ("2024-01-05 08:00", "1"), ("2024-01-05T23:59:59+08:00", "2"), ("2024-01-05", "4"), ("5.1.2024 10:00", "8"),
    )]  # fmt: skip
    database, relation = make(rows)
    mapping = Mapping("transactions", {"customer_id": ("cust",), "date": ("kind",), "amount": ("amt",)})
    raw = read_aggregated(database, relation, mapping)
    found = {row["date"]: float(row["amount"]) for row in raw.frame.to_dicts()}
    assert found == {"2024-01-05": 7, "5.1.2024 10:00": 8}


def test_sums_are_exact(make: Make):
    rest = (0.1, None, None, 1, None, "N")
    database, relation = make([("A", "2024-01-05", "0.1", *rest)] * 30 + [("A", "2024-01-05", "1.005", *rest)])
    raw = read_aggregated(database, relation, MAPPING)
    typed = validate(raw, aggregated_mapping(MAPPING))
    assert there(typed.frame).select("amount", "cost", "profit").rows() == [(40_050, 31_000, 9_050)]


def test_more_groups_than_the_limit_are_cut_and_named(make: Make):
    database, relation = make([(str(n), "2024-01-05", "1", None, None, None, None, None, None) for n in range(5)])
    raw = read_aggregated(database, relation, MAPPING, Limits(rows=3))
    assert raw.frame.height == 3
    assert raw.issues[0].code == "rows_cut"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"amount": ("kind",)}, "aggregation_inexact"),
        ({"quantity": ("no",)}, "aggregation_inexact"),
        ({"amount": ("nowhere",)}, "aggregation_needs"),
        ({"amount": ()}, "aggregation_needs"),
    ],
)
def test_what_cannot_be_added_up_is_said(make: Make, changed: dict[str, tuple[str, ...]], code: str):
    database, relation = make([])
    columns = {name: files for name, files in {**MAPPING.columns, **changed}.items() if files}
    with pytest.raises(DatabaseFailed, match=f"^{code}$"):
        read_aggregated(database, relation, Mapping("transactions", columns))


def test_texts_among_numbers_are_no_zeros(tmp_path: Path):
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE orders (cust TEXT, at TEXT, amt DECIMAL)")
        connection.executemany(
            "INSERT INTO orders VALUES ('A', '2024-01-05', ?)",
            [(1,), ("1,234.50",), (2.5,), (899999999999999,), (900000000000000,), (9e12 + 0.5,)],
        )
    connection.close()
    database, relation = found(Database.at("shop", f"sqlite:///{path}"))
    mapping = Mapping("transactions", {"customer_id": ("cust",), "date": ("at",), "amount": ("amt",)})
    raw = read_aggregated(database, relation, mapping)
    assert raw.frame.rows() == [("A", "2024-01-05", "900000000000002.5000")]
    assert [(issue.code, issue.count) for issue in raw.issues] == [("orders_added_up", 6), ("lines_set_aside", 3)]
