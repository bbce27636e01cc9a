"""Rows set aside are kept with place, reason and text, and the counts add up."""

import csv
import json
from pathlib import Path

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


@pytest.mark.parametrize("name", POLICIES)
def test_the_default_of_a_policy_is_its_first_value(name):
    assert Options().policy(name) == POLICIES[name][0]
    assert Options.from_json({name: POLICIES[name][-1]}).policy(name) == POLICIES[name][-1]
