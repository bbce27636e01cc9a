"""Rows that are set aside: each once, with its place, the reason and its own text, so that nothing is lost.

A reason is the code of the issue that tells of it, so that `data/words/issues.toml` has the words.
"""

from typing import Any, Final

import polars as pl

from crmdash.columns import TableName
from crmdash.ingest.raw import RawTable
from crmdash.issues import Issue, Severity

SCHEMA: Final = {
    "file": pl.String, "row": pl.Int64, "table": pl.String, "reason": pl.String, "column": pl.String,
    "header": pl.String, "cell": pl.String, "text": pl.String,
}  # fmt: skip
"""One row set aside: `row` of the file, the canonical `column` with its `header` and the `cell` that was the matter
(null where no single cell was), and the `text` of the whole row as a line of delimited text."""


class Sieve:
    """The rows of one file that are still good, and why the others are not; the first reason counts."""

    def __init__(self, raw: RawTable, table: TableName | None) -> None:
        self.raw = raw
        self.table = table
        self.good = pl.repeat(True, raw.frame.height, dtype=pl.Boolean, eager=True)
        self._parts: list[pl.DataFrame] = []

    def set_aside(
        self,
        mask: pl.Series,
        code: str,
        column: str | None = None,
        header: str | None = None,
        cells: pl.Series | None = None,
    ) -> int:
        """Set the good rows of `mask` aside for the reason `code`, and return how many those are."""
        now = mask & self.good
        if not now.any():
            return 0
        self.good = self.good & ~now
        at = now.arg_true()
        rows = self.raw.file_rows.gather(at).cast(pl.Int64)
        self._parts.append(
            pl.select(
                pl.lit(self.raw.name).alias("file"), rows.alias("row"), pl.lit(self.table, pl.String).alias("table"),
                pl.lit(code).alias("reason"), pl.lit(column, pl.String).alias("column"),
                pl.lit(header, pl.String).alias("header"),
                (pl.lit(None, pl.String) if cells is None else cells.gather(at)).alias("cell"),
                _lines(self.raw, at).alias("text"),
            )
        )  # fmt: skip
        return len(at)

    def tell(
        self,
        severity: Severity,
        mask: pl.Series,
        code: str,
        column: str | None = None,
        header: str | None = None,
        cells: pl.Series | None = None,
        **values: Any,
    ) -> list[Issue]:
        """Set rows aside and return the issue that says so; none where no good row was concerned."""
        first = (mask & self.good).arg_max()
        count = self.set_aside(mask, code, column, header, cells)
        if not count:
            return []
        at = int(first or 0)
        values = values if header is None else {"header": header, **values}
        example = None if cells is None else cells[at]
        return [Issue(severity, code, self.table, column, int(self.raw.file_rows[at]), count, example, values)]

    @property
    def rows(self) -> pl.DataFrame:
        """The rows set aside, in the order of the file."""
        return pl.concat([pl.DataFrame(schema=SCHEMA), *self._parts], how="vertical").sort("row", maintain_order=True)


def _lines(raw: RawTable, at: pl.Series) -> pl.Series:
    """Return rows as lines of delimited text, in the file's own delimiter."""
    delimiter = raw.delimiter or ","
    cells = [_quoted(pl.col(name), delimiter) for name in raw.frame.columns]
    return raw.frame[at].select(pl.concat_str(cells, separator=delimiter).alias("text")).to_series()


def _quoted(cell: pl.Expr, delimiter: str) -> pl.Expr:
    special = cell.str.contains_any([delimiter, '"', "\n", "\r"])
    quoted = '"' + cell.str.replace_all('"', '""', literal=True) + '"'
    return pl.when(special).then(quoted).otherwise(cell.fill_null(""))
