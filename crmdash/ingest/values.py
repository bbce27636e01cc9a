"""Text cells → money, numbers, flags: exact where exactness counts, with a mask of what could not be read.

All functions take a String series with blank cells null and return a `Parsed`. A mask says for each row whether the
finding of that code holds there; rows under `LOSING` codes have a null value.
"""

from dataclasses import dataclass, field
from typing import Final, Literal

import polars as pl

from crmdash.columns import MONEY_SCALE

LOSING: Final = ("value_unreadable", "value_too_large", "value_out_of_range")
"""Codes of findings that leave the cell empty; `value_rounded` keeps a value."""

_MISSING_WORDS: Final = (
    "na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "--", "–", "—", "?", "无", "空", "缺失", "無", "缺",
)  # fmt: skip
_PLAIN: Final = r"^-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_CURRENCY: Final = r"(?:US|NT|HK|CN|R|A|C|S)?\p{Sc}|RMB|CNY|NTD|TWD|HKD|USD|EUR|GBP|JPY|元|圆|圓"
_DIGITS: Final = 12
"""Decimals carried while a number is cut to ten-thousandths."""
_CUT: Final = 10 ** (_DIGITS - 4)
_NOISE: Final = 1_000
"""What lies below 1e-9 beyond the fourth decimal is noise of binary fractions, not a price."""
_LIMIT: Final = 2**63 - 1

_YES: Final = ("yes", "y", "true", "t", "1", "x", "是", "有", "真", "对", "對", "√", "✓")
_NO: Final = ("no", "n", "false", "f", "0", "否", "无", "無", "假", "没有", "沒有", "×", "✗")


@dataclass(frozen=True, eq=False)
class Parsed:
    """A column's values and, per finding, the rows in which it holds."""

    values: pl.Series
    findings: dict[str, pl.Series] = field(default_factory=dict)

    @property
    def readable_share(self) -> float:
        """The share of filled cells that could be read; 1 for an empty column."""
        lost = sum(int(mask.sum()) for code, mask in self.findings.items() if code in LOSING)
        filled = len(self.values) - self.values.null_count() + lost
        return 1.0 if filled == 0 else 1 - lost / filled


def without_missing_words(text: pl.Series) -> pl.Series:
    """Blank the cells that say in words that a value is missing (NA, null, -, 无); not for names and ids."""
    said = text.str.strip_chars().str.to_lowercase().is_in(_MISSING_WORDS)
    if not said.any():
        return text
    return _where(~said, text)


def guess_decimal(text: pl.Series) -> Literal[".", ","]:
    """Return the decimal sign of a column of numbers: a comma only where more cells speak for it than for the point."""
    if not text.str.contains(r"[,\.].*\.|,").any():
        return "."
    point = text.str.count_matches(r"\.(\d{1,2}|\d{4,})\D*$").sum()
    comma = text.str.count_matches(r",(\d{1,2}|\d{4,})\D*$|\d\.\d{3}\.\d{3}").sum()
    return "," if int(comma) > int(point) else "."


def plain_numbers(text: pl.Series, decimal: str | None = None) -> pl.Series:
    """Return numbers as plain text (``-1234.5``), null where a cell is no number.

    Read are full-width digits, thousands separators in their places, a currency sign or code before or after,
    a sign before or after, and brackets for negative numbers.
    """
    plain = text.str.contains(_PLAIN).fill_null(True)
    if plain.all() and decimal != ",":
        return text
    sign = decimal or guess_decimal(text)
    cleaned = _clean(text.str.normalize("NFKC") if not text.str.contains(r"^[\x00-\x7f]*$").all() else text)
    point, comma = (r"\.", ",") if sign == "." else (",", r"\.")
    grouped = rf"^-?\d{{1,3}}(?:[{comma} '’]\d{{2,3}})*[{comma} '’]\d{{3}}(?:{point}\d*)?$"
    frame = pl.select(text=cleaned).select(
        pl.when(pl.col("text").str.contains(grouped))
        .then(pl.col("text").str.replace_all(rf"[{comma} '’]", ""))
        .otherwise(pl.col("text"))
        .alias("text")
    )
    if sign == ",":
        # A point left over is no thousands separator in its place: not a number in this notation.
        frame = frame.with_columns(
            pl.when(~pl.col("text").str.contains(".", literal=True)).then(pl.col("text").str.replace(",", "."))
        )
    return frame.select(pl.when(pl.col("text").str.contains(_PLAIN)).then(pl.col("text"))).to_series()


def _clean(text: pl.Series) -> pl.Series:
    cell = pl.col("text").str.strip_chars().str.replace_all(r"[−‒﹣]", "-")
    bracketed = r"^\((.*)\)$"
    negative = cell.str.contains(bracketed) | cell.str.contains(r"-$")
    bare = (
        cell.str.replace(bracketed, "${1}")
        .str.replace(r"-$", "")
        .str.replace(rf"^([+-]?)\s*(?:{_CURRENCY})\s*", "${1}")
        .str.replace(rf"\s*(?:{_CURRENCY})$", "")
        .str.strip_prefix("+")
        .str.strip_chars()
    )
    return pl.select(text=text).select(pl.when(negative).then("-" + bare).otherwise(bare)).to_series()


