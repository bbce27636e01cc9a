"""The lifecycle page: every section in every language, and what stands beside the limits in the sidebar."""

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from crmdash.evaluate import evaluate
from crmdash.i18n import LANGUAGES, Wording
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.readers import Source
from crmdash.rule_settings.lifecycle import Model
from crmdash.settings import Settings
from crmdash.summary import summarise
from crmdash.systems.evidence import Evidence
from crmdash.systems.registry import gather
from crmdash.ui.cache import sample
from crmdash.ui.lifecycle import SECTIONS
from crmdash.ui.state import Opened
from tests.app.opening import LOCALES, ROOT, figures, open_page

CODES = [section.code for section in SECTIONS]
EN = Wording("en")

ORDERS = "customer_id,date,amount\n" + "".join(
    f"{name},20{year}-{month:02}-03,{amount}\n"
    for name, amount, months in (("A", 90, 12), ("B", 50, 6), ("C", 5, 2))
    for year in (23, 24, 25)
    for month in range(1, months + 1)
)


def lifecycle_page(section: str = "stages", locale: str = "en-US", **kept: object) -> AppTest:
    return open_page("lifecycle", section, locale, **kept)


def opened(*files: tuple[str, str]) -> Opened:
    return Opened(open_dataset([Source(name, text.encode()) for name, text in files]), is_sample=False)


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    tables = sample().tables
    summary = summarise(tables)
    return gather(tables, summary, evaluate(summary), lambda day: summarise(tables, as_of=day))


def told(app: AppTest) -> str:
    """What stands below the limits in the sidebar; nothing where nothing does."""
    return next((text.value for text in app.sidebar.caption if text.value.startswith("Labelled so")), "")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("section", CODES)
def test_every_section_opens_on_the_sample(section: str, language: str):
    app = lifecycle_page(section, LOCALES[language])
    assert app.session_state["lifecycle.section"] == section
    assert app.metric and app.get("plotly_chart") and app.dataframe


@pytest.mark.parametrize("section", CODES)
def test_sections_open_in_large_type(section: str):
    assert lifecycle_page(section, presenting=True).get("plotly_chart")


def test_stages_are_those_of_the_report(evidence: Evidence):
    app, report = lifecycle_page(), evidence.report("relationship")
    assert figures(app)["Falling away"] == EN.integer(report.figures["falling"].value)
    app.selectbox(key="lifecycle.stage.relationship").set_value("deterioration").run()
    falling = report.rows.frame.filter(stage="deterioration")
    assert app.dataframe[-1].value["customer_id"].tolist() == falling["customer_id"].to_list()[:100]


@pytest.mark.parametrize("model", ["commercial", "journey", "acquaintance", "personal_cycle"])
@pytest.mark.parametrize("section", ["stages", "flows"])
def test_another_model_can_be_looked_at(section: str, model: Model, evidence: Evidence):
    app = lifecycle_page(section)
    app.selectbox(key="lifecycle.shown_model").set_value(model).run()
    assert not app.exception
    assert app.session_state["_view"].settings.lifecycle.model == "relationship"
    name, figure = {"stages": ("Falling away", "falling"), "flows": ("Changed stage", "moved")}[section]
    assert figures(app)[name] == EN.integer(evidence.report(model).figures[figure].value)


def test_the_page_follows_the_model_of_the_board():
    app = lifecycle_page(more_rules=True)
    app.selectbox(key="lifecycle.model").set_value("journey").run()
    assert not app.exception
    assert app.selectbox(key="lifecycle.shown_model").value == "journey"


def test_who_slipped_and_who_recovered():
    app = lifecycle_page("flows")
    assert EN.integer(len(app.dataframe[-1].value)) != "0"
    app.segmented_control(key="lifecycle.flow_kind").set_value("recovered").run()
    assert not app.exception
    recovered = pl.from_pandas(app.dataframe[-1].value)
    assert not set(recovered["stage"]) & {"Ended"}


