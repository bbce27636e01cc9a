"""Rows set aside are kept with place, reason and text, and the counts add up."""

import csv
import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdash.cli import main
from crmdash.ingest.aside import SCHEMA
from crmdash.ingest.dataset import Dataset, open_dataset
from crmdash.ingest.options import POLICIES, Mapping, Options
from crmdash.ingest.raw import Source

MESSY = '''customer_id;date;amount;name
A;2024-01-05;5;Ann
;2024-01-06;6;"B; ""o"""
A;soon;7;Ann
customer_id;date;amount;title

A;2024-01-09;-1;Ann
A;2024-01-09;-1;Ann
C;2024-02-30;9;Cy
C;2024-03-01;0;Cy
合计;;11;
'''


def opened(*texts: str, **options) -> Dataset:
    sources = [Source(f"{n}.csv", text.encode()) for n, text in enumerate(texts, start=1)]
    return open_dataset(sources, {source.name: Mapping(options=Options(**options)) for source in sources})


def test_every_row_stands_with_its_place_its_reason_and_its_text():
    dataset = opened(MESSY)
    assert dataset.set_aside.schema == SCHEMA
    assert dataset.set_aside.drop("file", "table").rows() == [
        (3, "required_blank", "customer_id", "customer_id", None, ';2024-01-06;6;"B; ""o"""'),
        (4, "required_unreadable", "date", "date", "soon", "A;soon;7;Ann"),
        (5, "header_row_repeated", None, None, None, "customer_id;date;amount;title"),
        (9, "date_impossible", "date", "date", "2024-02-30", "C;2024-02-30;9;Cy"),
        (11, "totals_row", None, None, "合计", "合计;;11;"),
    ]
    assert (dataset.rows, dataset.rows_used, dataset.rows_set_aside) == (9, 4, 5)


def test_an_issue_tells_of_each_reason_with_its_count():
    dataset = opened(MESSY, returns="aside", zero_rows="aside", duplicates="aside")
    told = {issue.code: issue.count for issue in dataset.issues if issue.code != "blank_rows"}
    counted = dict(dataset.set_aside["reason"].value_counts().rows())
    assert counted == told
    assert (sum(counted.values()), dataset.rows_used) == (8, 1)


def test_what_a_policy_keeps_is_used():
    assert opened(MESSY, totals="keep").set_aside["reason"].to_list()[-1] == "required_blank"
    headers = opened(MESSY, repeated_headers="keep").set_aside
    assert headers.filter(pl.col("row") == 5)["reason"].to_list() == ["required_unreadable"]


def test_rows_that_repeat_every_name_are_set_aside_or_kept_like_any_other():
    names = "name,customer_id,date,amount\n"
    text = f"{names}Ann,7.0,5/1/2024,1\nBo,8.0,13/1/2024,2\n{names}Ann,7.0,14/1/2024,3\n"
    dataset = opened(text)
    assert dataset.set_aside.select("row", "reason", "text").rows() == [
        (4, "header_row_repeated", "name,customer_id,date,amount")
    ]
    assert dataset.transactions is not None
    assert dataset.transactions["customer_id"].to_list() == ["7", "8", "7"]  # every id ends in .0
    kept = opened(text, repeated_headers="keep")
    assert kept.set_aside.select("row", "reason").rows() == [(4, "required_unreadable")]


def test_repeated_names_hide_no_column():
    rows = "".join(f"C{n % 7:03},2024-01-{n % 28 + 1:02},{n}.50\n" for n in range(30))
    dataset = opened("a,b,c\n" + rows + "a,b,c\n" * 20)
    assert dataset.files[0].mapping.columns == {"customer_id": ("a",), "date": ("b",), "amount": ("c",)}
    assert (dataset.rows, dataset.rows_used, dataset.rows_set_aside) == (50, 30, 20)


def test_a_blank_row_ends_the_table_on_wish():
    dataset = opened(MESSY, blank_rows="end")
    assert dataset.set_aside.filter(pl.col("reason") == "after_blank_row")["row"].to_list() == [7, 8, 9, 10, 11]
    assert dataset.rows_used == 1


def test_line_breaks_inside_cells_are_no_blank_rows():
    text = 'customer_id,date,amount,name\nA,2024-01-05,5,"one\n\ntwo"\nB,2024-01-06,6,x\n'
    assert opened(text, blank_rows="end").rows_used == 2


def test_files_left_out_are_set_aside_whole():
    dataset = opened("customer_id,date,amount\nA,2024-01-05,5\n", "colour,shape\nred,round\nblue,square\n")
    assert dataset.set_aside.select("file", "row", "reason", "text").rows() == [
        ("2.csv", 2, "table_unknown", "red,round"), ("2.csv", 3, "table_unknown", "blue,square"),
    ]  # fmt: skip
    assert (dataset.rows, dataset.rows_used, dataset.rows_set_aside) == (3, 1, 2)


def test_customers_and_staff_in_a_second_file_are_set_aside_there():
    dataset = opened(
        "customer_id,orders\n1,3\n2,4\n", "customer_id,orders\n3,1\n2,9\n",
        "name,grade\nAnn,senior\n", "name,grade\nAnn,junior\n",
    )  # fmt: skip
    assert dataset.set_aside.select("file", "row", "reason", "cell").rows() == [
        ("2.csv", 3, "customer_in_two_files", "2"), ("4.csv", 2, "staff_twice", "Ann"),
    ]  # fmt: skip
    assert [(file.rows, file.rows_used, file.rows_set_aside) for file in dataset.files] == [
        (2, 2, 0), (2, 1, 1), (1, 1, 0), (1, 0, 1),
    ]  # fmt: skip


