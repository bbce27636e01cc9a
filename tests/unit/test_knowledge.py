"""Concepts have all their words, titles name concepts that exist, and the glossary is the agreed table."""

import ast
import re
from pathlib import Path
from typing import Final

import pytest

from crmdash.i18n import terms
from crmdash.knowledge import CONCEPTS, GROUPS, PARTS, Concept, Term, concept, glossary, mentions
from crmdash.model.flags import FLAGS
from crmdash.model.lifecycle import PHASES_OF
from crmdash.model.strategies import STRATEGIES
from crmdash.settings import SCHEMES, Settings
from tests.source import PRODUCT, Source

WORDS: Final = terms("concepts")
TABLES: Final = ("group", "part", "point", "note")
"""Tables of the file that are no concepts."""

LONGEST_IDEA: Final = 60
each_concept = pytest.mark.parametrize("asked", CONCEPTS.values(), ids=lambda asked: asked.code)
each_file = pytest.mark.parametrize("source", PRODUCT, ids=lambda source: source.path)


@each_concept
def test_every_concept_has_all_parts(asked: Concept):
    assert [part for part in asked.parts if not WORDS.get(f"{asked.code}.{part}", "").strip()] == []


def test_no_words_are_left_without_a_concept():
    used = {f"{asked.code}.{part}" for asked in CONCEPTS.values() for part in asked.parts}
    assert {key for key in WORDS if key.split(".")[0] not in TABLES} == used


def test_tables_beside_the_concepts_are_complete():
    named = {
        f"{kind}.{table}.{point}" for one in CONCEPTS.values() for kind, table in [one.named_by] for point in one.points
    }
    points = {key.removeprefix("concepts.") for key in named if key.startswith("concepts.")}
    notes = {f"note.{term.note}" for term in glossary() if term.note}
    groups = {f"group.{group}" for group in GROUPS}
    parts = {f"part.{part}" for part in PARTS[2:]}
    assert {key for key in WORDS if key.split(".")[0] in TABLES} == points | notes | groups | parts
    assert {key.removeprefix("model.") for key in named if key.startswith("model.")} <= terms("model").keys()


@each_concept
def test_ideas_fit_beside_a_title(asked: Concept):
    assert len(WORDS[f"{asked.code}.idea"]) <= LONGEST_IDEA


@each_concept
def test_definitions_are_two_to_five_sentences(asked: Concept):
    sentences = re.findall(r"[.?!](?=\s|$)", WORDS[f"{asked.code}.definition"])
    assert 2 <= len(sentences) <= 5


@each_concept
def test_words_are_no_markdown(asked: Concept):
    texts = [WORDS[f"{asked.code}.{part}"] for part in asked.parts]
    assert not [text for text in texts if re.search(r"[*_`$#<>\[\]]|:\w+:", text)]


@each_concept
def test_what_to_read_next_exists(asked: Concept):
    assert asked.code not in asked.see
    assert set(asked.see) <= CONCEPTS.keys()


@each_file
def test_titles_name_concepts_that_exist(source: Source):
    places = {"titled": 2, "concept_link": 1}
    for call in source.calls():
        if isinstance(call.func, ast.Name) and call.func.id in places:
            code = call.args[places[call.func.id]]
            unknown = isinstance(code, ast.Constant) and code.value not in CONCEPTS
            assert not unknown, f"{source.path}:{call.lineno}: no concept {ast.unparse(code)}"


def test_what_the_model_names_is_explained():
    assert set(STRATEGIES) <= CONCEPTS.keys()
    assert concept("lifecycle").points == tuple(PHASES_OF["relationship"])
    assert set(concept("flags").points) == set(FLAGS)
    assert concept("tiers").points == SCHEMES["pyramid"]


