"""Rows that are not plain data, each with a policy of `crmdash.ingest.options.POLICIES` that the user can switch."""

from typing import Final

import polars as pl

from crmdash.ingest.aside import Sieve
from crmdash.ingest.encodings import BROKEN_LINES
from crmdash.ingest.options import Mapping
from crmdash.ingest.raw import RawTable
from crmdash.ingest.totals import named_like_totals, totals_rows
from crmdash.ingest.typed_columns import ColumnRead
from crmdash.issues import Issue

_SUMMED: Final = ("amount", "revenue", "profit", "orders")
_EXAMPLES: Final = 3


def after_blank_row(raw: RawTable, mapping: Mapping, sieve: Sieve) -> list[Issue]:
    """Set aside what stands below the first blank row, where a blank row is to end the table."""
    rows = raw.file_rows.cast(pl.Int64)
    if mapping.options.policy("blank_rows") == "skip" or len(rows) < 2:
        return []
    lines = rows * 0
    if raw.delimiter is not None:  # in text files a cell with line breaks takes several lines
        breaks = pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True).fill_null(0))
        lines = raw.frame.select(breaks.cast(pl.Int64)).to_series()
    gap = (rows.diff() - 1 > lines.shift()).fill_null(False)
    return sieve.tell("info", gap.cast(pl.Int64).cum_sum() > 0, "after_blank_row")


def repeated_headers(raw: RawTable, mapping: Mapping, sieve: Sieve) -> list[Issue]:
    """Set aside rows in which at least half of the mapped columns hold their own name again."""
    names = mapping.file_columns
    if mapping.options.policy("repeated_headers") == "keep" or raw.header_row is None or len(names) < 2:
        return []
    first, second = (raw.frame[name].str.starts_with(name).fill_null(False) for name in names[:2])
    maybe = (first | second).arg_true()
    if maybe.is_empty():
        return []
    same = pl.sum_horizontal(pl.col(name).str.strip_chars().eq_missing(pl.lit(name)) for name in names)
    repeated = raw.frame[maybe].select(same * 2 >= len(names)).to_series()
    mask = pl.repeat(False, raw.frame.height, dtype=pl.Boolean, eager=True).scatter(maybe.filter(repeated), True)
    return sieve.tell("warning", mask, "header_row_repeated")


def broken_lines(raw: RawTable, mapping: Mapping, sieve: Sieve) -> list[Issue]:
    """Set aside rows with characters that are lost or in another encoding, where that is asked for."""
    if mapping.options.policy("broken_lines") == "keep" or raw.frame.is_empty():
        return []
    lines = sorted({line for issue in raw.issues for line in issue.values.get(BROKEN_LINES, ())})
    # A row begins on its file row and reaches to where the next one begins.
    at = raw.file_rows.search_sorted(pl.Series(lines, dtype=pl.Int64), side="right").cast(pl.Int64) - 1
    none = pl.repeat(False, raw.frame.height, dtype=pl.Boolean, eager=True)
    return sieve.tell("warning", none.scatter(at.filter(at >= 0), True), "broken_line_aside")


def totals(raw: RawTable, mapping: Mapping, sieve: Sieve, reads: dict[str, ColumnRead]) -> list[Issue]:
    """Set aside rows that sum up others; `reads` are the mapped columns by name."""
    if mapping.options.policy("totals") == "keep" or "customer_id" not in reads:
        return []
    values = {name: read.parsed.values for name, read in reads.items()}
    needed = [name for name in ("customer_id", "date", "amount") if name in values]
    incomplete = pl.DataFrame([values[name].is_null().alias(name) for name in needed]).select(
        pl.any_horizontal(pl.all())
    )
    summed = next((values[name] for name in _SUMMED if name in values and values[name].dtype == pl.Int64), None)
    ids = raw.frame[mapping.columns["customer_id"][0]]
    named = named_like_totals(values["customer_id"], reads["customer_id"].distinct)
    mask = totals_rows(raw.frame, ids, named, summed, incomplete.to_series() & sieve.good)
    return sieve.tell("warning", mask, "totals_row", cells=_label(raw.frame, mask))


