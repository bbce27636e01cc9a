"""The data page takes tables of databases, with what the database said about them."""

import sqlite3
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crmdash.ingest.database import Limits, read_query
from tests.app.test_data_database import settled
from tests.app.test_data_page import APP, LOCALES, figures


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE orders (customer_id TEXT, date TEXT, amount DECIMAL)")
        connection.executemany(
            "INSERT INTO orders VALUES (?, '2024-01-05', ?)", [("007", 1.234), ("007", 2.125), ("8", 4.375), ("9", 1)]
        )
    connection.close()
    return path


def open_page(locale: str, **connections: object) -> AppTest:
    at = AppTest.from_file(APP, default_timeout=60)
    at.context["locale"] = locale
    if connections:
        at.secrets["connections"] = connections
    at.run()
    return at.switch_page("pages/data.py").run()


def read_orders(at: AppTest) -> AppTest:
    for key in ("data.database.tables", "data.database.read"):
        at.button(key=key).click().run()
        settled(at)
    return at


@pytest.mark.parametrize("locale", LOCALES)
def test_without_a_connection_the_page_shows_how_to_enter_one(locale: str):
    at = open_page(locale)
    assert not at.exception
    assert "[connections.shop]" in at.code[0].value


@pytest.mark.parametrize("locale", LOCALES)
def test_a_table_joins_the_files_and_no_number_of_it_is_doubted(locale: str, shop: Path):
    at = read_orders(open_page(locale, shop={"url": f"sqlite:///{shop}"}))
    assert not at.exception
    assert [file.name for file in at.session_state["_staged"]] == ["orders"]
    assert figures(at)[0] == "3"
    assert at.metric[1].delta == "8.73"
    assert not [issue for issue in at.session_state["_read"].issues if issue.severity == "question"]
    at.button(key="data.use").click().run()
    assert not at.exception
    assert not at.session_state["_opened"].is_sample


def test_what_the_database_said_is_not_lost(shop: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(read_query, "__defaults__", (Limits(rows=3),))
    at = open_page("en-US", shop={"url": f"sqlite:///{shop}"})
    at.segmented_control(key="data.database.way").set_value("select").run()
    at.text_area(key="data.database.query").set_value("SELECT * FROM orders").run()
    at.button(key="data.database.read").click().run()
    settled(at)
    assert "rows_cut" in [issue.code for issue in at.session_state["_read"].issues]


def test_reading_twice_gives_the_second_table_a_number(shop: Path):
    at = read_orders(open_page("en-US", shop={"url": f"sqlite:///{shop}"}))
    at.button(key="data.database.read").click().run()
    settled(at)
    assert [file.name for file in at.session_state["_staged"]] == ["orders", "orders (2)"]
    assert "file_twice" in [issue.code for issue in at.session_state["_read"].issues]
