"""The page of the kinds: every section on the sample, in three languages, and what a bare file leaves dark."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from crmdash.evaluate import evaluate
from crmdash.i18n import Wording
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.readers import Source
from crmdash.summary import summarise
from crmdash.systems.evidence import Evidence
from crmdash.systems.registry import gather
from crmdash.ui.cache import sample
from crmdash.ui.kinds import SECTIONS
from crmdash.ui.state import Opened
from tests.app.opening import LOCALES, ROOT, figures, open_page

_ = Wording("en")


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    tables = sample().tables
    summary = summarise(tables)
    return gather(tables, summary, evaluate(summary), lambda day: summarise(tables, as_of=day))


def kinds_page(section: str = "types", /, **kept: Any) -> AppTest:
    return open_page("kinds", section, **kept)


def bare(path: Path) -> Opened:
    """A file of customer, date and amount and nothing else."""
    lines = [f"{name},2026-0{month}-01,{amount}" for name, amount in (("a", 5), ("b", 7)) for month in (1, 2, 3)]
    path.write_text("\n".join(["customer_id,date,amount", *lines]))
    return Opened(open_dataset([Source.from_path(path)]), is_sample=False)


def shown(app: AppTest, place: int = 0) -> pl.DataFrame:
    return pl.from_pandas(app.dataframe[place].value)


@pytest.mark.parametrize("locale", LOCALES.values())
@pytest.mark.parametrize("section", [section.code for section in SECTIONS])
def test_every_section_opens_in_every_language(section: str, locale: str):
    app = kinds_page(section, locale=locale)
    assert len(app.dataframe) >= 1


def test_types_with_what_they_bring(evidence: Evidence):
    app = kinds_page("types")
    report = evidence.report("ten_types")
    assert figures(app)["Ordinary"] == _.percent(report.figures["ordinary_share"].value, 0)
    assert len(app.get("plotly_chart")) == 1
    assert shown(app)["customer_id"].to_list() == report.rows.frame["customer_id"].head(100).to_list()


def test_a_type_narrows_the_list_even_where_another_is_primary(evidence: Evidence):
    app = kinds_page("types", **{"kinds.type": "discount"})
    rows = evidence.report("ten_types").rows.frame.filter("is_discount")
    assert len(shown(app)) == len(rows) == 99
    assert shown(app)["type"].n_unique() > 1


def test_the_planted_deal_hunters_are_found(evidence: Evidence):
    truth = pl.read_csv(ROOT / "data" / "samples" / "truth.csv").filter(pl.col("kind") == "deal_hunter")
    rows = evidence.report("ten_types").rows.frame.filter("is_discount")
    found = rows.join(truth, on="customer_id")
    assert len(truth) == 100 and len(found) >= 75


def test_a_click_explains_the_customer(evidence: Evidence):
    app = kinds_page("types")
    app.session_state["_customer"] = "C0279"  # opening the data looks at nobody
    app.run()
    said = [element.value for element in app.caption]
    assert any(text.startswith("Benchmark") for text in said) and any("High" in text for text in said)


def test_a_slider_moves_the_types():
    app = kinds_page("types")
    before = figures(app)["Loyal"]
    app.slider(key="kinds.loyal_orders").set_value(20).run()
    assert not app.exception and figures(app)["Loyal"] != before


def test_who_decides(evidence: Evidence):
    app = kinds_page("nature", **{"kinds.who": "buyers", "kinds.decider": True})
    report = evidence.report("buyers")
    assert figures(app)["Decider unknown"] == _.integer(report.figures["decider_unknown"].value)
    assert len(shown(app)) == report.figures["decider_unknown"].value


def test_any_two_criteria(evidence: Evidence):
    app = kinds_page("criteria", **{"kinds.down": "phase", "kinds.across": "credit", "kinds.only.credit": "c"})
    rows = evidence.report("criteria").rows.frame.filter(credit="c")
    assert len(shown(app)) == min(100, len(rows)) > 0
    same = kinds_page("criteria", **{"kinds.down": "phase", "kinds.across": "phase"})
    assert [info.value for info in same.info] == ["Choose two different criteria."]


def test_grids_draw_one_panel_per_class_of_money():
    assert len(kinds_page("grids").get("plotly_chart")) == 1
    app = kinds_page("grids", **{"kinds.grid": "rfm_grid", "kinds.rfm_grid.segment": "champions"})
    assert len(app.get("plotly_chart")) == 3
    assert set(shown(app)["segment"]) == {"Champions"}


def test_a_coarse_grid_is_reported_as_a_fault():
    app = kinds_page("grids")
    app.slider(key="kinds.rf_classes").set_value(3).run()
    app.session_state["kinds.section"] = "lint"
    app.run()
    assert not app.exception and figures(app)["Clean"] == "7"
    assert any("Asleep" in warning.value for warning in app.warning)


def test_where_order_decides_is_said_in_words():
    app = kinds_page("lint", **{"kinds.lint.order": True})
    assert figures(app)["Faults"] == "0" and len(app.success) == 1
    said = " ".join(element.value for element in app.caption)
    assert "Ended comes before Deterioration" in said and "Row 3" in said


@pytest.mark.parametrize("section", [section.code for section in SECTIONS])
def test_a_bare_file_says_what_it_lacks(section: str, tmp_path: Path):
    app = kinds_page(section, _opened=bare(tmp_path / "orders.csv"))
    dark = [info.value for info in app.info if info.value.startswith("Dark")]
    assert bool(dark) == (section in ("orientation", "nature"))


def test_hidden_figures_stay_hidden():
    app = kinds_page("types")
    app.switch_page("pages/board.py").run()
    app.toggle(key="presenting").set_value(True).run()
    app.button(key="present.hide").click().run()
    app.switch_page("pages/kinds.py").run()
    assert not app.exception and not app.dataframe and not app.get("plotly_chart")


@pytest.mark.parametrize(("language", "axes"), [("zh_Hans", ["行", "列"]), ("zh_Hant", ["列", "欄"])])
def test_the_axes_of_a_matrix_are_no_rows_and_columns_of_a_file(language: str, axes: list[str]):
    app = open_page("kinds", "criteria", LOCALES[language])
    assert [app.selectbox(key=key).label for key in ("kinds.down", "kinds.across")] == axes


def test_a_picture_is_told_with_the_readers_own_marks():
    told = open_page("kinds", "nature", LOCALES["zh_Hans"]).get("plotly_chart")[0].proto.alt
    assert told.startswith("按性质的客户与价值：零售客户")
    assert not set(told) & {":", ","}
