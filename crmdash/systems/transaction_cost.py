"""S33 · Transaction cost: whom it costs far more than usual to serve one order, and the channel that would be cheaper.

Cost per order = cost to serve / purchases of the value period. Far more than usual = above `cost_excess` times the
tier's median. Saving = (cost per order - the tier's median) x purchases, an assumption: that the cheaper channel
brings the cost down to what is usual.
"""

from typing import Final

import narwhals as nw
import polars as pl

from crmdash.engine import collect
from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.summary.tables import columns_of
from crmdash.systems.conditions import everybody_labelled
from crmdash.systems.evidence import Evidence
from crmdash.systems.places import base_places, by_place, places_of
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, System, Table, row_of
from crmdash.systems.rows import rows_by_pair, rows_of

ROWS: Final = (
    *CUSTOMER, Column("owner", "text"), TIER, Column("saving", "money"), Column("cost_per_order", "money"),
    Column("usual_cost_per_order", "money"), Column("times_usual", "times"), Column("orders", "count"),
    Column("main_channel", "text"), Column("proposed_channel", "text"),
)  # fmt: skip
_CHANNELS: Final = (
    TIER, Column("main_channel", "text"), Column("customers", "count"), Column("cost_per_order", "money"),
    Column("cheapest", "flag"),
)  # fmt: skip


def transaction_cost_report(evidence: Evidence) -> Report:
    """List living customers whose orders cost far more than usual in their tier, the largest saving first.

    What is usual comes from the whole base, whatever filter is on.
    """
    whole = _priced(evidence, everybody_labelled(evidence))
    base = _priced(evidence, evidence.base) if evidence.evaluation.scope.active else whole
    usual = whole.group_by("tier").agg(pl.col("cost_per_order").median().alias("usual_cost_per_order"))
    channels = _channels(whole, evidence.settings.warning.channel_customers)
    proposed = channels.filter("cheapest").select("tier", proposed_channel="main_channel")
    judged = base.join(usual, on="tier", how="left", maintain_order="left").join(
        proposed, on="tier", how="left", maintain_order="left"
    )
    rows = _rows(judged, evidence.settings.warning.cost_excess)
    shown = rows.select([column.name for column in ROWS if column.name in rows.columns])
    figures = {
        "customers": Figure("count", len(rows)),
        "saving": Figure("money", int(rows["saving"].sum())),
        "with_proposal": Figure("count", int(rows["proposed_channel"].count())),
        "judged": Figure("count", int(judged["cost_per_order"].count())),
    }
    return Report(figures, Table(shown, ROWS), {"channels": Table(channels, _CHANNELS)}, _notes(evidence, base))


def _notes(evidence: Evidence, base: pl.DataFrame) -> tuple[Phrase, ...]:
    notes = []
    if not base["cost_per_order"].count():
        notes.append(Phrase("note.no_cost_to_serve", kind="warnings"))
    if "transactions.channel" not in evidence.held:
        notes.append(Phrase("note.no_channel", kind="warnings"))
    return tuple(notes)


def _priced(evidence: Evidence, base: pl.DataFrame) -> pl.DataFrame:
    """Return customers of the base with orders of the value period, cost_per_order (money, whole) and main_channel."""
    known = base.columns
    held = [name for name in ("name", "owner", "tier", "phase") if name in known]
    cost = pl.col("cost_to_serve") if "cost_to_serve" in known else pl.lit(None, pl.Int64)
    priced = base.select("customer_id", "orders", *held, cost=cost)
    if evidence.clock.value_start is not None and evidence.tables.transactions is not None:
        counted = evidence.remember_lasting("orders_of_value_period", lambda: _orders_of_value_period(evidence))
        priced = priced.drop("orders").join(counted, on="customer_id", how="left", maintain_order="left")
    channels = evidence.remember_lasting("main_channel", lambda: main_channels(evidence))
    leading = pl.lit(None, pl.String) if channels is None else pl.lit(channels.gather(_places(evidence, base)))
    priced = priced.with_columns(main_channel=leading)
    each = pl.when(pl.col("orders") > 0).then(pl.col("cost") / pl.col("orders"))
    return priced.with_columns(cost_per_order=(each + 0.5).floor().cast(pl.Int64))


def _places(evidence: Evidence, base: pl.DataFrame) -> pl.Series:
    return base_places(evidence) if base is evidence.base else places_of(evidence, base["customer_id"])


