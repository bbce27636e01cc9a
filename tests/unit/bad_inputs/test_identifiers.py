"""Cases 63 to 70: customers' ids and rows that come twice."""

import pytest

from tests.unit.bad_inputs.files import (
    CUSTOMERS,
    ORDERS,
    aside,
    codes,
    column,
    every_format,
    file,
    found,
    issue,
    money,
    opened,
    row,
    xlsx,
)


def orders(form, *ids: str | None, **options):
    rows = [(one, f"2024-01-{5 + n:02}", str(n + 1)) for n, one in enumerate(ids)]
    return opened(file(form, ORDERS, rows), **options)


@every_format
def test_case_63_leading_zeros_stay(form):
    dataset = orders(form, "00123", "123")
    assert (column(dataset, "customer_id"), found(dataset)) == (["00123", "123"], [])


@every_format
def test_case_64_long_ids_stay_beside_a_blank_one(form):
    dataset = orders(form, "123456789012345993", None, "123456789012345992")
    assert column(dataset, "customer_id") == ["123456789012345993", "123456789012345992"]
    assert found(dataset) == [("required_blank", "customer_id", row(form, 1), 1, None)]


@every_format
@pytest.mark.parametrize("lost", ["1.23457E+17", "1E+17", "1.2345678901234568e17"])
def test_case_65_ids_that_a_spreadsheet_took_for_numbers(form, lost: str):
    dataset = orders(form, "A", lost)
    assert found(dataset) == [("id_precision_lost", "customer_id", row(form, 1), 1, lost)]
    assert issue(dataset, "id_precision_lost").severity == "error"
    assert aside(dataset) == [(row(form, 1), "id_precision_lost", "customer_id", lost)]


@every_format
def test_case_65_digits_beyond_the_fifteenth_that_are_all_zero(form):
    dataset = orders(form, "123456789012345000", "234567890123456000", "7")
    assert column(dataset, "customer_id") == ["7"]
    assert found(dataset) == [("id_precision_lost", "customer_id", row(form, 0), 2, "123456789012345000")]


def test_case_65_ids_in_number_cells_of_a_workbook():
    ids = [123456789012345678 + n * 1_111_111_111 for n in range(6)]
    rows = [ORDERS, *((one, f"2024-01-0{n + 1}", n) for n, one in enumerate([*ids, 7], start=1))]
    dataset = opened(xlsx(rows))
    assert (column(dataset, "customer_id"), codes(dataset)) == (["7"], ["id_precision_lost"])


@every_format
def test_case_66_a_customer_with_two_rows(form):
    rows = [("A", "5", None), ("B", "6", "1"), ("A", "7", "2")]
    content = file(form, CUSTOMERS, rows)
    dataset = opened(content)
    assert column(dataset, "revenue") == money(5, 6)
    assert found(dataset) == [("customer_repeated", "customer_id", row(form, 2), 1, "A")]
    assert aside(dataset) == [(row(form, 2), "customer_repeated", "customer_id", "A")]
    assert column(opened(content, repeated_customers="last"), "revenue") == money(6, 7)
    merged = opened(content, repeated_customers="merge")
    assert (column(merged, "revenue"), column(merged, "orders")) == (money(5, 6), [2, 1])
    assert merged.rows_set_aside == 1


@every_format
def test_case_66_orders_that_come_twice(form):
    rows = [("A", "2024-01-05", "5"), ("B", "2024-01-06", "6"), ("A", "2024-01-05", "5")]
    dataset = opened(file(form, ORDERS, rows))
    assert (dataset.rows_used, found(dataset)) == (3, [("duplicates_counted", None, row(form, 2), 1, None)])
    dataset = opened(file(form, ORDERS, rows), duplicates="aside")
    assert (dataset.rows_used, aside(dataset)) == (2, [(row(form, 2), "row_duplicate", None, "A")])


@every_format
@pytest.mark.parametrize("other", ["ａ1", "A1", "a 1", "A\u200b1"])
def test_case_67_ids_that_differ_in_looks_only(form, other: str):
    dataset = orders(form, "a1", other, "b2")
    assert column(dataset, "customer_id") == ["a1", other, "b2"]
    asked = issue(dataset, "ids_alike")
    assert (asked.severity, asked.column, asked.count, asked.values["customers"]) == ("question", "customer_id", 1, 1)
    together = orders(form, "a1", other, "b2", alike_ids="together")
    assert (column(together, "customer_id"), codes(together)) == (["a1", "a1", "b2"], ["ids_together"])


@every_format
def test_case_68_rows_without_an_id(form):
    dataset = orders(form, "A", None, "   ", "B")
    assert column(dataset, "customer_id") == ["A", "B"]
    assert found(dataset) == [("required_blank", "customer_id", row(form, 1), 2, None)]


@every_format
def test_case_68_an_id_that_means_nobody(form):
    dataset = orders(form, "A", "NULL", "NULL")
    assert column(dataset, "customer_id") == ["A", "NULL", "NULL"]
    assert found(dataset) == [("id_stands_for_nobody", "customer_id", row(form, 1), 2, "NULL")]


@every_format
@pytest.mark.parametrize("odd", ["A ", "\u3000A", "A\u200b", "\ufeffA", "\u200eA\u200e"])
def test_case_69_what_cannot_be_seen_around_an_id(form, odd: str):
    dataset = orders(form, "B", odd, "A")
    assert column(dataset, "customer_id") == ["B", "A", "A"]
    invisible = not odd.strip().isalpha()
    assert codes(dataset) == (["id_invisible"] if invisible else [])


@every_format
def test_case_70_very_long_ids(form):
    long = ["客" * 9_999 + "1", "客" * 9_999 + "2"]
    dataset = orders(form, *long)
    assert (column(dataset, "customer_id"), found(dataset)) == (long, [])