@pytest.mark.parametrize(
    ("key", "number"),
    [
        ("lifecycle.ended", f"×{Settings().lifecycle.lapsed_silence:g} its own rhythm"),
        ("lifecycle.ended", f"×{Settings().lifecycle.lapsed_silence_early:g} with one or two"),
        ("lifecycle.ended", f"at least {Settings().lifecycle.lapsed_days_at_least} days"),
        ("lifecycle.ended", f"or {Settings().lifecycle.lapsed_days_at_most} days"),
        ("lifecycle.deterioration", f"×{Settings().lifecycle.cooling_silence:g} its own rhythm"),
        ("lifecycle.deterioration", f"−{-Settings().lifecycle.cooling_growth:g} or less"),
        ("lifecycle.exploration", f"Up to {Settings().lifecycle.exploration_up_to} purchases"),
        ("lifecycle.formation", f"Up to {Settings().lifecycle.formation_up_to} purchases"),
        ("lifecycle.formation", f"less than {Settings().lifecycle.stable_by_age} days"),
        ("lifecycle.formation", f"less than {Settings().lifecycle.formation_at_least} days"),
        ("rhythm.counting", f"({Settings().period.pseudo_gaps} × usual gap"),
        ("rhythm.counting", f"below {Settings().period.rhythm_floor} days"),
        ("growth.counting", f"window of {Settings().period.window} days"),
        ("tiers.counting", "together hold 50%, 80% and 95% of"),
        ("flags.poor", f"at most {Settings().flags.poor_margin}%"),
        ("flags.contested", f"within {Settings().flags.contested_contract_days} days"),
        ("flags.upside", f"Share of wallet of {Settings().flags.upside_wallet:g} or less"),
        ("flags.upside", f"relative growth of +{Settings().flags.upside_growth:g} or more"),
        ("flags.saturated", f"share of wallet of {Settings().flags.saturated_wallet:g} or more"),
        ("flags.fresh", f"at most {Settings().flags.fresh_days} days ago"),
    ],
)
def test_numbers_named_are_the_first_settings(key: str, number: str):
    assert number in WORDS[key]
    assert list(Settings().tiers.shares.values()) == [50, 80, 95]


def test_an_unknown_concept_names_the_nearest():
    with pytest.raises(KeyError, match="no concept 'whales'; did you mean 'whale'"):
        concept("whales")
    with pytest.raises(KeyError, match=r"no concept 'xyz'.$"):
        concept("xyz")


def test_codes_stand_once():
    codes = [one.code for group in GROUPS.values() for one in group]
    assert len(codes) == len(set(codes)) == len(CONCEPTS) == 66


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("  ", True),
        ("WHALE", True),
        ("profit whale", True),
        ("鲸鱼", True),
        ("\uff18\uff10/\uff12\uff10", True),  # typed in full width
        ("whale pareto", False),
        ("鯨魚", False),
    ],
)
def test_a_search_asks_for_every_word(query: str, found: bool):
    assert mentions(["Whale curve of profit", "鲸鱼曲线", "80/20"], query) is found


def test_glossary_rows_are_whole_and_stand_once():
    assert all(all(name.strip() == name != "" for name in term.names) for term in glossary())
    assert len({term.english for term in glossary()}) == len(glossary()) == 103


@pytest.mark.parametrize(
    "term",
    [
        Term("Platinum", "铂金", "白金", "platinum"),
        Term("Heavy lead", "重铅（层级）", "重鉛（層級）", "lead"),
        Term("Pareto curve", "帕累托曲线（二八曲线）", "柏拉圖曲線（80/20 曲線）", "pareto_chart"),
        Term("Repurchase rate", "复购率", "回購率"),
        Term("Board", "看板", "儀表板", "board"),
        Term("Win back", "赢回", "贏回"),
    ],
    ids=lambda term: term.english,
)
def test_glossary_says_what_readers_say(term: Term):
    assert term in glossary()


def test_glossary_holds_every_word_agreed_on(shared_datasets: Path):
    agreed = (shared_datasets.parent / "words.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split("|") for line in agreed.splitlines() if line.startswith("|")][2:]
    assert len(rows) > 30
    columns = ["\n".join(column) for column in zip(*(term.names for term in glossary()), strict=True)]
    missing = [
        (row[0].strip(), piece) for row in rows for place in (1, 2) for piece in pieces(row[place])
        if piece not in columns[place]
    ]  # fmt: skip
    assert missing == []


def pieces(cell: str) -> list[str]:
    """Return the single words of a cell that lists several."""
    return [piece for piece in re.split(r"[·、/()()::和与與,\s]|管理(?!幅)", cell) if piece]
