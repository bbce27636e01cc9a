"""Winning trust (S4): the loyalty ladder, second orders, and who was contacted soon after the first one."""

from typing import Final

import polars as pl

from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.rule_settings import EconomicsSettings
from crmdash.systems.acquisition_cohorts import may_be_older, quarter_index, quarter_text
from crmdash.systems.audit_base import older_note
from crmdash.systems.conditions import everybody
from crmdash.systems.evidence import Evidence
from crmdash.systems.places import base_places, by_place
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, System, Table, row_of
from crmdash.systems.rows import contacts_of
from crmdash.systems.ten_types import loyal

RUNGS: Final = ("first", "repeat", "regular", "loyal", "advocate")
"""From the lowest up; every customer with a purchase stands on the highest that it reaches."""

_RUNG: Final = Column("rung", "code", "what_if:rung")
_COUNT: Final = Column("customers", "count")
_RATE: Final = Column("second_order_rate", "percent")
_ROWS: Final = (
    *CUSTOMER,
    TIER,
    _RUNG,
    Column("value", "money"),
    Column("orders", "count"),
    Column("silence", "times"),
    Column("first_purchase", "date"),
    Column("second_purchase", "date"),
    Column("contacted_soon", "flag"),
)
_LADDER: Final = (
    _RUNG, _COUNT, Column("share", "percent"), Column("value", "money"), Column("value_share", "percent"),
)  # fmt: skip


def report(evidence: Evidence) -> Report:
    """Place every customer of the base on the ladder, and measure the second-order rate.

    Second-order rate = of those whose first order lies at least the limit (2 b, b the base's usual gap) back, the
    share with a second one within it. Contacted soon = any contact but an advertisement on one of the 14 days after
    the first order. Both are told of everybody, and once more of those alone who are likely to be new: old customers
    whose first order the file does not hold come back sooner. Who was contacted soon is told of the new ones only.
    """
    economics, clock = evidence.settings.economics, evidence.clock
    within = economics.second_order_rhythms * evidence.evaluation.base_rhythm
    held = [column.name for column in _ROWS if column.name in evidence.base.columns]
    rows = _contacted(evidence, evidence.base.select(held).with_columns(rung=rungs(evidence)))
    observed = observe(rows, clock.as_of, within)
    new = likely_new(evidence, observed)
    ladder = _ladder(rows)
    on = dict(ladder.select("rung", "customers").iter_rows())
    figures = {
        **{rung: Figure("count", on[rung]) for rung in RUNGS},
        "second_order_within": Figure("days", round(within)),
        "second_order_rate": Figure("percent", _rate(observed)),
        "observed": Figure("count", len(observed)),
        "second_order_rate_new": Figure("percent", _rate(new)),
        "observed_new": Figure("count", len(new)),
        **_soon_and_later(new),
    }
    tables = {
        "ladder": Table(ladder, _LADDER),
        "by_quarter": Table(_by_quarter(observed), (Column("quarter", "quarter"), _COUNT, _RATE)),
    }
    return Report(figures, Table(rows, _ROWS), tables, _notes(evidence, observed))


def rungs(evidence: Evidence) -> pl.Series:
    """Return the rung of every customer of the base; missing without a purchase."""
    base, limits = evidence.base, evidence.settings.economics
    named = base.select("orders", is_loyal=_loyal(evidence), **_signs(base, limits))
    orders = pl.col("orders")
    regular = (orders >= limits.regular_orders) & pl.col("quiet_no_longer")
    rung = (
        pl.when(orders.is_null() | (orders < 1)).then(None)
        .when(pl.col("is_loyal").fill_null(False) & pl.col("advocates")).then(pl.lit("advocate"))
        .when(pl.col("is_loyal")).then(pl.lit("loyal"))
        .when(regular).then(pl.lit("regular"))
        .when(orders >= 2).then(pl.lit("repeat"))
        .otherwise(pl.lit("first"))
    )  # fmt: skip
    return named.select(rung=rung).to_series()


def _loyal(evidence: Evidence) -> pl.Series:
    """Return who is loyal by the ten types; the usual share of deals is that of everybody, whatever filter is on."""
    return loyal(evidence.base, evidence.settings, evidence.clock, everybody(evidence))


def _signs(base: pl.DataFrame, limits: EconomicsSettings) -> dict[str, pl.Expr]:
    never = pl.lit(False)
    silent = pl.col("silence") <= limits.regular_silence if "silence" in base.columns else never
    would = pl.col("recommend") >= limits.advocate_recommend if "recommend" in base.columns else never
    did = pl.col("referred_value").is_not_null() if "referred_value" in base.columns else never
    return {"quiet_no_longer": silent.fill_null(False), "advocates": would.fill_null(False) | did}


