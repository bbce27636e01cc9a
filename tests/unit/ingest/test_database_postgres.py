"""A real PostgreSQL server as a source: exact values, nothing written, every wait ended, no credentials shown."""

import logging
import os
import signal
import time
import traceback
from collections.abc import Iterator
from threading import Event, Timer

import pytest

from crmdash.ingest.database import (
    Database,
    DatabaseFailed,
    Limits,
    Relation,
    is_large,
    list_relations,
    read_query,
    read_relation,
)
from crmdash.ingest.database import session as sessions
from tests.postgres import OWNER, PASSWORD, Postgres

HOSTILE = ('orders"; DROP TABLE kept; --', "100% :name (y) %s %(z)s", "客户 订单", "a\nb", "x'y`z[0]", "=HYPERLINK(1)")
SLOW = "SELECT pg_sleep(60)"
STREAM = "SELECT x, repeat('x', 100) FROM generate_series(1, 5000000) AS s(x)"


@pytest.fixture(scope="module")
def server(postgres: Postgres) -> Iterator[Postgres]:
    postgres.run(
        "CREATE SCHEMA shop",
        "CREATE TABLE shop.kept (id int PRIMARY KEY, n int)",
        "INSERT INTO shop.kept VALUES (1, 0)",
        "CREATE VIEW shop.seen AS SELECT id FROM shop.kept",
        "CREATE FUNCTION shop.bump() RETURNS int LANGUAGE sql AS 'UPDATE shop.kept SET n = n + 1 RETURNING n'",
        "CREATE SEQUENCE shop.numbers",
    )
    yield postgres
    postgres.run("DROP SCHEMA shop CASCADE")


@pytest.fixture
def database(server: Postgres) -> Database:
    return Database.at("shop", server.url())


def relation(database: Database, label: str) -> Relation:
    return next(each for each in list_relations(database) if each.label == label)


def failure(code: str):
    return pytest.raises(DatabaseFailed, match=f"^{code}$")


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("12345678901234567890.0123456789::numeric", "12345678901234567890.0123456789"),
        ("10.50::numeric(10,2)", "10.50"),
        ("1e20::numeric", "100000000000000000000"),
        ("9223372036854775807::bigint", "9223372036854775807"),
        ("0.1::float8", "0.1"),
        ("0.1::float4", "0.1"),
        ("(0.1::float8 + 0.2)", "0.30000000000000004"),
        ("'NaN'::numeric", "NaN"),
        ("true", "true"),
        ("false", "false"),
        ("'00123 '::text", "00123 "),
        ("'2024-01-05'::date", "2024-01-05"),
        ("'infinity'::date", "infinity"),
        ("'0044-03-15 BC'::date", "0044-03-15 BC"),
        ("'12024-01-05'::date", "12024-01-05"),
        ("'2024-01-05 23:30:00.5'::timestamp", "2024-01-05 23:30:00.5"),
        ("'2024-01-05 16:30:00Z'::timestamptz", "2024-01-06 00:30:00+08"),
        ("'23:30'::time", "23:30:00"),
        ("'1 day 2 hours'::interval", "1 day 02:00:00"),
        ("'\\x00ff'::bytea", "00ff"),
        ("'{\"a\": 1.50}'::jsonb", '{"a": 1.50}'),
        ("ARRAY[1, 2]", '["1", "2"]'),
        ("'2dfb4dd4-7c3a-4b1e-9d57-3c0b8f1e2a11'::uuid", "2dfb4dd4-7c3a-4b1e-9d57-3c0b8f1e2a11"),
        ("'客户 𠮷'::text", "客户 𠮷"),
        ("'50% :x %s'", "50% :x %s"),
        ("NULL::int", None),
        ("'  '", None),
    ],
)
def test_every_type_comes_as_the_server_writes_it(database: Database, expression: str, text: str | None):
    assert read_query(database, f"SELECT {expression} AS x").frame.to_dicts() == [{"x": text}]


