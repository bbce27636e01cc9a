"""Cases 44 to 62: how amounts and other numbers are written."""

import json
from typing import Any

import polars as pl
import pytest

from crmdash.cli import USABLE, main
from tests.unit.bad_inputs.files import (
    CUSTOMERS,
    ORDERS,
    amounts,
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
    parquet_of,
    row,
    xlsx,
)
from tests.unit.frames import there


@every_format
def test_case_44_thousands_and_a_decimal_point(form):
    dataset = amounts(form, "1,234.50", "7")
    assert (column(dataset, "amount"), found(dataset)) == (money(1234.5, 7), [])


@every_format
def test_case_45_a_decimal_comma_that_shows_itself(form):
    dataset = amounts(form, "1.234,50", "7,5", "1.000")
    assert (column(dataset, "amount"), found(dataset)) == (money(1234.5, 7.5, 1000), [])
    assert dataset.files[0].mapping.options.decimal == ","


@every_format
@pytest.mark.parametrize(
    ("cell", "as_point", "as_comma"), [("1,234", 1234, 1.234), ("1.234", 1.234, 1234)]
)  # fmt: skip
def test_case_45_what_may_be_thousands_or_decimals_is_asked(form, cell: str, as_point: float, as_comma: float):
    dataset = amounts(form, cell)
    assert column(dataset, "amount") == money(as_point)
    asked = issue(dataset, "decimal_sign")
    assert (asked.severity, asked.column, asked.example) == ("question", "amount", cell)
    assert (asked.values["point"], asked.values["comma"]) == (f"{as_point:g}", f"{as_comma:g}")
    for sign, value in ((".", as_point), (",", as_comma)):
        told = amounts(form, cell, decimal=sign)
        assert (column(told, "amount"), found(told)) == (money(value), [])


def test_case_45_another_column_of_the_file_settles_it():
    dataset = opened(csv((*ORDERS, "cost"), [("A", "2024-01-05", "1.234", "0,5")], ";"))
    assert (column(dataset, "amount"), column(dataset, "cost"), found(dataset)) == (money(1234), money(0.5), [])


@every_format
@pytest.mark.parametrize("space", [" ", "\u00a0", "\u2009", "\u202f", "\u3000"])
def test_case_46_spaces_between_thousands(form, space: str):
    dataset = amounts(form, f"1{space}234", f"1{space}234{space}567.5")
    assert (column(dataset, "amount"), found(dataset)) == (money(1234, 1234567.5), [])


@every_format
@pytest.mark.parametrize(
    ("cells", "currency"),
    [
        (("￥1,234.5", "¥2", "3"), "¥"),
        (("NT$1,234.5", "NT$ 2", "3"), "TWD"),
        (("HK$1234.5", "HKD 2", "3港币"), "HKD"),
        (("$1,234.50", "-$2", "USD 3"), "USD"),
        (("1234.50 €", "2€", "EUR 3"), "EUR"),
        (("1234.50元", "2 元", "￥3元"), "¥"),
    ],
)
def test_case_47_one_currency(form, cells: tuple[str, ...], currency: str):
    dataset = amounts(form, *cells)
    second = -2 if cells[1].startswith("-") else 2
    assert (column(dataset, "amount"), found(dataset)) == (money(1234.5, second, 3), returns(form, cells))
    assert dataset.files[0].currency == currency


def returns(form, cells: tuple[str, ...]) -> list[tuple[Any, ...]]:
    return [("returns_counted", "amount", row(form, 1), 1, cells[1])] if cells[1].startswith("-") else []


@every_format
def test_case_47_mixed_currencies_are_refused_and_named(form):
    dataset = amounts(form, "$5", "€6", "$7")
    assert not dataset.usable
    refused = issue(dataset, "currencies_mixed")
    assert (refused.severity, refused.column, refused.count) == ("error", "amount", 2)
    assert refused.values["currencies"] == "USD (2), EUR (1)"
    assert dataset.set_aside["reason"].to_list() == ["currencies_mixed"] * 3


@every_format
def test_case_47_one_of_them_chosen(form):
    dataset = amounts(form, "$5", "€6", "7", currency="USD")
    assert column(dataset, "amount") == money(5, 7)
    assert found(dataset) == [("other_currency", "amount", row(form, 1), 1, "€6")]
    assert aside(dataset) == [(row(form, 1), "other_currency", "amount", "€6")]


@every_format
def test_case_47_a_column_of_currencies(form):
    content = file(form, (*ORDERS, "Currency"), [("A", "2024-01-05", "5", "USD"), ("B", "2024-01-06", "6", "EUR")])
    assert "currencies_mixed" in codes(opened(content))
    assert column(opened(content, currency="EUR"), "amount") == money(6)


def test_case_47_files_in_different_currencies():
    first, second = (csv(ORDERS, [("A", "2024-01-05", cell)]) for cell in ("$5", "€5"))
    differing = issue(opened(first, second), "currencies_differ")
    assert (differing.severity, differing.example) == ("error", "file 1: USD, file 2: EUR")