def parse_money(text: pl.Series, decimal: str | None = None) -> Parsed:
    """Read amounts as Int64 ten-thousandths of the currency unit, without going through binary fractions.

    Findings: ``value_unreadable``, ``value_too_large`` (beyond 922 trillion units) and ``value_rounded``: more than
    four decimals are needed, beyond 1e-9 of noise; halves go away from zero.
    """
    cells = without_missing_words(text)
    numbers = plain_numbers(cells, decimal)
    exact = numbers.cast(pl.Decimal(38, _DIGITS), strict=False).to_physical()
    frame = pl.select(cells=cells, numbers=numbers, exact=exact).with_columns(
        units=(pl.col("exact").abs() + _CUT // 2) // _CUT * pl.col("exact").sign()
    )
    frame = frame.with_columns(values=pl.when(pl.col("units").abs() <= _LIMIT).then("units").cast(pl.Int64))
    findings = frame.select(
        value_unreadable=pl.col("cells").is_not_null() & pl.col("numbers").is_null(),
        value_too_large=pl.col("numbers").is_not_null() & pl.col("values").is_null(),
        value_rounded=((pl.col("units") * _CUT - pl.col("exact")).abs() > _NOISE).fill_null(False),
    )
    return Parsed(frame["values"], findings.to_dict())


def parse_number(text: pl.Series, decimal: str | None = None) -> Parsed:
    """Read measured quantities as Float64; a unit of days after the number is dropped."""
    cells = without_missing_words(text)
    numbers = plain_numbers(cells.str.replace(r"(?i)\s*(days?|天|日)$", ""), decimal).cast(pl.Float64, strict=False)
    return Parsed(numbers, {"value_unreadable": cells.is_not_null() & numbers.is_null()})


def parse_count(text: pl.Series, decimal: str | None = None) -> Parsed:
    """Read whole numbers as Int64; a fraction is out of range."""
    parsed = parse_number(text, decimal)
    whole = (parsed.values.round(0) == parsed.values) & (parsed.values.abs() < 2**53)
    return _bounded(parsed, whole, pl.Int64)


def parse_within(text: pl.Series, high: float, decimal: str | None = None) -> Parsed:
    """Read numbers from 0 to `high`; with ``%`` signs they are hundredths."""
    percent = text.str.contains(r"[%％]\s*$")
    parsed = parse_number(text.str.replace(r"\s*[%％]\s*$", ""), decimal)
    if percent.any():
        parsed = Parsed(_where(~percent, parsed.values, parsed.values / 100), parsed.findings)
    return _bounded(parsed, parsed.values.is_between(0, high), pl.Float64)


def _bounded(parsed: Parsed, inside: pl.Series, dtype: type[pl.DataType]) -> Parsed:
    outside = ~inside.fill_null(True)
    values = _where(~outside, parsed.values).cast(dtype)
    return Parsed(values, {**parsed.findings, "value_out_of_range": outside})


def parse_flag(text: pl.Series) -> Parsed:
    """Read yes and no in three languages, true and false, 1 and 0."""
    word = text.str.strip_chars().str.to_lowercase()
    known = {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}
    values = word.replace_strict(known, default=None, return_dtype=pl.Boolean)
    return Parsed(values, {"value_unreadable": text.is_not_null() & values.is_null()})


def parse_text(text: pl.Series) -> Parsed:
    """Return texts and ids as they stand, without surrounding blanks."""
    return Parsed(text.str.strip_chars())


def fraction_of(base: pl.Series, share: pl.Series, *, of_list: bool) -> pl.Series:
    """Return a discount in money from its share of the list price, all in ten-thousandths, halves away from zero.

    With the list amount as `base` it is base × f; with the net amount it is base × f ÷ (1 − f), null at f = 1.
    """
    f, b = pl.col("share").cast(pl.Int128), pl.col("base").cast(pl.Int128)
    numerator, denominator = b * f, (pl.lit(MONEY_SCALE, dtype=pl.Int128) if of_list else MONEY_SCALE - f)
    rounded = (2 * numerator.abs() + denominator) // (2 * denominator) * numerator.sign()
    frame = pl.select(base=base, share=share)
    return frame.select(pl.when(denominator > 0).then(rounded).cast(pl.Int64, strict=False)).to_series()


def _where(keep: pl.Series, values: pl.Series, other: pl.Series | None = None) -> pl.Series:
    frame = pl.select(keep=keep, values=values, other=other if other is not None else pl.lit(None))
    return frame.select(pl.when(pl.col("keep").fill_null(True)).then("values").otherwise("other")).to_series()
