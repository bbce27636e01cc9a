"""Text cells → the stored form of a canonical column, by its kind."""

from collections.abc import Callable
from typing import Final

import polars as pl

from crmdash.columns import Column
from crmdash.ingest.choices import parse_choice, parse_tags
from crmdash.ingest.dates import parse_date
from crmdash.ingest.options import Options
from crmdash.ingest.values import (
    Parsed,
    parse_count,
    parse_flag,
    parse_money,
    parse_number,
    parse_text,
    parse_within,
)

_NUMBERS: Final[dict[str, Callable[[pl.Series, str | None], Parsed]]] = {
    "money": parse_money,
    "number": parse_number,
    "count": parse_count,
    "score": lambda text, decimal: parse_within(text, 10, decimal),
    "points": lambda text, decimal: parse_within(text, 100, decimal),
    "fraction": lambda text, decimal: parse_within(text, 1, decimal),
}


def parse_cells(
    text: pl.Series,
    column: Column,
    options: Options = Options(),  # noqa: B008  (a frozen value)
    *,
    serials: bool = False,
) -> Parsed:
    """Read the cells of a file column as the canonical `column`; `serials` allows Excel's day numbers for dates."""
    if column.name == "discount":
        text = text.str.replace(r"\s*[%％]\s*$", "")
    if column.kind in _NUMBERS:
        return _NUMBERS[column.kind](text, options.decimal)
    if column.kind == "date":
        return parse_date(text, options.date_order, serials=serials)
    if column.kind == "choice":
        return parse_choice(text, column)
    if column.kind == "tags":
        return parse_tags(text, column)
    return parse_flag(text) if column.kind == "flag" else parse_text(text)
