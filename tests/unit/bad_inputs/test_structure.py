"""Cases 19 to 43: the structure of text files, headers and columns."""

import time

import pytest

from tests.unit.bad_inputs.files import (
    ORDERS,
    aside,
    codes,
    column,
    csv,
    every_format,
    file,
    found,
    issue,
    money,
    opened,
    row,
    xlsx,
)
from tests.unit.frames import there

ROWS = [("A", "2024-01-05", "5"), ("B", "2024-01-06", "6")]


@pytest.mark.parametrize("delimiter", [";", "\t", "|", "，"])
def test_case_19_to_22_delimiters(delimiter: str):
    dataset = opened("".join(delimiter.join(cells) + "\n" for cells in (ORDERS, *ROWS)))
    assert dataset.files[0].delimiter == delimiter
    assert (column(dataset, "amount"), found(dataset)) == (money(5, 6), [])


def test_case_23_a_first_line_that_names_the_delimiter():
    dataset = opened("sep=;\n" + csv(ORDERS, ROWS, ";"))
    assert (dataset.files[0].delimiter, dataset.files[0].header_row) == (";", 2)
    assert (column(dataset, "amount"), found(dataset)) == (money(5, 6), [])


@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_case_24_line_ends(end: str):
    dataset = opened(csv(ORDERS, ROWS).replace("\n", end).encode())
    assert (column(dataset, "amount"), found(dataset)) == (money(5, 6), [])


def test_case_24_mixed_line_ends():
    dataset = opened(b"customer_id,date,amount\r\nA,2024-01-05,5\nB,2024-01-06,6\rC,2024-01-07,7\r\n")
    assert (column(dataset, "customer_id"), column(dataset, "amount")) == (["A", "B", "C"], money(5, 6, 7))


def test_case_25_line_breaks_inside_quotes():
    dataset = opened('customer_id,date,amount,name\nA,2024-01-05,5,"one\ntwo"\nB,2024-01-06,x,three\n')
    assert there(dataset.customers)["name"].to_list() == ["one\ntwo"]
    assert found(dataset) == [("required_unreadable", "amount", 4, 1, "x")]


def test_case_26_a_quote_that_is_never_closed_names_its_row():
    dataset = opened('customer_id,date,amount,name\nA,2024-01-05,5,one\nB,2024-01-06,6,"two\nC,2024-01-07,7,three\n')
    assert column(dataset, "customer_id") == ["A", "B", "C"]
    broken = issue(dataset, "quotes_broken")
    assert (broken.severity, broken.row) == ("warning", 3)


def test_case_27_a_row_that_is_too_long():
    rows = "".join(f"A{n},2024-01-05,5\n" for n in range(30))
    dataset = opened("customer_id,date,amount\nB,2024-01-06,6\nC,2024-01-07,7,extra\n" + rows)
    assert column(dataset, "amount") == money(6, 7, *[5] * 30)
    long = issue(dataset, "rows_too_long")
    assert (long.row, long.count, long.example) == (3, 1, "extra")


def test_case_28_a_row_that_is_too_short():
    dataset = opened("customer_id,date,amount,cost\nA,2024-01-05,5,1\nB,2024-01-06,6\nC,2024-01-07,7,3\n")
    assert (column(dataset, "amount"), column(dataset, "cost")) == (money(5, 6, 7), [10_000, None, 30_000])
    short = issue(dataset, "rows_too_short")
    assert (short.row, short.count) == (3, 1)


def test_case_29_a_delimiter_at_the_end_shifts_nothing():
    dataset = opened("customer_id,date,amount\nA,2024-01-05,5,\nB,2024-01-06,6,\n")
    assert (column(dataset, "customer_id"), column(dataset, "amount")) == (["A", "B"], money(5, 6))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_case_30_a_name_that_comes_twice(form):
    header = ("customer_id", "amount", "amount")
    content = xlsx([header, *ROWS]) if form == "xlsx" else csv(ORDERS, ROWS).replace("date", "amount")
    repeated = issue(opened(content), "header_repeated")
    assert (repeated.severity, repeated.example, repeated.column) == ("warning", "amount", "amount (2)")


def test_case_31_a_blank_name_is_the_position():
    dataset = opened("customer_id,,amount\nA,2024-01-05,5\nB,2024-01-06,6\n")
    assert dataset.files[0].mapping.columns["date"] == ("column 2",)
    assert codes(dataset)[0] == "header_blank"
    assert column(dataset, "amount") == money(5, 6)


@every_format
def test_case_32_names_in_any_case_width_and_spacing(form):
    header = (" CUSTOMER_ID ", "Ｏｒｄｅｒ Date", "Net\nAmount (USD)")
    dataset = opened(file(form, header, ROWS))
    assert (column(dataset, "customer_id"), column(dataset, "amount")) == (["A", "B"], money(5, 6))
    assert found(dataset) == []


