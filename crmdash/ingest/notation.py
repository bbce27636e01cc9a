"""How numbers are written: digits, separators, signs, currencies and words for powers of ten → plain numbers.

A separator that may stand for thousands or for decimals is settled by the whole column: `1.234,50` or `0,5` in one
cell says it for all. Where nothing says it, the plain reading is taken and `certain` is false.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from crmdash.ingest.currencies import SIGN, currency_codes

DecimalSign = Literal[".", ","]

PLAIN: Final = r"^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_SAMPLE: Final = 1_000
_POWERS: Final = {
    "亿|億|bn|billion|billions|b": 8, "万|萬|w|wan": 4, "千|k|thousand": 3, "百万|百萬|m|mn|mm|mio|million|millions": 6,
    "千万|千萬": 7, "百亿|百億": 10, "千亿|千億": 11, "万亿|萬億": 12, "百|hundred": 2,
}  # fmt: skip
_BILLION: Final = ("bn", "billion", "billions", "b")
_POWER_OF: Final = {
    word: str(9 if word in _BILLION else power) for words, power in _POWERS.items() for word in words.split("|")
}
_POWER: Final = "|".join(sorted(_POWER_OF, key=len, reverse=True))
_SPACES_AND_TICKS: Final = (" ", "'", "’")

# What one cell says about the decimal sign. A group of exactly three digits after a single sign says nothing.
_SAYS_POINT: Final = (
    r"\d,\d{3}\.\d|,\d{3},\d{3}|\d,\d{2},\d{3}|\.(?:\d{1,2}|\d{4,})(?:[^\d.,]|$)|(?:^|[^\d.,])0?\.\d{3}(?:\D|$)"
)
_SAYS_COMMA: Final = r"\d\.\d{3},\d|\.\d{3}\.\d{3}|,(?:\d{1,2}|\d{4,})(?:[^\d.,]|$)|(?:^|[^\d.,])0?,\d{3}(?:\D|$)"
_SAYS_NOTHING: Final = r"\d[.,]\d{3}(?:\D|$)"
_UNGROUPED: Final = r"^\D*\d{4,}\D*$"
_SMALL: Final = r"^\D*\d{1,3}\D*$"


_UNIT: Final = re.compile(
    r"[(\[【]\s*(?:单位|單位|in)?[:：]?\s*(?:[a-z]{2,3}|\W)?\s*"
    r"(百万|百萬|千万|千萬|万|萬|亿|億|千|k|'?000s?|thousands?|mn|mio|millions?|bn|billions?)\s*"
    r"(?:元|圆|圓|rmb|cny|ntd|twd|usd|eur|\W)?\s*[)\]】]\s*$"
)


def power_in_header(header: str) -> int:
    """Return the power of ten that a column's name states as its unit: 4 for 金额（万元）, 3 for Sales ($000), or 0."""
    found = _UNIT.search(unicodedata.normalize("NFKC", header).lower())
    if found is None:
        return 0
    word = found[1].strip("'")
    return 3 if word.startswith(("000", "thousand")) else int(_POWER_OF[word])


@dataclass(frozen=True, eq=False)
class Numbers:
    """Cells as plain numbers.

    `plain` is null where a cell is no number; `currency` holds the code of the sign beside it; `certain` is false
    where the decimal sign was assumed, and `shown` where something in the column spoke for it.
    """

    plain: pl.Series
    currency: pl.Series | None
    decimal: DecimalSign
    certain: bool
    shown: bool


def find_decimal(text: pl.Series) -> tuple[DecimalSign, bool | None]:
    """Return a column's decimal sign, and True where cells show it, False where it is a guess, None if it is idle."""
    told = text.drop_nulls().str.normalize("NFKC")
    point, comma = (int(told.str.contains(pattern).sum()) for pattern in (_SAYS_POINT, _SAYS_COMMA))
    if point != comma:
        return ("." if point > comma else ","), True
    if point:
        return ".", False
    doubtful = told.filter(told.str.contains(_SAYS_NOTHING))
    if doubtful.is_empty():
        return ".", None
    # Whole numbers with commas from a thousand on and without below are what thousands look like.
    only_commas = not doubtful.str.contains(".", literal=True).any()
    grouped = bool(told.str.contains(_SMALL).any()) and not told.str.contains(_UNGROUPED).any()
    return ".", only_commas and grouped


def read_numbers(text: pl.Series, decimal: str | None = None, *, plain: bool | None = None) -> Numbers:
    """Return numbers as plain text (``-1234.5``).

    Read are full-width digits, thousands separators in their places (also Indian ones), a currency sign, code or word
    before or after, a sign before or after, brackets for negative numbers, and words for powers of ten (1.2万, 5k).

    Parameters
    ----------
    decimal
        The decimal sign, None to find it.
    plain
        Whether every cell is a plain number already, where that is known.
    """
    if decimal != "," and (_all_plain(text) if plain is None else plain or _all_plain(text)):
        certain = decimal is not None or not _all_thousandths(text)
        return Numbers(text, None, ".", certain, shown=False)
    distinct = text.unique().drop_nulls()
    sign, shown = find_decimal(distinct) if decimal is None else ("," if decimal == "," else ".", None)
    forms = _forms(distinct, sign)
    cells = pl.DataFrame({"text": text}).join(forms, on="text", how="left", maintain_order="left")
    certain = decimal is not None or shown is not False
    return Numbers(cells["plain"], cells["currency"], sign, certain, shown=shown is True)


