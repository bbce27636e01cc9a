"""Cells of a column that stays on an engine to canonical values, by expressions that every engine knows.

For clean files: plain decimals, dates as dates or in one written order. What else a careful export can hold, the reader
of `crmdash.ingest` finds; here a cell that does not hold is missing, and counted.
"""

from collections.abc import Mapping
from typing import Final

import narwhals as nw

from crmdash.columns import MONEY_SCALE, Column
from crmdash.engine import Lazy
from crmdash.ingest.options import DateOrder, DiscountUnit, Options
from crmdash.ingest.values import NO, YES

_NUMBER: Final = r"^[+-]?(\d{1,15}(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?$"
_LARGEST: Final = (2**63 - 1) // MONEY_SCALE
"""Units below this (922 trillion) are whole numbers of 64 bits as ten-thousandths."""
_FINE: Final = 2**39
"""Units below this (549 billion) have four exact decimals in a fraction of 64 bits."""
_DECIMALS: Final = r"[.,]\d*[1-9]"
_NOISE: Final = 1e-5
"""Ten-thousandths; less than this beyond four decimals is the noise of a fraction."""
_DAYS_BEFORE_1970: Final = 719_468
"""Days from 1 March of the year 0."""
_EARLIEST, _LATEST = 1000, 9999
_ISO: Final = r"^\d{4}-\d{1,2}-\d{1,2}$"
_COMPACT: Final = r"^\d{8}$"
_WRITTEN: Final = r"^\d{1,2}-\d{1,2}-\d{4}$"
_SHORT_MONTHS: Final = (4, 6, 9, 11)
_DAYS: Final = (nw.Date, nw.Datetime)
_PARTS: Final = ("year:", "month:", "day:")
READ: Final = "read:"
"""Stands before the name of a column with what cells were read as."""


def with_values(rows: Lazy, cells: Mapping[str, tuple[Column, str]], options: Options) -> Lazy:
    """Add the canonical value of cells; missing where a cell is blank or cannot be read.

    Step by step, each a column of its own, because engines copy an expression to wherever it is asked for.

    Parameters
    ----------
    cells : name of the new column -> what it holds, and the column to read. Numbers are kept as they were read in a
        column `READ` + name.
    """
    schema = rows.collect_schema()
    read = {READ + name: _read(column, nw.col(file), schema[file], options) for name, (column, file) in cells.items()}
    written = [name for name, (column, file) in cells.items() if column.kind == "date" and schema[file] not in _DAYS]
    parts = {
        part + name: value.cast(nw.Int64)
        for name in written
        for part, value in zip(_PARTS, _parts_of_date(nw.col(READ + name), options.date_order), strict=True)
    }
    values = {
        name: _day_number(*(nw.col(part + name) for part in _PARTS))
        if name in written
        else _value(column, READ + name, schema[file])
        for name, (column, file) in cells.items()
    }
    return rows.with_columns(**read).with_columns(nw.all(), **parts).with_columns(**values)


def _read(column: Column, cell: nw.Expr, dtype: nw.dtypes.DType, options: Options) -> nw.Expr:
    """Return what a cell is read as, before units and days are counted."""
    if column.kind == "money":
        return _amount(cell, dtype, options)
    if column.kind in ("number", "score", "points", "fraction"):
        return number(cell, dtype, options)
    if column.kind == "date":
        return cell if dtype in _DAYS else _written(cell)
    return flag(cell, dtype) if column.kind == "flag" else text(cell, dtype)


def _value(column: Column, read: str, dtype: nw.dtypes.DType) -> nw.Expr:
    if column.kind == "money":
        return money(nw.col(read), decimals=dtype == nw.Decimal)
    return day(nw.col(read)) if column.kind == "date" else nw.col(read)


def is_filled(cell: nw.Expr, dtype: nw.dtypes.DType) -> nw.Expr:
    """Say whether there is anything in a cell."""
    return ~cell.is_null() & (cell.str.strip_chars() != "") if dtype == nw.String else ~cell.is_null()


def text(cell: nw.Expr, dtype: nw.dtypes.DType) -> nw.Expr:
    """Return texts and ids without surrounding blanks; whole numbers stored as fractions without their point."""
    if dtype.is_float():
        whole = cell.floor() == cell
        return nw.when(whole).then(cell).cast(nw.Int64).cast(nw.String)
    stripped = cell.cast(nw.String).str.strip_chars()
    return nw.when(stripped != "").then(stripped)


def number(cell: nw.Expr, dtype: nw.dtypes.DType, options: Options) -> nw.Expr:
    """Return plain decimals as Float64."""
    if dtype != nw.String:
        return cell.cast(nw.Float64)
    written = cell.str.strip_chars()
    if options.decimal == ",":
        written = written.str.replace_all(",", ".", literal=True)
    return nw.when(written.str.contains(_NUMBER)).then(written).cast(nw.Float64)


def _amount(cell: nw.Expr, dtype: nw.dtypes.DType, options: Options) -> nw.Expr:
    """Return an amount in units: a decimal where its column holds them, else a fraction of 64 bits."""
    if dtype == nw.Decimal:
        return cell
    amount = number(cell, dtype, options)
    if dtype != nw.String:
        return amount
    # Written decimals that a fraction cannot hold may leave a whole number.
    return nw.when((amount.abs() < _FINE) | ~cell.str.contains(_DECIMALS)).then(amount)


