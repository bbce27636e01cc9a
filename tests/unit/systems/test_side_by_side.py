"""The four models side by side."""

import polars as pl

from crmdash.systems.side_by_side import SHOWN, side_by_side
from tests.unit.frames import evidence, money, sales

# `late` bought three times within two months and has been silent for nine since.
ROWS = [
    *sales("steady", {day: 10 for day in range(0, 731, 30)}),
    *sales("late", {400: 5, 430: 5, 460: 5}),
    *sales("once", {700: 1}),
]


def test_the_same_customers_by_each_model():
    found = side_by_side(evidence(ROWS, customers=[{"customer_id": "p", "region": "x"}]))
    assert found.customers == 4
    phases = found.phases.frame
    assert phases["model"].unique(maintain_order=True).to_list() == list(SHOWN)
    assert phases.group_by("model").agg(pl.col("customers").sum())["customers"].to_list() == [4, 4, 4, 4]
    assert phases.filter(phase="before")["customers"].to_list() == [1, 1, 1, 1]
    assert phases.filter(phase="gone")["customers"].to_list() == [1, 1, 1, 1]
    assert phases.filter(phase="gone")["value"].to_list() == [money(15)] * 4
    assert found.agreed + len(found.disputed.frame) <= found.customers


def test_in_dispute_is_who_is_falling_by_one_model_alone():
    # Its share of the revenue fell by less than half: decline by its money, stable by the depth of the relationship.
    rows = [
        *sales("shrinking", {day: 10.0 for day in range(0, 366, 30)} | {day: 4.0 for day in range(370, 731, 30)}),
        *sales("other", {day: 10 for day in range(0, 731, 30)}),
    ]
    found = side_by_side(evidence(rows))
    disputed = found.disputed.frame
    assert disputed.select("customer_id", "relationship", "commercial").rows() == [("shrinking", "stable", "decline")]
    assert found.customers == 2