def test_the_command_line_writes_them_and_the_summary_adds_up(tmp_path: Path):
    source, out = tmp_path / "orders.csv", tmp_path / "aside.csv"
    source.write_text(MESSY, "utf-8")
    mapping = tmp_path / "M.json"
    mapping.write_text(json.dumps({"options": {"returns": "aside"}}), "utf-8")
    arguments = ["evaluate", str(source), "--mapping", str(mapping), "--set-aside", str(out), "--out", str(tmp_path)]
    assert main(arguments) == 0
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["row"], row["reason"]) for row in rows][3:5] == [("7", "return_aside"), ("8", "return_aside")]
    summary = json.loads((tmp_path / "summary.json").read_text("utf-8"))
    assert (summary["rows"], summary["rows_used"], summary["rows_set_aside"]) == (9, 2, len(rows))


CELLS = st.sampled_from(
    ["A", "a", "", "NULL", "合计", "Total", "2024-01-05", "1/2/2024", "45296", "2099-01-01", "2024-02-30", "5", "-5",
     "0", "$5", "€5", "1.234", "1,234", "1.2万", "x", "customer_id", "date", "amount", "#N/A", "1E+17", "５"]
)  # fmt: skip
TABLES = st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=12)
CHOSEN = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in POLICIES.items()})


@settings(max_examples=40, deadline=None)
@given(TABLES, TABLES, CHOSEN, st.sampled_from([None, "USD", "EUR"]))
def test_whatever_the_policies_every_row_is_used_or_set_aside_once(orders, customers, chosen, currency):
    texts = [
        "\t".join(names) + "\n" + "".join("\t".join(row) + "\n" for row in rows)
        for names, rows in (
            (("customer_id", "date", "amount", "cost"), orders),
            (("customer_id", "last purchase", "revenue", "orders"), customers),
        )
    ]  # fmt: skip
    dataset = opened(*texts, **chosen, currency=currency)
    assert dataset.rows == dataset.rows_used + dataset.rows_set_aside == dataset.rows_used + dataset.set_aside.height
    assert dataset.set_aside.select("file", "row").is_unique().all()
    for file in dataset.files:
        aside = dataset.set_aside.filter(pl.col("file") == file.name).height
        assert (file.rows, file.rows_set_aside) == (file.rows_used + aside, aside)
    if dataset.transactions is not None:
        used = sum(file.rows_used for file in dataset.files if file.table == "transactions")
        assert dataset.transactions.height == used


@settings(max_examples=25, deadline=None)
@given(TABLES, TABLES, CHOSEN, st.dates(date(2023, 12, 1), date(2024, 3, 1)))
def test_the_counts_of_the_summary_add_up_over_all_files(orders, contacts, chosen, as_of):
    orders = [("A", "2024-01-05", "5", "1"), ("B", "2024-02-05", "6", "1"), ("A", "2024-02-06", "7", "1"), *orders]
    contacts = [("A", "2024-01-06", "visit", "9"), ("B", "2024-02-07", "call", "9"), *contacts]
    texts = {
        "orders.tsv": (("customer_id", "date", "amount", "cost"), orders),
        "contacts.tsv": (("customer_id", "date", "kind", "minutes"), contacts),
    }
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file, (header, rows) in texts.items():
            (folder / file).write_text("".join("\t".join(row) + "\n" for row in (header, *rows)), "utf-8")
        mapping = {"files": {file: {"options": chosen} for file in texts}}
        (folder / "mapping.json").write_text(json.dumps(mapping))
        paths = [str(folder / file) for file in texts]
        options = ["--mapping", str(folder / "mapping.json"), "--out", name, "--set-aside", str(folder / "aside.csv")]
        # The systems' tables take longest and hold no counts.
        with patch("crmdash.cli.evaluating.reports_of", return_value={}):
            code = main(["evaluate", *paths, *options, "--as-of", str(as_of)])
        if code != 0:
            return
        summary = json.loads((folder / "summary.json").read_text("utf-8"))
        with (folder / "aside.csv").open(encoding="utf-8", newline="") as written:
            aside = len(list(csv.DictReader(written)))
    filled = sum(any(cell.strip() for cell in row) for row in (*orders, *contacts))
    later = [issue["count"] for issue in summary["issues"] if issue["code"] == "rows_after_as_of"]
    assert summary["rows"] == summary["rows_used"] + summary["rows_set_aside"] == filled
    assert summary["rows_set_aside"] == aside + sum(later)


@pytest.mark.parametrize("as_of", [None, "1998-01-15", "2012-06-30"])
@pytest.mark.parametrize(
    "name",
    [
        "cdnow/CDNOW_sample.txt", "superstore/superstore.csv", "northwind/orders.csv", "rfm/rfm_data_orders.csv",
        "classicmodels/sales_data_sample.csv", "marketing_campaign/marketing_campaign.csv", "crm/sales_pipeline.csv",
        "tableau_zh/sales_data.csv",
    ],
)  # fmt: skip
def test_the_counts_of_real_files_add_up(shared_datasets: Path, tmp_path: Path, name: str, as_of: str | None):
    file = shared_datasets / name
    arguments = ["evaluate", str(file), "--out", str(tmp_path)]
    dataset = open_dataset([Source.from_path(file)])
    code = main([*arguments, *(() if as_of is None else ("--as-of", as_of))])
    assert code == (0 if dataset.usable else 1)
    if dataset.usable:
        summary = json.loads((tmp_path / "summary.json").read_text("utf-8"))
        assert summary["rows"] == summary["rows_used"] + summary["rows_set_aside"] == dataset.rows


@pytest.mark.parametrize("name", POLICIES)
def test_the_default_of_a_policy_is_its_first_value(name):
    assert Options().policy(name) == POLICIES[name][0]
    assert Options.from_json({name: POLICIES[name][-1]}).policy(name) == POLICIES[name][-1]
