"""Lifetime value on its page: the sample, in three languages, its rules, and data that has too little."""

from typing import get_args

import pytest
from streamlit.testing.v1 import AppTest

from crmdash.i18n import Language
from tests.app.test_board import LOCALES, board


def value_page(locale: str = "en") -> AppTest:
    return board(locale).switch_page("pages/value.py").run()


@pytest.fixture(scope="module")
def opened() -> dict[str, str]:
    app = value_page()
    assert not app.exception
    return {tile.label: tile.value for tile in app.metric}


def test_it_stands_beside_last_year_and_past_spend(opened: dict[str, str]):
    assert list(opened) == [
        "Lifetime value",
        "As last year, discounted",
        "Spent so far",
        "Customers in the model",
        "Top 20% by lifetime value",
        "Top 20% by past spend",
        "Top 20%, had one known",
    ]
    assert opened["Spent so far"] == "78.4M"
    assert opened["Customers in the model"] == "2,998"


@pytest.mark.parametrize("language", get_args(Language))
def test_it_opens_in_every_language(language: Language):
    app = value_page(LOCALES[language])
    assert not app.exception
    assert len(app.metric) == 7


def test_a_longer_horizon_is_worth_more(opened: dict[str, str]):
    app = value_page()
    app.slider(key="lifetime.horizon_years").set_value(5).run()
    assert not app.exception
    assert (opened["Lifetime value"], app.metric[0].value) == ("8.63M", "12.4M")
    assert app.metric[0].delta == "profit, 5 years"


def test_how_sure_it_is_unfolds():
    app = value_page()
    app.session_state["value.lifetime.sure"] = True
    app.run()
    assert not app.exception
    said = " ".join(caption.value for caption in app.caption)
    assert "settled after" in said
    assert "Correlation of repeat purchases and mean spend" in said


def test_few_customers_are_refused_and_still_have_a_past():
    app = board().switch_page("pages/data.py").run()
    orders = b"customer_id,date,amount\nA,2025-01-01,10\nA,2025-03-01,30\nB,2025-02-01,5\n"
    app.file_uploader[0].upload("orders.csv", orders).run()
    app.button(key="data.use").click().run()
    app = app.switch_page("pages/value.py").run()
    assert not app.exception
    assert any("too few" in caption.value for caption in app.caption)
    assert [tile.label for tile in app.metric] == ["As last year, discounted", "Spent so far"]
    assert app.metric[1].value == "45"
    assert not app.get("plotly_chart")


def test_what_is_expected_can_come_from_the_models():
    app = value_page()
    app.selectbox(key="lifetime.expected_profit_from").set_value("fitted").run()
    assert not app.exception
    assert app.selectbox(key="lifetime.expected_profit_from").value == "fitted"
