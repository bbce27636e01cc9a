from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdash.columns import TABLES, column
from crmdash.errors import MappingError
from crmdash.ingest.dataset import Dataset, open_dataset
from crmdash.ingest.options import Mapping, Options
from crmdash.ingest.raw import Source
from tests.unit.frames import there


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def opened(*texts: str, mappings: dict[str, Mapping] | None = None) -> Dataset:
    sources = [Source(f"{position}.csv", text.encode()) for position, text in enumerate(texts, start=1)]
    return open_dataset(sources, mappings)


def findings(dataset: Dataset) -> list[tuple[Any, ...]]:
    return [
        (issue.severity, issue.code, issue.column, issue.row, issue.count, issue.example) for issue in dataset.issues
    ]


def only(dataset: Dataset, code: str):
    return next(issue for issue in dataset.issues if issue.code == code)


ORDERS = "customer_id,date,amount,region\n007,2024-01-05,10.50,East\n007,2024-02-05,-1,West\n8,2024-01-06,3,\n"


def test_orders_have_canonical_names_types_and_exact_money():
    dataset = opened(ORDERS)
    assert dataset.usable
    assert there(dataset.transactions).rows() == [
        ("007", day("2024-01-05"), 105_000),
        ("007", day("2024-02-05"), -10_000),
        ("8", day("2024-01-06"), 30_000),
    ]
    assert there(dataset.transactions).schema == {"customer_id": pl.String, "date": pl.Int64, "amount": pl.Int64}
    assert (dataset.contacts, dataset.staff) == (None, None)
    assert findings(dataset) == [
        ("info", "returns_counted", "amount", 3, 1, "-1"),
        ("info", "several_values", "region", None, 1, "007"),
    ]


def test_customers_are_described_by_their_latest_order():
    assert there(opened(ORDERS).customers).rows(named=True) == [
        {"customer_id": "007", "region": "West"},
        {"customer_id": "8", "region": None},
    ]


def test_a_customers_file_wins_over_what_orders_say():
    dataset = opened(ORDERS, "customer_id,name,region\n007,Bond,North\n9,Nine,South\n")
    assert there(dataset.customers).rows(named=True) == [
        {"customer_id": "007", "name": "Bond", "region": "North"},
        {"customer_id": "8", "name": None, "region": None},
        {"customer_id": "9", "name": "Nine", "region": "South"},
    ]
    assert (dataset.rows, dataset.rows_used, dataset.rows_set_aside) == (5, 5, 0)


def test_several_orders_files_are_one():
    dataset = opened(ORDERS, "客户编号,订单日期,金额,成本\n9,2024-03-01,5,4\n")
    assert there(dataset.transactions).height == 4
    assert there(dataset.transactions)["cost"].to_list() == [None, None, None, 40_000]


def test_the_same_file_twice_counts_once():
    dataset = opened(ORDERS, ORDERS)
    assert (there(dataset.transactions).height, dataset.rows) == (3, 3)
    assert only(dataset, "file_twice").values["file"] == "2.csv"


def test_rows_without_what_they_need_are_set_aside_once_each():
    dataset = opened(
        "customer_id,date,amount,x\n1,2024-01-05,5,\n,2024-01-06,oops,\n2,someday,5,\n3,,5,\n4,2024-01-05,,\n4,2024-01-05,oops,\n"
    )
    assert (dataset.rows, dataset.rows_used, dataset.rows_set_aside) == (6, 1, 5)
    assert findings(dataset) == [
        ("warning", "required_blank", "customer_id", 3, 1, None),
        ("warning", "required_blank", "date", 5, 1, None),
        ("warning", "required_unreadable", "date", 4, 1, "someday"),
        ("warning", "required_blank", "amount", 6, 1, None),
        ("warning", "required_unreadable", "amount", 7, 1, "oops"),
    ]


def test_optional_cells_that_cannot_be_read_become_missing():
    rows = "".join(f"1,2024-01-0{n},5,1\n" for n in range(1, 9))
    dataset = opened(f"customer_id,date,amount,cost\n{rows}1,2024-01-09,5,dear\n1,2024-01-10,5,cheap\n")
    assert dataset.rows_used == 10
    assert there(dataset.transactions)["cost"].to_list()[-2:] == [None, None]
    assert findings(dataset) == [("warning", "value_unreadable", "cost", 10, 2, "dear")]


def test_amounts_that_need_more_decimals_are_rounded_and_told():
    dataset = opened("customer_id,date,amount\n1,2024-01-05,0.12345\n1,2024-01-06,22.368000000000002\n")
    assert there(dataset.transactions)["amount"].to_list() == [1_235, 223_680]
    assert findings(dataset) == [("warning", "value_rounded", "amount", 2, 1, "0.12345")]


def test_sums_that_do_not_fit_are_refused():
    big = "900000000000000"
    dataset = opened(f"customer_id,date,amount\n1,2024-01-05,{big}\n1,2024-01-06,{big}\n")
    assert not dataset.usable
    assert [code for _, code, *_ in findings(dataset)] == ["total_too_large", "nothing_usable"]