def money(amount: nw.Expr, *, decimals: bool = False) -> nw.Expr:
    """Return amounts in whole ten-thousandths, halves away from zero; missing where they are too large to be exact.

    Whole units are multiplied as whole numbers, and only what is beside them as a fraction.

    Parameters
    ----------
    decimals : whether the amounts are decimals, and not fractions of 64 bits.
    """
    size = nw.when(amount.abs() < _LARGEST).then(amount.abs())
    whole = size.floor()
    rest = (size - whole).cast(nw.Float64)
    units = whole.cast(nw.Int64) * MONEY_SCALE + (rest * float(MONEY_SCALE) + 0.5 + _NOISE).floor().cast(nw.Int64)
    signed = nw.when(amount < 0).then(-units).otherwise(units)
    return signed if decimals else nw.when((size < _FINE) | (rest == 0)).then(signed)


def is_rounded(amount: nw.Expr, units: nw.Expr) -> nw.Expr:
    """Say whether an amount has more than four decimals, beyond the noise of a fraction."""
    exact = amount.cast(nw.Float64) * float(MONEY_SCALE)
    return ((exact - units).abs() > _NOISE + exact.abs() * 1e-15).fill_null(False)


def flag(cell: nw.Expr, dtype: nw.dtypes.DType) -> nw.Expr:
    """Return yes or no."""
    if dtype == nw.Boolean:
        return cell
    said = cell.cast(nw.String).str.strip_chars().str.to_lowercase()
    no = nw.when(said.is_in(NO)).then(nw.lit(False))
    return nw.when(said.is_in(YES)).then(nw.lit(True)).otherwise(no)


def day(cell: nw.Expr) -> nw.Expr:
    """Return the day number of a date, or of a date and time."""
    return _days_since_1970(*(part.cast(nw.Int64) for part in (cell.dt.year(), cell.dt.month(), cell.dt.day())))


def _written(cell: nw.Expr) -> nw.Expr:
    """Return a written date, or the number yyyymmdd, with strokes between its parts and without a time behind it."""
    return cell.cast(nw.String).str.strip_chars().str.replace_all(r"[ T].*$", "").str.replace_all(r"[/.]", "-")


def _parts_of_date(written: nw.Expr, order: DateOrder | None) -> list[nw.Expr]:
    """Return the texts of year, month and day; missing for what is written otherwise."""
    compact, iso, own = (nw.when(written.str.contains(form)).then(written) for form in (_COMPACT, _ISO, _WRITTEN))
    places = (2, 1, 0) if order == "dmy" else (2, 0, 1)
    found = []
    for place, (start, size) in enumerate(((0, 4), (4, 2), (6, 2))):
        forms = [compact.str.slice(start, size), iso.str.split("-").list.get(place)]
        if order in ("dmy", "mdy"):
            forms.append(own.str.split("-").list.get(places[place]))
        found.append(nw.coalesce(*forms))
    return found


def _day_number(year: nw.Expr, month: nw.Expr, day: nw.Expr) -> nw.Expr:
    """Return days since 1970-01-01; missing for a date that does not exist."""
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    february = nw.when(leap).then(nw.lit(29)).otherwise(nw.lit(28))
    other = nw.when(month.is_in(_SHORT_MONTHS)).then(nw.lit(30)).otherwise(nw.lit(31))
    longest = nw.when(month == 2).then(february).otherwise(other)
    exists = (month >= 1) & (month <= 12) & (day >= 1) & (day <= longest)
    return nw.when(exists & (year >= _EARLIEST) & (year <= _LATEST)).then(_days_since_1970(year, month, day))


def _days_since_1970(year: nw.Expr, month: nw.Expr, day: nw.Expr) -> nw.Expr:
    """Count the days of a date that exists.

    Years begin in March, so that a leap day is the last: days = 365 y + y/4 - y/100 + y/400 + (153 m + 2)/5 + d.
    """
    early = month <= 2
    y = nw.when(early).then(year - 1).otherwise(year)
    m = nw.when(early).then(month + 9).otherwise(month - 3)
    number = y * 365 + y // 4 - y // 100 + y // 400 + (m * 153 + 2) // 5 + day - 1 - _DAYS_BEFORE_1970
    return number.cast(nw.Int64)


def can_be_lost(column: Column, dtype: nw.dtypes.DType) -> bool:
    """Say whether a cell with something in it may have no value: texts may not be read, numbers may be too large."""
    if column.kind == "date":
        return dtype not in _DAYS
    if column.kind in ("id", "text"):
        return dtype.is_float()
    return dtype == nw.String or column.kind in ("money", "flag")


def discount_in_money(share: nw.Expr, unit: DiscountUnit, amount: nw.Expr, listed: nw.Expr | None) -> nw.Expr:
    """Return discounts in ten-thousandths of the currency unit (`crmdash.ingest.discounts.discount_money`).

    Parameters
    ----------
    share : the column's numbers in ten-thousandths of what it holds.
    """
    if unit == "money":
        return share
    fraction = share if unit == "fraction" else (share / 100.0 + 0.5).floor().cast(nw.Int64)
    fraction = nw.when((fraction >= 0) & (fraction <= MONEY_SCALE)).then(fraction)
    net = _part(amount, fraction, nw.lit(MONEY_SCALE, nw.Int64) - fraction)
    return net if listed is None else nw.coalesce(_part(listed, fraction, nw.lit(MONEY_SCALE, nw.Int64)), net)


def _part(base: nw.Expr, fraction: nw.Expr, whole: nw.Expr) -> nw.Expr:
    """Return base x fraction / whole, halves away from zero; missing where the whole is nothing.

    What is beside whole wholes is multiplied by itself, so that no product leaves 64 bits.
    """
    size, twice = base.abs(), whole * 2
    beside = size % whole
    wholes = ((size - beside) / whole + 0.5).floor().cast(nw.Int64)
    doubled = beside * fraction * 2 + whole
    part = wholes * fraction + ((doubled - doubled % twice) / twice + 0.5).floor().cast(nw.Int64)
    return nw.when(whole > 0).then(nw.when(base < 0).then(-part).otherwise(part))
