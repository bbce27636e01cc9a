"""The panel for databases: choose, read, stop, and be told, with the database on a thread of its own."""

import sqlite3
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

SLOW = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


def page() -> None:
    import streamlit as st  # noqa: PLC0415

    from crmdash.i18n import Wording  # noqa: PLC0415
    from crmdash.ui.data_database import database_panel  # noqa: PLC0415

    raw = database_panel(Wording("en"))
    if raw is not None:
        st.dataframe(raw.frame, key="came")
        st.text(" ".join(issue.code for issue in raw.issues))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE orders (customer_id TEXT, date TEXT, amount DECIMAL, label TEXT)")
        connection.executemany(
            "INSERT INTO orders VALUES (?, '2024-01-05', ?, ':red[x]')", [("007", 1.5), ("007", 2), ("8", 4)]
        )
    connection.close()
    return path


def opened(**connections: object) -> AppTest:
    at = AppTest.from_function(page, default_timeout=30)
    at.secrets["connections"] = connections
    return at.run()


def click(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click().run()
    return settled(at)


def settled(at: AppTest) -> AppTest:
    """Look again, as the browser does, until the work has ended."""
    for _ in range(100):
        assert not at.exception
        if not [button for button in at.button if button.key == "data.database.stop"]:
            return at
        time.sleep(0.1)
        at.run()
    raise AssertionError("the work did not end")


def texts(at: AppTest) -> str:
    return "\n".join(element.value for element in (*at.text, *at.caption, *at.markdown))


def test_without_databases_it_says_who_enters_them():
    at = AppTest.from_function(page, default_timeout=30).run()
    assert not at.exception
    assert "secrets.toml" in texts(at)
    assert not at.button


def test_a_table_is_chosen_and_read(path: Path):
    at = click(opened(shop={"url": f"sqlite:///{path}"}), "data.database.tables")
    assert at.selectbox(key="data.database.table.shop").options == ["orders"]
    assert "Columns: customer_id, date, amount, label" in texts(at)
    at = click(at, "data.database.read")
    assert at.dataframe[0].value.shape == (3, 4)
    at.run()
    assert not at.dataframe


def test_a_select_is_written_and_read(path: Path):
    at = opened(shop={"dialect": "sqlite", "database": str(path)}, other={"account": "x"})
    at.segmented_control(key="data.database.way").set_value("select").run()
    at.text_area(key="data.database.query").set_value("SELECT customer_id FROM orders WHERE amount > 1.6").run()
    at = click(at, "data.database.read")
    assert at.dataframe[0].value["customer_id"].to_list() == ["007", "8"]


def test_what_goes_wrong_is_said_without_secrets(path: Path):
    at = opened(shop={"url": f"sqlite:///{path}"}, wrong={"url": "s3cret"}, far={"url": "nosuch://bob:s3cret@h/d"})
    assert "The address of the database wrong cannot be understood." in texts(at)
    at.selectbox(key="data.database").set_value("far").run()
    at = click(at, "data.database.tables")
    assert "needs the driver nosuch" in texts(at)
    assert "s3cret" not in texts(at)
    at.selectbox(key="data.database").set_value("shop").run()
    assert "needs the driver" not in texts(at)
    at.segmented_control(key="data.database.way").set_value("select").run()
    at.text_area(key="data.database.query").set_value("DROP TABLE orders").run()
    assert "only SELECT" in texts(click(at, "data.database.read"))


def test_reading_can_be_stopped(path: Path):
    at = opened(shop={"url": f"sqlite:///{path}"})
    at.segmented_control(key="data.database.way").set_value("select").run()
    at.text_area(key="data.database.query").set_value(SLOW).run()
    at.button(key="data.database.read").click().run()
    assert "Waiting for the database" in texts(at)
    at = click(at, "data.database.stop")
    assert "was stopped; nothing was taken" in texts(at)
    assert at.text_area(key="data.database.query").value == SLOW


def test_large_orders_are_added_up(path: Path, monkeypatch: pytest.MonkeyPatch):
    defaults = {"large": 2, "progress": None, "cancel": None}
    monkeypatch.setattr("crmdash.ingest.database.orders.open_relation.__kwdefaults__", defaults)
    at = click(opened(shop={"url": f"sqlite:///{path}"}), "data.database.tables")
    at = click(at, "data.database.read")
    assert "orders has more than" in texts(at)
    assert [at.selectbox(key=f"data.database.orders.{name}").value for name in ("customer_id", "date", "amount")] == [
        "customer_id", "date", "amount",
    ]  # fmt: skip
    at = click(at, "data.database.sums")
    frame = at.dataframe[0].value
    assert sorted(zip(frame["customer_id"], frame["amount"], strict=True)) == [("007", "3.5000"), ("8", "4.0000")]
    assert "orders_added_up" in texts(at)
