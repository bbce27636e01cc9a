"""The board, driven by name: sliders move what they say, in every language."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crmdash.adjusting import with_value
from crmdash.evaluate import evaluate
from crmdash.i18n import LANGUAGES, Wording
from crmdash.settings import Settings, parse_settings
from crmdash.summary import Summary, Tables, summarise
from crmdash.ui.cache import sample
from tests.app.live_board import live_customers, live_tiers

ROOT = Path(__file__).resolve().parents[2]
LOCALES = {"en": "en-US", "zh_Hans": "zh-CN", "zh_Hant": "zh-TW"}


def board(locale: str = "en-US") -> AppTest:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.context["locale"] = locale
    return app.run()


@pytest.fixture(scope="module")
def summary() -> Summary:
    data = sample()
    return summarise(Tables.of(data.transactions, data.customers, data.contacts, data.staff))


def tiers_shown(app: AppTest) -> list[str]:
    """The customers of each tier, as the tier table shows them."""
    return [Wording("en").integer(count) for count in live_customers(app)]


def counted(summary: Summary, settings: Settings) -> list[str]:
    return [Wording("en").integer(n) for n in evaluate(summary, settings).tiers["customers"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_board_opens_on_the_sample_in_the_readers_language(language):
    app, wording = board(LOCALES[language]), Wording(language)
    assert not app.exception
    assert app.session_state["language"] == language
    assert [metric.label for metric in app.metric] == [
        wording("Top 20% make"),
        wording("80% come from"),
        wording("Lose money"),
        wording("Changed tier"),
        wording("Alerts"),
    ]
    assert app.slider(key="tiers.shares.gold").label == wording.term(
        "settings", "tiers.shares.label", tier=wording.term("model", "tier.gold")
    )


def test_the_figures_are_the_engines(summary):
    app, figures = board(), evaluate(summary)
    whale = figures.whale
    assert whale is not None
    wording = Wording("en")
    assert [metric.value for metric in app.metric] == [
        wording.percent(figures.concentration.top20_share),
        wording.integer(figures.concentration.customers_for_80),
        wording.integer(whale.loss_makers),
        "0",
        wording.integer(int(figures.customers["risk"].sum())),
    ]
    assert tiers_shown(app) == counted(summary, Settings())


def test_a_line_moves_the_tiers(summary):
    app = board()
    app.slider(key="tiers.shares.platinum").set_value(60).run()
    assert tiers_shown(app) == counted(summary, with_value(Settings(), "tiers.shares.platinum", 60))


def test_a_slider_pushes_its_neighbour_and_undo_takes_both_back(summary):
    app = board()
    app.slider(key="tiers.shares.platinum").set_value(85).run()
    assert [app.slider(key=f"tiers.shares.{tier}").value for tier in ("platinum", "gold", "iron")] == [85, 86, 95]
    app.button(key="undo").click().run()
    assert [app.slider(key=f"tiers.shares.{tier}").value for tier in ("platinum", "gold", "iron")] == [50, 80, 95]
    assert tiers_shown(app) == counted(summary, Settings())


def test_defaults_put_everything_back(summary):
    app = board()
    app.slider(key="lifecycle.cooling_silence").set_value(3.0).run()
    app.selectbox(key="tiers.measure").set_value("customer_profit").run()
    app.button(key="reset").click().run()
    assert app.slider(key="lifecycle.cooling_silence").value == 2.0
    assert tiers_shown(app) == counted(summary, Settings())


def test_tiers_by_profit_with_lead_as_loss(summary):
    app = board()
    app.selectbox(key="tiers.measure").set_value("customer_profit").run()
    app.toggle(key="tiers.lead_if_loss").set_value(True).run()
    by_profit = parse_settings({"tiers": {"measure": "customer_profit", "lead_if_loss": True}})
    assert tiers_shown(app) == counted(summary, by_profit)
    assert app.slider(key="tiers.shares.iron").disabled


def test_more_rules_open_every_other_setting():
    app = board()
    app.session_state["more_rules"] = True
    app.run()
    keys = {slider.key for slider in app.slider}
    assert {"period.window", "lifecycle.cooling_growth", "flags.poor_margin"} <= keys


@pytest.mark.parametrize(("scheme", "first"), [("abc", "A"), ("three", "Key"), ("two", "Gold"), ("textbook", "Vital")])
def test_every_scheme_draws(scheme, first):
    app = board()
    app.session_state["more_rules"] = True
    app.run()
    app.selectbox(key="tiers.preset").set_value(scheme).run()
    assert not app.exception
    assert next(iter(live_tiers(app).values()))["name"] == first


def test_lines_drawn_by_amount_begin_where_they_stand(summary):
    app = board()
    app.session_state["more_rules"] = True
    app.run()
    app.selectbox(key="tiers.mode").set_value("amount").run()
    assert not app.exception
    cut = evaluate(summary).cuts["platinum"] or 0
    assert app.number_input(key="tiers.amounts.platinum").value == pytest.approx(cut / 10_000, abs=0.01)
    assert tiers_shown(app) == counted(summary, Settings())


def test_amounts_of_before_are_not_taken_up_again(summary):
    app = board()
    app.session_state["more_rules"] = True
    app.run()
    app.selectbox(key="tiers.mode").set_value("amount").run()
    app.selectbox(key="tiers.mode").set_value("share").run()
    app.slider(key="tiers.shares.gold").set_value(60).run()
    app.selectbox(key="tiers.measure").set_value("customer_profit").run()
    app.selectbox(key="tiers.mode").set_value("amount").run()
    assert not app.exception
    moved = {"measure": "customer_profit", "shares": {"gold": 60}}
    assert tiers_shown(app) == counted(summary, parse_settings({"tiers": moved}))


def test_language_switch_keeps_the_sliders():
    app = board()
    app.slider(key="tiers.shares.gold").set_value(70).run()
    app.session_state["language"] = "zh_Hant"
    app.session_state["_language"] = "zh_Hant"
    app.run()
    assert not app.exception
    assert app.slider(key="tiers.shares.gold").value == 70
    assert app.metric[0].label == Wording("zh_Hant")("Top 20% make")
