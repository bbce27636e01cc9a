"""Peers: whom a customer is compared with, and its place among them.

The peer group of a customer is its format x market where that holds enough customers, else its format, else its
nature, else everybody. Groups overlap: a customer of a small market is compared with its whole format, those of the
format's large markets included.

Examples
--------
>>> shops = pl.DataFrame({"format": ["shop"] * 4 + ["bar"], "revenue": [10, 20, 20, 40, 99]})
>>> peers = peer_groups(shops, smallest=4)
>>> peers.columns["peers"].to_list()
['shop', 'shop', 'shop', 'shop', None]
>>> percentile_in(shops["revenue"], peers).to_list()
[12.5, 50.0, 50.0, 87.5, 90.0]
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

FEWEST: Final = 10
"""A smaller group says little about what is usual."""

ALIKE_IN: Final[dict[str, tuple[str, ...]]] = {
    "format_market": ("format", "market"),
    "format": ("format",),
    "nature": ("nature",),
    "all": (),
}
"""What the members of a group share, by the kind of group, the closest kind first."""

_NUMBERS: Final = 2**32


@dataclass(frozen=True, eq=False)
class Peers:
    """The peer group of every customer, in the order of the customers it was made from.

    Attributes
    ----------
    columns : peers (name of the group in words of the data, such as "hotel · town"; null for everybody) and
        peers_kind (one of `ALIKE_IN`), to stand beside the customers' own columns; the two together name a group.
    keys : for every kind, the number of the group that a customer belongs to by that kind; null where unknown.
    """

    columns: pl.DataFrame
    keys: pl.DataFrame

    @property
    def kind(self) -> pl.Series:
        """The kind of every customer's group."""
        return self.columns["peers_kind"]


def peer_groups(customers: pl.DataFrame, smallest: int = FEWEST) -> Peers:
    """Find whom every customer is compared with: the closest kind of group with at least `smallest` customers.

    Parameters
    ----------
    customers : those to be compared with each other, usually the whole base, with any of format, market and nature.
    """
    keyed = customers.with_columns(_key(kind, customers.columns).alias(f"key:{kind}") for kind in ALIKE_IN)
    keys = keyed.select(pl.col(f"key:{kind}").alias(kind) for kind in ALIKE_IN)
    sizes = keys.select(pl.len().over(kind).alias(kind) for kind in ALIKE_IN)
    enough = [
        pl.when(pl.lit(kind == "all") | (keys[kind].is_not_null() & (sizes[kind] >= smallest))).then(pl.lit(kind))
        for kind in ALIKE_IN
    ]
    named = customers.with_columns(peers_kind=pl.coalesce(enough)).with_columns(peers=_name(customers.columns))
    return Peers(named.select("peers", "peers_kind"), keys)


def _key(kind: str, columns: list[str]) -> pl.Expr:
    """Number the groups of a kind, so that grouping compares numbers instead of words."""
    parts = ALIKE_IN[kind]
    if not set(parts) <= set(columns):
        return pl.lit(None, pl.UInt64)
    key = pl.lit(0, pl.UInt64)
    for part in parts:
        key = key * _NUMBERS + pl.col(part).cast(pl.Categorical).to_physical().cast(pl.UInt64)
    return key


def _name(columns: list[str]) -> pl.Expr:
    names = [
        pl.when(pl.col("peers_kind") == kind).then(pl.concat_str(parts, separator=" · "))
        for kind, parts in ALIKE_IN.items()
        if parts and set(parts) <= set(columns)
    ]
    return pl.coalesce(names) if names else pl.lit(None, pl.String)


def among_peers(values: pl.DataFrame, peers: Peers, *measures: pl.Expr) -> pl.DataFrame:
    """Return measures of each customer's peer group, such as a median, or of the customer in it, such as a rank.

    Parameters
    ----------
    values : columns with a value for each customer of `peers`, in their order.
    measures : aggregations or rankings of these columns, as they are within one group.
    """
    found = []
    for kind in peers.kind.unique(maintain_order=True):
        asked = peers.kind == kind
        rows = values.with_columns(peers.keys[kind].alias(_KEY), asked.alias(_ASKED))
        if asked.all():
            return rows.select(measure.over(_KEY) for measure in measures)
        concerned = rows.with_row_index(_ROW).filter(pl.col(_ASKED).any().over(_KEY))
        measured = concerned.select(_ROW, _ASKED, *(measure.over(_KEY) for measure in measures))
        found.append(measured.filter(_ASKED).drop(_ASKED))
    # Of nobody an aggregation would still make a row.
    return pl.concat(found).sort(_ROW).drop(_ROW) if found else values.select(measures).clear()


_KEY: Final = "peers:key"
_ASKED: Final = "peers:asked"
_ROW: Final = "peers:row"


def percentile_in(values: pl.Series, peers: Peers) -> pl.Series:
    """Return the percentile (0-100) of each value among the peers' known ones; see `percentile_among`."""
    return among_peers(values.alias("value").to_frame(), peers, percentile_among("value"))["value"].alias(values.name)


def percentile_among(name: str) -> pl.Expr:
    """Return the percentile of a column's values among the known ones of a group, for `among_peers`.

    percentile = 100 x (middle rank - 1/2) / number of known values. Equal values have equal percentiles, and those of
    a whole group have the mean 50; missing stays missing.
    """
    middle = pl.col(name).rank("average").cast(pl.Float64)
    return ((middle - 0.5) * 100 / pl.col(name).count()).alias(name)