@pytest.mark.parametrize(
    ("text", "given_up"),
    [
        ("customer_id,date,amount,cost\n1,2024-01-05,9{zeros},-9{zeros}\n", ["cost"]),
        ("customer_id,date,amount,cost\n1,2024-01-05,4{zeros},-4{zeros}\n", []),
        ("customer_id,date,amount,profit,cost\n1,2024-01-05,1,9{zeros},\n1,2024-01-06,9{zeros},,0\n", ["profit"]),
        ("customer_id,date,amount,profit,cost\n1,2024-01-05,5{zeros},3{zeros},8{zeros}\n", ["cost"]),
        ("customer_id,profit,cost_to_serve\n1,-9{zeros},9{zeros}\n", ["cost_to_serve"]),
    ],
)
def test_differences_that_do_not_fit_are_refused(text: str, given_up: list[str]):
    dataset = opened(text.format(zeros="0" * 14))
    assert dataset.usable
    assert [issue.column for issue in dataset.issues if issue.code == "total_too_large"] == given_up
    kept = {"amount", "cost", "profit", "cost_to_serve"} & {*text.partition("\n")[0].split(",")} - {*given_up}
    table = there(dataset.transactions if "amount" in kept else dataset.customers)
    assert kept <= {*table.columns} and not {*given_up} & {*table.columns}


def test_discounts_become_money():
    rows = "1,2024-01-05,80,0.2,100\n1,2024-01-06,50,0.5,\n1,2024-01-07,10,0,10\n"
    dataset = opened("customer_id,date,amount,discount,list amount\n" + rows)
    assert there(dataset.transactions)["discount"].to_list() == [200_000, 500_000, 0]
    percent = Mapping(options=Options(discount="percent"))
    dataset = opened("customer_id,date,amount,discount\n1,2024-01-05,80,20\n", mappings={"1.csv": percent})
    assert there(dataset.transactions)["discount"].to_list() == [200_000]


def test_day_or_month_first_is_asked_where_nothing_tells():
    text = "customer_id,date,amount\n1,3/2/2024,5\n1,1/2/2024,5\n1,5/4/2024,5\n"
    dataset = opened(text)
    assert there(dataset.transactions)["date"].to_list() == [day("2024-03-02"), day("2024-01-02"), day("2024-05-04")]
    assert only(dataset, "date_order").severity == "question"
    told = opened(text, mappings={"1.csv": Mapping(options=Options(date_order="dmy"))})
    assert there(told.transactions)["date"].to_list() == [day("2024-02-03"), day("2024-02-01"), day("2024-04-05")]
    assert told.issues == ()


def test_cancelled_lines_count_and_are_named():
    rows = "1,2024-01-05,5,Shipped\n1,2024-01-06,5,Cancelled\n1,2024-01-07,5,Returned\n1,2024-01-08,5,Cancelled\n"
    dataset = opened(f"customer_id,date,amount,STATUS\n{rows}")
    assert dataset.rows_used == 4
    assert findings(dataset) == [("info", "status_counted", "STATUS", 3, 3, "Cancelled (2), Returned (1)")]


def test_several_columns_are_summed_blanks_as_nothing():
    mapping = Mapping("transactions", {"customer_id": ("c",), "date": ("d",), "amount": ("a", "b")})
    dataset = opened(
        "c,d,a,b\n1,2024-01-05,1.5,2\n1,2024-01-06,,2\n1,2024-01-07,,\n1,2024-01-08,x,2\n", mappings={"1.csv": mapping}
    )
    assert there(dataset.transactions)["amount"].to_list() == [35_000, 20_000]
    assert findings(dataset) == [
        ("warning", "required_blank", "amount", 4, 1, None),
        ("warning", "required_unreadable", "amount", 5, 1, "x + 2"),
    ]


def test_a_mapping_by_hand_is_the_whole_mapping():
    mapping = Mapping(None, {"customer_id": ("region",), "date": ("date",), "amount": ("amount",)})
    dataset = opened(ORDERS, mappings={"1.csv": mapping})
    assert dataset.files[0].table == "transactions"
    assert there(dataset.transactions)["customer_id"].to_list() == ["East", "West"]
    assert dataset.files[0].unused == ("customer_id",)
    assert set(dataset.files[0].evidence.values()) == {"hand"}


def test_a_mapping_for_another_file_is_wrong_use():
    with pytest.raises(MappingError, match="did you mean 'amount'"):
        opened(ORDERS, mappings={"1.csv": Mapping("transactions", {"amount": ("amounts",)})})


def test_customers_may_come_without_orders():
    dataset = opened("customer_id,name,revenue,recency\n1,A,10.5,3\n2,B,7,40\n1,A,1,1\n")
    assert dataset.usable
    assert there(dataset.customers)["revenue"].to_list() == [105_000, 70_000]
    assert (dataset.rows_used, dataset.rows_set_aside) == (2, 1)
    assert findings(dataset) == [("warning", "customer_repeated", "customer_id", 4, 1, "1")]


