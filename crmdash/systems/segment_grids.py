"""Customers in the cells of a segment grid: classes by cut values of the whole base, and the segment of every cell."""

from typing import Final

import polars as pl

from crmdash.model.grids import SegmentMap, all_cells, class_of, cut_values
from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.rule_settings import SystemCode as Code
from crmdash.systems.conditions import everybody
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, Table, row_of

NEEDS: Final = (
    ("transactions", "customers.last_purchase", "customers.recency"), ("transactions", "customers.orders"),
)  # fmt: skip

SEGMENT: Final = Column("segment", "code", "kinds:segment")


Cuts = dict[str, list[float]]
"""Cut values by dimension, see `crmdash.model.grids.cut_values`."""


def class_column(dimension: str) -> str:
    """Return the name of the column that holds the class of a dimension."""
    return f"{dimension}_class"


def measured(dimension: str, value: str) -> pl.Expr:
    """Return what a dimension is measured by: the larger, the better; days since the last purchase count backwards."""
    return {"recency": -pl.col("recency"), "frequency": pl.col("orders"), "money": pl.col(value)}[dimension]


def grid_cuts(evidence: Evidence, segments: SegmentMap, classes: int) -> Cuts:
    """Return the cut values of each dimension, those of the whole base whatever filter is on."""
    base, value = everybody(evidence), evidence.settings.tiers.measure
    if "recency" not in base.columns:
        return {dimension: [] for dimension in segments.dimensions}
    dated = base.select(
        pl.when(pl.col("recency").is_not_null()).then(measured(dimension, value)).alias(dimension)
        for dimension in segments.dimensions
    )
    return {dimension: cut_values(dated[dimension], classes) for dimension in segments.dimensions}


def grid_report(evidence: Evidence, segments: SegmentMap, classes: int) -> Report:
    """Put every customer of the base into its cell; who never bought has none."""
    limits = grid_cuts(evidence, segments, classes)
    placed = _placed(evidence, segments, limits, classes)
    cells = _cells(placed, segments, classes)
    by_segment = _by_segment(cells, segments)
    figures = {
        "customers": Figure("count", int(cells["customers"].sum())),
        "segments": Figure("count", int((by_segment["customers"] > 0).sum())),
        "empty_cells": Figure("count", int((cells["customers"] == 0).sum())),
    }
    axes = tuple(Column(class_column(name), "count") for name in segments.dimensions)
    rows = (*CUSTOMER, TIER, SEGMENT, *axes, Column("recency", "count"), Column("orders", "count"),
            Column("value", "money"))  # fmt: skip
    counts = (Column("customers", "count"), Column("share", "percent"), Column("value", "money"),
              Column("value_share", "percent"))  # fmt: skip
    tables = {
        "by_segment": Table(by_segment, (SEGMENT, *counts)),
        "cells": Table(cells, (*axes, SEGMENT, *counts)),
        "cuts": Table(_cut_table(limits), _CUTS),
    }
    return Report(figures, Table(placed, rows), tables)


_CUTS: Final = (
    Column("dimension", "code", "kinds:dimension"),
    Column("class_number", "count"),
    Column("up_to", "decimal"),
)


def _placed(evidence: Evidence, segments: SegmentMap, cuts: Cuts, classes: int) -> pl.DataFrame:
    base = evidence.base
    if "recency" not in base.columns:
        base = base.with_columns(recency=pl.lit(None, pl.Int64))
    dated = pl.col("recency").is_not_null()
    numbers = {class_column(name): pl.when(dated).then(class_of(measured(name, "value"), cuts[name])) for name in cuts}
    return base.with_columns(**numbers).with_columns(segment=_segment(segments, classes))


def _segment(segments: SegmentMap, classes: int) -> pl.Expr:
    """Return the segment of a customer's cell, by one number for the cell."""
    number = pl.lit(0, pl.Int64)
    for name in segments.dimensions:
        number = number * (classes + 1) + pl.col(class_column(name))
    known = {}
    for cell, segment in segments.segment_of(classes).items():
        place = 0
        for part in cell:
            place = place * (classes + 1) + part
        known[place] = segment
    return number.replace_strict(known, default=None, return_dtype=pl.String)


def _cells(placed: pl.DataFrame, segments: SegmentMap, classes: int) -> pl.DataFrame:
    """Count customers and value of every cell, empty ones too."""
    axes = [class_column(name) for name in segments.dimensions]
    of, every = segments.segment_of(classes), list(all_cells(len(axes), classes))
    listed = pl.DataFrame(every, schema=dict.fromkeys(axes, pl.Int64), orient="row").with_columns(
        segment=pl.Series([of.get(cell) for cell in every], dtype=pl.String)
    )
    counted = placed.group_by(axes).agg(customers=pl.len().cast(pl.Int64), value=pl.col("value").sum())
    return _shared(listed.join(counted, on=axes, how="left", maintain_order="left"))


def _by_segment(cells: pl.DataFrame, segments: SegmentMap) -> pl.DataFrame:
    summed = cells.group_by("segment").agg(pl.col("customers", "value").sum())
    listed = pl.DataFrame({"segment": list(segments.segments)})
    return _shared(listed.join(summed, on="segment", how="left", maintain_order="left"))


def _shared(counted: pl.DataFrame) -> pl.DataFrame:
    filled = counted.with_columns(pl.col("customers", "value").fill_null(0))
    customers, value = filled["customers"].sum(), filled["value"].sum()
    return filled.with_columns(
        share=pl.col("customers") / pl.lit(customers or None),
        value_share=pl.col("value") / pl.lit(value if value > 0 else None),
    )


def _cut_table(limits: Cuts) -> pl.DataFrame:
    """Return the cuts as they are read: recency in days again, money in currency units."""
    shown = {"recency": -1.0, "frequency": 1.0, "money": 1e-4}
    rows = [
        {"dimension": name, "class_number": number, "up_to": cut * shown[name] if cut else 0.0}
        for name, cuts in limits.items()
        for number, cut in enumerate(cuts, 1)
    ]
    return pl.DataFrame(rows, schema={"dimension": pl.String, "class_number": pl.Int64, "up_to": pl.Float64})


def explain_cell(code: Code, found: Report, customer: Customer) -> Explanation | None:
    """Say in which segment a customer is, and by which classes."""
    row = row_of(found, customer)
    if row is None or row["segment"] is None:
        return None
    label = Phrase("say.segment", {"segment": Figure("term", f"kinds:segment.{row['segment']}")}, "kinds")
    axes = [class_column(name) for name in ("recency", "frequency", "money")]
    classes = {name: Figure("count", row[name]) for name in axes if name in row}
    measures = {"days": Figure("days", row["recency"]), "orders": Figure("count", row["orders"]),
                "value": Figure("money", row["value"])}  # fmt: skip
    return Explanation(label, (Phrase(f"because.{code}", classes | measures, "kinds"),))