def test_tables_and_views_are_listed_with_columns_and_rows(server: Postgres, database: Database):
    server.run("ANALYZE shop.kept")
    found = {each.label: each for each in list_relations(database)}
    assert [(name, each.is_view, each.rows) for name, each in found.items()] == [
        ("shop.kept", False, 1),
        ("shop.seen", True, None),
    ]
    assert [(column.name, column.type, column.kind) for column in found["shop.kept"].columns] == [
        ("id", "integer", "exact"),
        ("n", "integer", "exact"),
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_only_names(server: Postgres, database: Database, name: str):
    quoted = '"' + name.replace('"', '""') + '"'
    server.run(f"CREATE TABLE {quoted} (id text, {quoted} text)", f"INSERT INTO {quoted} VALUES ('1', 'x')")
    try:
        raw = read_relation(database, relation(database, name))
    finally:
        server.run(f"DROP TABLE {quoted}")
    assert (raw.frame.columns, raw.frame.rows()) == (["id", name], [("1", "x")])


@pytest.mark.parametrize(
    "query",
    [
        "SELECT shop.bump()",
        "WITH x AS (DELETE FROM shop.kept RETURNING *) SELECT * FROM x",
        "WITH x AS (INSERT INTO shop.kept VALUES (2, 2) RETURNING *) SELECT * FROM x",
        "SELECT * INTO shop.copied FROM shop.kept",
        "SELECT nextval('shop.numbers')",
        "SELECT * FROM shop.kept FOR UPDATE",
        "SELECT set_config('transaction_read_only', 'off', true), shop.bump()",
        "WITH x AS (SELECT 1) UPDATE shop.kept SET n = 5",
    ],
)
def test_the_server_refuses_to_write(server: Postgres, database: Database, query: str):
    with failure("database_failed"):
        read_query(database, query)
    assert server.ask("SELECT id, n FROM shop.kept") == [(1, 0)]
    assert server.ask("SELECT to_regclass('shop.copied')") == [(None,)]


def test_what_a_server_lets_through_is_rolled_back(server: Postgres, database: Database):
    read_query(database, "SELECT lo_create(0)")
    assert server.ask("SELECT count(*) FROM pg_largeobject_metadata") == [(0,)]


def test_a_role_without_rights_sees_and_reads_nothing(server: Postgres):
    server.run(f"CREATE ROLE guest LOGIN PASSWORD '{PASSWORD}'")
    guest = Database.at("shop", server.url(user="guest"))
    try:
        assert list_relations(guest) == ()
        with failure("database_failed") as caught:
            read_query(guest, "SELECT * FROM shop.kept")
        assert caught.value.issue.example == "permission denied for schema shop"
    finally:
        server.run("DROP ROLE guest")


def test_an_answer_that_takes_too_long_is_stopped(server: Postgres, database: Database):
    started = time.monotonic()
    with failure("database_slow"):
        read_query(database, SLOW, Limits(seconds=0.5))
    assert time.monotonic() - started < 3
    assert busy(server) == []


def test_a_query_cannot_give_itself_more_time(server: Postgres, database: Database):
    started = time.monotonic()
    with failure("database_slow"):
        read_query(database, "SELECT set_config('statement_timeout', '0', true), pg_sleep(60)", Limits(seconds=0.5))
    assert time.monotonic() - started < 3
    assert busy(server) == []


@pytest.mark.parametrize("query", [SLOW, STREAM])
def test_a_click_stops_it(server: Postgres, database: Database, query: str):
    cancel = Event()
    Timer(0.3, cancel.set).start()
    started = time.monotonic()
    with failure("database_cancelled"):
        read_query(database, query, Limits(rows=10**9), cancel=cancel)
    assert time.monotonic() - started < 3
    assert busy(server) == []


def test_a_server_that_hangs_is_left(server: Postgres, database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sessions, "_GRACE_SECONDS", 1)
    stopped: list[int] = []

    def freeze() -> None:
        stopped.extend(pid for (pid,) in busy(server))
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)

    Timer(0.5, freeze).start()
    started = time.monotonic()
    try:
        with failure("database_slow"):
            read_query(database, "SELECT pg_sleep(60)", Limits(seconds=1.5))
        assert time.monotonic() - started < 8
        assert stopped
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)


def test_a_line_that_breaks_is_said(server: Postgres, database: Database):
    Timer(0.5, lambda: [server.ask(f"SELECT pg_terminate_backend({pid})") for (pid,) in busy(server)]).start()
    with failure("database_lost"):
        read_query(database, SLOW)


def test_more_rows_than_the_limit_are_cut_and_named(database: Database):
    raw = read_query(database, STREAM, Limits(rows=30_000))
    assert (raw.frame.height, raw.frame["x"][-1]) == (30_000, "30000")
    assert [(issue.code, issue.count) for issue in raw.issues] == [("rows_cut", 30_000)]


def test_large_tables_are_told_without_counting_all(server: Postgres, database: Database):
    many = Relation("many", relation(database, "shop.kept").columns, "shop")
    server.run("CREATE VIEW shop.many AS SELECT x AS id, x AS n FROM generate_series(1, 100) AS s(x)")
    assert [is_large(database, many, rows) for rows in (99, 100)] == [True, False]
    server.run("DROP VIEW shop.many")


def test_a_wrong_password_is_not_repeated(server: Postgres, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    wrong = Database.at("shop", server.url(user="bobby", password="wr0ng/pass"))
    with failure("database_unreachable") as caught:
        list_relations(wrong)
    shown = "".join([*traceback.format_exception(caught.value), repr(caught.value.issue), repr(wrong), caplog.text])
    assert not [secret for secret in ("wr0ng", "bobby", "127.0.0.1", str(server.port)) if secret in shown]


def test_failures_name_no_credentials(database: Database, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    for query in (f"SELECT '{PASSWORD}'::int", "SELECT nothing", f"SET ROLE {OWNER}", "SELECT pg_sleep(60)"):
        with pytest.raises(DatabaseFailed) as caught:
            read_query(database, query, Limits(seconds=0.2))
        shown = "".join([*traceback.format_exception(caught.value), repr(caught.value.issue)])
        # pytest quotes this file's own lines in the traceback, so only what the failure carries is looked at.
        assert PASSWORD not in repr(caught.value.issue)
        assert OWNER not in repr(caught.value.issue)
        assert server_address(database) not in shown
    assert PASSWORD not in caplog.text


def server_address(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def busy(server: Postgres) -> list[tuple[int]]:
    """Return the backends that carry out a statement of the tests, named or behind a cursor."""
    time.sleep(0.1)
    return server.ask(
        "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND state = 'active'"
        " AND pid <> pg_backend_pid()"
    )
