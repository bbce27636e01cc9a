"""SQLite files as a source: what is read is what is stored, nothing is written, and every limit is named."""

import logging
import sqlite3
import time
import traceback
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from threading import Event, Timer
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdash.i18n import Wording
from crmdash.ingest.database import (
    Database,
    DatabaseFailed,
    Limits,
    Relation,
    Running,
    as_source,
    is_large,
    list_relations,
    read_query,
    read_relation,
)
from crmdash.ingest.database.failures import blot
from crmdash.ingest.database.text import as_text, text_series
from crmdash.ingest.readers import read_table

HOSTILE = ('orders"; DROP TABLE orders; --', "100% :name (y) %s", "客户 订单", "a\nb", "x'y`z[0]", "=HYPERLINK(1)")
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
STREAM = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "shop 100%#?.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE orders (id TEXT, day DATE, amount DECIMAL(12,2), note TEXT)")
        connection.executemany(
            "INSERT INTO orders VALUES (?, ?, ?, ?)",
            [("007", "2024-01-05", 10.5, None), ("8", "2024-01-06", 900000000000000001, " "), ("9", None, 0.1, "客户")],
        )
        connection.execute("CREATE VIEW big AS SELECT * FROM orders WHERE amount > 1")
        connection.execute("CREATE VIEW broken AS SELECT * FROM gone")
    connection.close()
    return path


@pytest.fixture
def database(path: Path) -> Database:
    return Database.from_fields("shop", {"dialect": "sqlite", "database": str(path)})


def relation(database: Database, name: str) -> Relation:
    return next(each for each in list_relations(database) if each.name == name)


def failure(code: str):
    return pytest.raises(DatabaseFailed, match=f"^{code}$")


def test_tables_and_views_are_listed_with_columns_and_rows(database: Database):
    found = [(each.label, each.is_view, each.rows, [c.name for c in each.columns]) for each in list_relations(database)]
    columns = ["id", "day", "amount", "note"]
    assert found == [("big", True, None, columns), ("orders", False, 3, columns)]
    assert [column.kind for column in relation(database, "orders").columns] == ["text", "day", "exact", "text"]


def test_cells_come_as_text_and_blank_ones_as_missing(database: Database):
    raw = read_relation(database, relation(database, "orders"))
    assert raw.frame.columns == ["id", "day", "amount", "note"]
    assert raw.frame.rows() == [
        ("007", "2024-01-05", "10.5", None),
        ("8", "2024-01-06", "900000000000000001", None),
        ("9", None, "0.1", "客户"),
    ]
    assert (raw.name, raw.issues, raw.first_row) == ("orders", (), 1)


def test_a_query_is_taken_as_it_is_written(database: Database):
    raw = read_query(
        database, "/* all */ -- of it\n SELECT '50% :x %s', ':day', id AS \"a.b\", id FROM orders LIMIT 1;\n ; "
    )
    assert raw.frame.row(0) == ("50% :x %s", ":day", "007", "007")
    assert raw.frame.columns[2:] == ["a.b", "id"]


def test_repeated_names_are_told_apart(database: Database):
    raw = read_query(database, "SELECT id, id, '' AS \"\" FROM orders LIMIT 1")
    assert raw.frame.columns == ["id", "id (2)", "column 3"]
    assert [(issue.code, issue.column) for issue in raw.issues] == [("header_repeated", "id (2)")]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_only_names(path: Path, database: Database, name: str):
    quoted = '"' + name.replace('"', '""') + '"'
    with sqlite3.connect(path) as connection:
        connection.execute(f"CREATE TABLE {quoted} (id TEXT, {quoted} TEXT)")
        connection.execute(f"INSERT INTO {quoted} VALUES ('1', ?)", [name])
    connection.close()
    raw = read_relation(database, relation(database, name))
    assert (raw.frame.columns, raw.frame.rows()) == (["id", name.strip()], [("1", name)])
    assert {"orders", name} <= {each.name for each in list_relations(database)}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "query_blank"),
        (" ; ", "query_blank"),
        ("DELETE FROM orders", "query_not_select"),
        ("-- SELECT\nDROP TABLE orders", "query_not_select"),
        ("PRAGMA query_only = OFF", "query_not_select"),
        ("selection", "query_not_select"),
        ("-- nothing else", "query_not_select"),
        ("SELECT 1; DELETE FROM orders", "query_several"),
        ("SELECT ';'; --", "query_several"),
        ("WITH x AS (SELECT 1) DELETE FROM orders", "database_failed"),
        ("SELECT * FROM nowhere", "database_failed"),
        ("SELECT load_extension('x')", "database_failed"),
    ],
)
def test_only_one_select_is_carried_out(path: Path, database: Database, query: str, code: str):
    before = path.read_bytes()
    with failure(code):
        read_query(database, query)
    assert path.read_bytes() == before


