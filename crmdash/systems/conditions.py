"""Conditions on customers as tables hold them: what is missing never counts as evidence."""

import polars as pl

from crmdash.evaluate import label
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
    # Few texts stand for many customers: each is read once.
    texts = customers["tags"].drop_nulls().unique()
    marked = pl.concat_str(pl.lit(";"), texts, pl.lit(";"))
    carrying = texts.filter(pl.select(marked.str.contains(f";{tag};", literal=True)).to_series())
    return surely(pl.col("tags").is_in(carrying.implode()))


def everybody(evidence: Evidence) -> pl.DataFrame:
    """Return the measures of the whole base, whatever filter narrows the customers looked at; in no order.

    What is usual comes from here, so that a filter changes nobody's label.
    """
    if not evidence.evaluation.scope.active:
        return evidence.base
    return evidence.remember("everybody", lambda: evidence.summary.customers.filter("in_base"))


def everybody_labelled(evidence: Evidence) -> pl.DataFrame:
    """Return the whole base with measures, tier, stage and phase of now, whatever filter is on, by the lines in force.

    What is usual in a tier or phase comes from here, so that the parts of a base add up.
    """
    if not evidence.evaluation.scope.active:
        return evidence.base
    return evidence.remember(
        "everybody labelled",
        lambda: label(evidence.summary, evidence.settings, evidence.evaluation.scope).filter("in_base"),
    )


def percentile(customers: pl.DataFrame, name: str, percent: float) -> float | None:
    """Return a percentile of a measure over the customers of whom it is known (linear between two values)."""
    if name not in customers.columns or not customers[name].count():
        return None
    found = customers[name].quantile(percent / 100, "linear")
    return None if found is None else float(found)


def usual_percentile(evidence: Evidence, name: str, percent: float) -> float | None:
    """Return a percentile of a measure of the summary over the whole base; computed once for the summary."""
    key = f"percentile {percent} of {name}"
    return evidence.remember_lasting(key, lambda: percentile(everybody(evidence), name, percent))


def at_least(measured: pl.Expr, limit: float | None) -> pl.Expr:
    """Return whether a measure surely reaches a limit; never where there is no limit."""
    return pl.lit(False) if limit is None else surely(measured >= limit)


def at_most(measured: pl.Expr, limit: float | None) -> pl.Expr:
    """Return whether a measure surely stays within a limit; never where there is no limit."""
    return pl.lit(False) if limit is None else surely(measured <= limit)