@every_format
@pytest.mark.parametrize("cell", ["(123)", "（123）", "($123.00)"])
def test_case_48_brackets_are_negative(form, cell: str):
    dataset = amounts(form, cell, "200")
    assert column(dataset, "amount") == money(-123, 200)
    assert found(dataset) == [("returns_counted", "amount", row(form, 0), 1, cell)]


@every_format
@pytest.mark.parametrize("cell", ["123-", "−123", "－123", "–123"])
def test_case_49_minus_signs(form, cell: str):
    dataset = amounts(form, cell, "200")
    assert (column(dataset, "amount"), codes(dataset)) == (money(-123, 200), ["returns_counted"])


@every_format
def test_case_50_per_cent(form):
    content = file(form, ("customer_id", "revenue", "share of wallet"), [("A", "5", "12.5%"), ("B", "6", "0.5")])
    dataset = opened(content)
    assert column(dataset, "share_of_wallet") == [0.125, 0.5]
    assert found(dataset) == [("percent_read", "share_of_wallet", row(form, 0), 1, "12.5%")]


@every_format
def test_case_50_an_amount_is_no_per_cent(form):
    dataset = amounts(form, "5", "12.5%")
    assert column(dataset, "amount") == money(5)
    assert found(dataset) == [("required_unreadable", "amount", row(form, 1), 1, "12.5%")]


@every_format
def test_case_51_full_width_digits(form):
    dataset = amounts(form, "１２３", "１，２３４．５０")
    assert (column(dataset, "amount"), found(dataset)) == (money(123, 1234.5), [])


@every_format
@pytest.mark.parametrize(
    ("cell", "value"),
    [("1.2万", 12_000), ("3亿", 300_000_000), ("3.4億", 340_000_000), ("1.5萬元", 15_000), ("5k", 5_000),
     ("￥1.2万", 12_000), ("-1.2万", -12_000), ("2M", 2_000_000), ("0.1亿", 10_000_000)],
)  # fmt: skip
def test_case_52_words_for_powers_of_ten(form, cell: str, value: float):
    dataset = amounts(form, cell, "1")
    assert column(dataset, "amount") == money(value, 1)
    assert codes(dataset) == (["returns_counted"] if value < 0 else [])


@every_format
@pytest.mark.parametrize(
    ("header", "value"),
    [("金额（万元）", 12_345.6789), ("金额(千元)", 1_234.5679), ("Amount ($000)", 1_234.5679), ("Amount (USD)", 1.2346),
     ("Amount (in thousands)", 1_234.5679), ("金額(百萬)", 1_234_567.89), ("金额【单位：亿元】", 123_456_789)],
)  # fmt: skip
def test_case_52_powers_of_ten_in_the_name_of_the_column(form, header: str, value: float):
    dataset = opened(file(form, ("customer_id", "date", header), [("A", "2024-01-05", "1.23456789")]))
    assert column(dataset, "amount") == money(value)
    assert ("header_unit" in codes(dataset)) == (value > 2)


@every_format
@pytest.mark.parametrize("cell", ["3万5千", "5 dozen", "12元5角", "5²"])
def test_case_52_what_is_no_single_number_is_told(form, cell: str):
    dataset = amounts(form, "1", cell)
    assert found(dataset) == [("required_unreadable", "amount", row(form, 1), 1, cell)]


@every_format
@pytest.mark.parametrize("word", ["NaN", "NA", "N/A", "null", "-", "空", "无"])
def test_case_53_words_for_missing(form, word: str):
    rows = [("A", "2024-01-05", "5", "1"), ("B", "2024-01-06", "6", word)]
    dataset = opened(file(form, (*ORDERS, "cost"), rows))
    assert (column(dataset, "cost"), found(dataset)) == ([10_000, None], [])


@every_format
def test_case_53_the_name_none_and_the_country_na_survive(form):
    rows = [("A", "5", "None", "NA"), ("B", "6", "Null", "DE")]
    dataset = opened(file(form, ("customer_id", "revenue", "name", "country"), rows))
    assert (column(dataset, "name"), column(dataset, "region")) == (["None", "Null"], ["NA", "DE"])
    assert codes(dataset) == []


@every_format
@pytest.mark.parametrize("cell", ["inf", "-inf", "1e400", "Infinity"])
def test_case_54_infinite_amounts_are_rejected(form, cell: str):
    dataset = amounts(form, "5", cell)
    assert column(dataset, "amount") == money(5)
    assert found(dataset) == [("required_unreadable", "amount", row(form, 1), 1, cell)]


@every_format
def test_case_54_infinite_quantities_are_missing(form):
    rows = [("A", "2024-01-05", "5", "1"), ("B", "2024-01-06", "6", "1e400")]
    dataset = opened(file(form, (*ORDERS, "quantity"), rows))
    assert column(dataset, "quantity") == [1.0, None]
    assert found(dataset) == [("value_too_large", "quantity", row(form, 1), 1, "1e400")]


