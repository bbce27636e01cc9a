from pathlib import Path

import pytest

from crmdash import i18n
from crmdash.i18n import LANGUAGES, Wording, match_language, terms
from crmdash.issues import Issue
from crmdash.phrases import Figure, show

EN, HANS, HANT = (Wording(language) for language in LANGUAGES)

ISSUES = """
[unreadable_dates]
message = "{count} of the dates in {column} cannot be read, first {example} in row {row}."
way_out = "Choose {order} as the order of day and month."
"""


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "issues.toml").write_text(ISSUES, encoding="utf-8")
    (tmp_path / "words" / "tiers.toml").write_text('[pyramid]\ngold = "gold"\nlead = "heavy {metal}"', encoding="utf-8")
    (tmp_path / "words" / "broken.toml").write_text("count = 3", encoding="utf-8")
    folder = tmp_path / "locales" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "crmdash.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "{n} of {total}"\nmsgstr "共 {total},其中 {n}"\n\n'
        'msgctxt "tiers.pyramid.gold"\nmsgid "gold"\nmsgstr "黄金"\n\n'
        '#, fuzzy\nmsgid "Save"\nmsgstr "删除"\n\n'
        'msgid "{n} day"\nmsgid_plural "{n} days"\nmsgstr[0] "{n} 天"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(i18n, "DATA", tmp_path)
    i18n.terms.cache_clear()
    i18n._catalogue.cache_clear()
    yield
    i18n.terms.cache_clear()
    i18n._catalogue.cache_clear()


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("en-US", "en"),
        ("de", "en"),
        ("", "en"),
        (None, "en"),
        ("zh", "zh_Hans"),
        ("zh-CN", "zh_Hans"),
        ("zh-SG", "zh_Hans"),
        ("zh-Hans-TW", "zh_Hans"),
        ("zh-TW", "zh_Hant"),
        ("zh-HK", "zh_Hant"),
        ("zh-MO", "zh_Hant"),
        ("zh_Hant_HK", "zh_Hant"),
        ("zh-Hant", "zh_Hant"),
    ],
)
def test_browser_locale_gives_a_language(locale: str | None, language: str):
    assert match_language(locale) == language


def test_sentences_are_translated_and_filled(words):
    assert EN("{n} of {total}", n=2, total=5) == "2 of 5"
    assert HANS("{n} of {total}", n=2, total=5) == "共 5,其中 2"


def test_values_are_data(words):
    assert EN("{n} of {total}", n="{total}", total=None) == "{total} of –"
    assert HANS("{n} of {total}", n="gold", total="Save") == "共 Save,其中 gold"


def test_literal_braces_are_written_twice():
    assert EN("{{x}}") == "{x}"


def test_missing_value_is_an_error():
    with pytest.raises(KeyError, match="total"):
        EN("{total}")


def test_fuzzy_and_missing_translations_show_english(words):
    assert HANS("Save") == "Save"
    assert HANS("Open") == "Open"


def test_plural_forms(words):
    assert [EN.plural("{n} day", "{n} days", n) for n in (0, 1, 1200)] == ["0 days", "1 day", "1,200 days"]
    assert HANS.plural("{n} day", "{n} days", 1200) == "1,200 天"


def test_terms_are_looked_up_by_dotted_key(words):
    assert EN.term("tiers", "pyramid.gold") == "gold"
    assert HANS.term("tiers", "pyramid.gold") == "黄金"
    assert EN.term("tiers", "pyramid.lead", metal="lead") == "heavy lead"
    assert [EN.has_term(*place) for place in (("tiers", "pyramid.gold"), ("tiers", "gold"), ("tears", "gold"))] == [
        True,
        False,
        False,
    ]


def test_unknown_terms_name_the_nearest(words):
    with pytest.raises(KeyError, match=r"pyramid\.golf.*tiers\.toml.*did you mean 'pyramid\.gold'"):
        EN.term("tiers", "pyramid.golf")
    with pytest.raises(KeyError, match=r"tear\.toml is missing.*did you mean 'tiers'"):
        EN.term("tear", "gold")


