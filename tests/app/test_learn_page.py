"""The Learn page: concepts by group, the one asked for by the address, the search, the glossary."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crmdash.i18n import Wording, match_language
from crmdash.knowledge import CONCEPTS, GROUPS, glossary

APP = str(Path(__file__).resolve().parents[2] / "app.py")
LOCALES = ("en-US", "zh-CN", "zh-TW")


def open_page(locale: str = "en-US", **asked: str) -> AppTest:
    at = AppTest.from_file(APP, default_timeout=60)
    at.context["locale"] = locale
    at.run()
    at.switch_page("pages/learn.py")
    for name, value in asked.items():
        at.query_params[name] = value
    return at.run()


def search(at: AppTest, query: str) -> AppTest:
    return at.text_input(key="learn.search").set_value(query).run()


def titles(at: AppTest) -> list[str]:
    """Return the titles of the concepts in the list."""
    return [expander.label.split("**")[1] for expander in at.expander]


def words(at: AppTest) -> list[list[str]]:
    """Return the rows of the glossary, without remarks."""
    return [row[:3] for row in at.dataframe[0].value.to_numpy().tolist()] if at.dataframe else []


def offered(at: AppTest) -> list[str]:
    """Return what the card of the concept asked for offers to read next; nothing without a card."""
    return [key.removeprefix("ask.") for button in at.button if (key := button.key or "").startswith("ask.")]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_concept_and_every_word_stands_on_the_page(locale: str):
    at = open_page(locale)
    assert not at.exception
    _ = Wording(match_language(locale))
    by_title = {_.term("concepts", f"{code}.title") for code in CONCEPTS}
    assert len(titles(at)) == len(CONCEPTS)
    assert set(titles(at)) == by_title
    groups = [_.term("concepts", f"group.{group}") for group in GROUPS]
    bold = [markdown.value.strip("*") for markdown in at.markdown if markdown.value.strip("*") in groups]
    assert bold == groups
    assert words(at) == [list(term.names) for term in glossary()]
    assert not offered(at)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_concept_asked_for_stands_open_above_all(locale: str):
    at = open_page(locale, concept="whale")
    assert not at.exception
    _ = Wording(match_language(locale))
    assert f"**{_.term('concepts', 'whale.title')}**" in at.markdown[0].value
    assert _.term("concepts", "whale.idea") in at.markdown[0].value
    assert at.markdown[1].value == _.term("concepts", "whale.definition")
    assert offered(at) == [*CONCEPTS["whale"].see, "nothing"]
    assert len(titles(at)) == len(CONCEPTS)


@pytest.mark.parametrize("code", CONCEPTS)
def test_every_concept_can_be_asked_for(code: str):
    at = open_page(concept=code)
    assert not at.exception
    _ = Wording("en")
    assert f"**{_.term('concepts', f'{code}.title')}**" in at.markdown[0].value
    shown = "\n".join(markdown.value for markdown in at.markdown[:5])
    for point in CONCEPTS[code].points:
        assert _.term("concepts", f"{code}.{point}") in shown


@pytest.mark.parametrize("asked", ["", "Whale", "no_such_thing", "<b>x</b>"])
def test_an_unknown_concept_is_ignored(asked: str):
    at = open_page(concept=asked)
    assert not at.exception
    assert len(titles(at)) == len(CONCEPTS)
    assert not offered(at)


def test_a_search_narrows_concepts_and_words():
    at = search(open_page(concept="pareto"), "lorenz")
    assert titles(at) == ["Lorenz curve and Gini"]
    assert words(at) == []
    assert not offered(at)
    assert "Lifecycle stages and phases" in titles(search(at, "DETERIORATION ended"))
    at = search(at, "铂金")
    assert titles(at) == []
    assert words(at) == [["Platinum", "铂金", "白金"]]
    at = search(at, "no such word")
    assert not titles(at)
    assert not words(at)
    assert len(at.info) == 1
    at = search(at, "")
    assert len(titles(at)) == len(CONCEPTS)


def test_reading_on_and_closing_follow_the_address():
    at = open_page(concept="whale")
    at.button(key="ask.lead").click().run()
    assert not at.exception
    assert at.query_params["concept"] == "lead"
    assert "**Heavy lead**" in at.markdown[0].value
    at.button(key="ask.nothing").click().run()
    assert "concept" not in at.query_params
    assert not offered(at)
    assert len(titles(at)) == len(CONCEPTS)