def test_case_33_title_rows_above_the_header():
    dataset = opened("Sales report 2024,,\n,,\n" + csv(ORDERS, ROWS))
    assert (dataset.files[0].header_row, column(dataset, "amount")) == (3, money(5, 6))


@every_format
@pytest.mark.parametrize(
    "total",
    [("合计", None, "11"), (None, None, "11"), ("Total", None, "11"), (None, "总计", "11.00"),
     ("小計", "2024-01-07", "11"), ("Total", "2024-01-07", "11"), ("East Total", None, "4")],
)  # fmt: skip
def test_case_34_a_total_at_the_end(form, total):
    dataset = opened(file(form, ORDERS, [*ROWS, total]))
    label = next(cell for cell in total if cell)
    assert column(dataset, "amount") == money(5, 6)
    assert found(dataset) == [("totals_row", None, row(form, 2), 1, label)]
    assert issue(dataset, "totals_row").severity == "warning"
    assert aside(dataset) == [(row(form, 2), "totals_row", None, label)]


@every_format
def test_case_34_a_customer_called_total_stays(form):
    dataset = opened(file(form, ORDERS, [*ROWS, ("Total", "2024-01-07", "7")]))
    assert (column(dataset, "customer_id"), found(dataset)) == (["A", "B", "Total"], [])


@every_format
def test_case_34_totals_are_kept_on_wish(form):
    content = file(form, ORDERS, [*ROWS, ("合计", "2024-01-07", "11")])
    assert column(opened(content, totals="keep"), "amount") == money(5, 6, 11)


@every_format
def test_case_34_a_total_of_customers(form):
    rows = [("A", "5"), ("B", "6"), ("总计", "11")]
    dataset = opened(file(form, ("customer_id", "revenue"), rows))
    assert (column(dataset, "revenue"), codes(dataset)) == (money(5, 6), ["totals_row"])


def test_case_35_comment_lines():
    dataset = opened("# made by the till\n# on 2024-02-01\n" + csv(ORDERS, ROWS) + "# end\n")
    assert column(dataset, "amount") == money(5, 6)
    assert (issue(dataset, "comments_skipped").count, dataset.rows) == (3, 2)


def test_case_36_ten_thousand_columns_are_refused_fast():
    began = time.perf_counter()
    dataset = opened(",".join(f"c{n}" for n in range(10_000)) + "\n" + ",".join(["1"] * 10_000) + "\n")
    assert (codes(dataset), time.perf_counter() - began < 2) == (["too_many_columns", "nothing_usable"], True)


def test_case_37_a_cell_of_ten_megabytes():
    dataset = opened(csv(ORDERS, ROWS) + f'"{"x" * 10_000_000}",2024-01-07,7\n')
    assert codes(dataset)[0] in ("cell_too_long", "line_too_long")
    assert not dataset.usable


def test_case_38_more_rows_than_the_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("crmdash.ingest.limits.MAX_ROWS", 100)
    dataset = opened("customer_id,date,amount\n" + "A,2024-01-05,5\n" * 1_000)
    assert codes(dataset) == ["too_many_rows", "nothing_usable"]


def test_case_39_one_endless_line():
    dataset = opened(b"customer_id,date,amount\n" + b"x" * 20_000_000)
    assert codes(dataset)[0] in ("line_too_long", "cell_too_long")
    assert not dataset.usable


@every_format
@pytest.mark.parametrize(
    "header",
    [("客户编号", "订单日期", "金额"), ("客戶編號", "訂單日期", "金額"), ("Customer ID", "Invoice Date", "Net sales")],
)  # fmt: skip
def test_case_40_names_in_other_languages(form, header):
    dataset = opened(file(form, header, ROWS))
    assert (column(dataset, "amount"), found(dataset)) == (money(5, 6), [])


@every_format
def test_case_41_a_column_that_is_missing(form):
    rows = [("A", "2024-01-05", "x"), ("A", "2024-01-06", "y")]
    dataset = opened(file(form, ("customer_id", "date", "amont"), rows))
    missing = issue(dataset, "amount_missing")
    assert (missing.severity, missing.column) == ("error", "amount")
    assert missing.values["columns"] == "customer_id, date, amont"
    assert missing.values["nearest"] == "amont"
    assert dataset.set_aside["reason"].to_list() == ["amount_missing"] * 2


@every_format
def test_case_42_further_columns_are_kept_apart_and_told(form):
    dataset = opened(file(form, (*ORDERS, "weather"), [(*cells, "rain") for cells in ROWS]))
    assert (column(dataset, "amount"), dataset.files[0].unused) == (money(5, 6), ("weather",))


@every_format
def test_case_43_columns_in_another_order(form):
    dataset = opened(file(form, ("amount", "customer_id", "date"), [(cells[2], *cells[:2]) for cells in ROWS]))
    assert (column(dataset, "customer_id"), column(dataset, "amount")) == (["A", "B"], money(5, 6))
    assert found(dataset) == []
