"""Measures that a rule may ask for, whether or not the data holds them."""

import polars as pl


def with_measures(customers: pl.DataFrame, *names: str) -> pl.DataFrame:
    """Return customers with a column for every measure named; all missing where the data holds none."""
    absent = [pl.lit(None, pl.Float64).alias(name) for name in names if name not in customers.columns]
    return customers.with_columns(absent)


def first_held(customers: pl.DataFrame, *names: str) -> str | None:
    """Return the first of some measures that is known of anybody; None where none is."""
    return next((name for name in names if name in customers.columns and customers[name].count()), None)
