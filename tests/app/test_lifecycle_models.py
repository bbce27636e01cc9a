"""The board under every lifecycle model and preset, in three languages."""

from typing import get_args

import pytest
from streamlit.testing.v1 import AppTest

from crmdash.adjusting import with_lifecycle_preset, with_value
from crmdash.evaluate import evaluate
from crmdash.i18n import Language, Wording
from crmdash.model.lifecycle import stages_of
from crmdash.rule_settings.lifecycle import Model
from crmdash.settings import LIFECYCLE_PRESETS, Settings
from crmdash.summary import Summary, summarise
from crmdash.ui.cache import sample
from tests.app.test_board import LOCALES, board

EN = Wording("en")


@pytest.fixture(scope="module")
def summary() -> Summary:
    return summarise(sample().tables)


def with_rules(app: AppTest) -> AppTest:
    """Open "more rules" and the filters, as clicks do."""
    app.session_state["more_rules"] = True
    app.session_state["filter"] = True
    return app.run()


def shown_stages(app: AppTest) -> list[str]:
    return list(app.selectbox(key="click.stage").options)


@pytest.mark.parametrize("model", get_args(Model))
def test_the_board_follows_the_model(summary: Summary, model: str):
    app = with_rules(board())
    app.selectbox(key="lifecycle.model").set_value(model).run()
    assert not app.exception
    chosen = with_value(Settings(), "lifecycle.model", model)
    assert shown_stages(app) == [EN.term("model", f"stage.{stage}") for stage in stages_of(chosen)]
    assert app.metric[4].value == EN.integer(int(evaluate(summary, chosen).customers["risk"].sum()))
    sliders = {slider.key for slider in app.slider if str(slider.key).startswith("lifecycle.")}
    assert sliders == {f"lifecycle.{name}" for name in chosen.lifecycle.read}
    if chosen != Settings():
        app.button(key="undo").click().run()
    assert app.selectbox(key="lifecycle.model").value == "relationship"


@pytest.mark.parametrize("language", get_args(Language))
def test_every_model_opens_in_every_language(language: Language):
    app = with_rules(board(LOCALES[language]))
    for model in get_args(Model):
        app.selectbox(key="lifecycle.model").set_value(model).run()
        assert not app.exception
        words = Wording(language)
        stages = stages_of(with_value(Settings(), "lifecycle.model", model))
        assert shown_stages(app) == [words.term("model", f"stage.{stage}") for stage in stages]


@pytest.mark.parametrize("name", LIFECYCLE_PRESETS)
def test_presets_set_all_limits(summary: Summary, name: str):
    app = with_rules(board())
    app.slider(key="lifecycle.cooling_silence").set_value(3.0).run()
    assert app.selectbox(key="lifecycle.preset").value is None
    app.selectbox(key="lifecycle.preset").set_value(name).run()
    assert not app.exception
    assert app.selectbox(key="lifecycle.preset").value == name
    alerted = evaluate(summary, with_lifecycle_preset(Settings(), name)).customers["risk"].sum()
    assert app.metric[4].value == EN.integer(int(alerted))


def test_a_stage_of_another_model_narrows_nothing():
    app = with_rules(board())
    app.selectbox(key="click.stage").set_value("stable").run()
    app.selectbox(key="lifecycle.model").set_value("journey").run()
    assert not app.exception
    assert app.selectbox(key="click.stage").value is None
    assert "chip.stage" not in {button.key for button in app.button}
