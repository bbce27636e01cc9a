"""The summary of plain order lines written by hand in Polars, in pandas and in DuckDB: every column of `summarise`.

For files with customer_id, date, amount, cost and category (others are not read) that reach over two years or more, so
that the last 365 days are compared with the 365 before them. Each reads the file, counts money in whole
ten-thousandths, and returns one row per customer, sorted by id. Nothing is checked: cells that do not hold are not
expected.
"""

from benchmarks.summary_by_duckdb import duckdb_summary
from benchmarks.summary_by_pandas import pandas_summary
from benchmarks.summary_by_polars import polars_summary

__all__ = ["duckdb_summary", "pandas_summary", "polars_summary"]
