from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdash.ingest.notation import find_decimal
from crmdash.ingest.values import (
    fraction_of,
    parse_count,
    parse_flag,
    parse_money,
    parse_number,
    parse_text,
    parse_within,
)


def cells(*texts: str | None) -> pl.Series:
    return pl.Series(texts, dtype=pl.String)


def rows_of(parsed, code: str) -> list[int]:
    return parsed.findings[code].arg_true().to_list()


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("1", 10_000),
        ("-12.5", -125_000),
        (".5", 5_000),
        ("5.", 50_000),
        ("1e3", 10_000_000),
        ("22.368000000000002", 223_680),
        ("2297200.8603", 22_972_008_603),
        ("1,234.50", 12_345_000),
        ("12,34,567", 12_345_670_000),
        ("1 234.5", 12_345_000),
        ("1'234.5", 12_345_000),
        ("(1,234.50)", -12_345_000),
        ("（123）", -1_230_000),
        ("１２３", 1_230_000),
        ("￥1,234", 12_340_000),
        ("NT$ 12", 120_000),
        ("$-4", -40_000),
        ("-$4", -40_000),
        ("12 €", 120_000),
        ("12元", 120_000),
        ("USD 5", 50_000),
        ("1,234-", -12_340_000),
        ("+3", 30_000),
        ("−7", -70_000),
    ],
)
def test_amounts_are_read_exactly(text: str, units: int):
    parsed = parse_money(cells(text))
    assert parsed.values.to_list() == [units]
    assert not any(mask.any() for mask in parsed.findings.values())


@pytest.mark.parametrize("text", ["abc", "12,34", "1.2.3", "12 apples", "1,23,4", "--5", "5%", "()"])
def test_what_is_no_amount_is_told(text: str):
    parsed = parse_money(cells("1.00", text))
    assert parsed.values.to_list() == [10_000, None]
    assert rows_of(parsed, "value_unreadable") == [1]


@pytest.mark.parametrize("text", ["NA", "n/a", "NULL", " - ", "无", "NaN"])
def test_words_for_missing_are_missing(text: str):
    parsed = parse_money(cells(text, "2"))
    assert parsed.values.to_list() == [None, 20_000]
    assert rows_of(parsed, "value_unreadable") == []


def test_more_than_four_decimals_are_rounded_half_away_from_zero_and_told():
    parsed = parse_money(cells("0.12345", "-0.12345", "0.12344", "0.1234"))
    assert parsed.values.to_list() == [1_235, -1_235, 1_234, 1_234]
    assert rows_of(parsed, "value_rounded") == [0, 1, 2]


def test_amounts_beyond_64_bits_are_told():
    parsed = parse_money(cells("922337203685477.5807", "922337203685477.5808", "9" * 40))
    assert parsed.values.to_list() == [2**63 - 1, None, None]
    assert rows_of(parsed, "value_too_large") == [1, 2]


def test_the_decimal_sign_is_found_in_the_column():
    assert find_decimal(cells("1.234,50", "7"))[0] == ","
    assert find_decimal(cells("12,5", "1.234"))[0] == ","
    assert find_decimal(cells("1,234", "12.50"))[0] == "."
    assert find_decimal(cells("1,234", "5,678"))[0] == "."
    assert find_decimal(cells("1.234.567"))[0] == ","


def test_decimal_commas():
    parsed = parse_money(cells("1.234,50", "12,5", "-3", "1.5"))
    assert parsed.values.to_list() == [12_345_000, 125_000, -30_000, None]
    assert parse_money(cells("1,5"), ",").values.to_list() == [15_000]
    assert parse_money(cells("1,500"), ".").values.to_list() == [15_000_000]


@settings(deadline=None)
@given(st.lists(st.decimals(-(10**14), 10**14, places=4), min_size=1))
def test_any_amount_with_four_decimals_is_kept(amounts: list[Decimal]):
    parsed = parse_money(cells(*(f"{amount:f}" for amount in amounts)))
    assert parsed.values.to_list() == [int(amount * 10_000) for amount in amounts]
    assert not parsed.findings["value_rounded"].any()


@settings(deadline=None)
@given(st.floats(-1e8, 1e8).map(lambda x: round(x, 4)))
def test_noise_of_binary_fractions_is_no_need_for_more_decimals(amount: float):
    parsed = parse_money(cells(repr(amount * 3 / 3)))
    expected = int(Decimal(repr(amount)).quantize(Decimal("0.0001"), ROUND_HALF_UP) * 10_000)
    assert parsed.values.to_list() == [expected]


def test_counts_are_whole():
    parsed = parse_count(cells("1", "2.0", "2.5", "30 days", "60天", "x", None))
    assert parsed.values.to_list() == [1, 2, None, 30, 60, None, None]
    assert rows_of(parsed, "value_out_of_range") == [2]
    assert rows_of(parsed, "value_unreadable") == [5]


def test_numbers():
    assert parse_number(cells("1,000.5", "NA", "-2")).values.to_list() == [1000.5, None, -2.0]


def test_fractions_may_be_written_in_per_cent():
    parsed = parse_within(cells("30%", "0.5", "7", "１００％"), 1)
    assert parsed.values.to_list() == [0.3, 0.5, None, 1.0]
    assert rows_of(parsed, "value_out_of_range") == [2]


def test_scores_outside_their_scale_are_told():
    assert parse_within(cells("0", "10", "10.5", "-1"), 10).values.to_list() == [0.0, 10.0, None, None]


def test_flags_in_three_languages():
    parsed = parse_flag(cells("Yes", "否", "0", " TRUE ", "沒有", None, "maybe"))
    assert parsed.values.to_list() == [True, False, False, True, False, None, None]
    assert rows_of(parsed, "value_unreadable") == [6]


def test_texts_keep_everything_but_surrounding_blanks():
    assert parse_text(cells(" 00012 ", "NA", "nil")).values.to_list() == ["00012", "NA", "nil"]


def test_a_discount_share_is_of_the_list_price():
    net = fraction_of(pl.Series([80_000, 10_000, -10_000, 0]), pl.Series([2_000, 3_333, 5_000, 5_000]), of_list=False)
    assert net.to_list() == [20_000, 4_999, -10_000, 0]
    listed = fraction_of(pl.Series([100_000, 5]), pl.Series([2_000, 5_000]), of_list=True)
    assert listed.to_list() == [20_000, 3]


def test_all_given_away_says_nothing_about_the_list_price():
    assert fraction_of(pl.Series([0]), pl.Series([10_000]), of_list=False).to_list() == [None]
