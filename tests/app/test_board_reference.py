"""What the board shows of a known file is what the engine says of it, to the last cell."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crmdash.evaluate import Evaluation, evaluate
from crmdash.i18n import Wording
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.raw import Source
from crmdash.summary import summarise
from crmdash.ui.words import strategy_words
from tests.app.live_board import live_matrix, live_tiers, parts
from tests.app.test_board import ROOT

EN = Wording("en")


@pytest.fixture(scope="module")
def file(shared_datasets: Path) -> Path:
    return shared_datasets / "superstore" / "superstore.csv"


@pytest.fixture(scope="module")
def figures(file: Path) -> Evaluation:
    return evaluate(summarise(open_dataset([Source.from_path(file)]).tables))


def opened(file: Path) -> AppTest:
    at = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    at.switch_page("pages/data.py").run()
    at.file_uploader[0].upload(file.name, file.read_bytes()).run()
    at.button(key="data.use").click().run()
    return at.switch_page("pages/board.py").run()


@pytest.fixture(scope="module")
def app(file: Path) -> AppTest:
    return opened(file)


@pytest.fixture(scope="module")
def plain(file: Path) -> Iterator[AppTest]:
    """The same board without code of ours in the browser."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRMDASH_PLAIN_FIGURES", "1")
        yield opened(file)


def test_the_first_three_figures(app: AppTest, figures: Evaluation):
    whale = figures.whale
    assert whale is not None
    assert (app.metric[0].value, app.metric[0].delta) == ("48.1%", "of 2.30M revenue")
    assert (app.metric[1].value, app.metric[1].delta) == ("396", "customers, 49.9% of all")
    assert (app.metric[2].value, app.metric[2].delta) == (
        "155",
        f"customers, {EN.compact_money(whale.profit_destroyed)}",
    )


def test_the_tiers(app: AppTest, figures: Evaluation):
    shown = live_tiers(app)
    assert [row["customers"] for row in shown.values()] == [170, 226, 209, 188]
    for row in figures.tiers.iter_rows(named=True):
        assert shown[row["tier"]] == {
            "name": EN.term("model", f"tier.{row['tier']}"), "customers": row["customers"], "value": row["value"],
            "profit": row["profit"], "cut": row["cut"], "change": 0,
        }  # fmt: skip


def test_the_matrix(app: AppTest, figures: Evaluation):
    told, counted = parts(app)["now"]["cells"], live_matrix(app)
    for row in figures.matrix.rows(named=True):
        cell = f"{row['tier']}|{row['stage']}"
        assert counted[cell] == (row["customers"], row["value"])
        assert (cell in told) is bool(row["customers"])
        if row["customers"]:
            assert told[cell]["strategy"] == strategy_words(row["strategy"], EN, short=True)
            share = None if row["strategy_share"] == 1 else EN.percent(row["strategy_share"], 0)
            assert told[cell].get("share") == share


def test_the_curve(app: AppTest, figures: Evaluation):
    curve, head = parts(app)["curve"], parts(app)["head"]
    assert figures.profits is not None
    assert curve["title"] == "Top 20% of customers make 48.1% of revenue"
    assert head["curves"]["pareto"]["y"][-1] == str(figures.values.total)
    assert head["curves"]["whale"]["peak"] == [figures.profits.positives, str(figures.profits.positive_total)]


def test_the_tiers_without_our_code(plain: AppTest, figures: Evaluation):
    assert not plain.get("bidi_component")
    shown = plain.dataframe[0].value
    assert shown["Customers"].tolist() == ["170", "226", "209", "188"]
    assert shown["Value"].tolist() == [EN.compact_money(value) for value in figures.tiers["value"]]
    assert shown["Profit"].tolist() == [EN.compact_money(value) for value in figures.tiers["profit"]]
    assert shown["Share"].tolist() == [round(100 * share, 1) for share in figures.tiers["value_share"]]


def test_the_matrix_without_our_code(plain: AppTest, figures: Evaluation):
    curve, chart = plain.get("plotly_chart")
    assert "Gold: 226, " in curve.proto.spec
    (points,) = json.loads(chart.proto.spec)["data"]
    cells = dict(zip(points["customdata"], points["text"], strict=True))
    for row in figures.matrix.rows(named=True):
        if row["stage"] == "prospect":
            continue
        lines = cells[f"{row['tier']}|{row['stage']}"].split("<br>")
        assert lines[:2] == [f"<b>{EN.integer(row['customers'])}</b>", EN.compact_money(row["value"])] or (
            lines == ["–"] and not row["customers"]
        )
        if row["customers"]:
            assert strategy_words(row["strategy"], EN, short=True) in lines[2]


def test_the_strategies(app: AppTest, figures: Evaluation):
    shown = app.dataframe[0].value
    assert shown["Strategy"].tolist() == [
        strategy_words(code, EN, short=True) for code in figures.strategies["strategy"]
    ]
    assert shown["Customers"].tolist() == [EN.integer(count) for count in figures.strategies["customers"]]
    assert shown["Value"].tolist() == [EN.compact_money(value) for value in figures.strategies["value"]]


def test_who_is_at_the_top_by_revenue_and_loses_money(app: AppTest):
    (note,) = [caption.value for caption in app.caption if "Revenue is not profit" in caption.value]
    assert note == "Revenue is not profit: 21 Platinum customers lose money, -29.3K together."
