"""Tiers by lifetime value and by points: chosen on the board, taken back, followed by link, and on every page."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crmdash.adjusting import with_value
from crmdash.evaluate import evaluate
from crmdash.i18n import LANGUAGES, Language, Wording
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.readers import Source
from crmdash.link import to_query
from crmdash.settings import Settings
from crmdash.summary import summarise
from crmdash.systems.tier_measures import WORKED_OUT, with_tier_measure
from crmdash.ui import audit, claims, kinds, lifecycle, value, warnings, what_if
from crmdash.ui.cache import sample
from crmdash.ui.state import Opened
from crmdash.view import View
from tests.app.test_board import LOCALES, ROOT, board, tiers_shown

PARTED = {
    "lifecycle": lifecycle, "value": value, "kinds": kinds, "warnings": warnings, "what_if": what_if, "audit": audit,
    "claims": claims,
}  # fmt: skip
PAGES = ("customers", "learn", "data", *PARTED)


def by(measure: str, locale: str = "en-US") -> AppTest:
    app = board(locale)
    return app.selectbox(key="tiers.measure").set_value(measure).run()


def counted(settings: Settings, language: Language = "en") -> list[str]:
    summary = with_tier_measure(summarise(sample().tables), settings)
    wording = Wording(language)
    return [wording.integer(n) for n in evaluate(summary, settings).tiers["customers"]]


@pytest.mark.parametrize("measure", WORKED_OUT)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_measure_draws_tiers_and_undo_takes_it_back(language: Language, measure: str):
    chosen = with_value(Settings(), "tiers.measure", measure)
    app = by(measure, LOCALES[language])
    assert not app.exception
    assert app.selectbox(key="tiers.measure").value == measure
    assert app.selectbox(key="tiers.measure").options[-2:] == [
        Wording(language).term("model", f"measure.{code}") for code in WORKED_OUT
    ]
    assert tiers_shown(app) == counted(chosen, language)
    app.button(key="undo").click().run()
    assert not app.exception
    assert app.selectbox(key="tiers.measure").value == "revenue"
    assert tiers_shown(app) == counted(Settings(), language)


@pytest.mark.parametrize("measure", WORKED_OUT)
def test_a_link_opens_on_the_measure(measure: str):
    view = View(with_value(Settings(), "tiers.measure", measure))
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.context["locale"] = "en-US"
    for key, said in to_query(view).items():
        app.query_params[key] = said
    app.run()
    assert not app.exception
    assert app.selectbox(key="tiers.measure").value == measure
    assert tiers_shown(app) == counted(view.settings)


@pytest.mark.parametrize("measure", WORKED_OUT)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_under_each_measure(page: str, measure: str):
    app = by(measure).switch_page(f"pages/{page}.py").run()
    assert not app.exception
    for section in getattr(PARTED.get(page), "SECTIONS", ()):
        app.session_state[f"{page}.section"] = section.code
        app.run()
        assert not app.exception, section.code
        assert app.session_state[f"{page}.section"] == section.code
    assert app.session_state["_view"].settings.tiers.measure == measure


def only_few(tmp_path: Path) -> Opened:
    file = tmp_path / "orders.csv"
    file.write_text("customer_id,date,amount\na,2024-01-05,30\nb,2024-01-05,40\nc,2024-01-05,50\n")
    return Opened(open_dataset([Source.from_path(file)]), is_sample=False)


def test_too_little_data_offers_points_but_no_lifetime_value_and_falls_back(tmp_path: Path):
    app = by("lifetime_value")
    app.session_state["_opened"] = only_few(tmp_path)
    app.run()
    assert not app.exception
    assert app.selectbox(key="tiers.measure").value == "revenue"
    assert app.selectbox(key="tiers.measure").options == ["Revenue", "Five-indicator points"]
    app.selectbox(key="tiers.measure").set_value("indicator_total").run()
    assert not app.exception
    assert tiers_shown(app) == ["1", "1", "1", "0"]


def test_a_day_before_there_was_enough_falls_back_and_undo_comes_back():
    app = by("lifetime_value")
    shown = tiers_shown(app)
    first = app.session_state["_view"]
    day = summarise(sample().tables).clock
    assert day.as_of is not None and day.span is not None
    app.session_state["_history"] = (*app.session_state["_history"], first)
    app.session_state["_view"] = replace(first, as_of=day.as_of - day.span + 20)
    app.run()
    assert not app.exception
    assert app.selectbox(key="tiers.measure").value == "revenue"
    assert "Lifetime value" not in app.selectbox(key="tiers.measure").options
    app.button(key="undo").click().run()
    assert not app.exception
    assert app.selectbox(key="tiers.measure").value == "lifetime_value"
    assert tiers_shown(app) == shown


def test_changes_against_another_measure_and_a_longer_horizon():
    app = by("lifetime_value")
    app.button(key="pin").click().run()
    app.selectbox(key="tiers.measure").set_value("indicator_total").run()
    assert not app.exception
    app.selectbox(key="tiers.measure").set_value("lifetime_value").run()
    app.switch_page("pages/value.py").run()
    app.slider(key="lifetime.horizon_years").set_value(5).run()
    assert not app.exception
    app.switch_page("pages/board.py").run()
    assert not app.exception
    settings = with_value(with_value(Settings(), "tiers.measure", "lifetime_value"), "lifetime.horizon_years", 5)
    assert tiers_shown(app) == counted(settings)
