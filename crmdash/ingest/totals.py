"""Rows that sum up others: told by a word for a total, or by an amount that is the sum of those above."""

from typing import Final

import polars as pl

_SURE: Final = (
    r"(?:本页|本頁|全部|累计|累計)?(?:合\s*计|总\s*计|小\s*计|合\s*計|總\s*計|小\s*計|总合计|總合計|总和|總和|共计|共計)"
    r"|(?:grand|overall)\s*totals?|sub[\s-]*totals?|gesamtsumme|zwischensumme|total\s+g[eé]n[eé]ral|итого|всего|合\s*計"
)
_LIKELY: Final = r"totals?|sum|summe|gesamt|somme|suma|totale|总|總"
SURE: Final = rf"(?i)^\s*(?:{_SURE})\s*[:：]?\s*$"
"""What names nothing but a total."""
LIKELY: Final = rf"(?i)^\s*(?:{_SURE}|{_LIKELY})\s*[:：]?\s*$"
"""What may also be a customer's name."""
NAMED: Final = (
    r"(?i)^(?:.*\S)?\s*(?:\btotals?|\bsub[\s-]*totals?|合计|总计|小计|合計|總計|小計)\s*[:：]?\s*$"
    r"|^\s*(?:grand\s+)?total\s+(?:of|for)\b"
)
"""Totals of a group, such as `East Total`; only in rows that lack what an order needs."""
_LONGEST: Final = 60
_CENT: Final = 100
"""A sum may differ by a cent: it was made before the amounts were rounded."""


def named_like_totals(ids: pl.Series, distinct: pl.Series) -> pl.Series:
    """Say which ids are words that may stand for a total; `distinct` are all different ones."""
    words = distinct.filter(distinct.str.len_bytes() <= _LONGEST)
    words = words.filter(~words.str.contains("[0-9]"))
    likely = words.filter(words.str.contains(LIKELY)).to_list()
    if not likely:
        return pl.repeat(False, len(ids), dtype=pl.Boolean, eager=True)
    return ids.is_in(likely).fill_null(False)


def totals_rows(
    frame: pl.DataFrame, ids: pl.Series, named: pl.Series, amounts: pl.Series | None, incomplete: pl.Series
) -> pl.Series:
    """Say which rows sum up others.

    Parameters
    ----------
    frame
        The cells of every row as text.
    ids
        The cells of the customer ids.
    named
        Rows whose id may be a word for a total.
    amounts
        The column that a total would sum up.
    incomplete
        Rows that lack something they need, as totals mostly do.
    """
    none = pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    candidates = named | incomplete
    at = candidates.arg_true()
    if at.is_empty():
        return none
    some, short = frame[at], incomplete.gather(at)
    sure, loose = (
        pl.any_horizontal(pl.all().str.contains(words).fill_null(False)) for words in (SURE, f"{LIKELY}|{NAMED}")
    )
    found = some.select(sure=sure, loose=loose)
    sums = none.gather(at) if amounts is None else _are_sums(amounts, at)
    yes = found["sure"] | (found["loose"] & short) | (sums & (found["loose"] | ids.gather(at).is_null()))
    return none.scatter(at.filter(yes), True)


def _are_sums(amounts: pl.Series, at: pl.Series) -> pl.Series:
    """Say for the rows `at` whether the amount is the sum of all other rows above, or of those since the last such row.

    A sum of one row is that row, and says nothing.
    """
    others = amounts.fill_null(0).cast(pl.Int128).scatter(at, 0)
    running = others.cum_sum().gather(at)
    count = pl.Series([True] * len(others)).scatter(at, False).cum_sum().gather(at)
    before = pl.DataFrame({"running": running, "count": count, "own": amounts.gather(at)}).with_columns(
        since=pl.col("running") - pl.col("running").shift(fill_value=0),
        rows=pl.col("count").cast(pl.Int64) - pl.col("count").cast(pl.Int64).shift(fill_value=0),
    )
    whole = ((pl.col("own") - pl.col("running")).abs() <= _CENT) & (pl.col("count") > 1)
    part = ((pl.col("own") - pl.col("since")).abs() <= _CENT) & (pl.col("rows") > 1)
    return before.select((whole | part).fill_null(False)).to_series()