def _all_plain(text: pl.Series) -> bool:
    return text.cast(pl.Decimal(38, 12), strict=False).null_count() == text.null_count() or bool(
        text.str.contains(PLAIN).fill_null(True).all()
    )


def _all_thousandths(text: pl.Series) -> bool:
    """Say whether every decimal point has exactly three digits after it, as a point for thousands has."""
    for cells in (text.head(_SAMPLE), text):
        if cells.str.contains(_SAYS_POINT).any():
            return False
    return bool(text.str.contains(_SAYS_NOTHING).any())


def _forms(texts: pl.Series, decimal: DecimalSign) -> pl.DataFrame:
    """Return for each distinct text its plain number and the code of its currency."""
    # Footnote marks and circled digits would run together with the number's own digits.
    cell = pl.when(~pl.col("text").str.contains(r"\p{No}")).then(
        pl.col("text").str.normalize("NFKC").str.to_lowercase()
    )
    frame = pl.DataFrame({"text": texts}).with_columns(
        cell=cell.str.strip_chars().str.replace_all(r"[−‒–﹣]", "-")
    )  # fmt: skip
    frame = frame.with_columns(pl.col("cell").str.replace(rf"^({SIGN})\s*\((.*)\)$", "(${1}${2})"))
    bracketed = r"^\((.*)\)$"
    negative = pl.col("cell").str.contains(bracketed) | pl.col("cell").str.contains(r"\d.*-$")
    frame = frame.with_columns(
        negative=negative,
        bare=pl.col("cell").str.replace(bracketed, "${1}").str.replace(r"-$", "").str.strip_chars(),
    )
    frame = frame.with_columns(
        before=pl.col("bare").str.extract(rf"^[+-]?\s*({SIGN})"),
        after=pl.col("bare").str.extract(rf"[\d\s.]({SIGN})$").fill_null(
            pl.col("bare").str.extract(rf"\d\s*(?:{_POWER})\s*({SIGN})$")
        ),
    )  # fmt: skip
    bare = (
        pl.col("bare")
        .str.replace(rf"^([+-]?)\s*{SIGN}\s*", "${1}")
        .str.replace(rf"(\d\s*(?:{_POWER})?[.\s]*){SIGN}$", "${1}")
        .str.strip_chars()
    )
    frame = frame.with_columns(bare=bare)
    power = pl.col("bare").str.extract(rf"\d\s*({_POWER})$").replace_strict(_POWER_OF, default=None)
    digits = pl.col("bare").str.replace(rf"(\d)\s*(?:{_POWER})$", "${1}")
    frame = frame.with_columns(power=power, digits=_ungrouped(digits, decimal))
    signed = pl.when("negative").then("-" + pl.col("digits")).otherwise("digits")
    exponent = pl.when(pl.col("power").is_null()).then(pl.lit("")).otherwise("e" + pl.col("power"))
    frame = frame.with_columns(plain=signed + exponent)
    before, after = currency_codes(frame["before"]), currency_codes(frame["after"])
    # Two different signs leave open which of them holds.
    one_sign = pl.col("before").is_null() | pl.col("after").is_null() | (pl.col("before") == pl.col("after"))
    whole = pl.col("plain").str.contains(PLAIN) & one_sign
    return frame.with_columns(before=before, after=after).select(
        "text",
        plain=pl.when(whole).then(pl.col("plain").str.strip_prefix("+")),
        currency=pl.when(whole).then(pl.coalesce("before", "after")),
    )


def _ungrouped(digits: pl.Expr, decimal: DecimalSign) -> pl.Expr:
    """Take thousands separators out where they stand in their places, and write a decimal comma as a point."""
    own, other = (r"\.", ",") if decimal == "." else (",", r"\.")
    tail = rf"(?:{own}\d*)?$"
    plain = digits
    for separator in (other, *_SPACES_AND_TICKS):
        indian = rf"|[1-9]\d?(?:{separator}\d{{2}})+{separator}\d{{3}}" if separator == "," else ""
        grouped = rf"^[-+]?(?:[1-9]\d{{0,2}}(?:{separator}\d{{3}})+{indian}){tail}"
        plain = pl.when(digits.str.contains(grouped)).then(digits.str.replace_all(separator, "")).otherwise(plain)
    if decimal == ".":
        return plain
    # A point left over is no thousands separator in its place: not a number in this notation.
    return pl.when(~plain.str.contains(".", literal=True)).then(plain.str.replace(",", "."))
