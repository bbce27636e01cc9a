"""The invented rows per customer of the benchmarks are what summarise makes of the invented order lines."""

import polars as pl
from polars.testing import assert_frame_equal

from benchmarks.invented import AS_OF, invent_orders, invent_summary, order_lines
from crmdash.summary import Tables, summarise


def test_rows_are_what_the_lines_are_summarised_to():
    lines = order_lines(invent_orders(2_000, seed=7))
    summarised, invented = summarise(Tables.of(lines), as_of=AS_OF), invent_summary(2_000, seed=7)
    assert_frame_equal(invented.customers, summarised.customers, check_column_order=False, check_exact=True)
    assert (invented.clock, invented.market, invented.period) == (
        summarised.clock,
        summarised.market,
        summarised.period,
    )


def test_nothing_in_the_base_is_all_the_same():
    customers = invent_summary(2_000).customers
    told = customers.drop("customer_id", "internal", "in_base", "prospect", "open_matters")
    assert min(told.select(pl.all().n_unique()).row(0)) > 3
    assert customers["orders"].max() == 24
    assert (customers["customer_profit"] < 0).any()
