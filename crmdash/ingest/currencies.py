"""Currency signs, codes and words beside amounts, and whether those of one file go together."""

import re
from collections.abc import Iterable
from typing import Final

import polars as pl

from crmdash.ingest.aliases import normalise

_SIGNS: Final[dict[str, str]] = {
    "CNY": "rmb|cny|cn¥|人民币|人民幣",
    "¥": "¥",
    "JPY": "jpy|jp¥|円|日元|日圓|日币|日幣",
    "TWD": "nt$|ntd|twd|新台币|新台幣|新臺幣|台币|台幣|臺幣",
    "HKD": "hk$|hkd|港币|港幣|港元",
    "MOP": "mop$|mop|澳门元|澳門元",
    "USD": "us$|usd|$|美元|美金",
    "AUD": "au$|a$|aud|澳元",
    "CAD": "ca$|c$|cad|加元",
    "SGD": "sg$|s$|sgd|新加坡元",
    "NZD": "nz$|nzd",
    "BRL": "r$|brl",
    "MXN": "mx$|mxn",
    "EUR": "€|eur|euro|euros|欧元|歐元",
    "GBP": "£|gbp|英镑|英鎊",
    "CHF": "chf|sfr",
    "KRW": "₩|krw|韩元|韓元",
    "INR": "₹|inr|rs|rs.",
    "THB": "฿|thb",
    "VND": "₫|vnd",
    "RUB": "₽|rub",
    "PLN": "zł|pln",
    "CZK": "kč|czk",
    "SEK": "sek",
    "NOK": "nok",
    "DKK": "dkk",
    "MYR": "rm|myr",
    "": "元|圆|圓|块|塊",
}
"""Per currency how it is written; the words of "" mean the unit of whatever currency the file is in."""

_CODE_OF: Final = {sign: code for code, signs in _SIGNS.items() for sign in signs.split("|")}
SIGN: Final = (
    "(?:" + "|".join(re.escape(sign) for sign in sorted(_CODE_OF, key=len, reverse=True)) + r"|[a-z]{0,3}\p{Sc})"
)
"""A currency sign in lower case, as a regular expression; also signs we have no code for."""

_SAME: Final = (frozenset({"¥", "CNY"}), frozenset({"¥", "JPY"}))
_COLUMNS: Final = frozenset(
    map(
        normalise, "currency|currency code|curr|currency iso code|币种|货币|货币代码|幣別|幣種|貨幣|貨幣代碼".split("|")
    )
)


def currency_codes(signs: pl.Series) -> pl.Series:
    """Return the code of each currency sign, null for none and for words such as 元 that only mean "units"."""
    plain = signs.str.to_lowercase().str.strip_chars()
    codes = plain.replace_strict(_CODE_OF, default=plain, return_dtype=pl.String)
    return pl.select(c=codes).select(pl.when(pl.col("c") != "").then("c")).to_series()


def go_together(codes: Iterable[str]) -> bool:
    """Say whether amounts with these codes may be added up: one currency, or ¥ beside the one it stands for."""
    distinct = frozenset(codes)
    return len(distinct) <= 1 or distinct in _SAME


def chosen_codes(currency: str) -> frozenset[str]:
    """Return the codes that count as the `currency` somebody chose by its code or sign."""
    code = _CODE_OF.get(currency.strip().lower(), currency.strip().upper())
    return frozenset({code, *({"¥"} if code in ("CNY", "JPY") else ())})


def currency_column(frame: pl.DataFrame) -> str | None:
    """Return the column that says in which currency each row is; None where there is none."""
    return next((name for name in frame.columns if normalise(name) in _COLUMNS), None)


def column_codes(cells: pl.Series) -> pl.Series:
    """Return the currency codes that a currency column holds, null where a cell says nothing."""
    codes = currency_codes(cells)
    return codes.str.to_uppercase()