def _orders_of_value_period(evidence: Evidence) -> pl.DataFrame:
    assert evidence.tables.transactions is not None
    day = nw.col("date")
    inside = (day > evidence.clock.value_start) & (day <= evidence.clock.as_of)
    rows = evidence.tables.transactions.filter(inside & (nw.col("amount") >= 0))
    days = rows.select("customer_id", "date").unique()
    return collect(days.group_by("customer_id").agg(orders=nw.len().cast(nw.Int64)))


def main_channels(evidence: Evidence) -> pl.Series | None:
    """Return by place the channel that most purchase rows of a customer came by, of equals the first by name."""
    transactions, clock = evidence.tables.transactions, evidence.clock
    if transactions is None or "channel" not in columns_of(transactions) or clock.as_of is None:
        return None
    rows = rows_of(evidence)
    names = rows.names["channel"]
    if not len(names):
        return None
    named = rows.frame.select("place", "amount", "channel").drop_nulls("channel")
    sold = named.filter(pl.col("amount") >= 0)
    each = rows_by_pair(sold, "channel", len(names), purchases=nw.len().cast(nw.Int64))
    # Number of rows and place of the name in one number: its largest is the channel, of equals the first by name.
    order = pl.col("purchases") * len(names) + (len(names) - 1 - pl.col("channel"))
    leading = each.group_by("place").agg(most=order.max())
    found = names.gather(len(names) - 1 - leading["most"] % len(names)).alias("main_channel")
    return by_place(evidence, found.to_frame(), leading["place"])["main_channel"]


def _channels(base: pl.DataFrame, fewest: int) -> pl.DataFrame:
    """Return the median cost per order of each tier and main channel; which is cheapest, if enough use it."""
    known = base.filter(pl.col("cost_per_order").is_not_null() & pl.col("main_channel").is_not_null())
    counted = known.group_by("tier", "main_channel").agg(
        pl.len().cast(pl.Int64).alias("customers"),
        (pl.col("cost_per_order").median() + 0.5).floor().cast(pl.Int64),
    )
    enough = pl.when(pl.col("customers") >= fewest).then(pl.col("cost_per_order"))
    ranked = counted.sort(["tier", "cost_per_order", "main_channel"])
    first = (enough == enough.min().over("tier")).fill_null(False)
    return ranked.with_columns(cheapest=first & (first.cum_sum().over("tier") == 1))


def _rows(judged: pl.DataFrame, times: float) -> pl.DataFrame:
    each, usual = pl.col("cost_per_order"), pl.col("usual_cost_per_order")
    living = pl.col("phase").is_null() | (pl.col("phase") != "gone") if "phase" in judged.columns else pl.lit(True)
    dear = judged.filter(living & (usual > 0) & (each > times * usual))
    elsewhere = pl.col("proposed_channel").ne_missing(pl.col("main_channel"))
    return dear.with_columns(
        usual_cost_per_order=(usual + 0.5).floor().cast(pl.Int64),
        times_usual=each / usual,
        saving=((each - usual) * pl.col("orders") + 0.5).floor().cast(pl.Int64),
        proposed_channel=pl.when(elsewhere).then("proposed_channel"),
    ).sort("saving", descending=True, maintain_order=True)


def explain(report: Report, customer: Customer) -> Explanation | None:
    """Say what an order of a customer costs beside what is usual, and what would be cheaper."""
    row = row_of(report, customer)
    if row is None:
        return None
    figures = {
        "cost": Figure("money", row["cost_per_order"]),
        "usual": Figure("money", row["usual_cost_per_order"]),
        "times": Figure("times", row["times_usual"]),
    }
    because = [Phrase("cost.because", figures, "warnings")]
    saving = {"saving": Figure("money", row["saving"]), "orders": Figure("count", row["orders"])}
    if row["proposed_channel"] is None:
        because.append(Phrase("cost.saving", saving, "warnings"))
    else:
        channel = {"channel": Figure("text", row["proposed_channel"])}
        because.append(Phrase("cost.proposal", saving | channel, "warnings"))
    return Explanation(Phrase("cost.label", kind="warnings"), tuple(because))


TRANSACTION_COST: Final = System(
    "transaction_cost",
    "S33",
    (("customers.cost_to_serve", "contacts.cost", "contacts.minutes"), ("transactions", "customers.orders")),
    transaction_cost_report,
    explain,
)
"""Transaction cost."""
