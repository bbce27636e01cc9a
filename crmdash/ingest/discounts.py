"""What a discount column holds (money, a fraction or per cent), and what that is in money."""

from typing import Final

import polars as pl

from crmdash.columns import MONEY_SCALE
from crmdash.ingest.options import DiscountUnit
from crmdash.ingest.values import fraction_of, parse_money

_MONEY_WORDS: Final = ("amount", "value", "amt", "金额", "金額", "额", "額", "折让", "折讓", "优惠", "優惠")
_PERCENT_WORDS: Final = ("%", "％", "percent", "pct", "百分")


def guess_discount(header: str, cells: pl.Series) -> DiscountUnit | None:
    """Return what a discount column holds, None where it could be per cent as well as money.

    All values from 0 to 1 are fractions; a per cent sign in the name or the cells means per cent; a word for money in
    the name or a value above 100 (or below 0) means money.
    """
    name = header.casefold()
    if any(word in name for word in _PERCENT_WORDS) or cells.str.contains(r"[%％]\s*$").any():
        return "percent"
    values = parse_money(cells).values.drop_nulls()
    if any(word in name for word in _MONEY_WORDS):
        return "money"
    if values.is_between(0, MONEY_SCALE).all():
        return "fraction"
    return None if values.is_between(0, 100 * MONEY_SCALE).all() else "money"


def discount_money(
    values: pl.Series, unit: DiscountUnit, amount: pl.Series, list_amount: pl.Series | None = None
) -> pl.Series:
    """Return discounts in ten-thousandths of the currency unit.

    `values` are the column's numbers in ten-thousandths of what it holds. A share f gives list × f where the list
    amount is known, else amount × f ÷ (1 − f): the amount is what was paid.
    """
    if unit == "money":
        return values
    # Halves go up, as on engines; rounding in place would take them to the even neighbour.
    share = values if unit == "fraction" else (values.cast(pl.Float64) / 100 + 0.5).floor().cast(pl.Int64)
    share = pl.select(s=share).select(pl.when(pl.col("s").is_between(0, MONEY_SCALE)).then("s")).to_series()
    net = fraction_of(amount, share, of_list=False)
    if list_amount is None:
        return net
    listed = fraction_of(list_amount, share, of_list=True)
    return pl.select(listed=listed, net=net).select(pl.coalesce("listed", "net")).to_series()