def _contacted(evidence: Evidence, rows: pl.DataFrame) -> pl.DataFrame:
    """Add whether somebody was in touch on one of the days after the first order; nothing without contacts."""
    if evidence.tables.contacts is None or evidence.tables.transactions is None or evidence.clock.as_of is None:
        return rows
    places = base_places(evidence)
    first = by_place(evidence, rows.select("first_purchase"), places)["first_purchase"]
    personal = contacts_of(evidence).filter(pl.col("kind") != "ad")
    since = personal["date"] - first.gather(personal["place"])
    met = personal["place"].filter((since > 0) & (since <= evidence.settings.economics.contact_within)).unique()
    soon = pl.repeat(False, len(first), eager=True).scatter(met, True).gather(places)
    return rows.with_columns(contacted_soon=pl.when(pl.col("first_purchase").is_not_null()).then(soon))


def observe(rows: pl.DataFrame, as_of: int | None, within: float) -> pl.DataFrame:
    """Return the customers whose first order lies at least `within` days back, and whether a second one came in time.

    Parameters
    ----------
    rows : first_purchase, second_purchase (day numbers).
    """
    if as_of is None or "second_purchase" not in rows.columns:
        return rows.clear().with_columns(second=pl.lit(False))
    waited = rows.filter(pl.col("first_purchase") + within <= as_of)
    second = (pl.col("second_purchase") - pl.col("first_purchase") <= within).fill_null(False)
    return waited.with_columns(second=second)


def likely_new(evidence: Evidence, observed: pl.DataFrame) -> pl.DataFrame:
    """Leave out those who may have bought long before the file begins, where others are left."""
    new = observed.filter(~_older(evidence))
    return new if len(new) else observed


def _older(evidence: Evidence) -> pl.Expr:
    return may_be_older(evidence.clock, evidence.settings.economics.newcomer_after)


def _notes(evidence: Evidence, observed: pl.DataFrame) -> tuple[Phrase, ...]:
    last = observed.filter(_older(evidence)).select(quarter_index(pl.col("first_purchase")).max()).item()
    return () if last is None else (older_note(last),)


def _soon_and_later(observed: pl.DataFrame) -> dict[str, Figure]:
    """Return how many were contacted soon, and the rates of these and of the others; missing without any."""
    soon = observed.filter("contacted_soon") if "contacted_soon" in observed.columns else observed.clear()
    later = observed.filter(~pl.col("contacted_soon")) if len(soon) else observed.clear()
    return {
        "contacted_soon_share": Figure("percent", len(soon) / len(observed) if len(soon) else None),
        "second_order_rate_contacted": Figure("percent", _rate(soon)),
        "second_order_rate_not_contacted": Figure("percent", _rate(later)),
    }


def _rate(observed: pl.DataFrame) -> float | None:
    return float(observed["second"].sum()) / len(observed) if len(observed) else None


def _ladder(rows: pl.DataFrame) -> pl.DataFrame:
    each = rows.group_by("rung").agg(pl.len().cast(pl.Int64).alias("customers"), pl.col("value").sum())
    whole = pl.DataFrame({"rung": RUNGS}).join(each, on="rung", how="left").with_columns(
        pl.col("customers", "value").fill_null(0)
    )  # fmt: skip
    value = pl.col("value").sum()
    return whole.with_columns(
        share=pl.when(pl.col("customers").sum() > 0).then(pl.col("customers") / pl.col("customers").sum()),
        value_share=pl.when(value > 0).then(pl.col("value") / value),
    )


def _by_quarter(observed: pl.DataFrame) -> pl.DataFrame:
    """Return the second-order rate by the quarter of the first order."""
    quarter = quarter_text(quarter_index(pl.col("first_purchase")))
    each = observed.group_by(quarter=quarter).agg(
        pl.len().cast(pl.Int64).alias("customers"), pl.col("second").mean().alias("second_order_rate")
    )
    return each.sort("quarter")


def explain(found: Report, customer: Customer) -> Explanation | None:
    """Say on which rung a customer stands, and what the next one asks for."""
    row = row_of(found, customer)
    if row is None or row["rung"] is None:
        return None
    rung = {"rung": Figure("term", f"what_if:rung.{row['rung']}"), "orders": Figure("count", row["orders"])}
    label = Phrase("trust.stands", rung, "what_if")
    return Explanation(label, (Phrase(f"trust.next_{row['rung']}", {}, "what_if"),))


TRUST_LADDER: Final = System("trust_ladder", "S4", (("transactions", "customers.orders"),), report, explain)
