"""Numbers and dates in any notation: what is certain is right, and what is not certain is right once it is told."""

from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdash.ingest.currencies import chosen_codes, currency_codes, go_together
from crmdash.ingest.dates import parse_date
from crmdash.ingest.notation import find_decimal, power_in_header
from crmdash.ingest.options import Options
from crmdash.ingest.values import parse_money

AMOUNTS = st.lists(st.decimals(-(10**10), 10**10, places=2), min_size=1, max_size=20)
NEGATIVES = ("-{}", "({})", "{}-", "−{}")
CURRENCIES = ("{}", "${}", "{} €", "NT$ {}", "{}元", "￥{}", "RMB {}")


def written(amount: Decimal, places: int, decimal: str, group: str, negative: str, currency: str) -> str:
    plain = f"{abs(amount):,.{places}f}".replace(",", "G").replace(".", decimal).replace("G", group)
    cell = currency.format(plain)
    return negative.format(cell) if amount < 0 else cell


@settings(deadline=None, max_examples=200)
@given(
    AMOUNTS, st.sampled_from([0, 2, 3]), st.sampled_from([".", ","]),
    st.sampled_from(["", "group", " ", "\u202f", "'"]),
    st.sampled_from(NEGATIVES), st.sampled_from(CURRENCIES), st.booleans(),
)  # fmt: skip
def test_an_amount_is_right_or_asked_about(amounts, places, decimal, group, negative, currency, wide):
    if group == "group":
        group = "," if decimal == "." else "."
    amounts = [round(amount, places) for amount in amounts]
    cells = [written(amount, places, decimal, group, negative, currency) for amount in amounts]
    if wide:
        cells = [cell.translate({ord(one): chr(ord(one) + 0xFEE0) for one in "0123456789(),.-"}) for cell in cells]
    text = pl.Series(cells, dtype=pl.String)
    expected = [int(amount * 10_000) for amount in amounts]
    guessed = parse_money(text)
    assert not guessed.read.certain or guessed.values.to_list() == expected
    assert parse_money(text, decimal).values.to_list() == expected


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.dates(date(1971, 1, 1), date(2068, 12, 31)), min_size=1, max_size=20),
    st.sampled_from(
        ["%Y-%m-%d", "%Y/%m/%d %H:%M", "%Y年%m月%d日", "%Y%m%d", "%d %b %Y", "%b %d, %Y", "%d-%b-%y", "%d/%m/%Y",
         "%m/%d/%Y", "%d.%m.%y", "%m-%d-%y", "%y-%m-%d", "roc", "serial", "unix"]
    ),
)  # fmt: skip
def test_a_date_is_right_or_asked_about(days, form):
    wanted = [(one - date(1970, 1, 1)).days for one in days]
    if form == "unix" and min(days) < date(1990, 1, 2):
        return
    special = {
        "roc": lambda one: f"民國{one.year - 1911}年{one.month}月{one.day}日",
        "serial": lambda one: str((one - date(1899, 12, 30)).days),
        "unix": lambda one: str((one - date(1970, 1, 1)).days * 86_400 + 3_600),
    }
    write = special.get(form, lambda one: one.strftime(form))
    text = pl.Series([write(one) for one in days], dtype=pl.String)
    read = parse_date(text, serials=True)
    assert read.assumed or read.values.to_list() == wanted
    orders = {"%d/%m/%Y": "dmy", "%d.%m.%y": "dmy", "%m/%d/%Y": "mdy", "%m-%d-%y": "mdy", "%y-%m-%d": "ymd"}
    if form in orders:
        told = Options.from_json({"date_order": orders[form]}).date_order
        assert parse_date(text, told, serials=True).values.to_list() == wanted


def test_a_two_digit_year_first_is_known_by_where_it_leads():
    days = [date(2024, 1, 5) + timedelta(days=n) for n in range(8)]
    read = parse_date(pl.Series([one.strftime("%y-%m-%d") for one in days]))
    assert read.values.to_list() == [(one - date(1970, 1, 1)).days for one in days]
    assert (read.order, read.assumed) == ("ymd", True)


@pytest.mark.parametrize(
    ("cells", "found"),
    [(["1,234.5"], (".", True)), (["0,125"], (",", True)), (["12", "7"], (".", None)), (["1,234"], (".", False)),
     (["1,234", "12"], (".", True)), (["1,234", "1234"], (".", False)), (["1.234", "12"], (".", False)),
     (["12,34,567.00"], (".", True)), (["1.5", "1,5"], (".", False))],
)  # fmt: skip
def test_what_cells_say_about_the_decimal_sign(cells, found):
    assert find_decimal(pl.Series(cells)) == found


def test_powers_of_ten_in_names():
    names = [
        "金额（万元）",
        "销售额(亿)",
        "Sales ($000)",
        "Amount (k€)",
        "Revenue (in millions)",
        "Amount (USD)",
        "额(元)",
    ]
    assert [power_in_header(name) for name in names] == [4, 8, 3, 3, 6, 0, 0]


def test_signs_of_currencies():
    signs = pl.Series(["NT$", "us$", "￥", "元", "kr", None])
    assert currency_codes(signs).to_list() == ["TWD", "USD", "￥", None, "kr", None]
    assert go_together(["CNY", "¥"])
    assert not go_together(["CNY", "¥", "JPY"])
    assert chosen_codes("rmb") == {"CNY", "¥"}
    assert chosen_codes("usd") == {"USD"}
