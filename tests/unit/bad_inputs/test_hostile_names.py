"""Case 92 in full: the 515 strings of the Big List of Naughty Strings as names of customers, in and out again.

What a file itself cannot hold: a text file no lone halves of surrogate pairs and, for our reader, no zero characters;
a workbook none of XML's non-characters (U+FFFE, U+FFFF), which arrive in the escaped form that Excel writes. Blanks
around a name are no part of it, and nothing but blanks is no name.
"""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from crmdash.charts.literal import literal
from crmdash.evaluate import Evaluation, evaluate
from crmdash.export.csv_text import csv_text, neutralised
from crmdash.export.facts import facts_of
from crmdash.export.tables import customer_table
from crmdash.export.workbook import workbook
from crmdash.i18n import Wording
from crmdash.ingest.options import Options
from crmdash.ingest.raw import Source
from crmdash.ingest.readers import read_table
from crmdash.summary import summarise
from tests.unit.bad_inputs.files import FORMATS, ORDERS, Format, every_format, file, opened
from tests.unit.frames import there

BLANKS: Final = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
ENGLISH: Final = Wording("en")
IN_A_WORKBOOK: Final = {"\ufffe": "_xFFFE_"}


@pytest.fixture(scope="module")
def names(shared_datasets: Path) -> list[str]:
    strings = json.loads((shared_datasets / "messy" / "blns.json").read_text("utf-8"))
    assert len(strings) == 515
    return strings


def held(name: str, form: Format = "csv") -> str | None:
    """Return a name as it is to come out of a file."""
    name = IN_A_WORKBOOK.get(name, name) if form == "xlsx" else name
    return name.strip(BLANKS) or None


def read_back(names: list[str], form: Format) -> dict[str, str | None]:
    ids = [f"C{place:03}" for place in range(len(names))]
    orders = [(one, "2024-01-05", str(place + 1)) for place, one in enumerate(ids)]
    customers = [(one, name, "North") for one, name in zip(ids, names, strict=True)]
    dataset = opened(file(form, ORDERS, orders), file(form, ("customer_id", "name", "region"), customers))
    assert (dataset.rows, dataset.rows_set_aside, dataset.issues) == (2 * len(names), 0, ())
    return dict(there(dataset.customers).select("customer_id", "name").rows())


@every_format
def test_names_come_in_as_they_are(names: list[str], form: Format):
    assert read_back(names, form) == {f"C{place:03}": held(name, form) for place, name in enumerate(names)}


@every_format
def test_ids_come_in_as_they_are_or_with_a_reason(names: list[str], form: Format):
    rows = [(name, "2024-01-05", str(place + 1)) for place, name in enumerate(names) if held(name)]
    dataset = opened(file(form, ORDERS, rows))
    used = dict(there(dataset.transactions).select("amount", "customer_id").rows())
    reasons = {"required_blank": 2, "id_precision_lost": 1}  # blanks that cannot be seen, and 1E+02
    assert dict(dataset.set_aside["reason"].value_counts().rows()) == reasons
    told = next(one for one in dataset.issues if one.code == "id_invisible").count
    came = {held(name, form): used.get((place + 1) * 10_000) for place, name in enumerate(names) if held(name)}
    changed = {name: one for name, one in came.items() if one is not None and one != name}
    assert len(changed) == told
    assert all(one in str(name) for name, one in changed.items())  # invisible characters around it are left off


@pytest.mark.parametrize("character", [*map(chr, range(1, 32)), "\x7f", "\x80", "\u2028", "\ufdd0", "\U0001f600"])
@pytest.mark.parametrize("form", FORMATS)
def test_control_characters_inside_a_name_stay(form: Format, character: str):
    name = f"a{character}b"
    assert read_back([name, "Bo"], form)["C000"] == name


def test_what_a_text_file_cannot_hold_is_told():
    text = "customer_id,date,amount,name\nA,2024-01-05,5,x\0y\nB,2024-01-06,6,Bo\n"
    dataset = opened(text)
    assert there(dataset.customers)["name"].to_list() == ["xy", "Bo"]
    assert [one.code for one in dataset.issues] == ["zeros_removed"]


@pytest.fixture(scope="module")
def evaluation(names: list[str]) -> Evaluation:
    ids = [f"C{place:03}" for place in range(len(names))]
    orders = file("csv", ORDERS, [(one, "2024-01-05", str(place + 1)) for place, one in enumerate(ids)])
    customers = file("csv", ("customer_id", "name", "region"), list(zip(ids, names, names, strict=True)))
    return evaluate(summarise(opened(orders, customers).tables))


def test_names_go_out_in_csv_as_they_are_or_with_an_apostrophe(names: list[str], evaluation: Evaluation):
    text = csv_text(customer_table(evaluation.customers, evaluation, ENGLISH)).decode("utf-8-sig")
    written = {row[0]: row[1] for row in list(csv.reader(io.StringIO(text, newline="")))[1:]}
    safe = neutralised(pl.Series([held(name) for name in names], dtype=pl.String)).to_list()
    assert written == {f"C{place:03}": name or "" for place, name in enumerate(safe)}


def test_names_go_out_in_a_workbook_as_they_are(names: list[str], evaluation: Evaluation):
    sheet = customer_table(evaluation.customers, evaluation, ENGLISH)
    content = workbook([sheet], facts_of(evaluation, "0" * 64, date(2024, 1, 6)), ENGLISH)
    raw = read_table(Source("book.xlsx", content), Options(sheet=sheet.name, header=1))
    written = dict(raw.frame.select(pl.nth(0), pl.nth(1)).rows())
    assert written == {f"C{place:03}": held(held(name) or "", "xlsx") for place, name in enumerate(names)}


def test_names_in_pictures_hold_no_markup(names: list[str]):
    for name in names:
        shown = literal(name, longest=10**6)
        assert "<" not in shown and ">" not in shown
        plain = shown[1:-1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        assert plain == name
        assert (shown[0], shown[-1]) == ("\u2068", "\u2069")
