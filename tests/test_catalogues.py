"""Every word a reader sees exists in every language, and says the same about the same values."""

import ast
import re
from dataclasses import fields
from string import Formatter
from typing import Final

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from crmdash.i18n import DATA, Language, terms
from crmdash.issues import Issue
from tests.source import PRODUCT, Source
from tools.messages import SENTENCES, TRANSLATED, catalogue_path, extract, messages, read_catalogue

KEY: Final = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
KINDS: Final = sorted(path.stem for path in (DATA / "words").glob("*.toml"))

Text = str | tuple[str, ...] | list[str] | None

ISSUE_FIELDS: Final = {field.name for field in fields(Issue)} - {"values"}

# `ingest.dataset` gives every issue of a file the file's name.
SUPPLIED: Final = {"crmdash/ingest/": {"file"}}

each_language = pytest.mark.parametrize("language", TRANSLATED)
each_file = pytest.mark.parametrize("source", PRODUCT, ids=lambda source: source.path)


@pytest.fixture(scope="module")
def expected() -> dict[tuple[str | None, str], Message]:
    return by_identity(extract())


@each_language
def test_catalogue_holds_exactly_the_messages_in_use(language: Language, expected):
    catalog = read_catalogue(language)
    assert not catalog.obsolete, "run `make messages`"
    assert by_identity(catalog).keys() == expected.keys(), "run `make messages`"


@each_language
def test_catalogue_guesses_nothing(language: Language):
    assert not [message.id for message in messages(read_catalogue(language)) if message.fuzzy]


@each_language
def test_catalogue_translates_everything(language: Language):
    untranslated = [
        message.context or message.id for message in messages(read_catalogue(language)) if not done(message)
    ]
    assert not untranslated, f"{len(untranslated)} messages have no translation"


@each_language
def test_translations_keep_the_placeholders(language: Language):
    changed = {
        message.context or message.id: (placeholders(message.id), placeholders(message.string))
        for message in messages(read_catalogue(language))
        if done(message) and placeholders(message.id) != placeholders(message.string)
    }
    assert not changed


@each_language
def test_translations_keep_the_icons_and_the_markdown(language: Language):
    changed = [
        message.context or message.id
        for message in messages(read_catalogue(language))
        if done(message) and marks(message.id) != marks(message.string)
    ]
    assert not changed


@each_language
def test_traditional_and_simplified_catalogues_keep_to_their_script(language: Language):
    foreign = {
        "zh_Hans": "個們這為與會來對時國學類層級資檔欄營運",
        "zh_Hant": "个们这为与会来对时国学类层级资档栏营运",
    }[language]
    mixed = [
        (message.context or message.id, strange)
        for message in messages(read_catalogue(language))
        if (strange := set(first(message.string)) & set(foreign))
    ]
    assert not mixed


@pytest.mark.parametrize("kind", KINDS)
def test_words_of_codes_are_well_formed(kind: str):
    assert KEY.fullmatch(kind)
    for key, text in terms(kind).items():
        assert KEY.fullmatch(key), f"data/words/{kind}.toml: {key!r} must be lower-case words joined by _ and ."
        assert text.strip(), f"data/words/{kind}.toml: {key} is empty"
        placeholders(text)


def test_every_issue_says_what_is_wrong_and_the_way_out():
    if "issues" not in KINDS:
        pytest.fail("data/words/issues.toml is missing")
    keys = terms("issues")
    codes = {key.rsplit(".", 1)[0] for key in keys}
    assert keys.keys() == {f"{code}.{part}" for code in codes for part in ("message", "way_out")}


@each_file
def test_issues_raised_have_words_for_the_values_they_carry(source: Source):
    issues = [(call, code) for call in source.calls() if (code := code_of(call)) is not None]
    wrong = [
        f"{source.path}:{call.lineno} {code}: {wanting}"
        for call, code in issues
        if (wanting := what_words_want(code, values_of(call, source)))
    ]
    assert not wrong


@each_file
def test_sentences_get_the_values_they_name(source: Source):
    for call in source.calls():
        message = literal(call, *SENTENCES)
        if message is None or any(word.arg is None for word in call.keywords):
            continue
        given = {word.arg for word in call.keywords}
        assert placeholders(message) == given, f"{source.path}:{call.lineno} {message!r}"


@each_file
def test_terms_asked_for_by_name_exist(source: Source):
    for call in source.calls():
        kind = literal(call, "term")
        if kind is None:
            continue
        place = f"{source.path}:{call.lineno}"
        assert kind in KINDS, f"{place} asks for data/words/{kind}.toml"
        key = call.args[1] if len(call.args) > 1 else None
        if isinstance(key, ast.Constant):
            assert key.value in terms(kind), f"{place} asks data/words/{kind}.toml for {key.value!r}"


def test_extraction_sees_obsolete_entries():
    catalog = read_po([*catalogue_path("zh_Hans").read_text("utf-8").splitlines(), '#~ msgid "a"', '#~ msgstr "b"'])
    assert catalog.obsolete


def what_words_want(code: str, values: set[str] | None) -> str:
    """Return what hinders an issue with these further values from being put into words, empty where nothing does."""
    known = terms("issues")
    if f"{code}.message" not in known:
        return "no words in data/words/issues.toml"
    named = placeholders([known[f"{code}.message"], known[f"{code}.way_out"]])
    lacking = named - ISSUE_FIELDS - (named if values is None else values)
    return f"its words name {sorted(lacking)}" if lacking else ""


def code_of(call: ast.Call) -> str | None:
    """Return the code of an `Issue` where it is written out, None for other calls."""
    if getattr(call.func, "id", None) != "Issue":
        return None
    candidates = [word.value for word in call.keywords if word.arg == "code"] + call.args[1:2]
    return next((str(code.value) for code in candidates if isinstance(code, ast.Constant)), None)


def values_of(call: ast.Call, source: Source) -> set[str] | None:
    """Return the names of an issue's further values, None where they are not written out."""
    supplied = {name for place, names in SUPPLIED.items() if source.is_in(place) for name in names}
    given = next((word.value for word in call.keywords if word.arg == "values"), None)
    if given is None and not any(word.arg is None for word in call.keywords):
        return supplied
    keys = given.keys if isinstance(given, ast.Dict) else [None]
    names = {str(key.value) for key in keys if isinstance(key, ast.Constant)}
    return names | supplied if len(names) == len(keys) else None


def by_identity(catalog: Catalog) -> dict[tuple[str | None, str], Message]:
    return {(message.context, first(message.id)): message for message in messages(catalog)}


def first(text: Text) -> str:
    return forms(text)[0]


def forms(text: Text) -> tuple[str, ...]:
    """Return the forms of a message: several of a plural, an empty one where there is none."""
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def done(message: Message) -> bool:
    return bool(first(message.string))


def placeholders(text: Text) -> set[str]:
    """Return the placeholders of a message; of a plural, those of all its forms."""
    return {name for form in forms(text) for _, name, _, _ in Formatter().parse(form) if name is not None}


def marks(text: Text) -> list[str]:
    return sorted(re.findall(r":material/\w+:|\*\*|:[a-z]+\[|\]\(", first(text)))


def literal(call: ast.Call, *functions: str) -> str | None:
    """Return the first argument of a call of one of `functions`, or of a method so named, where it is literal text."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", None)
    if name not in functions or not call.args:
        return None
    argument = call.args[0]
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None
