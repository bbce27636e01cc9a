"""The warnings page: every section in every language, the key account, and what a bare file lacks."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from crmdash.evaluate import evaluate
from crmdash.i18n import LANGUAGES, Wording
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.readers import Source
from crmdash.summary import summarise
from crmdash.ui.cache import sample
from crmdash.ui.state import Opened
from crmdash.ui.warnings import SECTIONS
from tests.app.live_board import parts
from tests.app.opening import LOCALES, ROOT, figures, open_page

CODES = [section.code for section in SECTIONS]
EN = Wording("en")


def warnings_page(section: str, locale: str = "en-US", kept: Mapping[str, object] = MappingProxyType({})) -> AppTest:
    return open_page("warnings", section, locale, **kept)


def opened(path: Path) -> Opened:
    return Opened(open_dataset([Source.from_path(path)]), is_sample=False)


def listed(app: AppTest) -> pl.DataFrame:
    """The list of customers: the last table on the page."""
    return pl.from_pandas(app.dataframe[-1].value)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("section", CODES)
def test_every_section_opens_on_the_sample(section: str, language: str):
    app = warnings_page(section, LOCALES[language])
    assert app.session_state["warnings.section"] == section
    assert len(app.metric) >= 3
    assert app.get("plotly_chart"), "there is a picture"
    assert len(listed(app)), "customers are listed"


def test_the_key_account_is_the_first_alert():
    app = warnings_page("alerts")
    first = listed(app).row(0, named=True)
    assert (first["customer_id"], first["risk_level"], first["cause"]) == ("C0279", "Alert", "Ours")
    assert (first["signal_1"], first["signal_2"]) == ("Silent for long", "Share of wallet fell")
    assert first["answer"] == "Find the need, adjust, correct and compensate"
    assert first["at_stake"] == pytest.approx(56_058.9954, abs=0.01)


def test_the_limit_of_an_alert_moves_their_number():
    app = warnings_page("alerts")
    before = int(figures(app)["Alerts"].replace(",", ""))
    app.slider(key="warning.alert").set_value(80).run()
    assert not app.exception
    assert 0 < int(figures(app)["Alerts"]) < before


def test_whoever_is_watched_can_be_listed_too():
    app = warnings_page("alerts")
    alerts = len(listed(app))
    assert alerts == 100, "a page of them"
    app.session_state["warnings.shown"] = "all"
    app.run()
    assert not app.exception
    assert app.session_state["warnings.shown"] == "all"


def test_folded_parts_open():
    app = warnings_page("alerts", kept={"warnings.expected": True, "warnings.alerts.rules": True})
    assert not app.exception
    assert app.slider(key="warning.silence_points").value == 60
    assert app.slider(key="warning.keep_steady").value == 0.8


def test_visits_overdue_are_listed():
    app = warnings_page("due")
    app.session_state["warnings.due.shown"] = "visits"
    app.run()
    assert not app.exception
    assert listed(app)["visit_overdue"].unique().to_list() == ["Yes"]


def test_a_customer_is_explained_beside_the_list():
    app = warnings_page("alerts")
    app.session_state["_customer"] = "C0279"
    app.run()
    assert not app.exception
    texts = [element.value for element in (*app.markdown, *app.caption)]
    assert any("risk score 100\\.0 of 100" in text for text in texts)


@pytest.mark.parametrize("section", CODES)
def test_a_bare_file_says_what_it_lacks(section: str, tmp_path: Path):
    rows = ["id,date,amount", *(f"c{n % 7},2024-{1 + n % 12:02d}-{1 + n % 28:02d},{10 + n}" for n in range(200))]
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    app = warnings_page(section, kept={"_opened": opened(path)})
    dark = [info.value for info in app.info if "Would be switched on by" in info.value]
    assert bool(dark) is (section in ("open", "barriers", "cost", "walk_away"))


def test_the_strip_counts_the_alerts():
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    alerts = int(evaluate(summarise(sample().tables)).customers["risk"].sum())
    assert (app.metric[4].label, app.metric[4].value) == ("Alerts", EN.integer(alerts))
    assert app.metric[4].delta == "customers, 120.7K at stake"


def test_the_matrix_can_be_coloured_by_what_is_at_risk():
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    assert parts(app)["head"]["at_risk"] is None
    app.toggle(key="matrix.at_risk").set_value(True).run()
    assert not app.exception
    customers = evaluate(summarise(sample().tables)).customers
    alerted = customers.filter("risk", "in_base", tier="gold", stage="deterioration")
    head, lines = parts(app)["head"], parts(app)["now"]["lines"]
    told, stage = head["at_risk"], head["table"]["stages"].index("deterioration")
    counted, worth = (
        [int(told[what][lines[line]][stage]) for line in ("platinum", "gold")] for what in ("customers", "value")
    )
    assert len(alerted) and counted[1] - counted[0] == len(alerted)
    assert worth[1] - worth[0] == alerted["revenue"].clip(lower_bound=0).sum()


def test_without_last_visits_no_visit_is_listed(shared_datasets: Path):
    superstore = opened(shared_datasets / "superstore" / "superstore.csv")
    app = warnings_page("due", kept={"_opened": superstore, "warnings.due.shown": "visits"})
    assert not [control for control in app.segmented_control if control.key == "warnings.due.shown"]
    rows = listed(app)
    assert len(rows) and "visit_overdue" not in rows.columns


@pytest.mark.parametrize("section", CODES)
@pytest.mark.parametrize("name", ["cdnow/CDNOW_sample.txt", "superstore/superstore.csv"])
def test_real_files_open(name: str, section: str, shared_datasets: Path):
    app = warnings_page(section, kept={"_opened": opened(shared_datasets / name)})
    dark = [info.value for info in app.info if "Would be switched on by" in info.value]
    assert bool(dark) is (section in ("open", "barriers", "cost", "walk_away"))
    assert bool(app.get("plotly_chart")) is not bool(dark)


def test_exit_barriers_are_listed_in_the_readers_words():
    app = warnings_page("barriers", LOCALES["zh_Hans"])
    assert "经济锁定" in set(app.dataframe[-1].value["exit_barriers"])
    assert app.slider(key="warning.captive_satisfaction").label == "被困：满意度上限（满分10分）"
