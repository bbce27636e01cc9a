"""Customers' ids: what is lost in them, what is invisible, and which differ in looks only."""

from math import log2, ulp
from typing import Final

import polars as pl

from crmdash.ingest.values import Parsed

_INVISIBLE: Final = r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
_EDGES: Final = rf"^(?:\s|{_INVISIBLE})+|(?:\s|{_INVISIBLE})+$"
_ROUNDED: Final = r"^\d(?:\.\d+)?E\+\d{1,3}$|^\d\.\d+[eE]\+?\d{2}$"
_DECIMALS: Final = r"^\d+\.0+$"
_LONG: Final = r"^\d{16,}$"
_LONG_ROUNDED: Final = r"^\d{15}0+$"
_SUSPICIOUS: Final = rf"[0-9][eE]\+?[0-9]|[0-9]{{16}}|\.0|{_INVISIBLE}"
"""What every finding on ids needs somewhere in the text: most columns have nothing of it."""
_FEW: Final = 2
_EXACT: Final = 2**53
_SAMPLE: Final = 1_000
_BEYOND_CHANCE: Final = 20
"""Bits: of a million files, one would be taken for this by chance."""
_OTHER_THAN_ONE_LOOK: Final = ("[^0-9A-Z_./-]", "[^0-9a-z_./-]")
"""Ids of such characters only look different where they are."""
_NOBODY: Final = ("n/a", "nan", "null", "(null)", "<null>", "nil", "-", "--", "?", "unknown", "未知", "无", "無")

_LONGEST_NOBODY: Final = max(len(word.encode()) for word in _NOBODY)


def parse_id(text: pl.Series) -> Parsed:
    """Read ids as they stand, without blanks and invisible characters around them.

    Findings: ``id_precision_lost`` (1.23457E+17, or digits beyond the fifteenth all zero or all as binary fractions
    leave them: a program took the ids for numbers), ``id_invisible`` for ids that had invisible characters around
    them, and ``id_decimals`` where every id ends in .0, as whole numbers do beside a blank one: that end is left off.
    """
    stripped = text.str.strip_chars()
    if not stripped.str.contains(_SUSPICIOUS).any():
        return Parsed(stripped, {})
    distinct = stripped.unique().drop_nulls()
    lost = distinct.filter(distinct.str.contains(_ROUNDED))
    long = distinct.filter(distinct.str.contains(_LONG))
    if (len(long) >= _FEW and long.str.contains(_LONG_ROUNDED).all()) or _are_binary(long):
        lost = pl.concat([lost, long])
    findings = {}
    if distinct.str.contains(_EDGES).any():
        clean = stripped.str.replace_all(_EDGES, "")
        clean = pl.select(id=clean).select(pl.when(pl.col("id") != "").then("id")).to_series()
        findings["id_invisible"] = (clean != stripped).fill_null(False)
        stripped = clean
    if len(distinct) and distinct.str.contains(_DECIMALS).all():
        findings["id_decimals"] = stripped.is_not_null()
        stripped = stripped.str.replace(r"\.0+$", "")
    if len(lost):
        mask = stripped.is_in(lost.to_list()).fill_null(False)
        findings["id_precision_lost"] = mask
        stripped = pl.select(id=stripped, lost=mask).select(pl.when(~pl.col("lost")).then("id")).to_series()
    return Parsed(stripped, findings)


def _are_binary(long: pl.Series) -> bool:
    """Say whether long ids are all numbers that 64-bit floats hold, and too many of them for that to be chance."""
    bits = 0.0
    for text in long.head(_SAMPLE):
        number = int(text)
        if number <= _EXACT or int(float(number)) != number:
            return False
        bits += log2(ulp(float(number)))
    return bits >= _BEYOND_CHANCE


def look(ids: pl.Expr) -> pl.Expr:
    """Return ids as they look at a glance: without case, width, blanks and invisible characters."""
    return ids.str.normalize("NFKC").str.to_lowercase().str.replace_all(rf"\s|{_INVISIBLE}", "")


def bare_number(ids: pl.Expr) -> pl.Expr:
    """Return ids as they look at a glance and without leading zeros, which spreadsheets drop."""
    return look(ids).str.replace(r"^0+(\d)", "${1}").str.replace(r"^(\d+)\.0+$", "${1}")


def alike(ids: pl.Series) -> pl.DataFrame:
    """Return the ids that differ only in looks, each with the `first` of its kind in the order given."""
    return alike_among(ids.unique(maintain_order=True).drop_nulls())


def alike_among(distinct: pl.Series) -> pl.DataFrame:
    """Do the same where the ids are known to be all different."""
    frame = pl.DataFrame({"id": distinct})
    if any(not distinct.str.contains(other).any() for other in _OTHER_THAN_ONE_LOOK):
        return frame.clear().with_columns(first="id")
    frame = frame.with_columns(look=look(pl.col("id")))
    several = frame.filter(pl.len().over("look") > 1)
    return several.select("id", first=pl.col("id").first().over("look"))


def stands_for_nobody(ids: pl.Series, distinct: pl.Series) -> pl.Series:
    """Say which ids are words for "no customer", such as NULL; `distinct` are all different ones."""
    short = distinct.filter(distinct.str.len_bytes() <= _LONGEST_NOBODY)
    short = short.filter(~short.str.contains("[0-9]"))
    nobody = short.filter(short.str.to_lowercase().is_in(_NOBODY)).to_list()
    if not nobody:
        return pl.repeat(False, len(ids), dtype=pl.Boolean, eager=True)
    return ids.is_in(nobody).fill_null(False)
