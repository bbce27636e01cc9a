"""The audit page: sections open in every language, figures are the systems', a bare file says enough."""

import pytest
from streamlit.testing.v1 import AppTest

from crmdash.i18n import LANGUAGES
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.readers import Source
from crmdash.ui.audit import SECTIONS
from crmdash.ui.state import Opened
from tests.app.opening import LOCALES, figures, open_page

CODES = [section.code for section in SECTIONS]


def audit_page(section: str, locale: str = "en-US", **kept: object) -> AppTest:
    return open_page("audit", section, locale, **kept)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("section", CODES)
def test_every_section_opens_on_the_sample(section: str, language: str):
    app = audit_page(section, LOCALES[language])
    assert app.session_state["audit.section"] == section
    assert len(app.metric) >= 3
    assert app.get("plotly_chart")
    assert app.dataframe


def test_one_period_can_be_seen_by_spend():
    app = audit_page("period")
    assert len(app.get("plotly_chart")) == 2
    app.segmented_control(key="audit.distribution").set_value("by_revenue").run()
    assert not app.exception
    assert "Customers by revenue" in app.get("plotly_chart")[1].proto.spec


def test_the_list_of_two_periods_can_be_narrowed_to_the_lost():
    app = audit_page("two_periods")
    assert figures(app)["Lost"] == "655"
    app.button_group(key="audit.group").set_value("lost").run()
    assert not app.exception
    listed = app.dataframe[-1].value
    assert set(listed["group"]) == {"Lost"}


def test_another_cohort_can_be_chosen():
    app = audit_page("cohort")
    assert app.selectbox(key="audit.cohort").value == "2024-Q2"
    app.selectbox(key="audit.cohort").set_value("2025-Q4").run()
    assert not app.exception
    assert figures(app)["Customers"] == "125"


def test_cohorts_can_be_compared_by_revenue():
    app = audit_page("cohorts")
    app.segmented_control(key="audit.compared").set_value("revenue_so_far").run()
    assert not app.exception
    assert "Revenue per customer so far" in app.get("plotly_chart")[0].proto.spec


def test_a_weight_changes_how_complete_files_are():
    app = audit_page("profile")
    before = figures(app)["File complete"]
    app.session_state["audit.profile.rules"] = True
    app.run()
    app.slider(key="profile.weight_decider").set_value(10).run()
    assert not app.exception
    assert figures(app)["File complete"] != before


def bare() -> Opened:
    """Open a file of three customers with nothing but who, when and how much."""
    text = "customer_id,date,amount\na,2024-01-05,10\na,2024-07-05,20\nb,2024-09-01,5\nc,2024-12-31,7\n"
    dataset = open_dataset([Source("bare.csv", text.encode())])
    assert dataset.usable, dataset.issues
    return Opened(dataset, is_sample=False)


@pytest.mark.parametrize("section", CODES)
def test_a_bare_file_opens_everywhere(section: str):
    app = audit_page(section, _opened=bare())
    assert not app.exception
    dark = [info.value for info in app.info if info.value.startswith("Dark")]
    assert bool(dark) == (section == "profile")


def test_a_quarter_has_one_name():
    app = audit_page("base", LOCALES["zh_Hant"])
    assert app.dataframe[0].value["quarter"].iloc[-1] == "2026年第2季"
    assert app.metric[2].delta == "佔2026年第2季的銷售額"
    assert "2026年第2季（沒有購買）：" in app.get("plotly_chart")[0].proto.alt
    cohorts = audit_page("cohort", LOCALES["zh_Hant"]).selectbox(key="audit.cohort")
    assert (cohorts.value, cohorts.options[-1]) == ("2024-Q2", "2026年第2季")
