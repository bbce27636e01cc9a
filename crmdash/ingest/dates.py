"""Text cells → whole days since 1970-01-01; the whole column decides what a single cell leaves open."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from crmdash.ingest import date_forms as forms
from crmdash.ingest.options import Calendar, DateOrder, DateSystem
from crmdash.ingest.values import Parsed, without_missing_words

_ORDERS: Final[tuple[DateOrder, ...]] = ("mdy", "dmy", "ymd")
"""Readings of three numbers; the first is assumed where nothing tells."""
_ORDERLY, _DISORDERLY = 0.99, 0.95
"""Shares of steps forward in time: a file sorted by date under one reading only speaks for it."""
_ISO_LENGTH: Final = 10
_SHIFT_1904: Final = 1_462
"""Days by which a day number counted from 1904 lies behind the same number counted from 1900."""


@dataclass(frozen=True, eq=False)
class ParsedDates(Parsed):
    """Dates, the order in which day and month were read where that mattered, and whether it was only assumed."""

    order: DateOrder | None = None
    assumed: bool = False


def parse_date(
    text: pl.Series,
    order: DateOrder | None = None,
    *,
    serials: bool = False,
    calendar: Calendar | None = None,
    system: DateSystem = 1900,
) -> ParsedDates:
    """Read dates as Int64 day numbers, without the time of day.

    Read are year-month-day with any separator or none, 2024年1月5日, years of the Republic of China (民國113年1月5日,
    113/01/05), day and month before the year, years of two digits (1970 to 2069) and English names of months. With
    `serials` numbers are dates too: Excel's day numbers, Unix times, and 1130105.

    Where day and month may be either way the choice is: what parses more cells; else what keeps a sorted file in
    order; else the month first, and `assumed` is true, as it is where cells contradict each other.

    Findings: ``value_unreadable``, ``date_impossible`` (no such day, or a year outside 1900 to 2200) and, of dates
    that were read, ``date_numbers``, ``date_roc`` and ``date_short_year``.
    """
    if order is None and (days := _iso_days(text)) is not None:
        return ParsedDates(days, {})
    cells = without_missing_words(text)
    known = _readings(cells.unique().drop_nulls(), serials, calendar, system)
    assumed = False
    if order is None and known["either"].any():
        order, assumed = _choose_order(known, cells)
    reading = known.select("text", "kind", "shaped", "short", day=pl.col(order or "mdy"))
    rows = pl.DataFrame({"text": cells}).join(reading, on="text", how="left", maintain_order="left")
    lost = pl.col("text").is_not_null() & pl.col("day").is_null()
    read = pl.col("day").is_not_null()
    findings = rows.select(
        value_unreadable=lost & ~pl.col("shaped").fill_null(False),
        date_impossible=lost & pl.col("shaped").fill_null(False),
        date_numbers=read & (pl.col("kind") == "number").fill_null(False),
        date_roc=read & (pl.col("kind") == "roc").fill_null(False),
        date_short_year=read & pl.col("short").fill_null(False),
    )
    matters = known.select((pl.col("mdy") != pl.col("dmy")).fill_null(True) & pl.col("either")).to_series().any()
    return ParsedDates(rows["day"], findings.to_dict(), order, assumed and matters)


def could_count_from_1904(text: pl.Series, days: pl.Series, today: int) -> bool:
    """Say whether Excel's day numbers in a column would still be past days if they were counted from 1904."""
    numbers = text.str.strip_chars().str.contains(r"^\d{5}(?:\.\d+)?$").fill_null(False)
    latest = days.filter(numbers).max()
    return isinstance(latest, int) and latest + _SHIFT_1904 <= today


def _iso_days(text: pl.Series) -> pl.Series | None:
    """Return the days of a column of plain YYYY-MM-DD, the usual case; None for any other."""
    first = text.first()
    if not isinstance(first, str) or len(first) != _ISO_LENGTH or (text.str.len_bytes() != _ISO_LENGTH).any():
        return None
    dates = text.str.to_date("%Y-%m-%d", strict=False)
    if dates.null_count() != text.null_count() or not _are_within_years(dates.min(), dates.max()):
        return None
    return dates.cast(pl.Int32).cast(pl.Int64)


