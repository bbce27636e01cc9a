"""Conditions on customers as tables hold them: what is missing never counts as evidence."""

import polars as pl

from crmdash.systems.evidence import Evidence


def held(customers: pl.DataFrame, name: str) -> pl.Expr:
    """Return the column `name`, or a missing number where the data has no such measure."""
    return pl.col(name) if name in customers.columns else pl.lit(None, pl.Float64)


def surely(condition: pl.Expr) -> pl.Expr:
    """Return `condition` with missing read as false."""
    return condition.fill_null(False)


def either(*conditions: pl.Expr) -> pl.Expr:
    """Return whether any condition surely holds."""
    return pl.any_horizontal(*(surely(condition) for condition in conditions))


def tagged(customers: pl.DataFrame, tag: str) -> pl.Expr:
    """Return whether a customer carries one of the tags that the customers table knows."""
    if "tags" not in customers.columns:
        return pl.lit(False)
    return surely(pl.concat_str(pl.lit(";"), "tags", pl.lit(";")).str.contains(f";{tag};", literal=True))


def everybody(evidence: Evidence) -> pl.DataFrame:
    """Return the measures of the whole base, whatever filter narrows the customers looked at.

    What is usual comes from here, so that a filter changes nobody's label.
    """
    return evidence.remember("everybody", lambda: evidence.summary.customers.filter("in_base"))


def percentile(customers: pl.DataFrame, name: str, percent: float) -> float | None:
    """Return a percentile of a measure over the customers of whom it is known (linear between two values)."""
    if name not in customers.columns or not customers[name].count():
        return None
    found = customers[name].quantile(percent / 100, "linear")
    return None if found is None else float(found)


def at_least(measured: pl.Expr, limit: float | None) -> pl.Expr:
    """Return whether a measure surely reaches a limit; never where there is no limit."""
    return pl.lit(False) if limit is None else surely(measured >= limit)


def at_most(measured: pl.Expr, limit: float | None) -> pl.Expr:
    """Return whether a measure surely stays within a limit; never where there is no limit."""
    return pl.lit(False) if limit is None else surely(measured <= limit)