def test_words_must_be_text(words):
    with pytest.raises(ValueError, match=r"broken\.toml: count must be text, not int"):
        terms("broken")


def test_issue_says_what_is_wrong_and_the_way_out(words):
    issue = Issue("error", "unreadable_dates", column="date", row=7, count=1200, values={"order": "day first"})
    assert EN.issue(issue) == (
        "1,200 of the dates in date cannot be read, first – in row 7. Choose day first as the order of day and month."
    )


@pytest.mark.parametrize("wording", [EN, HANS, HANT])
def test_numbers(wording: Wording):
    assert wording.integer(1234567) == "1,234,567"
    assert wording.decimal(2.345) == "2.35"
    assert wording.decimal(-0.001) == "0.00"
    assert wording.percent(0.12345) == "12.3%"
    assert wording.percent(1.2487, 2) == "124.87%"
    assert wording.money(123456) == "12"
    assert wording.money(-123450, 2) == "-12.35"
    assert wording.money(9_223_372_036_854_775_807, 2) == "922,337,203,685,477.58"


@pytest.mark.parametrize("wording", [EN, HANS, HANT])
def test_missing_is_a_dash(wording: Wording):
    formats = (wording.integer, wording.decimal, wording.percent, wording.money, wording.compact_money)
    assert [form(missing) for form in formats for missing in (None, float("nan"))] == ["–"] * 10
    assert [wording.date(None), wording.month(None)] == ["–", "–"]


@pytest.mark.parametrize(
    ("amount", "english", "simplified", "traditional"),
    [
        (1_153_000, "1.15M", "115.3\u00a0万", "115.3\u00a0萬"),
        (-115_300, "-115.3K", "-11.5\u00a0万", "-11.5\u00a0萬"),
        (10_000, "10.0K", "1.00\u00a0万", "1.00\u00a0萬"),
        (9_999, "9,999", "9,999", "9,999"),
        (12.5, "12.50", "12.50", "12.50"),
        (12, "12", "12", "12"),
        (250.75, "251", "251", "251"),
        (999_999, "1.00M", "100.0\u00a0万", "100.0\u00a0萬"),
        (99_999_999, "100.0M", "1.00\u00a0亿", "1.00\u00a0億"),
        (2_500_000_000, "2.50B", "25.0\u00a0亿", "25.0\u00a0億"),
    ],
)
def test_compact_money(amount: float, english: str, simplified: str, traditional: str):
    stored = round(amount * 10_000)
    assert [wording.compact_money(stored) for wording in (EN, HANS, HANT)] == [english, simplified, traditional]


def test_dates():
    assert [wording.date(19787) for wording in (EN, HANS, HANT)] == ["Mar 5, 2024", "2024年3月5日", "2024年3月5日"]
    assert [wording.month(19787) for wording in (EN, HANS, HANT)] == ["Mar 2024", "2024年3月", "2024年3月"]


@pytest.mark.parametrize(
    ("change", "digits", "words"),
    [(3, 0, "+3"), (-1.25, 1, "-1.3"), (0.4, 0, "0"), (None, 0, "–"), (12345, 0, "+12,345")],
)
def test_changes_carry_their_sign(change, digits, words):
    assert Wording("en").signed(change, digits) == words


def test_words_are_separated_as_the_reader_does():
    assert Wording("en").joined(["a", "b"]) == "a, b"
    assert Wording("zh_Hant").joined(["甲", "乙"]) == "甲、乙"


def test_a_quarter_sorts_by_time_in_every_language():
    quarter = Figure("quarter", "2026-Q2")
    assert [show(quarter, wording) for wording in (EN, HANS, HANT)] == ["2026-Q2", "2026年2季度", "2026年第2季"]
    assert show(Figure("quarter", None), HANT) == "–"


def test_several_figures_are_one_list():
    entries = Figure("list", (Figure("term", "warnings:barrier.economic"), Figure("text", "a, b")))
    assert [show(entries, wording) for wording in (EN, HANS)] == ["Economic; a, b", "经济；a, b"]
