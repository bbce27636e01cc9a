"""Rows that are not used: counted and listed with reasons, treated by policies, and customers without a match."""

from datetime import date

import fastexcel
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from crmdash.columns import TABLES
from crmdash.export import Facts, csv_text, program_version, workbook
from crmdash.i18n import LANGUAGES, Language, Wording, terms
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.options import POLICIES
from crmdash.ingest.raw import Source
from crmdash.scope import Scope
from crmdash.settings import Settings
from crmdash.ui.data_aside import aside_sheet, by_reason, in_words, sums
from crmdash.ui.data_handout import fits_a_workbook
from crmdash.ui.data_orphans import counts, orphans_sheet
from crmdash.ui.data_orphans import in_words as orphans_in_words
from tests.app.test_data_page import LOCALES, keys, open_page, texts, upload
from tests.source import python_files

MESSY = (
    b"customer,date,amount\n=1+1,2025-01-10,100\n=1+1,2025-01-10,100\n,2025-02-11,20\nB,never,5\nB,2025-03-01,-40\n"
    b"Total,,160\n"
)
PEOPLE = b"customer,name\nB,Ben\nC,**Cem**\n"


def frame_with(at: AppTest, *columns: str) -> pl.DataFrame:
    """Return the table on the page that has exactly these columns."""
    return pl.from_pandas(next(frame.value for frame in at.dataframe if tuple(frame.value.columns) == columns))


@pytest.mark.parametrize("locale", LOCALES)
def test_rows_set_aside_are_listed_and_add_up(locale: str):
    at = upload(open_page(locale), ("messy.csv", MESSY))
    dataset = at.session_state["_read"]
    wording = Wording(at.session_state["_language"])
    assert (dataset.rows, dataset.rows_used, dataset.rows_set_aside) == (6, 3, 3)
    assert sums(dataset, wording)[0] in texts(at)
    assert frame_with(at, "rows", "words", "file")["rows"].to_list() == [1, 1, 1]
    rows = frame_with(at, "file", "row", "words", "header", "cell", "text")
    assert rows["row"].to_list() == [4, 5, 7]
    assert rows["text"].to_list() == [",2025-02-11,20", "B,never,5", "Total,,160"]
    assert {"data.handout.set-aside.csv", "data.handout.set-aside.xlsx"} <= keys(at.get("download_button"))


def test_reasons_are_said_in_words():
    dataset = open_dataset([Source("messy.csv", MESSY)])
    assert by_reason(in_words(dataset.set_aside, Wording())).rows() == [
        ("messy.csv", "customer is blank", 1), ("messy.csv", "date cannot be read as Date", 1),
        ("messy.csv", "Total of other rows", 1),
    ]  # fmt: skip
    assert sums(dataset, Wording()) == ["messy.csv: 6 rows in the file = 3 used + 3 set aside"]


def test_every_reason_has_words():
    known = terms("aside").keys()
    assert known <= {key.split(".")[0] for key in terms("issues")}
    required = {f"{column.name}_missing" for columns in TABLES.values() for column in columns if column.required}
    assert required <= known
    told = {
        argument.value
        for source in python_files("crmdash/ingest/policies.py", "crmdash/ingest/validation.py")
        for call in source.calls()
        if getattr(call.func, "attr", "") in ("tell", "set_aside")
        for argument in call.args
        if hasattr(argument, "value") and isinstance(argument.value, str) and argument.value in terms_of_issues()
    }
    assert told and told <= known


def terms_of_issues() -> set[str]:
    return {key.split(".")[0] for key in terms("issues")}


def test_every_policy_has_words_for_each_choice():
    for policy, choices in POLICIES.items():
        assert {f"{policy}.label", f"{policy}.help", *(f"{policy}.{choice}" for choice in choices)} <= terms(
            "policies"
        ).keys()


