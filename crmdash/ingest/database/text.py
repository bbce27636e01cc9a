"""What a database holds in its columns, as text without loss; NULL and blank stay missing."""

import json
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

import polars as pl

_PLAIN: Final = (frozenset({str}), frozenset({str, type(None)}), frozenset({type(None)}))
_HALF: Final = re.compile("[\ud800-\udfff]")


def text_series(name: str, values: Sequence[Any]) -> tuple[pl.Series, int]:
    """Return values of any types as a column of text, blank ones null, and how many characters had to be replaced.

    Numbers keep every digit, without exponents for decimals; dates and times are ISO, with their offset where they
    have one; bytes are hexadecimal; lists and objects are JSON; what is no character becomes ``\ufffd``.
    """
    lost = 0
    kinds = frozenset(map(type, values))
    if kinds not in _PLAIN:
        ways = {kind: _way(kind) for kind in kinds}
        values = [ways[type(value)](value) for value in values]
    try:
        column = pl.Series(name, values, dtype=pl.String)
    except UnicodeEncodeError:
        replaced = [(value, 0) if value is None else _HALF.subn("\ufffd", value) for value in values]
        lost = sum(count for _, count in replaced)
        column = pl.Series(name, [value for value, _ in replaced], dtype=pl.String)
    return column.to_frame().select(pl.when(pl.nth(0).str.strip_chars() != "").then(pl.nth(0))).to_series(), lost


def as_text(value: Any) -> str:
    r"""Return one value that is there as text.

    >>> from decimal import Decimal
    >>> as_text(Decimal("1E+3")), as_text(0.1), as_text(True), as_text(b"\x00\xff")
    ('1000', '0.1', 'true', '00ff')
    """
    return str(_way(type(value))(value))


def _way(kind: type) -> Callable[[Any], Any]:
    """Return what makes text of values of a type; NULL and text stay as they are."""
    if kind in (str, type(None)):
        return lambda value: value
    return next((way for kinds, way in _WAYS if issubclass(kind, kinds)), str)


_WAYS: Final[tuple[tuple[tuple[type, ...], Callable[[Any], str]], ...]] = (
    ((bool,), lambda value: "true" if value else "false"),
    ((float,), float.__repr__),
    ((Decimal,), lambda value: format(value, "f")),
    ((datetime,), lambda value: value.isoformat(sep=" ")),
    ((date, time), lambda value: value.isoformat()),
    ((bytes, bytearray, memoryview), lambda value: bytes(value).hex()),
    ((dict, list, tuple), lambda value: json.dumps(value, ensure_ascii=False, default=as_text)),
)
"""The first that fits counts: a bool is an int too, and a datetime a date."""
