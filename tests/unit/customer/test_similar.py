"""Customers like one customer, counted by hand."""

from typing import Any

import polars as pl
import pytest

from crmdash.customer.similar import NextCategory, next_category, similar, standings
from tests.unit.frames import evaluated, sale, table


def base(rows: list[tuple[Any, ...]], **columns: list[Any]) -> pl.DataFrame:
    """Customers with revenue and orders, all in the base."""
    schema = {"customer_id": pl.String, "revenue": pl.Int64, "orders": pl.Int64}
    return pl.DataFrame(rows, schema, orient="row").with_columns(
        in_base=True, **{k: pl.Series(v) for k, v in columns.items()}
    )


LINE = base([(name, 100 - place, 10) for place, name in enumerate("abcdefghij")])
"""Ten customers in a row by revenue, all with as many orders."""


def nearest(customers: pl.DataFrame, customer_id: str, count: int = 5) -> list[str]:
    found = similar(customers, standings(customers), customer_id, count)
    assert found is not None
    return found.customers["customer_id"].to_list()


def test_standings_are_mid_rank_percentiles():
    told = standings(base([("a", 30, 1), ("b", 20, 1), ("c", 20, 1), ("d", None, 1)]))
    assert told["revenue"].to_list() == pytest.approx([2.5 / 3, 1 / 3, 1 / 3, None])
    assert told["orders"].to_list() == [0.5] * 4
    assert told.columns == ["customer_id", "revenue", "orders"]


def test_the_nearest_come_first_and_ties_keep_the_order_of_value():
    assert nearest(LINE, "e") == ["d", "f", "c", "g", "b"]
    assert nearest(LINE, "a") == ["b", "c", "d", "e", "f"]
    assert nearest(LINE, "e", 2) == ["d", "f"]


def test_only_measures_known_of_both_count():
    customers = base([("a", 100, 50), ("b", None, 49), ("c", 90, 10), ("d", 10, None), ("e", 95, 1)])
    # b and d share one measure of two with a, which is half, and enough: b stands 0.25 away from a in orders, and
    # d 0.75 in revenue; c is 0.5 and 0.5 away, e 0.25 and 0.75.
    assert nearest(customers, "a", 4) == ["b", "c", "e", "d"]


def test_compared_are_those_of_the_same_nature_and_format():
    natures = ["retail", "merchant"] * 5
    customers = LINE.with_columns(nature=pl.Series(natures))
    found = similar(customers, standings(customers), "e", 3)
    assert found is not None
    assert (found.customers["customer_id"].to_list(), found.alike) == (["c", "g", "a"], ("nature",))


def test_what_too_few_have_in_common_is_given_up_format_first():
    customers = LINE.with_columns(nature=pl.Series(["retail"] * 6 + ["merchant"] * 4), format=pl.lit("kiosk"))
    customers = customers.with_columns(
        format=pl.when(pl.col("customer_id") == "e").then(pl.lit("bar")).otherwise("format")
    )
    found = similar(customers, standings(customers), "e")
    assert found is not None
    assert (found.customers["customer_id"].to_list(), found.alike) == (["d", "f", "c", "b", "a"], ("nature",))
    few = similar(customers, standings(customers), "j")
    assert few is not None
    assert (few.customers["customer_id"].to_list(), few.alike) == (["i", "h", "g", "f", "e"], ())


def test_who_has_bought_nothing_is_like_nobody():
    customers = LINE.with_columns(in_base=pl.col("customer_id") != "c")
    assert similar(customers, standings(customers), "c") is None
    assert similar(customers, standings(customers), "unknown") is None
    assert "c" not in nearest(customers, "d", 9)


def test_a_single_customer_has_no_others():
    alone = LINE.head(1)
    assert nearest(alone, "a") == []


def test_rows_of_the_evaluation_are_returned():
    evaluation = evaluated([sale(name, day, 10 + day) for name in "abc" for day in (0, 5, 9)])
    found = similar(evaluation.customers, standings(evaluation.customers), "a")
    assert found is not None
    assert found.customers.columns == evaluation.customers.columns
    assert found.customers["customer_id"].to_list() == ["b", "c"]


BOUGHT = table(
    "transactions",
    [
        sale("a", 1, 5, category="tea"),
        sale("b", 1, 5, category="tea"),
        sale("b", 1, 5, category="rice"),
        sale("c", 2, 50, category="oil"),
        sale("c", 3, 5, category="rice"),
        sale("b", 4, 9, category="oil"),
        sale("c", 9, 9, category="salt"),
        sale("b", 9, 9, category="salt"),
        sale("b", 9, 90, category="salt"),
        sale("c", 1, 9, category=None),
        sale("d", 1, 99, category="fish"),
    ],
)


def test_the_next_category_is_the_one_most_of_the_larger_bought():
    assert next_category(BOUGHT, "a", ["b", "c"], as_of=3) == NextCategory("rice", 2, 2)
    # Oil and rice both have two buyers then; oil brought more.
    assert next_category(BOUGHT, "a", ["b", "c"], as_of=4) == NextCategory("oil", 2, 2)
    assert next_category(BOUGHT, "a", ["b", "c"], as_of=9) == NextCategory("salt", 2, 2)


def test_a_returned_category_was_not_bought():
    rows = table("transactions", [sale("a", 1, 5, category="tea"), sale("b", 1, -5, category="rice")])
    assert next_category(rows, "a", ["b"], as_of=9) is None


def test_no_category_without_a_column_or_larger_customers():
    assert next_category(BOUGHT.drop("category"), "a", ["b"], as_of=9) is None
    assert next_category(BOUGHT, "a", [], as_of=9) is None
    assert next_category(BOUGHT, "b", ["a"], as_of=9) is None
