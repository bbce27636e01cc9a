"""Text cells → whole days since 1970-01-01; the whole column decides whether day or month stands first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from crmdash.ingest.options import DateOrder
from crmdash.ingest.values import Parsed, without_missing_words

_YEARS: Final = (1900, 2200)
_TIME: Final = r"(?:[t\s,].*|\d{6})?"
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SERIALS: Final = (10_000, 80_000)
_SERIAL_EPOCH: Final = 25_569
"""The Excel serial number of 1970-01-01."""
_ORDERLY, _DISORDERLY = 0.99, 0.95
"""Shares of steps forward in time: a file sorted by date under one reading only speaks for it."""


@dataclass(frozen=True, eq=False)
class ParsedDates(Parsed):
    """Dates, the order in which day and month were read where that mattered, and whether it was only assumed."""

    order: DateOrder | None = None
    assumed: bool = False


def parse_date(text: pl.Series, order: DateOrder | None = None, *, serials: bool = False) -> ParsedDates:
    """Read dates as Int64 day numbers, without the time of day.

    Read are year-month-day with any separator or none, 2024年1月5日, day and month before the year, month names in
    English and, for `serials` (workbooks), Excel's day numbers. Where day and month may be either way the choice is:
    what parses more cells; else what keeps a sorted file in order; else the month first, and `assumed` is true.
    """
    cells = without_missing_words(text)
    forms = _forms(cells.unique().drop_nulls(), serials)
    mixed = forms.filter(pl.col("dmy") != pl.col("mdy"))
    assumed = False
    if order is None and forms["either"].any():
        order, assumed = _choose_order(forms, cells)
    reading = "mdy" if order in (None, "ymd") else order
    values = cells.replace_strict(forms["text"], forms[reading], default=None, return_dtype=pl.Int64)
    unreadable = cells.is_not_null() & values.is_null()
    assumed = assumed and mixed.height > 0
    return ParsedDates(values, {"value_unreadable": unreadable}, order, assumed)


def _forms(texts: pl.Series, serials: bool) -> pl.DataFrame:
    """Return for each distinct text its day number read day-first and month-first, and whether that could matter."""
    plain = (
        pl.col("text")
        .str.normalize("NFKC")
        .str.strip_chars()
        .str.replace(r"^(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号號]?", "${1}-${2}-${3} ")
        .str.strip_chars()
        .str.to_lowercase()
    )
    frame = pl.DataFrame({"text": texts}).with_columns(plain=plain)
    frame = frame.with_columns(
        fixed=pl.coalesce(*(reading(pl.col("plain")) for reading in _FIXED), *([_serial(pl.col("plain"))] * serials)),
        dmy=_numeric(pl.col("plain"), day=1, month=2),
        mdy=_numeric(pl.col("plain"), day=2, month=1),
    )
    return frame.select(
        "text",
        either=pl.col("fixed").is_null() & (pl.col("dmy").is_not_null() | pl.col("mdy").is_not_null()),
        dmy=pl.coalesce("fixed", "dmy"),
        mdy=pl.coalesce("fixed", "mdy"),
    )


def _day_number(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    iso = pl.concat_str(year, month.str.zfill(2), day.str.zfill(2), separator="-")
    days = iso.str.to_date("%Y-%m-%d", strict=False)
    return pl.when(days.dt.year().is_between(*_YEARS)).then(days.cast(pl.Int32).cast(pl.Int64))


def _year_first(text: pl.Expr) -> pl.Expr:
    parts = text.str.extract_groups(rf"^(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}}){_TIME}$")
    return _day_number(*(parts.struct[position] for position in range(3)))


def _digits_only(text: pl.Expr) -> pl.Expr:
    parts = text.str.extract_groups(r"^(\d{4})(\d{2})(\d{2})(?:\.0+|t?\d{4}(?:\d{2})?|[t\s].*)?$")
    return _day_number(*(parts.struct[position] for position in range(3)))


def _named_month(text: pl.Expr) -> pl.Expr:
    names = "|".join(_MONTHS)
    day, gap, year = r"(\d{1,2})(?:st|nd|rd|th)?", r"[-\s/.,]*", r"(\d{4})"
    first_day = text.str.extract_groups(rf"^{day}{gap}({names})[a-z]*{gap}{year}{_TIME}$")
    first_month = text.str.extract_groups(rf"^({names})[a-z]*{gap}{day}[-\s/.,]+{year}{_TIME}$")
    numbers = {name: str(number) for number, name in enumerate(_MONTHS, start=1)}

    def month(name: pl.Expr) -> pl.Expr:
        return name.replace_strict(numbers, default=None, return_dtype=pl.String)

    return pl.coalesce(
        _day_number(first_day.struct[2], month(first_day.struct[1]), first_day.struct[0]),
        _day_number(first_month.struct[2], month(first_month.struct[0]), first_month.struct[1]),
    )


def _serial(text: pl.Expr) -> pl.Expr:
    number = text.str.extract(r"^(\d{5})(?:\.\d+)?$").cast(pl.Int64, strict=False)
    return pl.when(number.is_between(*_SERIALS)).then(number - _SERIAL_EPOCH)


_FIXED: Final[tuple[Callable[[pl.Expr], pl.Expr], ...]] = (_year_first, _digits_only, _named_month)


def _numeric(text: pl.Expr, day: int, month: int) -> pl.Expr:
    parts = text.str.extract_groups(rf"^(\d{{1,2}})\s*[-/.]\s*(\d{{1,2}})\s*[-/.]\s*(\d{{4}}|\d{{2}}){_TIME}$")
    year = parts.struct[2]
    century = pl.when(year.cast(pl.Int32, strict=False) < 70).then(pl.lit("20")).otherwise(pl.lit("19"))
    full = pl.when(year.str.len_chars() == 2).then(century + year).otherwise(year)
    return _day_number(full, parts.struct[month - 1], parts.struct[day - 1])


def _choose_order(forms: pl.DataFrame, cells: pl.Series) -> tuple[Literal["dmy", "mdy"], bool]:
    readable = {order: forms[order].count() for order in ("dmy", "mdy")}
    if readable["dmy"] != readable["mdy"]:
        return ("dmy" if readable["dmy"] > readable["mdy"] else "mdy"), False
    days = {order: cells.replace_strict(forms["text"], forms[order], default=None) for order in readable}
    orderly = {order: _orderliness(days[order]) for order in readable}
    for order, other in (("dmy", "mdy"), ("mdy", "dmy")):
        if orderly[order] >= _ORDERLY and orderly[other] < _DISORDERLY:
            return ("dmy" if order == "dmy" else "mdy"), False
    return "mdy", True


def _orderliness(days: pl.Series) -> float:
    """Return the larger share of steps forward or back; 1 is a sorted file."""
    steps = days.drop_nulls().diff().drop_nulls()
    moves = steps.filter(steps != 0)
    if moves.is_empty():
        return 0.0
    forward = float((moves > 0).sum()) / len(moves)
    return max(forward, 1 - forward)