def test_customers_in_two_files_count_once():
    dataset = opened("customer_id,orders\n1,3\n2,4\n", "customer_id,orders\n2,9\n3,1\n")
    assert there(dataset.customers).rows() == [("1", 3), ("2", 4), ("3", 1)]
    assert (dataset.rows_used, dataset.rows_set_aside) == (3, 1)
    assert only(dataset, "customer_in_two_files").count == 1


def test_contacts_and_staff():
    dataset = opened(
        ORDERS,
        "customer_id,date,kind,minutes\n8,2024-01-05,Visit,30\n8,2024-01-06,投诉,\n8,2024-01-07,dance,1\n",
        "name,grade,can visit\nAnn,senior,yes\nBo,inside,no\n",
    )
    assert there(dataset.contacts)["kind"].to_list() == ["visit", "complaint"]
    assert there(dataset.staff).rows() == [("Ann", "senior", True), ("Bo", "inside", False)]
    assert (dataset.rows, dataset.rows_used, dataset.rows_set_aside) == (8, 7, 1)


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (b"", ["file_empty", "nothing_usable"]),
        (b"%PDF-1.4", ["file_foreign", "nothing_usable"]),
        (b"customer_id,date,note\n1,2024-01-05,x\n1,2024-01-06,y\n", ["amount_missing", "nothing_usable"]),
        (b"customer_id,date,amount\n", ["no_rows_at_all", "nothing_usable"]),
        (b"customer_id,date,amount\n,,x\n", ["column_empty", "column_empty", "no_rows_left", "nothing_usable"]),
        (b"customer_id,name\n1,A\n2,B\n", ["nothing_to_order_by"]),
    ],
)
def test_useless_files_say_why(content: bytes, codes: list[str]):
    dataset = open_dataset([Source("x", content)])
    assert not dataset.usable
    assert [issue.code for issue in dataset.issues] == codes
    assert dataset.rows == dataset.rows_used + dataset.rows_set_aside


def test_no_files():
    dataset = open_dataset([])
    assert (dataset.usable, [issue.code for issue in dataset.issues]) == (False, ["no_files"])


def test_one_customer_is_enough():
    assert opened("customer_id,date,amount\n1,2024-01-05,5\n").usable


def test_progress_is_told():
    told: list[tuple[float, str]] = []
    sources = [Source("a", ORDERS.encode()), Source("b", b"")]
    open_dataset(sources, progress=lambda fraction, name: told.append((fraction, name)))
    assert told == [(0.0, "a"), (0.25, "a"), (0.5, "b"), (1.0, "b")]


def test_the_fingerprint_knows_bytes_names_and_mappings_but_no_order():
    first, second = Source("a", ORDERS.encode()), Source("b", b"customer_id,orders\n1,2\n")
    base = open_dataset([first, second]).fingerprint
    assert open_dataset([second, first]).fingerprint == base
    assert open_dataset([Source("c", first.content), second]).fingerprint != base
    assert open_dataset([Source("a", first.content + b"\n"), second]).fingerprint != base
    assert open_dataset([first, second], {"a": Mapping(options=Options(header=1))}).fingerprint != base


def test_the_report_shows_the_file_as_it_is():
    report = opened(ORDERS).files[0]
    assert (report.table, report.encoding, report.delimiter, report.header_row) == ("transactions", "utf-8", ",", 1)
    assert report.columns == ("customer_id", "date", "amount", "region")
    assert report.preview.row(0) == ("007", "2024-01-05", "10.50", "East")


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["1", "02", "", " ", "甲"]),
        st.sampled_from(["2024-01-05", "5/6/2024", "", "never", "20240230"]),
        st.sampled_from(["5", "-1.5", "1,000", "x", "", "1e400", "(3)"]),
        st.sampled_from(["East", "", "West", '"a,b"']),
    ),
    max_size=30,
)


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_every_row_is_used_or_set_aside_and_nothing_raises(rows: list[tuple[str, ...]]):
    dataset = opened("customer_id,date,amount,region\n" + "".join(",".join(row) + "\n" for row in rows))
    assert dataset.rows == dataset.rows_used + dataset.rows_set_aside
    for name in TABLES:
        table = getattr(dataset, name)
        if table is not None:
            assert table.schema == {column_name: column(name, column_name).dtype for column_name in table.columns}


@settings(max_examples=20, deadline=None)
@given(ROWS, st.randoms())
def test_the_order_of_rows_changes_nothing(rows: list[tuple[str, ...]], random):
    rows = [*rows, ("1", "2024-01-31", "5", "East"), ("1", "2024-01-31", "5", "West")]
    shuffled = random.sample(rows, len(rows))
    first, second = (
        opened("customer_id,date,amount,region\n" + "".join(",".join(row) + "\n" for row in order), mappings={
            "1.csv": Mapping(options=Options(date_order="mdy", header=1, delimiter=",")),
        })
        for order in (rows, shuffled)
    )  # fmt: skip
    assert there(first.customers).equals(there(second.customers))
    keys = ["customer_id", "date", "amount"]
    assert there(first.transactions).sort(keys).equals(there(second.transactions).sort(keys))