def _are_within_years(*ends: object) -> bool:
    return all(isinstance(day, date) and forms.YEARS[0] <= day.year <= forms.YEARS[1] for day in ends)


def _readings(texts: pl.Series, serials: bool, calendar: Calendar | None, system: DateSystem) -> pl.DataFrame:
    """Return for each distinct text its day in every order, whether the order could matter, and its form."""
    frame = pl.DataFrame({"text": texts}).with_columns(plain=forms.plain(pl.col("text")))
    cell = pl.col("plain")
    number = pl.coalesce(forms.serial(cell, system), forms.unix(cell)) if serials else pl.lit(None, pl.Int64)
    roc = forms.roc_three_digits(cell)
    roc = pl.coalesce(roc, forms.roc_compact(cell)) if serials else roc
    by_roc = calendar == "roc" or (calendar is None and bool(frame.select(roc.is_not_null().any()).item()))
    roc = pl.lit(None, pl.Int64) if calendar == "gregorian" else roc
    roc = pl.coalesce(roc, forms.roc_two_digits(cell)) if by_roc else roc
    frame = frame.with_columns(certain=pl.coalesce(*(form(cell) for form in forms.FIXED)), roc=roc, number=number)
    fixed = pl.coalesce("certain", "roc", "number")
    orders = {order: forms.numeric(cell, order) for order in _ORDERS}
    return frame.with_columns(fixed=fixed, **orders).select(
        "text",
        either=pl.col("fixed").is_null() & pl.any_horizontal(pl.col(_ORDERS).is_not_null()),
        kind=pl.when(pl.col("certain").is_not_null()).then(pl.lit("date"))
        .when(pl.col("roc").is_not_null()).then(pl.lit("roc"))
        .when(pl.col("number").is_not_null()).then(pl.lit("number")),
        shaped=forms.is_shaped(cell),
        short=forms.has_short_year(cell) & pl.col("roc").is_null(),
        **{order: pl.coalesce("fixed", order) for order in _ORDERS},
    )  # fmt: skip


def _choose_order(known: pl.DataFrame, cells: pl.Series) -> tuple[DateOrder, bool]:
    open_cells = known.filter("either")
    readable = {order: open_cells[order].count() for order in _ORDERS}
    most = max(readable.values())
    best = [order for order in _ORDERS if readable[order] == most]
    if len(best) == 1:
        others = [order for order in _ORDERS if order != best[0]]
        against = open_cells.filter(pl.col(best[0]).is_null() & pl.any_horizontal(pl.col(others).is_not_null()))
        return best[0], against.height > 0
    days = {order: cells.replace_strict(known["text"], known[order], default=None) for order in best}
    orderly = {order: _orderliness(days[order]) for order in best}
    for order in best:
        if orderly[order] >= _ORDERLY and all(orderly[other] < _DISORDERLY for other in best if other != order):
            return order, False
    return _assumed(best, days), True


def _assumed(best: list[DateOrder], days: dict[DateOrder, pl.Series]) -> DateOrder:
    """Return the order to assume: the usual one, or the year first where that keeps the dates far closer together."""
    usual = best[0]
    if "ymd" not in best or usual == "ymd":
        return usual
    return "ymd" if 2 * _span(days["ymd"]) < _span(days[usual]) else usual


def _span(days: pl.Series) -> int:
    first, last = days.min(), days.max()
    return last - first if isinstance(first, int) and isinstance(last, int) else 0


def _orderliness(days: pl.Series) -> float:
    """Return the larger share of steps forward or back; 1 is a sorted file."""
    steps = days.drop_nulls().diff().drop_nulls()
    moves = steps.filter(steps != 0)
    if moves.is_empty():
        return 0.0
    forward = float((moves > 0).sum()) / len(moves)
    return max(forward, 1 - forward)
