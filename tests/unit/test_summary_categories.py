"""Breadth, top category, category loss, prices and new products."""

import pytest

from tests.unit.frames import Row, measures, sale


def lines(*triples: tuple[int, str | None, float], customer: str = "a") -> list[Row]:
    return [sale(customer, day, amount, category=category) for day, category, amount in triples]


END = lines((730, "x", 1), customer="end")
"""Sets T = 730; with a first row on day 0, L = W = 365."""


def test_breadth_counts_categories_bought_in_the_window():
    rows = lines((0, "old", 5), (366, "x", 5), (400, "x", 5), (500, "y", 0), (600, "z", -5))
    assert measures(rows + END)["breadth"] == 2


def test_breadth_is_missing_without_a_purchase_in_the_window():
    assert measures(lines((0, "x", 5), (365, "y", 5)) + END)["breadth"] is None


def test_top_category_share_is_of_all_revenue():
    assert measures(lines((0, "x", 30), (1, "x", 30), (2, "y", 40)) + END)["top_category_share"] == pytest.approx(0.6)


def test_revenue_without_a_category_counts_in_the_whole():
    assert measures(lines((0, "x", 50), (1, None, 50)) + END)["top_category_share"] == pytest.approx(0.5)


def test_category_loss_is_of_the_earlier_period():
    # Before (0, 365]: x, y, z on three purchase days; late: only x. Two of three lost.
    rows = lines((0, "w", 1), (10, "x", 1), (20, "y", 1), (365, "z", 1), (366, "x", 1), (700, "new", 1))
    found = measures(rows + END)
    assert (found["categories_before"], found["categories_lost"]) == (3, 2)
    assert found["category_loss"] == pytest.approx(2 / 3)


def test_category_loss_needs_three_earlier_purchases():
    rows = lines((0, "w", 1), (10, "x", 1), (10, "y", 1), (365, "z", 1), (700, "x", 1))
    assert measures(rows + END)["category_loss"] is None


def test_without_categories_nothing_is_said_about_them():
    found = measures([sale("a", 0, 1), sale("a", 9, 1)])
    assert not {"breadth", "category_loss", "top_category_share", "price_index"} & found.keys()


def test_price_index_compares_with_the_mean_unit_price_of_the_category():
    # a pays 60 for 2, b 40 for 3: mean 20 a unit; a would usually pay 40.
    rows = [
        sale("a", 0, 60, category="x", quantity=2),
        sale("b", 0, 40, category="x", quantity=3),
    ]
    assert measures(rows, "a")["price_index"] == pytest.approx(1.5)
    assert measures(rows, "b")["price_index"] == pytest.approx(40 / 60)


def test_new_products_are_those_first_sold_in_the_last_period():
    # T = 730, L = 365. `new` is first sold on day 366; `old` on day 0.
    rows = [sale("a", 0, 5, product="old"), sale("a", 400, 30, product="old"), sale("a", 500, 10, product="new")]
    rows += [sale("b", 366, 1, product="new"), sale("b", 730, 1, product="old")]
    assert measures(rows)["new_product_uptake"] == pytest.approx(10 / 40)


def test_the_first_ninety_days_of_a_file_make_nothing_new():
    # Span 100: L = 50; a product first sold on day 60 is in the last period but in the file's first 90 days.
    rows = [sale("a", 0, 1, product="old"), sale("a", 60, 1, product="p"), sale("a", 95, 1, product="q")]
    rows.append(sale("a", 100, 2, product="old"))
    assert measures(rows)["new_product_uptake"] == pytest.approx(1 / 4)
