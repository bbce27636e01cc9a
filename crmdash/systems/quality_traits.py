"""S3 Quality customers: reliable and stable, more potential profit, values us more; how many of the three are met.

The claim that customers with more traits stay more often is tested: traits are counted as at one comparison length
ago, and set beside who has bought since and what profit came.
"""

from typing import Final

import polars as pl

from crmdash.model.lifecycle.ordered import Facts
from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.rule_settings import WorthSettings
from crmdash.summary import Clock
from crmdash.systems.evidence import Evidence
from crmdash.systems.held_measures import first_held, with_measures
from crmdash.systems.indicators import integrity
from crmdash.systems.peers import Peers, among_peers, percentile_among
from crmdash.systems.places import base_places, by_place
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, System, Table, row_of
from crmdash.systems.whole_base import base_before, measured, measured_at

TRAITS: Final = ("reliable", "potential_profit", "values_us")

FEWEST_TO_COMPARE: Final = 20
"""A share of fewer customers is chance."""

_ASKED: Final = (
    "tenure", "orders", "gap_variation", "days_late", "share_of_wallet", "on_time_share", "cost_to_serve", "revenue",
    "satisfaction", "recommend", "experience", "expectation", "silence", "deal_share",
    "integrity", "return_share",
)  # fmt: skip
_COMPARED: Final = ("revenue", "cost_to_serve", "orders", "deal_share")
_LATE: Final = ("customer_profit_late", "profit_late", "revenue_late")
_COLUMNS: Final = (
    *CUSTOMER, TIER, Column("traits", "count"), *(Column(name, "flag") for name in TRAITS),
    Column("by_behaviour", "flag"), Column("value", "money"),
)  # fmt: skip
_BY_TRAITS: Final = (
    Column("traits", "count"), Column("customers", "count"), Column("value", "money"),
    Column("customers_before", "count"), Column("bought_since", "percent"), Column("profit_since", "money"),
)  # fmt: skip


def report(evidence: Evidence) -> Report:
    """Count the traits of every customer of the base, and test what they were good for one period ago."""
    worth, clock = evidence.settings.worth, evidence.clock
    facts = measured(evidence, "peer facts", peer_facts, _COMPARED)
    met = find_traits(evidence.base, facts, worth, clock)
    shown = with_measures(evidence.base, "name").select("customer_id", "name", "tier", "value")
    rows = pl.concat([shown, met], how="horizontal")
    by_traits = _by_traits(rows, _followed(evidence))
    figures = {
        **_met(rows),
        "none": Figure("count", int((rows["traits"] == 0).sum())),
        "unknown": Figure("count", rows["traits"].null_count()),
        "by_behaviour": Figure("count", int(rows["by_behaviour"].sum())),
        "retention_rises": Figure("flag", retention_rises(by_traits)),
    }
    listed = rows.sort("traits", descending=True, nulls_last=True, maintain_order=True)
    return Report(
        figures, Table(listed, _COLUMNS), {"by_traits": Table(by_traits, _BY_TRAITS)}, _notes(rows, evidence.base)
    )


def _met(rows: pl.DataFrame) -> dict[str, Figure]:
    """Count who has all three traits and who has each; missing where a trait cannot be judged for anybody."""
    told = all(rows[name].count() for name in TRAITS)
    every = int((rows["traits"] == len(TRAITS)).sum()) if told else None
    each = {name: int(rows[name].sum()) if rows[name].count() else None for name in TRAITS}
    return {"all_three": Figure("count", every), **{name: Figure("count", count) for name, count in each.items()}}


def peer_facts(base: pl.DataFrame, peers: Peers) -> pl.DataFrame:
    """Return what traits compare a customer with: revenue_place (percentile among peers), usual_cost and usual_deals.

    usual_cost is the peers' median cost to serve an order (ten-thousandths), usual_deals the base's median deal share.
    """
    asked = with_measures(base, *_COMPARED)
    values = asked.select(revenue_place="revenue", usual_cost=_cost_of_an_order())
    place, median = percentile_among("revenue_place"), pl.col("usual_cost").median()
    found = among_peers(values, peers, place, median)
    return found.with_columns(usual_deals=pl.lit(asked["deal_share"].median(), pl.Float64))


def find_traits(base: pl.DataFrame, facts: pl.DataFrame, worth: WorthSettings, clock: Clock) -> pl.DataFrame:
    """Return traits (0-3, missing where none can be judged), each trait (missing likewise), and what it stands on.

    Parameters
    ----------
    base : customers with the measures of a summary and their silence.
    facts : `peer_facts` of the same customers, in the same order.
    """
    asked = with_measures(base, *_ASKED).select(*_ASKED).with_columns(*facts).with_columns(integrity=integrity(worth))
    signs = _signs_of_profit(worth)
    known = pl.sum_horizontal(sign.is_not_null() for sign in signs)
    stated = _stated_regard(worth)
    told = pl.any_horizontal(sign.is_not_null() for sign in stated)
    behaves = (pl.col("silence") <= worth.values_us_silence) & (pl.col("deal_share") <= pl.col("usual_deals"))
    judged = asked.select(
        reliable=_reliable(worth, Facts.at(clock).established_days),
        signs_met=pl.sum_horizontal(signs).cast(pl.Int64),
        signs_known=known.cast(pl.Int64),
        values_us=pl.when(told).then(pl.any_horizontal(sign.fill_null(False) for sign in stated)).otherwise(behaves),
        by_behaviour=~told & behaves.is_not_null(),
    )
    enough = pl.col("signs_met") >= worth.potential_signs
    found = judged.with_columns(potential_profit=pl.when(pl.col("signs_known") >= worth.potential_signs).then(enough))
    known_any = pl.any_horizontal(pl.col(name).is_not_null() for name in TRAITS)
    return found.with_columns(traits=pl.when(known_any).then(pl.sum_horizontal(TRAITS).cast(pl.Int64)))


