"""The value page: every section opens in every language, sliders move it, and it says what a bare file lacks."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crmdash.i18n import LANGUAGES, Language, Wording
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.readers import Source
from crmdash.ui.state import Opened
from crmdash.ui.value import SECTIONS
from tests.app.opening import LOCALES, figures, open_page

OURS = [section.code for section in SECTIONS if section.code != "lifetime"]
NEEDING_MORE = ["balance", "seen", "expectations", "survey", "iceberg"]


def value_page(section: str, locale: str = "en-US", customer_id: str | None = None, **kept: object) -> AppTest:
    app = open_page("value", section, locale, **kept)
    if customer_id is not None:
        app.session_state["_customer"] = customer_id
        app.run()
        assert not app.exception
    return app


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("section", OURS)
def test_every_section_opens_on_the_sample(section: str, language: Language):
    app = value_page(section, LOCALES[language])
    assert app.session_state["value.section"] == section
    assert len(app.metric) >= 3
    assert len(app.get("plotly_chart")) == 1
    assert app.dataframe, "customers are listed"
    assert not [info.value for info in app.info if Wording(language)("Nobody is on this list.") == info.value]


def test_a_trait_that_cannot_be_judged_shows_a_dash(shared_datasets: Path):
    source = Source.from_path(shared_datasets / "superstore" / "superstore.csv")
    shown = figures(value_page("traits", _opened=Opened(open_dataset([source]), is_sample=False)))
    assert (shown["More potential profit"], shown["All three traits"]) == ("–", "–")
    assert shown["Reliable and stable"] != "–"


def test_the_line_of_the_dissatisfied_moves_the_iceberg():
    app = value_page("iceberg")
    assert (figures(app)["Dissatisfied"], figures(app)["Never complained"]) == ("148", "88")
    app.slider(key="worth.dissatisfied").set_value(3.0).run()
    assert not app.exception
    assert int(figures(app)["Dissatisfied"]) < 60


def test_a_customer_looked_at_stands_beside_its_peers():
    app = value_page("indicators", customer_id="C0279")
    texts = [element.value for element in (*app.markdown, *app.caption)]
    assert any("64\\.6 of 100 points" in text for text in texts)
    assert "against its peers" in app.get("plotly_chart")[0].proto.spec


def test_indicators_are_shown_by_grade_too():
    app = value_page("indicators")
    app.segmented_control(key="value.indicators.by").set_value("grades").run()
    assert not app.exception
    assert "Grade A" in app.get("plotly_chart")[0].proto.spec


def bare() -> Opened:
    """Open a file of three customers with nothing but who, when and how much."""
    rows = [
        f"{name},2024-{month:02d}-{day:02d},{amount}"
        for name, amount in (("a", 10), ("b", 20), ("c", 30))
        for month in range(1, 13)
        for day in (3, 17)
    ]
    dataset = open_dataset([Source("bare.csv", "\n".join(["customer_id,date,amount", *rows]).encode())])
    assert dataset.usable, dataset.issues
    return Opened(dataset, is_sample=False)


@pytest.mark.parametrize("section", NEEDING_MORE)
def test_a_bare_file_says_what_is_missing(section: str):
    app = value_page(section, _opened=bare())
    assert [info.value for info in app.info if info.value.startswith("Dark: ")]
    assert not app.metric


@pytest.mark.parametrize("section", ["indicators", "traits"])
def test_a_bare_file_shows_what_can_be_computed(section: str):
    app = value_page(section, _opened=bare())
    assert app.metric
    assert app.dataframe


def test_what_is_to_be_done_about_an_item_is_no_figure():
    app = open_page("value", "survey", LOCALES["zh_Hant"])
    assert json.loads(app.dataframe[0].proto.columns)["measure"]["label"] == "措施"
    marks = json.loads(app.get("plotly_chart")[0].proto.spec)["layout"]["xaxis"]["ticktext"]
    assert marks[-1] == "800.0\u00a0萬"
