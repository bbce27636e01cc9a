"""Text cells → money, numbers, flags: exact where exactness counts, with a mask of what could not be read.

All functions take a String series with blank cells null and return a `Parsed`. A mask says for each row whether the
finding of that code holds there; rows under `LOSING` codes have a null value.
"""

from dataclasses import dataclass, replace
from typing import Final, Self

import polars as pl

from crmdash.columns import MONEY_SCALE
from crmdash.ingest.notation import Numbers, read_numbers

LOSING: Final = (
    "value_unreadable", "value_too_large", "value_out_of_range", "date_impossible", "excel_error", "other_currency",
    "id_precision_lost",
)  # fmt: skip
"""Codes of findings that leave the cell empty; the others keep a value and tell how it was read."""

_MISSING_WORDS: Final = (
    "na", "n/a", "nan", "null", "none", "nil", "-", "--", "–", "—", "?", "无", "空", "缺失", "無", "缺", "(null)",
    "<null>",
)  # fmt: skip
_DIGITS: Final = 12
"""Decimals carried while a number is cut to ten-thousandths."""
_CUT: Final = 10 ** (_DIGITS - 4)
_NOISE: Final = 1_000
"""What lies below 1e-9 beyond the fourth decimal is noise of binary fractions, not a price."""
_LIMIT: Final = 2**63 - 1
_LARGEST: Final = 2**126
_MONEY_FINDINGS: Final = ("value_unreadable", "value_too_large", "value_rounded")

YES: Final = ("yes", "y", "true", "t", "1", "x", "是", "有", "真", "对", "對", "√", "✓")
NO: Final = ("no", "n", "false", "f", "0", "否", "无", "無", "假", "没有", "沒有", "×", "✗")


@dataclass(frozen=True, eq=False)
class Parsed:
    """A column's values and, per finding, the rows in which it holds."""

    values: pl.Series
    findings: dict[str, pl.Series]

    def with_findings(self, findings: dict[str, pl.Series]) -> Self:
        """Return the same values with other findings."""
        return replace(self, findings=findings)

    @property
    def readable_share(self) -> float:
        """The share of filled cells that could be read; 1 for an empty column."""
        lost = sum(int(mask.sum()) for code, mask in self.findings.items() if code in LOSING)
        filled = len(self.values) - self.values.null_count() + lost
        return 1.0 if filled == 0 else 1 - lost / filled


@dataclass(frozen=True, eq=False)
class ParsedNumbers(Parsed):
    """Numbers, and how they were written."""

    read: Numbers


def without_missing_words(text: pl.Series) -> pl.Series:
    """Blank the cells that say in words that a value is missing (NA, null, -, 无); not for names and ids."""
    said = text.str.strip_chars().str.to_lowercase().is_in(_MISSING_WORDS)
    if not said.any():
        return text
    return _where(~said, text)


