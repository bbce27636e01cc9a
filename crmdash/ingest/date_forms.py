"""The forms in which dates are written, each as an expression from text to whole days since 1970-01-01.

One rule for time zones: the day that is written is the day, whatever zone stands behind it; Unix times count in UTC.
"""

from collections.abc import Callable
from typing import Final

import polars as pl

YEARS: Final = (1900, 2200)
ROC_EPOCH: Final = 1911
"""Year 1 of the Republic of China is 1912."""
_PIVOT: Final = 70
"""Two-digit years from here on belong to the last century."""
_CLOCK: Final = r"(?:上午|下午|am|pm)?\s*\d{1,2}\s*(?:[:.h时時點点]\s*\d{1,2}.*|\s*[ap]\.?m\.?.*|[时時點点].*)"
_WEEKDAY: Final = r"\(?(?:mon|tue|wed|thu|fri|sat|sun|星期|周|週|礼拜|禮拜|\([一二三四五六日])[^\d]*"
_TIME: Final = rf"\s*(?:[t\s,]*(?:{_WEEKDAY})?[t\s,]*(?:{_CLOCK})?|z|[+-]\d{{2}}:?\d{{2}})$"
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SERIALS: Final = (10_000, 80_000)
_SERIAL_EPOCHS: Final = {1900: 25_569, 1904: 24_107}
"""Excel's number of 1970-01-01, in each of its two ways of counting."""
_UNIX: Final = (631_152_000, 4_102_444_800)
"""The seconds of 1990 and of 2100."""
_DAY_SECONDS: Final = 86_400