def test_what_is_handed_out_runs_no_formula_and_keeps_every_row():
    dataset = open_dataset([Source("messy.csv", b"customer,date,amount\n=1+1,never,1\n@x,never,2\nA,2025-01-01,3\n")])
    text = csv_text(aside_sheet(in_words(dataset.set_aside, Wording()), Wording())).decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0] == '"File","Row of the file","Reason","Code of the reason","Column","Cell","The whole row"'
    assert lines[1] == (
        '"messy.csv",2,"date cannot be read as Date","required_unreadable","date","never","\'=1+1,never,1"'
    )
    assert len(lines) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_holds_them_too(language: Language):
    wording, dataset = Wording(language), open_dataset([Source("messy.csv", MESSY)])
    rows = in_words(dataset.set_aside, wording)
    facts = Facts(Settings(), Scope(), None, dataset.fingerprint, date(2026, 1, 1), program_version())
    content = workbook([aside_sheet(rows, wording)], facts, wording)
    sheet = fastexcel.read_excel(content).load_sheet(0).to_polars()
    assert sheet.to_series(6).to_list() == rows["text"].to_list()


def test_a_workbook_is_offered_only_where_it_can_hold_the_rows():
    assert fits_a_workbook(pl.DataFrame({"text": ["a", None]}))
    assert not fits_a_workbook(pl.DataFrame({"text": ["a" * 16_001]}))
    assert not fits_a_workbook(pl.DataFrame({"text": ["a"] * 100_001}))


def test_a_policy_is_switched_and_the_file_read_again():
    at = upload(open_page(), ("messy.csv", MESSY))
    at.session_state["data.policies.messy.csv"] = True
    at.run()
    assert at.selectbox(key="data.policy.messy.csv.duplicates").value == "keep"
    assert "data.policy.messy.csv.repeated_customers" not in keys(at.selectbox)
    at.selectbox(key="data.policy.messy.csv.duplicates").set_value("aside").run()
    at.selectbox(key="data.policy.messy.csv.returns").set_value("aside").run()
    assert not at.exception
    dataset = at.session_state["_read"]
    assert (dataset.rows, dataset.rows_used, dataset.rows_set_aside) == (6, 1, 5)
    at.selectbox(key="data.policy.messy.csv.returns").set_value("net").run()
    assert at.session_state["_read"].rows_used == 2


def test_of_several_rows_of_a_customer_the_last_may_count():
    at = upload(open_page(), ("c.csv", b"customer_id,revenue,orders\nA,1,1\nB,2,1\nA,5,2\n"))
    at.session_state["data.policies.c.csv"] = True
    at.run()
    assert at.metric[1].delta == "3.00"
    at.selectbox(key="data.policy.c.csv.repeated_customers").set_value("last").run()
    assert at.metric[1].delta == "7.00"


@pytest.mark.parametrize("locale", LOCALES)
def test_customers_without_a_match_are_counted_and_listed(locale: str):
    at = upload(open_page(locale), ("messy.csv", MESSY), ("people.csv", PEOPLE))
    orphans = at.session_state["_read"].orphans
    for line in counts(orphans, Wording(at.session_state["_language"])):
        assert line in texts(at)
    assert frame_with(at, "customer_id", "found_in", "missing_in", "rows")["customer_id"].to_list() == ["=1+1", "C"]
    assert "data.handout.unmatched.csv" in keys(at.get("download_button"))


def test_customers_without_a_match_are_handed_out():
    orphans = open_dataset([Source("messy.csv", MESSY), Source("people.csv", PEOPLE)]).orphans
    assert counts(orphans, Wording()) == [
        "In Orders, not in Customers: 1 customers with 2 rows",
        "In Customers, not in Orders: 1 customers with 1 rows",
    ]
    sheet = orphans_sheet(orphans_in_words(orphans, Wording()), Wording())
    assert csv_text(sheet).decode("utf-8-sig").splitlines()[1:] == [
        '"\'=1+1","Orders",2,"Customers"', '"C","Customers",1,"Orders"',
    ]  # fmt: skip