def parse_money(text: pl.Series, decimal: str | None = None, *, power: int = 0) -> ParsedNumbers:
    """Read amounts as Int64 ten-thousandths of the currency unit, without going through binary fractions.

    Findings: ``value_unreadable``, ``value_too_large`` (beyond 922 trillion units) and ``value_rounded``: more than
    four decimals are needed, beyond 1e-9 of noise; halves go away from zero. The amounts stand in units of
    10 ** `power`.
    """
    exact = text.cast(pl.Decimal(38, _DIGITS), strict=False)
    plain = exact.null_count() == text.null_count()
    cells = text if plain else without_missing_words(text)
    read = read_numbers(cells, decimal, plain=plain)
    if read.plain is not text:
        exact = read.plain.cast(pl.Decimal(38, _DIGITS), strict=False)
    elif plain and not power and (values := _whole_units(exact)) is not None:
        none = pl.repeat(False, len(text), dtype=pl.Boolean, eager=True)
        return ParsedNumbers(values, dict.fromkeys(_MONEY_FINDINGS, none), read)
    frame = pl.select(cells=cells, numbers=read.plain, exact=exact.to_physical())
    if power:
        scalable = pl.col("exact").abs() <= _LARGEST // 10**power
        frame = frame.with_columns(exact=pl.when(scalable).then(pl.col("exact") * 10**power))
    frame = frame.with_columns(units=(pl.col("exact").abs() + _CUT // 2) // _CUT * pl.col("exact").sign())
    frame = frame.with_columns(values=pl.when(pl.col("units").abs() <= _LIMIT).then("units").cast(pl.Int64))
    findings = frame.select(
        value_unreadable=pl.col("cells").is_not_null() & pl.col("numbers").is_null(),
        value_too_large=pl.col("numbers").is_not_null() & pl.col("values").is_null(),
        value_rounded=((pl.col("units") * _CUT - pl.col("exact")).abs() > _NOISE).fill_null(False),
    )
    return ParsedNumbers(frame["values"], findings.to_dict(), read)


def _whole_units(exact: pl.Series) -> pl.Series | None:
    """Return decimals as ten-thousandths where all of them are whole ones within 64 bits, the usual case; else None."""
    told = pl.DataFrame({"exact": exact.to_physical()}).with_columns(units=pl.col("exact") // _CUT)
    exactly = (pl.col("units") * _CUT == pl.col("exact")).all() & (pl.col("units").abs() <= _LIMIT).all()
    return told["units"].cast(pl.Int64) if told.select(exactly).item() else None


def parse_number(text: pl.Series, decimal: str | None = None) -> ParsedNumbers:
    """Read measured quantities as Float64; a unit of days after the number is dropped."""
    cells = without_missing_words(text)
    days = r"(?i)(\d)\s*(?:days?|天|日)$"
    read = read_numbers(cells.str.replace(days, "${1}") if cells.str.contains(days).any() else cells, decimal)
    numbers = read.plain.cast(pl.Float64, strict=False)
    finite = _where(numbers.is_finite(), numbers)
    unreadable = cells.is_not_null() & read.plain.is_null()
    too_large = read.plain.is_not_null() & finite.is_null()
    return ParsedNumbers(finite, {"value_unreadable": unreadable, "value_too_large": too_large}, read)


def parse_count(text: pl.Series, decimal: str | None = None, *, lowest: int | None = 0) -> ParsedNumbers:
    """Read whole numbers from `lowest` (None: any) as Int64; a fraction is out of range too."""
    parsed = parse_number(text, decimal)
    bottom = -(2**53) if lowest is None else lowest
    whole = (parsed.values.round(0) == parsed.values) & parsed.values.is_between(bottom, 2**53, closed="left")
    return _bounded(parsed, whole, pl.Int64)


def parse_within(text: pl.Series, high: float, decimal: str | None = None) -> ParsedNumbers:
    """Read numbers from 0 to `high`; with a ``%`` sign they are hundredths of it, which ``percent_read`` tells."""
    percent = text.str.contains(r"[%％]\s*$").fill_null(False)
    if not percent.any():
        parsed = parse_number(text, decimal)
        return _bounded(parsed, parsed.values.is_between(0, high), pl.Float64)
    parsed = parse_number(text.str.replace(r"\s*[%％]\s*$", ""), decimal)
    # Divided last: 12.5 % is 0.125 exactly then.
    values = _where(~percent, parsed.values, parsed.values * high / 100)
    parsed = ParsedNumbers(values, {**parsed.findings, "percent_read": percent & values.is_not_null()}, parsed.read)
    return _bounded(parsed, parsed.values.is_between(0, high), pl.Float64)


def _bounded(parsed: ParsedNumbers, inside: pl.Series, dtype: type[pl.DataType]) -> ParsedNumbers:
    outside = ~inside.fill_null(True)
    values = _where(~outside, parsed.values).cast(dtype)
    return ParsedNumbers(values, {**parsed.findings, "value_out_of_range": outside}, parsed.read)


def parse_flag(text: pl.Series) -> Parsed:
    """Read yes and no in three languages, true and false, 1 and 0."""
    word = text.str.strip_chars().str.to_lowercase()
    known = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
    values = word.replace_strict(known, default=None, return_dtype=pl.Boolean)
    return Parsed(values, {"value_unreadable": text.is_not_null() & values.is_null()})


def parse_text(text: pl.Series) -> Parsed:
    """Return texts and ids as they stand, without surrounding blanks."""
    return Parsed(text.str.strip_chars(), {})


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