def _cost_of_an_order() -> pl.Expr:
    return pl.when(pl.col("orders") > 0).then(pl.col("cost_to_serve") / pl.col("orders"))


def _reliable(worth: WorthSettings, established_days: float) -> pl.Expr:
    honest, prompt = pl.col("integrity") >= worth.reliable_integrity, pl.col("days_late") <= worth.reliable_days_late
    unknown = pl.col("integrity").is_null() & pl.col("days_late").is_null()
    trusted = honest.fill_null(False) | prompt.fill_null(False) | unknown
    steady = (pl.col("tenure") >= established_days) & (pl.col("gap_variation") <= worth.reliable_variation)
    return pl.when(pl.col("orders") >= worth.reliable_orders).then(steady & trusted)


def _signs_of_profit(worth: WorthSettings) -> list[pl.Expr]:
    return [
        pl.col("revenue_place") >= worth.potential_percentile,
        pl.col("share_of_wallet") >= worth.potential_wallet,
        pl.col("on_time_share") >= worth.potential_on_time,
        _cost_of_an_order() <= pl.col("usual_cost"),
    ]


def _stated_regard(worth: WorthSettings) -> list[pl.Expr]:
    return [
        pl.col("satisfaction") >= worth.satisfied,
        pl.col("recommend") >= worth.values_us_recommend,
        pl.col("experience") >= pl.col("expectation"),
    ]


def _followed(evidence: Evidence) -> pl.DataFrame | None:
    """Return traits one comparison length ago with what followed: bought (a flag) and profit (money)."""
    worth, then, clock = evidence.settings.worth, base_before(evidence, _ASKED), evidence.clock
    if then is None or clock.as_of is None or clock.comparison is None:
        return None
    # Window and file of that day: both end one comparison length earlier.
    span = None if clock.span is None else clock.span - clock.comparison
    day = clock.as_of - clock.comparison
    facts = measured_at(evidence, day, "peer facts", peer_facts, _COMPARED)[then["place"]]
    traits = find_traits(then, facts, worth, Clock(day, clock.window, span, None))["traits"]
    earned = first_held(evidence.base, *_LATE)
    profit = pl.lit(None, pl.Int64) if earned is None else pl.col(earned)
    since = evidence.base.select(bought=pl.col("last_purchase") > day, profit=profit)
    return by_place(evidence, since, base_places(evidence))[then["place"]].with_columns(traits)


def _by_traits(rows: pl.DataFrame, followed: pl.DataFrame | None) -> pl.DataFrame:
    """Count customers and value by number of traits, and what followed for those who had as many one period ago."""
    now = rows.group_by("traits").agg(pl.len().cast(pl.Int64).alias("customers"), pl.col("value").sum())
    if followed is None:
        nothing = {"customers_before": pl.Int64, "bought_since": pl.Float64, "profit_since": pl.Int64}
        then = pl.DataFrame(schema={"traits": pl.Int64, **nothing})
    else:
        then = followed.group_by("traits").agg(
            pl.len().cast(pl.Int64).alias("customers_before"),
            bought_since=pl.col("bought").fill_null(False).mean(),
            profit_since=(pl.col("profit").sum() / pl.len()).round(0).cast(pl.Int64),
        )
    every = pl.DataFrame({"traits": pl.Series(range(len(TRAITS) + 1), dtype=pl.Int64)})
    counted = every.join(now, on="traits", how="left", maintain_order="left")
    joined = counted.join(then, on="traits", how="left", maintain_order="left")
    return joined.with_columns(pl.col("customers", "value").fill_null(0))


def retention_rises(by_traits: pl.DataFrame) -> bool | None:
    """Say whether each further trait came with more who bought again; None where fewer than two groups are large."""
    shares = by_traits.filter(pl.col("customers_before") >= FEWEST_TO_COMPARE)["bought_since"].to_list()
    if len(shares) <= 1:
        return None
    return shares == sorted(shares) and shares[-1] > shares[0]


def _notes(rows: pl.DataFrame, base: pl.DataFrame) -> tuple[Phrase, ...]:
    dark = [name for name in TRAITS if not rows[name].count()]
    notes = [Phrase("quality_traits.dark", {"trait": Figure("term", f"value:trait.{name}")}, "value") for name in dark]
    if first_held(base, *_LATE) == _LATE[-1]:
        notes.append(Phrase("quality_traits.by_revenue", {}, "value"))
    return tuple(notes)


def explain(found: Report, customer: Customer) -> Explanation | None:
    """Say how many traits a customer has, and which."""
    row = row_of(found, customer)
    if row is None or row["traits"] is None:
        return None
    label = Phrase("quality_traits.label", {"traits": Figure("count", row["traits"])}, "value")
    said = {
        "reliable": {"tenure": Figure("days", customer.get("tenure")),
                     "variation": Figure("decimal", customer.get("gap_variation"))},
        "potential_profit": {"met": Figure("count", row["signs_met"]), "known": Figure("count", row["signs_known"])},
        "values_us": {},
    }  # fmt: skip
    because = []
    for name in TRAITS:
        answer = "unknown" if row[name] is None else "yes" if row[name] else "no"
        because.append(Phrase(f"quality_traits.{name}.{answer}", said[name], "value"))
    if row["by_behaviour"]:
        because.append(Phrase("quality_traits.by_behaviour", {}, "value"))
    return Explanation(label, tuple(because))


QUALITY_TRAITS: Final = System(
    "quality_traits", "S3", (("transactions", "customers.revenue", "customers.orders"),), report, explain
)