def _label(frame: pl.DataFrame, mask: pl.Series) -> pl.Series:
    """Return the first filled cell of each row of `mask`."""
    if not mask.any():
        return pl.repeat(None, frame.height, dtype=pl.String, eager=True)
    return frame.select(pl.coalesce(pl.all())).to_series()


def duplicates(raw: RawTable, mapping: Mapping, sieve: Sieve) -> list[Issue]:
    """Tell of rows equal to an earlier one in every cell, and set them aside where that is asked for."""
    hashes = raw.frame.hash_rows()
    if hashes.n_unique() == len(hashes):
        return []
    repeated = ~hashes.is_first_distinct()
    if mapping.options.policy("duplicates") == "aside":
        return sieve.tell("info", repeated, "row_duplicate", cells=_label(raw.frame, repeated))
    return _counted(repeated & sieve.good, "duplicates_counted", raw, mapping)


def returns_and_zeros(raw: RawTable, mapping: Mapping, sieve: Sieve, amounts: pl.Series) -> list[Issue]:
    """Tell of negative amounts and of amounts of 0, and set them aside where that is asked for."""
    header = mapping.columns["amount"][0]
    cells = raw.frame[header]
    issues: list[Issue] = []
    for policy, mask, aside, counted in (
        ("returns", amounts < 0, "return_aside", "returns_counted"),
        ("zero_rows", amounts == 0, "zero_aside", "zeros_counted"),
    ):
        held = mask.fill_null(False) & sieve.good
        if not held.any():
            continue
        if mapping.options.policy(policy) == "aside":  # type: ignore[arg-type]
            issues += sieve.tell("info", held, aside, "amount", header, cells)
        else:
            issues += _counted(held, counted, raw, mapping, "amount")
    return issues


def future_dates(raw: RawTable, mapping: Mapping, sieve: Sieve, days: pl.Series, today: int) -> list[Issue]:
    """Set aside rows dated after today, where that is asked for."""
    if mapping.options.policy("future_dates") == "keep":
        return []
    header = mapping.columns["date"][0]
    mask = (days > today).fill_null(False)
    return sieve.tell("info", mask, "future_aside", "date", header, raw.frame[header])


def _counted(mask: pl.Series, code: str, raw: RawTable, mapping: Mapping, column: str | None = None) -> list[Issue]:
    if not mask.any():
        return []
    at = int(mask.arg_max() or 0)
    header = None if column is None else mapping.columns[column][0]
    example = None if header is None else raw.frame[header][at]
    values = {} if header is None else {"header": header}
    return [Issue("info", code, mapping.table, column, int(raw.file_rows[at]), int(mask.sum()), example, values)]


def one_row_each(frame: pl.DataFrame, mapping: Mapping) -> tuple[pl.DataFrame, pl.Series]:
    """Return one row for each customer, and which rows of `frame` were given up for that.

    The first or the last row counts as it stands, or blanks of the first are filled from the later ones.
    """
    policy = mapping.options.policy("repeated_customers")
    ids = frame["customer_id"]
    kept = ids.is_last_distinct() if policy == "last" else ids.is_first_distinct()
    if kept.all():
        return frame, ~kept
    if policy == "merge":
        known = [pl.col(name).drop_nulls().first() for name in frame.columns if name != "customer_id"]
        merged = frame.group_by("customer_id", maintain_order=True).agg(known).select(frame.columns)
        return merged, ~kept
    return frame.filter(kept), ~kept


def examples(ids: pl.Series) -> str:
    """Return a few different ids as an example."""
    some = ids.drop_nulls().unique(maintain_order=True)
    return ", ".join(some.head(_EXAMPLES)) + (" …" if len(some) > _EXAMPLES else "")