def test_the_database_says_what_is_wrong(database: Database):
    with failure("database_failed") as caught:
        read_query(database, "SELECT amuont FROM orders")
    assert caught.value.issue.example == "no such column: amuont"
    assert caught.value.issue.values == {"file": "shop"}


def test_more_rows_than_the_limit_are_cut_and_named(database: Database):
    for raw in (
        read_relation(database, relation(database, "orders"), Limits(rows=2)),
        read_query(database, "SELECT * FROM orders", Limits(rows=2)),
    ):
        assert raw.frame.height == 2
        assert [(issue.severity, issue.code, issue.count) for issue in raw.issues] == [("warning", "rows_cut", 2)]
    assert read_query(database, "SELECT * FROM orders", Limits(rows=3)).issues == ()


def test_too_many_columns_and_too_many_bytes_are_refused(database: Database):
    with failure("database_too_wide"):
        read_query(database, "SELECT 1, 2, 3", Limits(columns=2))
    with failure("database_too_much"):
        read_query(database, "SELECT printf('%.*c', 900000, 'x') FROM orders", Limits(megabytes=1))


def test_an_answer_that_takes_too_long_is_stopped(database: Database):
    started = time.monotonic()
    with failure("database_slow") as caught:
        read_query(database, ENDLESS, Limits(seconds=0.3))
    assert time.monotonic() - started < 3
    assert caught.value.issue.values["seconds"] == "0.3"


def test_a_click_stops_it(database: Database):
    for query in (ENDLESS, STREAM):
        cancel = Event()
        Timer(0.3, cancel.set).start()
        started = time.monotonic()
        with failure("database_cancelled"):
            read_query(database, query, Limits(rows=10**9, seconds=60), cancel=cancel)
        assert time.monotonic() - started < 3


def test_progress_tells_the_rows_so_far(database: Database):
    told: list[int] = []
    raw = read_query(database, STREAM, Limits(rows=50_000), progress=told.append)
    assert told == [20_000, 40_000, 50_000]
    assert raw.frame["x"].to_list() == [str(n) for n in range(1, 50_001)]


def test_texts_that_are_no_utf_8_are_replaced_and_counted(path: Path, database: Database):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE odd (name TEXT)")
        connection.execute("INSERT INTO odd VALUES (CAST(x'41ff42fe' AS TEXT)), ('fine')")
    connection.close()
    raw = read_relation(database, relation(database, "odd"))
    assert raw.frame["name"].to_list() == ["A\ufffdB\ufffd", "fine"]
    assert [(issue.code, issue.count) for issue in raw.issues] == [("database_characters_lost", 2)]


def test_sizes_are_counted_only_where_the_estimate_is_near(path: Path, database: Database):
    orders = relation(database, "orders")
    assert [is_large(database, orders, rows) for rows in (1, 2, 3, 100)] == [True, True, False, False]
    assert [is_large(database, relation(database, "big"), rows) for rows in (1, 2)] == [True, False]


def test_what_was_read_opens_like_a_file(database: Database):
    raw = read_relation(database, relation(database, "orders"))
    source = as_source(raw)
    assert source.content == as_source(read_relation(database, relation(database, "orders"))).content
    assert source.content != as_source(read_query(database, "SELECT * FROM orders LIMIT 2")).content
    assert read_table(source).frame.equals(raw.frame)


def test_a_missing_file_is_not_made(tmp_path: Path):
    with failure("database_unreachable"):
        list_relations(Database.at("shop", f"sqlite:///{tmp_path / 'none.db'}"))
    assert list(tmp_path.iterdir()) == []


def test_an_empty_result_keeps_its_columns(database: Database):
    raw = read_query(database, "SELECT id, day FROM orders WHERE 1 = 0")
    assert (raw.frame.columns, raw.frame.height) == (["id", "day"], 0)


