"""Sheets of customers, strategies, moves and nearest: words, units, and who is named; pseudonyms; facts."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from crmdash.evaluate import Evaluation, evaluate
from crmdash.export import (
    Facts,
    Sheet,
    customer_table,
    facts_of,
    facts_sheet,
    move_table,
    nearest_table,
    pseudonymous,
    strategy_table,
)
from crmdash.export.facts import CONVENTIONS, setting_lines
from crmdash.export.pseudonyms import codes
from crmdash.i18n import LANGUAGES, Language, Wording, terms
from crmdash.lines import ledger, nearest
from crmdash.reason_line import reason_line
from crmdash.scope import Scope
from crmdash.settings import SECTIONS, Settings, parse_settings
from tests.unit.frames import evaluated, sale, sales, summarised

EN = Wording()
TODAY = date(2026, 11, 22)
PEOPLE = [
    {"customer_id": "a", "name": "=Acme", "contact_person": "Ann Lee", "owner": "Bo", "region": "North",
     "nature": "retail"},
    {"customer_id": "b", "owner": "Bo", "nature": "merchant"},
    {"customer_id": "p", "name": "Later", "contact_person": "Ann Lee", "owner": "Cy", "region": "South",
     "potential_value": 500},
]  # fmt: skip
ROWS = [*sales("a", dict.fromkeys(range(0, 400, 20), 100.5), profit=-2), sale("b", 395, 7, profit=3)]


@pytest.fixture(scope="module")
def found() -> Evaluation:
    return evaluated(ROWS, customers=PEOPLE)


def held(sheet: Sheet, name: str) -> list[Any]:
    return sheet.column(name).values.to_list()


def test_customers_in_the_readers_words(found: Evaluation):
    sheet = customer_table(found.customers, found, EN)
    assert sheet.name == "Customers" and sheet.rows == 3
    assert [column.name for column in sheet.columns][:9] == [
        "customer_id", "name", "contact_person", "region", "owner", "nature", "tier", "stage", "strategy",
    ]  # fmt: skip
    assert held(sheet, "customer_id") == ["a", "b", "p"]
    assert held(sheet, "name") == ["=Acme", None, "Later"]
    assert held(sheet, "nature") == ["Retail customer", "Merchant", None]
    assert held(sheet, "revenue") == [20_100_000, 70_000, None]
    assert held(sheet, "tier") == ["Platinum", "Heavy lead", "Heavy lead (potential)"]
    assert held(sheet, "stage") == ["Stable", "Exploration", "Prospect"]
    assert held(sheet, "open_matters") == ["No", "No", "No"]
    rules = found.rulebook
    assert held(sheet, "reason") == [reason_line(row, rules, EN) for row in found.customers.iter_rows(named=True)]
    assert sheet.column("revenue").kind == "money" and sheet.column("last_purchase").kind == "date"
    assert [column.person for column in sheet.columns if column.person] == ["customer", "customer", "contact", "owner"]


def test_only_the_rows_asked_for(found: Evaluation):
    sheet = customer_table(found.customers.filter(customer_id="b"), found, EN)
    assert sheet.rows == 1 and held(sheet, "customer_id") == ["b"]
    assert customer_table(found.customers.clear(), found, EN).rows == 0


def test_internal_customers_have_no_label():
    rows = [sale("a", 0, 5), sale("i", 0, 5)]
    found = evaluated(rows, customers=[{"customer_id": "i", "nature": "internal"}])
    sheet = customer_table(found.customers.filter(customer_id="i"), found, EN)
    assert [held(sheet, name) for name in ("tier", "stage", "strategy", "reason")] == [[None]] * 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_measure_has_a_header_and_headers_differ(found: Evaluation, language: Any):
    rows = [sale("a", d, 10, profit=3, category="x", product=f"p{d}", discount=1, list_amount=11, due_date=d + 5,
                 paid_date=d + 6, quantity=2, channel="c") for d in range(0, 800, 40)]  # fmt: skip
    everything = evaluated(rows, customers=PEOPLE)
    sheet = customer_table(everything.customers, everything, Wording(language))
    headers = [column.header.lower() for column in sheet.columns]
    assert len(set(headers)) == len(headers) > 30


def test_strategies_add_up(found: Evaluation):
    sheet = strategy_table(found, EN)
    assert held(sheet, "customers") == found.strategies["customers"].to_list()
    assert sum(held(sheet, "customers_share")) == pytest.approx(1)
    assert sum(held(sheet, "value_share")) == pytest.approx(1)
    place = held(sheet, "customers").index(max(held(sheet, "customers")))
    assert held(sheet, "main_reason")[place] is not None
    assert held(sheet, "strategy")[0] == "Start" and held(sheet, "what_to_do")[0].startswith("Answer doubts")


def test_shares_of_nothing_are_empty():
    sheet = strategy_table(evaluated([sale("a", 0, -5)]), EN)
    assert set(held(sheet, "value_share")) == {None}


def test_moves_and_nearest_of_the_ledger():
    summary = summarised([sale("a", 0, 60), sale("b", 0, 30), sale("c", 0, 10)])
    before = evaluate(summary)
    after = evaluate(summary, parse_settings({"tiers": {"shares": {"platinum": 70}}}))
    moves = ledger(before, after).moves
    sheet = move_table(moves, EN, ["because"] * moves.height)
    assert held(sheet, "customer_id") == ["b"]
    assert [held(sheet, name) for name in ("direction", "line", "tier_before", "tier_now", "cause")] == [
        ["Up"], ["Platinum"], ["Gold"], ["Platinum"], ["because"]
    ]  # fmt: skip
    assert held(sheet, "value_now") == [300_000]
    near = nearest_table(nearest(before, 1), EN)
    assert held(near, "side")[:2] == ["Just below", "Just above"]
    assert held(near, "line")[:2] == ["Platinum", "Platinum"]
    assert held(near, "distance")[:2] == [300_000, 0]
    assert "cause" not in [column.name for column in move_table(moves, EN).columns]


def test_pseudonyms_hold_through_one_file_and_name_nobody(found: Evaluation):
    sheets = [customer_table(found.customers, found, EN), nearest_table(nearest(found), EN)]
    facts = replace(facts_of(found, "f", TODAY), scope=Scope(owner=("Bo", "Di"), region=("North",)))
    hidden, about = pseudonymous(sheets, facts, EN)
    listed, near = hidden
    ids = held(listed, "customer_id")
    assert len(set(ids)) == 3 and all(re.fullmatch(r"Customer [0-9A-F]{6}", name) for name in ids)
    assert held(listed, "name") == ids
    known = dict(zip(held(sheets[0], "customer_id"), ids, strict=True))
    assert held(near, "customer_id") == [known[name] for name in held(sheets[1], "customer_id")]
    people = held(listed, "contact_person")
    assert people[0] == people[2] and people[1] is None and people[0].startswith("Contact ")
    owners = held(listed, "owner")
    assert owners[0] == owners[1] != owners[2] and about.scope.owner[0] == owners[0]
    assert about.scope.region == ("North",) and about.pseudonyms
    told = facts_sheet(about, EN)
    everything = " ".join(
        str(value) for sheet in (*hidden, told) for column in sheet.columns for value in column.values
    )
    for name in ("=Acme", "Later", "Ann Lee", "Bo", "Cy", "Di"):
        assert not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", everything), name
    assert held(listed, "revenue") == held(sheets[0], "revenue")


def test_pseudonyms_differ_from_file_to_file(found: Evaluation):
    sheets, facts = [customer_table(found.customers, found, EN)], facts_of(found, "f", TODAY)
    once, again = (held(pseudonymous(sheets, facts, EN)[0][0], "customer_id") for _ in range(2))
    assert not set(once) & set(again)
    key = b"k" * 32
    once, again = (held(pseudonymous(sheets, facts, EN, key)[0][0], "customer_id") for _ in range(2))
    assert once == again


def test_codes_never_collide():
    many = [str(number) for number in range(30_000)]
    found = codes("customer", many, b"key")
    assert len(set(found.values())) == len(many)
    assert {len(code) for code in found.values()} != {6}  # 30,000 codes of 24 bits would collide
    assert codes("customer", ["1"], b"key") != codes("owner", ["1"], b"key")


def test_names_without_ids_are_refused(found: Evaluation):
    sheet = customer_table(found.customers, found, EN)
    nameless = Sheet(sheet.name, tuple(column for column in sheet.columns if column.name != "customer_id"))
    with pytest.raises(ValueError, match="no customer ids"):
        pseudonymous([nameless], facts_of(found, "f", TODAY), EN)


def test_reasons_name_nobody():
    """Pseudonyms leave reasons as they are: they may be filled with figures and words of ours only."""
    placeholders = {name for text in terms("reasons").values() for name in re.findall(r"{(\w+)}", text)}
    assert not placeholders & {
        "name",
        "customer",
        "customer_id",
        "owner",
        "contact",
        "contact_person",
        "person",
        "staff",
    }


def by_what(sheet: Sheet, part: str) -> dict[str, tuple[str | None, str | None]]:
    rows = zip(*(held(sheet, name) for name in ("part", "what", "setting", "default")), strict=True)
    return {what: (value, default) for inside, what, value, default in rows if inside == part}


def test_facts_say_what_the_file_is_of(found: Evaluation):
    settings = parse_settings({"tiers": {"shares": {"platinum": 60}}, "lifecycle": {"cooling_silence": 2.5}})
    scope = Scope(region=("North", "South"), nature=("retail",), redraw=True)
    facts = Facts(settings, scope, 20_414, "abc123", TODAY, "1.2", ("Gold",))
    sheet = facts_sheet(facts, EN)
    about = {what: value for what, (value, _) in by_what(sheet, "This file").items()}
    assert about == {
        "As at": "Nov 22, 2025",
        "Downloaded on": "Nov 22, 2026",
        "Version of crmdash": "1.2",
        "Fingerprint of the data": "abc123",
        "Names": "As in the data",
        "Filter: Region": "North; South",
        "Filter: Nature": "Retail customer",
        "Only these": "Gold",
        "Tier lines drawn from": "The customers that the filters leave",
    }
    assert by_what(sheet, "Settings that differ from the defaults") == {
        "Platinum line": ("60%", "50%"),
        "Cooling from": ("2.5 × own rhythm", "2 × own rhythm"),
    }
    listed = by_what(sheet, "Settings of the board")
    assert listed["Gold line"] == ("80%", "80%") and listed["Value of"] == ("Whole file", "Whole file")
    assert len(by_what(sheet, "How things are counted")) == len(CONVENTIONS)
    parts = held(sheet, "part")
    assert parts.index("Settings that differ from the defaults") < parts.index("Settings of the board")


def test_facts_of_the_defaults(found: Evaluation):
    facts = facts_of(found, "f", TODAY)
    sheet = facts_sheet(facts, EN)
    assert facts.as_of == 395 and re.fullmatch(r"\d+\.\d+.*", facts.version)
    assert by_what(sheet, "This file")["Filters"] == ("None: all customers", None)
    nothing = by_what(sheet, "Settings that differ from the defaults")
    assert nothing == {"None: every setting has its default": (None, None)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", ["pyramid", "two", "abc", "textbook"])
def test_every_setting_has_words_of_its_own(scheme: str, language: Any):
    lines = setting_lines(parse_settings({"tiers": {"scheme": scheme}}), Wording(language))
    labels = [label for label, _, _ in lines]
    assert len(set(labels)) == len(labels)
    if scheme == "pyramid":
        assert all(value == default for _, value, default in lines)
        sections = Settings().model_dump(include=set(SECTIONS))
        unread = len(sections["lifecycle"]) - len(Settings().lifecycle.read) - 2  # its model and its measure are read
        count = sum(len(section) for section in sections.values()) - unread
        assert len(lines) == count - 4 + 3  # the three lines in force instead of the four tables of lines


def test_lines_of_another_scheme_count_as_different():
    settings = parse_settings({"tiers": {"scheme": "abc"}})
    lines = {label: (value, default) for label, value, default in setting_lines(settings, EN)}
    assert (lines["A line"], lines["B line"]) == (("80%", "–"), ("95%", "–"))
    assert lines["Tier scheme"] == ("ABC", "Customer pyramid")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_account_manager_has_one_name_in_filters_tables_and_downloads(language: Language):
    wording = Wording(language)
    places = (("columns", "customers.owner.label"), ("systems", "column.owner"), ("export", "column.owner"))
    assert len({wording.term(place, key) for place, key in places}) == 1
