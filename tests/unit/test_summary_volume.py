"""Quantities, planned orders and channels."""

import pytest

from tests.unit.frames import measures, sale, summarised

END = [sale("end", 730, 1)]
"""Sets T = 730: the window is (365, 730]."""


def test_quantities_of_sales_in_the_window_add_up_exactly():
    # Thrice 0.1 is 0.3; returns (amount < 0) and what lies before the window do not count.
    quantities = [(365, 5, 9.0), (366, 5, 0.1), (400, 5, 0.1), (730, 0, 0.1), (500, -5, 7.0), (600, 5, None)]
    rows = [sale("a", day, amount, quantity=quantity) for day, amount, quantity in quantities]
    assert measures(rows + END)["quantity_window"] == 0.3


def test_a_quantity_is_missing_where_no_sale_of_the_window_states_one():
    rows = [sale("a", 400, 5, quantity=None), sale("b", 1, 5, quantity=2)]
    assert measures(rows + END, "a")["quantity_window"] is None
    assert measures(rows + END, "b")["quantity_window"] == 0
    assert "quantity_window" not in measures(END, "end")


def test_an_absurd_quantity_is_none():
    rows = [sale("a", 400, 5, quantity=1e30, category="x"), sale("a", 401, 5, quantity=2, category="x")]
    found = measures(rows + END)
    assert (found["quantity_window"], found["price_index"]) == (2, 1)


def test_planned_share_is_of_the_sales_that_say_it():
    told = [(0, 5, True), (1, 5, True), (2, 0, False), (3, 5, None), (4, -5, True)]
    rows = [sale("a", day, amount, planned=planned) for day, amount, planned in told]
    rows.append(sale("b", 9, 5, planned=None))
    assert measures(rows)["planned_share"] == pytest.approx(2 / 3)
    assert measures(rows, "b")["planned_share"] is None
    assert "planned_share" not in measures([sale("a", 0, 5)])


def test_channels_are_those_of_sales_in_the_window():
    used = [(365, 5, "agent"), (366, 5, "web"), (400, 5, "web"), (500, 0, "shop"), (600, -5, "phone"), (700, 5, None)]
    rows = [sale("a", day, amount, channel=channel) for day, amount, channel in used]
    rows += [sale("b", 1, 5, channel="web"), sale("c", 700, 5, channel=None)]
    found = summarised(rows + END).customers
    assert dict(found.select("customer_id", "channels_window").iter_rows()) == {
        "a": 2,
        "b": None,
        "c": None,
        "end": None,
    }
    assert "channels_window" not in measures([sale("a", 0, 5)])