def plain(text: pl.Expr) -> pl.Expr:
    """Return a date's text in lower case without variants of width, Chinese units, or a weekday before it."""
    return (
        text.str.normalize("NFKC")
        .str.strip_chars(" \t\r\n\u200b\u200e\u200f\ufeff'")
        .str.to_lowercase()
        .str.replace(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", "")
        .str.replace(r"^((?:中華|中华)?民[國国]|roc)\s*", "roc ")
        .str.replace(r"^((?:roc )?\d{1,4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号號]?", "${1}-${2}-${3} ")
        .str.strip_chars()
    )


def day_number(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Return the day of a year, month and day given as text; null where there is no such day or year."""
    iso = pl.concat_str(year, month.str.zfill(2), day.str.zfill(2), separator="-")
    days = iso.str.to_date("%Y-%m-%d", strict=False)
    return pl.when(days.dt.year().is_between(*YEARS)).then(days.cast(pl.Int32).cast(pl.Int64))


def year_first(text: pl.Expr) -> pl.Expr:
    """Read a year of four digits, month and day."""
    parts = text.str.extract_groups(rf"^(\d{{4}})\s*[-/.]\s*(\d{{1,2}})\s*[-/.]\s*(\d{{1,2}}){_TIME}")
    return day_number(*(parts.struct[position] for position in range(3)))


def digits_only(text: pl.Expr) -> pl.Expr:
    """Read 20240105, alone or before a time."""
    parts = text.str.extract_groups(r"^(\d{4})(\d{2})(\d{2})(?:\.0+|t?\d{4}(?:\d{2})?(?:\.\d+)?z?|[t\s]\d.*)?$")
    return day_number(*(parts.struct[position] for position in range(3)))


def named_month(text: pl.Expr) -> pl.Expr:
    """Read English names of months with the day before or after them, and a year of two or four digits."""
    names = "|".join(_MONTHS)
    day, gap = r"(\d{1,2})(?:st|nd|rd|th)?", r"[-\s/.,]*"
    first_day = text.str.extract_groups(rf"^{day}{gap}({names})[a-z]*{gap}'?(\d{{4}}|\d{{2}}){_TIME}")
    first_month = text.str.extract_groups(rf"^({names})[a-z]*{gap}{day}[-\s/.,]+'?(\d{{4}}|\d{{2}}){_TIME}")
    first_year = text.str.extract_groups(rf"^(\d{{4}}){gap}({names})[a-z]*{gap}{day}{_TIME}")
    numbers = {name: str(number) for number, name in enumerate(_MONTHS, start=1)}

    def month(name: pl.Expr) -> pl.Expr:
        return name.replace_strict(numbers, default=None, return_dtype=pl.String)

    return pl.coalesce(
        day_number(_full_year(first_day.struct[2]), month(first_day.struct[1]), first_day.struct[0]),
        day_number(_full_year(first_month.struct[2]), month(first_month.struct[0]), first_month.struct[1]),
        day_number(first_year.struct[0], month(first_year.struct[1]), first_year.struct[2]),
    )


def roc_marked(text: pl.Expr) -> pl.Expr:
    """Read 民國113年1月5日 and the like."""
    return _roc(text, r"^roc (\d{1,3})")


def roc_three_digits(text: pl.Expr) -> pl.Expr:
    """Read 113/01/05: a year of three digits is one of the Republic of China."""
    return _roc(text, r"^(\d{3})")


def roc_two_digits(text: pl.Expr) -> pl.Expr:
    """Read 99/01/05, where other cells show that the column counts by the Republic of China."""
    return _roc(text, r"^(\d{2})")


def _roc(text: pl.Expr, year: str) -> pl.Expr:
    parts = text.str.extract_groups(rf"{year}\s*[-/.]\s*(\d{{1,2}})\s*[-/.]\s*(\d{{1,2}}){_TIME}")
    return day_number(_roc_year(parts.struct[0]), parts.struct[1], parts.struct[2])


def roc_compact(text: pl.Expr) -> pl.Expr:
    """Read 1130105."""
    parts = text.str.extract_groups(r"^([01]\d{2})(\d{2})(\d{2})(?:\.0+)?$")
    return day_number(_roc_year(parts.struct[0]), parts.struct[1], parts.struct[2])


def _roc_year(year: pl.Expr) -> pl.Expr:
    return (year.cast(pl.Int64, strict=False) + ROC_EPOCH).cast(pl.String)


def numeric(text: pl.Expr, order: str) -> pl.Expr:
    """Read three numbers whose `order` must be known: ``dmy``, ``mdy``, or ``ymd`` with a year of two digits."""
    year_last, year_ahead = (
        r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*'?(\d{4}|\d{2})",
        r"(\d{2})[-/.](\d{1,2})[-/.](\d{1,2})",
    )
    parts = text.str.extract_groups(f"^{year_ahead if order == 'ymd' else year_last}{_TIME}")
    by_name = {name: parts.struct[position] for position, name in enumerate(order)}
    return day_number(_full_year(by_name["y"]), by_name["m"], by_name["d"])


def _full_year(year: pl.Expr) -> pl.Expr:
    century = pl.when(year.cast(pl.Int32, strict=False) < _PIVOT).then(pl.lit("20")).otherwise(pl.lit("19"))
    return pl.when(year.str.len_chars() == 2).then(century + year).otherwise(year)


def serial(text: pl.Expr, system: int) -> pl.Expr:
    """Read Excel's day numbers, counted from 1900 or from 1904; a fraction is the time of day."""
    number = text.str.extract(r"^(\d{5})(?:\.\d+)?$").cast(pl.Int64, strict=False)
    return pl.when(number.is_between(*_SERIALS)).then(number - _SERIAL_EPOCHS[system])


def unix(text: pl.Expr) -> pl.Expr:
    """Read seconds, milli- or microseconds since 1970, in UTC."""
    digits = text.str.extract(r"^(\d{9,16})(?:\.\d+)?$")
    number = digits.cast(pl.Int64, strict=False)
    unit = digits.str.len_chars()
    seconds = pl.when(unit <= 10).then(number).when(unit.is_in((12, 13))).then(number // 1_000).when(unit >= 15).then(
        number // 1_000_000
    )  # fmt: skip
    return pl.when(seconds.is_between(*_UNIX)).then(seconds // _DAY_SECONDS)


def is_shaped(text: pl.Expr) -> pl.Expr:
    """Say whether a text has the shape of a date, whether or not there is such a day."""
    separated = r"^(?:roc )?\d{1,4}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,4}" + _TIME
    named = rf"^(?:\d{{1,2}}\D{{0,4}})?(?:{'|'.join(_MONTHS)})[a-z]*[-\s/.,]*\d{{1,4}}"
    return text.str.contains(separated) | text.str.contains(r"^\d{8}$") | text.str.contains(named)


def has_short_year(text: pl.Expr) -> pl.Expr:
    """Say whether the year has two digits."""
    names = "|".join(_MONTHS)
    last = (
        rf"^(?:\d{{1,2}}\s*[-/.]\s*\d{{1,2}}\s*[-/.]\s*|\d{{1,2}}[-\s/.,]*(?:{names})[a-z]*[-\s/.,]*)'?\d{{2}}{_TIME}"
    )
    return text.str.contains(last)


FIXED: Final[tuple[Callable[[pl.Expr], pl.Expr], ...]] = (year_first, digits_only, named_month, roc_marked)
"""Forms that leave no doubt."""
