"""What a customer buys: breadth, lost categories, new products, prices paid."""

import narwhals as nw

from crmdash.engine import Lazy, grouped
from crmdash.summary.clock import Clock
from crmdash.summary.tables import columns_of, number_of, ratio, total
from crmdash.summary.volume import LARGEST_QUANTITY, thousandths

LAUNCH_QUIET_DAYS = 90
"""A product first sold in the file's first days may be old: it does not count as new."""


def count_categories(transactions: Lazy, clock: Clock) -> Lazy | None:
    """Summarise categories into one row per customer; None without a category column or a date.

    Columns: breadth (categories bought in W; missing without a purchase in W), top_category_share, categories_before
    and categories_lost (bought in the earlier comparison period, and of those not in the last one).
    """
    if "category" not in columns_of(transactions) or clock.as_of is None:
        return None
    amount, day = nw.col("amount"), nw.col("date")
    length = clock.comparison or 0
    late, before = clock.as_of - length, clock.as_of - 2 * length
    each = grouped(
        transactions,
        ("customer_id", "category"),
        revenue=total(amount),
        in_window=number_of((day > clock.as_of - clock.window) & (amount >= 0)),
        in_late=number_of((day > late) & (amount >= 0)),
        in_before=number_of((day > before) & (day <= late) & (amount >= 0)),
    )
    named = ~nw.col("category").is_null()
    counted = each.group_by("customer_id").agg(
        breadth=number_of(named & (nw.col("in_window") > 0)),
        top=nw.when(named).then(nw.col("revenue")).max(),
        all=total(nw.col("revenue")),
        categories_before=number_of(named & (nw.col("in_before") > 0)),
        categories_lost=number_of(named & (nw.col("in_before") > 0) & (nw.col("in_late") == 0)),
    )
    return counted.with_columns(
        breadth=nw.when(nw.col("breadth") > 0).then(nw.col("breadth")),
        top_category_share=ratio(nw.col("top"), nw.col("all")),
    ).drop("top", "all")


def compare_prices(transactions: Lazy) -> Lazy | None:
    """Return each customer's price index: revenue over what its quantities cost at the category's mean unit price.

    Lines of quantity > 0 and amount >= 0 count; None without quantity and category.
    """
    if not {"category", "quantity"} <= columns_of(transactions):
        return None
    amount = nw.col("amount")
    sensible = (nw.col("quantity") > 0) & (nw.col("quantity") <= LARGEST_QUANTITY)
    lines = transactions.filter(sensible & (amount >= 0) & ~nw.col("category").is_null())
    # Whole numbers all the way, so that the order of rows changes nothing.
    lines = lines.with_columns(units=thousandths(nw.col("quantity")))
    prices = lines.group_by("category").agg(category_sold=total(amount), category_units=total(nw.col("units")))
    usual = nw.col("units") * (nw.col("category_sold") / nw.col("category_units"))
    priced = lines.join(prices, on="category", how="left").with_columns(usual=(usual + 0.5).floor().cast(nw.Int64))
    summed = priced.group_by("customer_id").agg(paid=total(amount), usual=total(nw.col("usual")))
    return summed.select("customer_id", price_index=ratio(nw.col("paid"), nw.col("usual")))


def take_up_new_products(transactions: Lazy, clock: Clock) -> Lazy | None:
    """Return the share of each customer's last-period revenue from products first sold in that period."""
    if "product" not in columns_of(transactions) or clock.as_of is None or clock.comparison is None:
        return None
    assert clock.span is not None
    start, late = clock.as_of - clock.span, clock.as_of - clock.comparison
    launched = transactions.group_by("product").agg(launch=nw.col("date").min())
    rows = transactions.filter(nw.col("date") > late).join(launched, on="product", how="left")
    new = (nw.col("launch") > late) & (nw.col("launch") >= start + LAUNCH_QUIET_DAYS)
    summed = rows.group_by("customer_id").agg(new=total(nw.col("amount"), new), all=total(nw.col("amount")))
    return summed.select("customer_id", new_product_uptake=ratio(nw.col("new"), nw.col("all")))