SECRETS = {"password": "pa55/w@rd:x", "query": {"sslpassword": "k3y"}, "username": "bob"}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"url": "pa55/w@rd:x k3y bob"}, "database_address"),
        ({"url": "nosuch+driver://bob:pa55%2Fw%40rd%3Ax@h/d?sslpassword=k3y"}, "database_driver_missing"),
        ({"dialect": "postgresql", "host": "127.0.0.1", "port": 9, "database": "d", **SECRETS}, "database_unreachable"),
        ({"dialect": "postgresql", "host": "127.0.0.1", "port": "pa55/w@rd:x", **SECRETS}, "database_address"),
        (SECRETS, "database_address"),
    ],
)
def test_what_fails_names_no_credentials(fields: dict[str, Any], code: str, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    with failure(code) as caught:
        list_relations(Database.from_fields("shop", fields))
    shown = [
        *traceback.format_exception(caught.value), repr(caught.value), repr(caught.value.issue), caplog.text,
        *(Wording(language).issue(caught.value.issue) for language in ("en",)),
    ]  # fmt: skip
    assert not [secret for secret in ("pa55", "k3y", "bob") if secret in "".join(shown)]


def test_a_database_shows_only_its_name():
    database = Database.from_fields("shop", {"dialect": "mysql", "driver": "pymysql", "host": "h", **SECRETS})
    assert repr(database) == "Database(name='shop')"
    assert database.url.render_as_string(hide_password=False).startswith("mysql+pymysql://bob:pa55%2Fw%40rd%3Ax@h")


def test_messages_are_blotted():
    url = Database.at("shop", "postgresql://bob:pw1@h/d?sslpassword=k3y").url
    assert url.drivername == "postgresql+psycopg"
    said = "pw1 k3y for user \"bob\", user 'bob'@'h', column \"user\""
    assert blot(said, url) == '*** *** for user ***, user ***, column "user"'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (12345678901234567890, "12345678901234567890"),
        (Decimal("1234567890123456789.0100"), "1234567890123456789.0100"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-7"), "0.0000001"),
        (0.1, "0.1"),
        (1e16, "1e+16"),
        (float("inf"), "inf"),
        (date(2024, 1, 5), "2024-01-05"),
        (datetime(2024, 1, 5, 23, 30), "2024-01-05 23:30:00"),
        (datetime(2024, 1, 5, 23, 30, tzinfo=UTC), "2024-01-05 23:30:00+00:00"),
        (datetime(2024, 1, 5, 23, 30, tzinfo=timezone(timedelta(hours=8))), "2024-01-05 23:30:00+08:00"),
        (b"\x00\xff", "00ff"),
        (memoryview(b"ab"), "6162"),
        ({"a": [1, Decimal("1.50")]}, '{"a": [1, "1.50"]}'),
    ],
)
def test_every_type_has_its_text(value: Any, text: str):
    assert as_text(value) == text


def test_what_is_no_character_is_replaced():
    column, lost = text_series("x", ["a\ud800", None, "𠮷"])
    assert (column.to_list(), lost) == (["a\ufffd", None, "𠮷"], 1)


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.integers(), st.text(), st.decimals(allow_nan=False), st.floats(allow_nan=False)))
)
def test_columns_of_anything_keep_their_values(values: list[Any]):
    column, lost = text_series("x", values)
    assert len(column) == len(values)
    for value, text in zip(values, column.to_list(), strict=True):
        if isinstance(value, str):
            assert text == (value if value.strip() else None) or not value.strip() or lost
        elif value is not None:
            assert type(value)(text) == value


def test_work_runs_beside_and_says_what_came_of_it(database: Database):
    orders = relation(database, "orders")
    running = Running(lambda told, cancel: read_relation(database, orders, progress=told, cancel=cancel))
    assert running.wait(10)
    raw = running.result()
    assert raw is not None
    assert (running.done, running.issue, running.rows, raw.frame.height) == (True, None, 3, 3)


def test_work_that_is_stopped_or_dropped_ends(database: Database):
    limits = Limits(rows=10**9, seconds=60)
    running = Running(lambda told, cancel: read_query(database, STREAM, limits, progress=told, cancel=cancel))
    running.cancel()
    assert running.wait(5)
    assert (running.result(), running.issue and running.issue.code) == (None, "database_cancelled")
    ended = Event()

    def work(told: Any, cancel: Event) -> None:
        if cancel.wait(5):
            ended.set()

    dropped = Running(work)
    del dropped
    assert ended.wait(5)


def test_an_error_of_ours_is_raised_where_the_result_is_asked_for():
    running = Running(lambda told, cancel: 1 // 0)
    assert running.wait(5)
    with pytest.raises(ZeroDivisionError):
        running.result()


def test_what_the_database_said_stands_before_what_reading_says(database: Database):
    raw = read_query(database, "SELECT * FROM orders", Limits(rows=2))
    assert [issue.code for issue in as_source(raw).issues] == ["rows_cut"]
    assert [issue.code for issue in read_table(as_source(raw)).issues] == ["rows_cut"]


@pytest.mark.parametrize(
    ("query", "decimal"),
    [
        ("SELECT id, day, amount FROM orders", "."),
        ("SELECT amount FROM orders", "."),
        ("SELECT id, amount, '1.234' AS written FROM orders", None),
        ("SELECT id, amount, '€ 1.234,50' AS written FROM orders", None),
        ("SELECT id, amount, 'Tea 1,5 l' AS product FROM orders", "."),
    ],
)
def test_numbers_have_a_point_and_texts_leave_it_open(database: Database, query: str, decimal: str | None):
    assert read_query(database, query).decimal == decimal