@every_format
def test_case_55_returns_are_counted_against_the_customer(form):
    dataset = amounts(form, "5", "-2", "0")
    assert column(dataset, "amount") == money(5, -2, 0)
    assert found(dataset) == [
        ("returns_counted", "amount", row(form, 1), 1, "-2"), ("zeros_counted", "amount", row(form, 2), 1, "0"),
    ]  # fmt: skip


@every_format
def test_case_55_returns_and_rows_of_nothing_set_aside_on_wish(form):
    dataset = amounts(form, "5", "-2", "0", returns="aside", zero_rows="aside")
    assert column(dataset, "amount") == money(5)
    assert aside(dataset) == [
        (row(form, 1), "return_aside", "amount", "-2"), (row(form, 2), "zero_aside", "amount", "0"),
    ]  # fmt: skip


@every_format
def test_case_55_negative_order_counts(form):
    dataset = opened(file(form, CUSTOMERS, [("A", "5", "2"), ("B", "6", "-1")]))
    assert column(dataset, "orders") == [2, None]
    assert found(dataset) == [("value_out_of_range", "orders", row(form, 1), 1, "-1")]


@every_format
def test_case_56_amounts_beyond_the_exactness_of_binary_fractions(form):
    dataset = amounts(form, "900719925474099.3", "0.0001")
    assert (column(dataset, "amount"), found(dataset)) == ([9_007_199_254_740_993_000, 1], [])
    dataset = amounts(form, "9007199254740993", "1")
    assert found(dataset) == [("required_unreadable", "amount", row(form, 0), 1, "9007199254740993")]


@every_format
def test_case_57_an_exponent_is_an_amount_and_an_id_is_a_text(form):
    dataset = opened(file(form, ORDERS, [("1e5", "2024-01-05", "1e5"), ("1e6", "2024-01-06", "2.5E-1")]))
    assert (column(dataset, "customer_id"), column(dataset, "amount")) == (["1e5", "1e6"], money(100_000, 0.25))
    assert found(dataset) == []


@every_format
def test_case_58_words_for_yes_and_no(form):
    words = ["yes", "否", "TRUE", "0", "√", "maybe"]
    rows = [(f"{n}", "5", word) for n, word in enumerate(words)]
    dataset = opened(file(form, ("customer_id", "revenue", "opt in"), rows))
    assert column(dataset, "may_contact") == [True, False, True, False, True, None]
    assert found(dataset) == [("value_unreadable", "may_contact", row(form, 5), 1, "maybe")]


def test_case_58_true_and_false_of_the_format_itself():
    frame = pl.DataFrame({"customer_id": ["A", "B"], "revenue": [5, 6], "opt in": [True, False]})
    assert column(opened(parquet_of(frame)), "may_contact") == [True, False]
    rows = [("customer_id", "revenue", "opt in"), ("A", 5, True), ("B", 6, False)]
    assert column(opened(xlsx(rows)), "may_contact") == [True, False]


@every_format
@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "####"])
def test_case_59_error_values_are_missing_and_counted(form, error: str):
    rows = [("A", "2024-01-05", "5", "1", "x"), ("B", "2024-01-06", "6", error, error)]
    dataset = opened(file(form, (*ORDERS, "cost", "product"), rows))
    assert (column(dataset, "cost"), column(dataset, "product")) == ([10_000, None], ["x", None])
    assert found(dataset) == [
        ("excel_error", "cost", row(form, 1), 1, error), ("excel_error", "product", row(form, 1), 1, error),
    ]  # fmt: skip
    needed = amounts(form, "5", error)
    assert found(needed) == [("required_unreadable", "amount", row(form, 1), 1, error)]


@every_format
def test_case_60_a_column_with_nothing_in_it(form):
    dataset = amounts(form, None, None)
    assert not dataset.usable
    assert found(dataset)[0] == ("column_empty", "amount", None, 2, None)
    assert issue(dataset, "column_empty").severity == "error"
    assert dataset.set_aside["reason"].to_list() == ["required_blank"] * 2


@every_format
def test_case_61_fractions_of_orders(form):
    dataset = opened(file(form, CUSTOMERS, [("A", "5", "2"), ("B", "6", "2.5")]))
    assert column(dataset, "orders") == [2, None]
    assert found(dataset) == [("value_out_of_range", "orders", row(form, 1), 1, "2.5")]


@pytest.mark.parametrize("rows", [[("A", "2024-01-05", "5")], [(f"{n}", "2024-01-05", "5") for n in range(4)]])
@every_format
def test_case_62_one_row_or_all_the_same(form, rows, tmp_path):
    path = tmp_path / "orders"
    path.write_bytes(file(form, ORDERS, rows))
    assert main(["evaluate", str(path), "--out", str(tmp_path / "out")]) == USABLE
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert (summary["customers"], summary["concentration"]["total"]) == (len(rows), 5 * len(rows))
    assert summary["concentration"]["gini"] == 0
    assert there(pl.read_csv(tmp_path / "out" / "customers.csv")).height == len(rows)
