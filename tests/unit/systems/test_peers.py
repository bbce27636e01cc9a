"""Peers: whom a customer is compared with, and its place among them."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdash.systems.peers import among_peers, peer_groups, percentile_in


def shops(**columns: list[object]) -> pl.DataFrame:
    return pl.DataFrame(columns)


def test_the_closest_group_with_enough_customers_is_taken():
    customers = shops(
        format=["bar", "bar", "bar", "inn", "inn", None, None],
        market=["town", "town", "city", "city", "town", "town", None],
        nature=["retail", "retail", "retail", "retail", "retail", "retail", "merchant"],
    )
    peers = peer_groups(customers, smallest=2).columns
    assert peers["peers_kind"].to_list() == [
        "format_market", "format_market", "format", "format", "format", "nature", "all",
    ]  # fmt: skip
    assert peers["peers"].to_list() == ["bar · town", "bar · town", "bar", "inn", "inn", "retail", None]


def test_without_any_of_the_columns_everybody_is_a_peer():
    peers = peer_groups(shops(revenue=[1, 2, 3]))
    assert peers.columns["peers_kind"].to_list() == ["all"] * 3
    assert percentile_in(pl.Series([1, 2, 3]), peers).to_list() == pytest.approx([100 / 6, 50, 500 / 6])


def test_a_small_market_is_compared_with_its_whole_format():
    customers = shops(format=["bar"] * 4, market=["town", "town", "town", "city"])
    peers = peer_groups(customers, smallest=3)
    assert peers.kind.to_list() == ["format_market"] * 3 + ["format"]
    # Among the three of the town 1, 2, 4; the one of the city stands second of all four.
    assert percentile_in(pl.Series([1, 2, 4, 3]), peers).to_list() == pytest.approx([100 / 6, 50, 500 / 6, 62.5])
    places = among_peers(pl.DataFrame({"value": [1, 2, 4, 3]}), peers, pl.col("value").rank("min", descending=True))
    assert places["value"].to_list() == [3, 2, 1, 2]


def test_equal_values_share_a_place_and_missing_ones_have_none():
    peers = peer_groups(shops(revenue=[0] * 5))
    values = pl.Series("revenue", [7, None, 7, 1, 9])
    assert percentile_in(values, peers).to_list() == [50, None, 50, 12.5, 87.5]
    assert among_peers(values.to_frame(), peers, pl.col("revenue").median())["revenue"].to_list() == [7.0] * 5


def test_nobody_has_no_place():
    assert len(percentile_in(pl.Series([], dtype=pl.Int64), peer_groups(shops(format=[])))) == 0


NAMES = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.integers(0, 6)), min_size=1, max_size=40)


@given(NAMES)
def test_percentiles_of_a_group_have_the_mean_50_and_equal_values_are_equal(rows):
    customers = pl.DataFrame(rows, schema=["format", "market", "value"], orient="row")
    peers = peer_groups(customers, smallest=1)
    placed = customers.with_columns(*peers.columns, percentile_in(customers["value"], peers).alias("percentile"))
    for _, group in placed.group_by("peers"):
        assert group["percentile"].mean() == pytest.approx(50)
        assert (group.group_by("value").agg(pl.col("percentile").n_unique())["percentile"] == 1).all()
        ordered = group.sort("value")["percentile"]
        assert ordered.to_list() == sorted(ordered)


@given(NAMES)
def test_the_order_of_the_rows_changes_nothing(rows):
    def found(order: list[tuple[str, str, int]]) -> dict[tuple[str, str, int], float]:
        customers = pl.DataFrame(order, schema=["format", "market", "value"], orient="row")
        return dict(zip(order, percentile_in(customers["value"], peer_groups(customers, smallest=3)), strict=True))

    assert found(rows) == found(rows[::-1])