def test_the_margin_moves_who_moved(evidence: Evidence):
    app = lifecycle_page("tiers")
    report = evidence.report("dynamic_tiers")
    assert figures(app)["Moved down"] == EN.integer(report.figures["moved_down"].value)
    down = report.rows.frame.filter(direction="down")
    assert app.dataframe[-1].value["customer_id"].tolist() == down["customer_id"].to_list()[:100]
    app.slider(key="movement.margin").set_value(0).run()
    assert not app.exception
    assert figures(app)["Kept by the margin"] == "0"
    assert app.session_state["_view"].settings.movement.margin == 0


def test_the_caption_counts_who_stands_elsewhere_than_on_the_board(evidence: Evidence):
    app, board = lifecycle_page("tiers"), evidence.base.select("customer_id", on_board=pl.col("tier").cast(pl.String))
    here = evidence.report("dynamic_tiers").rows.frame.join(board, on="customer_id")
    other = here.filter(pl.col("tier") != pl.col("on_board"))
    sentence = f"with it, {len(other)} customers stand in another tier here than on the board."
    assert len(other) and any(sentence in text.value for text in app.caption)
    app.slider(key="movement.margin").set_value(0).run()
    assert not any("than on the board" in text.value for text in app.caption)


def test_a_customer_is_explained_beside_the_list(evidence: Evidence):
    moved = evidence.report("dynamic_tiers").rows.frame.filter(direction="down")["customer_id"][0]
    app = lifecycle_page("tiers")
    app.session_state["_customer"] = moved
    app.run()
    assert not app.exception
    assert any("the line rose" in text.value for text in app.caption)


def test_limits_move_what_followed():
    app = lifecycle_page("followed")
    before, beside = figures(app), told(app)
    app.slider(key="rules.lifecycle.cooling_silence").set_value(1.2).run()
    assert not app.exception
    assert figures(app)["Of those falling away"] != before["Of those falling away"]
    assert told(app) != beside
    assert app.slider(key="lifecycle.cooling_silence").value == 1.2


def test_beside_the_limits_stand_the_shares_of_the_report(evidence: Evidence):
    shares = dict(evidence.report("what_followed").tables["stages"].frame.select("stage", "bought_share").iter_rows())
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.context["locale"] = "en-US"
    app.run()
    for stage, name in (("stable", "Stable"), ("deterioration", "Deterioration"), ("ended", "Ended")):
        assert f"{name} {EN.percent(shares[stage], 0)}" in told(app)
    beside = told(app)
    app.slider(key="lifecycle.cooling_silence").set_value(1.2).run()
    assert told(app) != beside


def test_nothing_stands_beside_the_limits_while_figures_are_hidden():
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    app.toggle(key="presenting").set_value(True).run()
    assert told(app)
    app.button(key="present.hide").click().run()
    assert not told(app)
    app.switch_page("pages/lifecycle.py").run()
    assert not app.exception
    assert not app.metric and not app.dataframe and not app.get("plotly_chart")


@pytest.mark.parametrize("section", CODES)
def test_id_date_and_amount_are_enough_for_all_but_prospects(section: str):
    app = lifecycle_page(section, _opened=opened(("orders.csv", ORDERS)))
    dark = [note.value for note in app.info if note.value.startswith("Dark")]
    assert bool(dark) == (section == "prospects")
    assert all("Potential" in note or "potential" in note for note in dark)


@pytest.mark.parametrize("section", CODES)
def test_a_single_day_and_a_table_of_customers_open_too(section: str):
    single = opened(("orders.csv", "customer_id,date,amount\nA,2025-01-03,9\nB,2025-01-03,5\n"))
    assert told(lifecycle_page(section, _opened=single)) == ""
    people = opened(("customers.csv", "customer_id,revenue,profit\nA,100,9\nB,50,-5\n"))
    lifecycle_page(section, _opened=people)


def test_a_filter_narrows_every_section():
    app = lifecycle_page("tiers", filter=True)
    everybody = figures(app)["Moved down"]
    app.multiselect(key="scope.region").set_value(["North"]).run()
    assert not app.exception
    assert figures(app)["Moved down"] != everybody
    for section in CODES:
        app.session_state["lifecycle.section"] = section
        app.run()
        assert not app.exception


def test_defaults_are_the_settings_of_the_domain():
    assert Settings().movement.margin == 5
