"""What the pictures of the page have in common: their words, their groups, and how they are drawn."""

import html
from collections.abc import Sequence

import polars as pl

from crmdash.charts.palette import AMBER, BLUE, RUST, SLATE, tier_colour
from crmdash.charts.value import Series
from crmdash.i18n import Wording
from crmdash.settings import Settings
from crmdash.ui.words import tier_words

GRADE_COLOURS = {"a": BLUE, "b": AMBER, "c": SLATE, "d": RUST}


def tier_groups(_: Wording, means: pl.DataFrame, names: Sequence[str], settings: Settings, kind: str) -> list[Series]:
    """Return one group of bars for every tier that has customers.

    Parameters
    ----------
    means : columns tier, customers and `names`.
    kind : the table of ``value.toml`` in which the names stand.
    """
    scheme = settings.tiers.scheme
    rows = means.filter(pl.col("customers") > 0).rows(named=True)
    return [
        mean_group(_, tier_words(row["tier"], _), tier_colour(row["tier"], scheme), row, names, kind) for row in rows
    ]


def mean_group(
    _: Wording, name: str, colour: str, row: dict[str, float | None], names: Sequence[str], kind: str
) -> Series:
    """Return the bars of one group, each with what the pointer says of it."""
    customers = _.integer(row.get("customers"))
    hovers = [
        html.escape(
            _("{group}, {measure}: {mean} on average of {customers} customers", group=name,
              measure=_.term("value", f"{kind}.{measure}"), mean=_.decimal(row[measure], 1), customers=customers)
        )
        for measure in names
    ]  # fmt: skip
    return Series(html.escape(name), colour, tuple(row[measure] for measure in names), tuple(hovers))
