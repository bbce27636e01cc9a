"""One file per bad input, in each format that can hold it, and what came of it."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any, Final, Literal

import polars as pl
import pytest
import xlsxwriter

from crmdash.i18n import Wording
from crmdash.ingest.dataset import Dataset, open_dataset
from crmdash.ingest.options import Mapping, Options
from crmdash.ingest.raw import Source
from crmdash.issues import Issue
from tests.unit.frames import there

Format = Literal["csv", "xlsx", "parquet"]
FORMATS: Final[tuple[Format, ...]] = ("csv", "xlsx", "parquet")
ORDERS: Final = ("customer_id", "date", "amount")
CUSTOMERS: Final = ("customer_id", "revenue", "orders")

ENGLISH: Final = Wording("en")

every_format = pytest.mark.parametrize("form", FORMATS)


def file(form: Format, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Return a table of texts as a file: every cell a text, blank where it is None."""
    if form == "csv":
        return csv(header, rows).encode()
    return xlsx([header, *rows]) if form == "xlsx" else parquet(header, rows)


def csv(header: Sequence[str], rows: Sequence[Sequence[Any]], delimiter: str = ",") -> str:
    frame = pl.DataFrame([list(row) for row in rows], schema=dict.fromkeys(header, pl.String), orient="row")
    return frame.write_csv(separator=delimiter)


def xlsx(rows: Sequence[Sequence[Any]], **options: Any) -> bytes:
    """Return a workbook of one sheet: texts as texts, numbers as numbers."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            for position, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(at, position, cell)
                elif cell is not None:
                    sheet.write(at, position, cell)
    return out.getvalue()


def parquet(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    frame = pl.DataFrame([list(row) for row in rows], schema=dict.fromkeys(header, pl.String), orient="row")
    return parquet_of(frame)


def parquet_of(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


def row(form: Format, position: int) -> int:
    """Return the row of the file in which the data row `position`, counted from 0, stands."""
    return position + (1 if form == "parquet" else 2)


def opened(content: bytes | str, *others: bytes | str, **options: Any) -> Dataset:
    """Open files, read with the given options."""
    contents = [one.encode() if isinstance(one, str) else one for one in (content, *others)]
    sources = [Source(f"file {number}", one) for number, one in enumerate(contents, start=1)]
    dataset = open_dataset(sources, {source.name: Mapping(options=Options(**options)) for source in sources})
    assert all(ENGLISH.issue(one) for one in dataset.issues)
    assert dataset.rows == dataset.rows_used + dataset.rows_set_aside == dataset.rows_used + dataset.set_aside.height
    return dataset


def found(dataset: Dataset) -> list[tuple[Any, ...]]:
    """Return what the findings say: code, column, row, count and example."""
    return [(issue.code, issue.column, issue.row, issue.count, issue.example) for issue in dataset.issues]


def codes(dataset: Dataset) -> list[str]:
    return [issue.code for issue in dataset.issues]


def issue(dataset: Dataset, code: str) -> Issue:
    (one,) = [each for each in dataset.issues if each.code == code]
    return one


def column(dataset: Dataset, name: str) -> list[Any]:
    """Return a column of the orders, or of the customers where there are no orders."""
    table = dataset.transactions if dataset.transactions is not None else dataset.customers
    return there(table)[name].to_list()


def amounts(form: Format, *cells: str | None, **options: Any) -> Dataset:
    """Open orders with these amounts, one a day from 2024-01-05 on, by customers A, B, C …"""
    rows = [(chr(65 + n), f"2024-01-{5 + n:02}", cell) for n, cell in enumerate(cells)]
    return opened(file(form, ORDERS, rows), **options)


def dates(form: Format, *cells: str | None, **options: Any) -> Dataset:
    """Open orders with these dates and amounts 1, 2, 3 …, by customers A, B, C …"""
    rows = [(chr(65 + n), cell, str(n + 1)) for n, cell in enumerate(cells)]
    return opened(file(form, ORDERS, rows), **options)


def money(*units: float) -> list[int]:
    return [round(unit * 10_000) for unit in units]


def days(*iso: str) -> list[int]:
    return [(date.fromisoformat(one) - date(1970, 1, 1)).days for one in iso]


def aside(dataset: Dataset) -> list[tuple[Any, ...]]:
    """Return the rows set aside: row, reason, column and cell."""
    return dataset.set_aside.select("row", "reason", "column", "cell").rows()
