"""Customers like one customer, and what the larger of them buy that it does not."""

from dataclasses import dataclass
from typing import Final

import polars as pl

COMPARED: Final = ("revenue", "orders", "rhythm", "breadth", "tenure")
"""Measures by which customers are alike."""

ALIKE: Final = ("nature", "format")
"""What customers have in common where enough of them do: the first is given up last."""

NEAREST: Final = 5


@dataclass(frozen=True, eq=False)
class Similar:
    """The nearest customers as rows of `Evaluation.customers`, nearest first; `alike` is what all have in common."""

    customers: pl.DataFrame
    alike: tuple[str, ...]


@dataclass(frozen=True)
class NextCategory:
    """A category that a customer never bought, with how many of how many others did."""

    category: str
    buyers: int
    others: int


def standings(customers: pl.DataFrame) -> pl.DataFrame:
    """Return where each customer of the base stands: its mid-rank percentile (0-1) of every measure of `COMPARED`.

    Mid-rank: (rank - 0.5) / number of customers with a value, equal values sharing their mean rank. Missing stays
    missing. The order of `customers` is kept; columns of `ALIKE` come along.
    """
    base = customers.filter("in_base")
    kept = [name for name in ALIKE if name in base.columns]
    measures = [name for name in COMPARED if name in base.columns]
    percentiles = {name: (pl.col(name).rank("average") - 0.5) / pl.col(name).count() for name in measures}
    return base.select("customer_id", *kept, **percentiles)


def similar(customers: pl.DataFrame, standing: pl.DataFrame, customer_id: str, count: int = NEAREST) -> Similar | None:
    """Return the customers nearest to one customer by the mean squared distance of their percentiles.

    Only measures that both know count, and a neighbour shares at least half of those this customer has. Compared are
    customers of the same nature and format; where these are fewer than `count`, of the same nature, else all.

    Parameters
    ----------
    customers : `Evaluation.customers`.
    standing : `standings(customers)`.

    Returns
    -------
    None for a customer outside the base, or one of which no measure is known.
    """
    own = standing.filter(pl.col("customer_id") == customer_id)
    known = [name for name in COMPARED if name in own.columns and len(own) and own[name].item() is not None]
    if not known:
        return None
    others, alike = _comparable(standing, own, count)
    shared = pl.sum_horizontal(pl.col(name).is_not_null() for name in known)
    squares = pl.sum_horizontal((pl.col(name) - own[name].item()) ** 2 for name in known)
    measured = others.with_row_index("place").filter(2 * shared >= len(known)).with_columns(distance=squares / shared)
    nearest = measured.bottom_k(count, by=["distance", "place"]).sort("distance", "place").select("customer_id")
    return Similar(nearest.join(customers, on="customer_id", how="left", maintain_order="left"), alike)


def _comparable(standing: pl.DataFrame, own: pl.DataFrame, count: int) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return the others that have most in common with the customer, as long as there are `count` of them."""
    others = standing.filter(pl.col("customer_id") != own["customer_id"].item())
    alike = tuple(name for name in ALIKE if name in own.columns and own[name].item() is not None)
    while alike:
        same = others.filter(pl.col(name) == own[name].item() for name in alike)
        if len(same) >= count:
            return same, alike
        alike = alike[:-1]
    return others, ()


def next_category(transactions: pl.DataFrame, customer_id: str, larger: list[str], as_of: int) -> NextCategory | None:
    """Return the category that most of the `larger` customers bought up to day `as_of` and this one never did.

    Of equally frequent ones the category of more revenue with them. None without categories or without such a one.
    """
    if "category" not in transactions.columns or not larger:
        return None
    bought = transactions.filter(
        pl.col("customer_id").is_in([customer_id, *larger]),
        (pl.col("date") <= as_of) & (pl.col("amount") >= 0) & pl.col("category").is_not_null(),
    )
    own = pl.col("customer_id") == customer_id
    lacking = bought.filter(~own).join(bought.filter(own), on="category", how="anti")
    counted = lacking.group_by("category").agg(buyers=pl.col("customer_id").n_unique(), revenue=pl.col("amount").sum())
    if not len(counted):
        return None
    best = counted.sort(["buyers", "revenue", "category"], descending=[True, True, False]).row(0, named=True)
    return NextCategory(best["category"], best["buyers"], len(larger))
