"""A stored summary on the board: of its own day and period, whatever else is asked for."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from crmdash.adjusting import with_value
from crmdash.engine_runs import store_summary
from crmdash.i18n import Wording
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.raw import Source
from crmdash.rule_settings import PeriodSettings
from crmdash.settings import Settings
from crmdash.summary import to_day
from crmdash.ui.cache import sample
from crmdash.ui.state import Opened
from crmdash.view import View
from tests.app.opening import ROOT

MADE_FOR = PeriodSettings(window=180)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    path = tmp_path_factory.mktemp("stored") / "customers.parquet"
    store_summary(sample().summarised(MADE_FOR), str(path))
    return Opened(open_dataset([Source.from_path(path)]), is_sample=False)


def open_board(opened: Opened, view: View, *unfolded: str) -> AppTest:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.session_state["_opened"], app.session_state["_view"] = opened, view
    for name in unfolded:
        app.session_state[name] = True
    app.run()
    assert not app.exception, app.exception
    return app


@pytest.mark.parametrize("path", ["period.value_months", "period.window", "as_of"])
def test_the_board_stands_at_its_day_and_period(stored: Opened, path: str):
    asked = {"period.value_months": 12, "period.window": 30}
    view = View(with_value(Settings(), path, asked[path])) if path in asked else View(as_of=to_day(date(2025, 9, 30)))
    app = open_board(stored, view)
    assert app.session_state["_view"].settings.period == MADE_FOR
    assert app.session_state["_view"].as_of is None
    revenue = int(sample().summarised(MADE_FOR).customers.filter("in_base")["revenue"].sum())
    held = f"3,000 customers, {Wording('en').compact_money(revenue)}"
    assert any(caption.value.startswith(held) for caption in app.caption)


def test_neither_another_day_nor_another_value_is_offered(stored: Opened):
    app = open_board(stored, View(), "as_at")
    assert "With dated orders over a longer time, the board could stand at earlier days." in [
        caption.value for caption in app.caption
    ]
    assert "period.value_months" not in [group.key for group in app.button_group]
    assert "as_at.day" not in [slider.key for slider in app.select_slider]


def test_the_window_stays_and_says_why(stored: Opened):
    app = open_board(stored, View(), "_more", "more_rules")
    window = app.slider(key="period.window")
    assert (window.value, window.disabled) == (180, True)
    assert window.proto.help == "This file was summed up for this window; for another one, open its order lines."


def test_with_order_lines_another_value_period_can_be_taken_back_to_the_default():
    app = open_board(Opened(sample(), is_sample=True), View(with_value(Settings(), "period.value_months", 12)))
    assert app.session_state["_view"].settings.period.value_months == 12
    assert not app.button(key="reset").disabled
    app.button(key="reset").click().run()
    assert app.session_state["_view"].settings.period == PeriodSettings()


def test_a_file_of_customers_alone_tells_of_no_months():
    file = b"customer_id,revenue,last_purchase\nA,100,2026-05-01\nB,50,2026-06-01\n"
    app = open_board(Opened(open_dataset([Source("c.csv", file)]), is_sample=False), View(), "as_at")
    assert "period.value_months" not in [group.key for group in app.button_group]
