"""The empowered customer (S20b): who buys through how many channels, asks how much, and came by recommendation."""

from typing import Final

import narwhals as nw
import polars as pl

from crmdash.phrases import Figure
from crmdash.summary.tables import total
from crmdash.systems.evidence import Evidence
from crmdash.systems.places import base_places, by_place
from crmdash.systems.report import Column, Report, System, Table
from crmdash.systems.rows import rows_by_pair, rows_of

MANY: Final = 3
"""So many channels and more stand in one row."""

_OF_CUSTOMERS: Final = ("channels_window", "revenue_window", "orders_window", "enquiries_window", "referred_by")

_ROWS: Final = (
    Column("channels", "text"),
    Column("customers", "count"),
    Column("share", "percent"),
    Column("revenue", "money"),
    Column("revenue_share", "percent"),
    Column("revenue_per_customer", "money"),
    Column("orders_per_customer", "decimal"),
    Column("enquiries_per_order", "decimal"),
    Column("referred_share", "percent"),
)
_CHANNELS: Final = (
    Column("channel", "text"),
    Column("customers", "count"),
    Column("share", "percent"),
    Column("revenue", "money"),
    Column("revenue_share", "percent"),
)


def report(evidence: Evidence) -> Report:
    """Group the customers who bought in W by the number of channels they used in it.

    Revenue, purchases and enquiries are those of W. Enquiries need contacts, the share referred `referred_by`.
    """
    rows = by_number(evidence.base)
    several = rows.filter(pl.col("channels") != "1")
    customers, using_several = int(rows["customers"].sum()), int(several["customers"].sum())
    figures = {
        "customers": Figure("count", customers),
        "several_channels": Figure("count", using_several),
        "several_share": Figure("percent", using_several / customers if customers else None),
        "several_revenue_share": Figure("percent", several["revenue_share"].sum() if customers else None),
    }
    return Report(figures, Table(rows, _ROWS), {"channels": Table(_by_channel(evidence), _CHANNELS)})


def by_number(base: pl.DataFrame) -> pl.DataFrame:
    """Return one row for one channel, two, and three or more; without those nobody used."""
    used = base.select([name for name in _OF_CUSTOMERS if name in base.columns])
    used = used.filter(pl.col("channels_window").is_not_null())
    number = pl.col("channels_window").clip(upper_bound=MANY)
    sums = [
        pl.len().cast(pl.Int64).alias("customers"),
        pl.col("revenue_window").sum().alias("revenue"),
        pl.col("orders_window").sum().alias("orders"),
    ]
    if "enquiries_window" in base.columns:
        sums.append(pl.col("enquiries_window").sum().alias("enquiries"))
    if "referred_by" in base.columns:
        sums.append(pl.col("referred_by").is_not_null().mean().alias("referred_share"))
    each = used.group_by(number=number).agg(sums).sort("number")
    words = pl.col("number").cast(pl.String)
    named = each.with_columns(
        channels=pl.when(pl.col("number") == MANY).then(words + "+").otherwise(words),
        share=pl.col("customers") / pl.col("customers").sum(),
        revenue_share=_ratio("revenue", pl.col("revenue").sum()),
        revenue_per_customer=(pl.col("revenue") / pl.col("customers")).round().cast(pl.Int64),
        orders_per_customer=pl.col("orders") / pl.col("customers"),
    )
    if "enquiries" not in named.columns:
        return named
    return named.with_columns(enquiries_per_order=_ratio("enquiries", pl.col("orders")))


def _ratio(part: str, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(pl.col(part) / whole)


def _by_channel(evidence: Evidence) -> pl.DataFrame:
    """Return customers and revenue of each channel in W; a customer of several counts in each."""
    names = rows_of(evidence).names["channel"]
    looked_at = by_place(evidence, evidence.base.select("channels_window"), base_places(evidence))["channels_window"]
    each = evidence.remember_lasting("revenue by channel", lambda: _revenue(evidence))
    used = each.filter(looked_at.is_not_null().gather(each["place"]))
    summed = used.group_by("channel").agg(pl.len().cast(pl.Int64).alias("customers"), pl.col("revenue").sum())
    named = summed.with_columns(names.gather(summed["channel"]))
    return named.with_columns(
        share=pl.col("customers") / max(looked_at.count(), 1), revenue_share=_ratio("revenue", pl.col("revenue").sum())
    ).sort("revenue", "channel", descending=[True, False])


def _revenue(evidence: Evidence) -> pl.DataFrame:
    """Return the revenue of W per customer (by place) and channel (by number)."""
    rows, clock = rows_of(evidence), evidence.clock
    assert clock.as_of is not None, "the system needs transactions"
    within = (pl.col("date") > clock.as_of - clock.window) & (pl.col("amount") >= 0) & pl.col("channel").is_not_null()
    sold = rows.frame.select("place", "date", "amount", "channel").filter(within)
    each = rows_by_pair(sold, "channel", max(len(rows.names["channel"]), 1), revenue=total(nw.col("amount")))
    return each.with_columns(pl.col("place", "channel").cast(pl.UInt32))


CHANNELS: Final = System("channels", "S20b", (("transactions.channel",),), report)
