"""The claims page: every theme opens in every language, and a bare file names what each claim would need."""

import pytest
from streamlit.testing.v1 import AppTest

from crmdash.i18n import LANGUAGES, Language, Wording
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.readers import Source
from crmdash.systems.claims import CLAIMS
from crmdash.ui.claims import SECTIONS
from crmdash.ui.data_words import literal
from crmdash.ui.state import Opened
from tests.app.opening import LOCALES, open_page

CODES = [section.code for section in SECTIONS]


def claims_page(section: str, locale: str = "en-US", **kept: object) -> AppTest:
    return open_page("claims", section, locale, **kept)


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("section", CODES)
def test_every_section_opens_on_the_sample(section: str, language: Language):
    app, wording = claims_page(section, LOCALES[language]), Wording(language)
    if section == "all":
        assert len(app.dataframe[0].value) == len(CLAIMS)
        assert sum(int(metric.value) for metric in app.metric) == len(CLAIMS)
        assert len(app.get("plotly_chart")) == 1
        return
    text = said(app)
    for claim in (claim for claim in CLAIMS if claim.theme == section):
        assert literal(wording.term("claims", f"claim.{claim.code}")) in text
        assert literal(wording.term("claims", f"criterion.{claim.code}")) in text


def test_figures_of_the_sample_are_those_measured():
    found = dict(claims_page("all").dataframe[0].value[["claim", "found"]].itertuples(index=False))
    assert found["A few customers bring most of the value"] == "The largest fifth has 77%."
    assert found["Some customers destroy profit that others earn"].startswith("441 loss-makers destroy 13%")


def bare() -> Opened:
    """Open a file of forty customers with nothing but who, when and how much."""
    rows = [f"c{n},2024-{month:02d}-03,{n + 1}" for n in range(40) for month in range(1, 13)]
    dataset = open_dataset([Source("bare.csv", "\n".join(["customer_id,date,amount", *rows]).encode())])
    assert dataset.usable, dataset.issues
    return Opened(dataset, is_sample=False)


def test_a_bare_file_tests_what_it_can_and_names_what_is_missing():
    app = claims_page("all", _opened=bare())
    found = {row.claim: (row.verdict, row.found) for row in app.dataframe[0].value.itertuples()}
    assert found["A few customers bring most of the value"][0] == "Does not hold"
    verdict, missing = found["The best customers mind the price less"]
    assert verdict == "Cannot be tested"
    assert missing == "Would be switched on by: Discount (Orders)."
