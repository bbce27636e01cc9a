"""Ten types of customer (S21): several may hold, the first of them is the primary one, and most are ordinary.

Percentiles and medians are those of the whole base, whatever filter is on. What is missing never counts as evidence.
"""

from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any, Final

import numpy as np
import polars as pl

from crmdash.model.lifecycle import REGULAR_PURCHASES
from crmdash.model.reasons import Customer
from crmdash.model.tiers import in_money
from crmdash.phrases import Figure, Phrase
from crmdash.settings import Settings
from crmdash.summary import Clock
from crmdash.systems.conditions import (
    at_least,
    at_most,
    either,
    everybody,
    held,
    percentile,
    surely,
    tagged,
    usual_percentile,
)
from crmdash.systems.evidence import Evidence
from crmdash.systems.expected_profit import expected_profits, usual_expectations
from crmdash.systems.places import base_places, places_of
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, System, Table, row_of

TYPES: Final = (
    "benchmark", "door_opener", "inspiring", "future_high_value", "loyal", "high_volume", "discount", "impulse",
    "need_based", "wandering",
)  # fmt: skip
"""The types in their order: the first that holds is the primary one."""

ORDINARY: Final = "ordinary"

_NUMBERS: Final = 2**32

_BROUGHT: Final = pl.col("in_base") & (pl.col("referred_by") != pl.col("customer_id"))
_BELOW_TOP: Final = ("upper", "middle", "bottom")
TYPE: Final = Column("type", "code", "kinds:type")


def loyal(
    customers: pl.DataFrame, settings: Settings, clock: Clock | None = None, base: pl.DataFrame | None = None
) -> pl.Series:
    """Return who is loyal: buys often, for long, still does, not for the deals, and is not known to be unhappy.

    Parameters
    ----------
    customers : with orders, and where known tenure, silence, deal_share, satisfaction.
    clock : in a file shorter than the window, half of it takes the window's place.
    base : whose median deal share counts; the customers themselves unless given.
    """
    usual = percentile(customers if base is None else base, "deal_share", 50)
    return customers.select(loyal=_loyal(customers, settings, _established(settings, clock), usual)).to_series()


def _established(settings: Settings, clock: Clock | None) -> float:
    window = settings.period.window
    return clock.span / 2 if clock is not None and clock.span is not None and clock.span < window else window


def _loyal(customers: pl.DataFrame, settings: Settings, established: float, usual_deals: float | None) -> pl.Expr:
    limits = settings.kinds
    deals, satisfaction = held(customers, "deal_share"), held(customers, "satisfaction")
    often = surely(pl.col("orders") >= limits.loyal_orders) & at_least(held(customers, "tenure"), established)
    awake = at_most(held(customers, "silence"), limits.loyal_silence)
    full_price = deals.is_null() | at_most(deals, usual_deals)
    return often & awake & full_price & (satisfaction.is_null() | (satisfaction >= limits.loyal_satisfaction))


def report(evidence: Evidence) -> Report:
    """Type every customer of the base, the most valuable first."""
    base = evidence.remember("types_of", lambda: types_of(evidence))
    by_type = _by_type(base)
    ordinary = int((base["type"] == ORDINARY).sum())
    figures = {
        "customers": Figure("count", len(base)),
        "typed": Figure("count", len(base) - ordinary),
        "ordinary_share": Figure("percent", ordinary / len(base) if len(base) else None),
    }
    columns = (*CUSTOMER, TIER, TYPE, Column("types", "text"), Column("orders", "count"), Column("value", "money"))
    notes = () if "quantity_window" in base.columns else (Phrase("note.volume_by_revenue", kind="kinds"),)
    return Report(figures, Table(base, columns), {"by_type": Table(by_type, _BY_TYPE)}, notes)


_BY_TYPE: Final = (
    TYPE, Column("customers", "count"), Column("share", "percent"), Column("holds", "count"), Column("value", "money"),
    Column("value_share", "percent"), Column("customer_profit", "money"), Column("profit_share", "percent"),
)  # fmt: skip


def types_of(evidence: Evidence) -> pl.DataFrame:
    """Return the base, most valuable first, with one flag per type, `type` (the primary one) and `types` (all)."""
    rules = type_rules(evidence)
    expected = expected_profits(evidence)["expected_profit"]
    base = evidence.base.with_columns(expected, referrals=_referrals(evidence), opened_a_place=_opened(evidence))
    base = base.with_columns(**{f"is_{name}": rule for name, rule in rules.items()})
    # What holds of a customer is a number with one bit per type, and few numbers stand for many customers.
    bits = (pl.col(f"is_{name}").fill_null(False).cast(pl.Int64) * 2**place for place, name in enumerate(TYPES))
    return base.hstack(_named_types()[base.select(pl.sum_horizontal(bits)).to_series()])


@cache
def _named_types() -> pl.DataFrame:
    """Return type and types by the number with one bit per type that holds."""
    holding = [[name for place, name in enumerate(TYPES) if number >> place & 1] for number in range(2 ** len(TYPES))]
    named = [((*names, ORDINARY)[0], ";".join(names) or None) for names in holding]
    return pl.DataFrame(named, schema={"type": pl.String, "types": pl.String}, orient="row")


def type_rules(evidence: Evidence) -> Mapping[str, pl.Expr]:
    """Return the rule of every type, over the customers of the base with the measures that `types_of` adds."""
    base, limits = evidence.base, evidence.settings.kinds
    column = partial(held, base)
    return {
        "benchmark": tagged(base, "benchmark")
        | surely((pl.col("referrals") >= limits.benchmark_referrals) & pl.col("tier_class").is_in(("top", "upper"))),
        "door_opener": tagged(base, "door_opener") | pl.col("opened_a_place"),
        "inspiring": tagged(base, "inspiring") | at_least(column("suggestions_window"), limits.inspiring_suggestions),
        "future_high_value": _future(evidence),
        "loyal": _loyal(
            base,
            evidence.settings,
            _established(evidence.settings, evidence.clock),
            usual_percentile(evidence, "deal_share", 50),
        ),
        "high_volume": _high_volume(evidence),
        "discount": _discount(evidence),
        "impulse": _impulse(evidence),
        "need_based": _need_based(evidence),
        "wandering": _wandering(evidence),
    }


def _referrals(evidence: Evidence) -> pl.Series:
    """Count the customers of the base that each customer of it referred, in the order of `Evidence.base`."""
    counts = evidence.remember_lasting("referred in the base", lambda: _referred(evidence))
    return counts.gather(base_places(evidence))


def _referred(evidence: Evidence) -> pl.Series:
    """Count the customers of the base that each customer referred, by place; missing where the data does not say."""
    everybody = evidence.summary.customers
    if "referred_by" not in everybody.columns:
        return pl.repeat(None, len(everybody), dtype=pl.Int64, eager=True)
    brought = everybody.select(pl.col("referred_by").filter(_BROUGHT)).to_series()
    found = places_of(evidence, brought).drop_nulls().to_numpy()
    return pl.Series(np.bincount(found, minlength=len(everybody)).astype(np.int64))


def _opened(evidence: Evidence) -> pl.Expr:
    """Return who was the first customer of its region and format, early enough to see it, and followed by others.

    Of several on the same first day all were first.
    """
    usual, limits, clock = everybody(evidence), evidence.settings.kinds, evidence.clock
    place = [name for name in ("region", "format") if name in usual.columns and usual[name].count()]
    if "region" not in place or clock.as_of is None or clock.span is None:
        return pl.lit(False)
    numbered = usual.select("customer_id", day="first_purchase", place=_number(place)).drop_nulls()
    first = numbered.group_by("place").agg(first=pl.col("day").min())
    begun = numbered.join(first, on="place", how="left")
    followed = begun.filter(pl.col("day") <= pl.col("first") + clock.window).group_by("place").len("within")
    late_enough = pl.col("day") >= clock.as_of - clock.span + limits.door_opener_days
    opened = begun.filter((pl.col("day") == pl.col("first")) & late_enough).join(followed, on="place", how="left")
    # The first customer itself is among those within the window.
    winners = opened.filter(pl.col("within") > limits.door_opener_followers)["customer_id"]
    return pl.col("customer_id").is_in(winners.implode())


def _number(columns: Sequence[str]) -> pl.Expr:
    """Number the combinations of some columns, so that grouping compares numbers; missing where one is missing."""
    number = pl.lit(0, pl.UInt64)
    for column in columns:
        number = number * _NUMBERS + pl.col(column).cast(pl.Categorical).to_physical().cast(pl.UInt64)
    return number


def _future(evidence: Evidence) -> pl.Expr:
    base, limits = evidence.base, evidence.settings.kinds
    growth = pl.when(held(base, "orders_before") >= REGULAR_PURCHASES).then(held(base, "relative_growth"))
    expected = pl.col("expected_profit")
    line = usual_expectations(evidence).quantile(limits.future_percentile / 100, "linear")
    best = surely(expected > 0) & at_least(expected, line)
    reach = at_least(held(base, "potential_value"), _upper_cut(evidence))
    young = pl.col("phase").is_in(("early", "growing"))
    early_days = at_most(held(base, "tenure"), limits.future_windows * evidence.clock.window)
    promising = either(best, reach, at_least(growth, limits.future_growth))
    return surely(pl.col("tier_class").is_in(_BELOW_TOP)) & promising & either(young, early_days)


def _upper_cut(evidence: Evidence) -> int | None:
    """Return the lowest cut of a tier of class upper, or of class top where there is none.

    None too where tiers go by points, which no potential in money can be held against.
    """
    cuts, classes = evidence.evaluation.cuts, evidence.settings.tiers.classes
    if not in_money(evidence.settings):
        return None
    for name in ("upper", "top"):
        found = [cut for tier, cut in cuts.items() if cut is not None and classes[tier] == name]
        if found:
            return min(found)
    return None


def _high_volume(evidence: Evidence) -> pl.Expr:
    """Return who buys most in W: by quantity, by revenue where quantities are not known."""
    base, percent = evidence.base, evidence.settings.kinds.volume_percentile
    measure = next((name for name in ("quantity_window", "revenue_window") if name in base.columns), "revenue")
    line = usual_percentile(evidence, measure, percent)
    return surely(held(base, measure) > 0) & at_least(held(base, measure), line)


def _discount(evidence: Evidence) -> pl.Expr:
    base, limits, median = evidence.base, evidence.settings.kinds, usual_percentile(evidence, "deal_share", 50)
    limit = None if median is None else max(limits.discount_share, median + limits.discount_above_median)
    return surely(pl.col("orders") >= limits.discount_orders) & at_least(held(base, "deal_share"), limit)


def _impulse(evidence: Evidence) -> pl.Expr:
    """Return who buys without a plan; where plans are not known, irregularly and of many kinds at a time."""
    base, limits = evidence.base, evidence.settings.kinds
    planned, high = held(base, "planned_share"), limits.high_percentile
    irregular = at_least(held(base, "gap_variation"), usual_percentile(evidence, "gap_variation", high))
    usual_breadth = evidence.remember_lasting(f"percentile {high} of breadth a purchase", lambda: _of_breadth(evidence))
    varied = at_least(_breadth(base), usual_breadth)
    by_habit = planned.is_null() & irregular & varied
    return surely(pl.col("orders") >= limits.habit_orders) & either(planned <= limits.impulse_planned, by_habit)


def _of_breadth(evidence: Evidence) -> float | None:
    usual = everybody(evidence)
    return percentile(usual.select(each=_breadth(usual)), "each", evidence.settings.kinds.high_percentile)


def _breadth(customers: pl.DataFrame) -> pl.Expr:
    """Return categories bought in W per purchase in W."""
    orders = held(customers, "orders_window")
    return pl.when(orders > 0).then(held(customers, "breadth") / orders)


def _need_based(evidence: Evidence) -> pl.Expr:
    """Return who buys by plan; where plans are not known, regularly and mostly of one kind."""
    base, limits = evidence.base, evidence.settings.kinds
    planned, top = held(base, "planned_share"), held(base, "top_category_share")
    regular = at_most(held(base, "gap_variation"), usual_percentile(evidence, "gap_variation", limits.low_percentile))
    narrow = at_least(top, usual_percentile(evidence, "top_category_share", limits.high_percentile))
    by_habit = planned.is_null() & regular & narrow
    return surely(pl.col("orders") >= limits.habit_orders) & either(planned >= limits.need_planned, by_habit)


def _wandering(evidence: Evidence) -> pl.Expr:
    """Return who asks or is visited often, and hardly buys: few orders beside its enquiries."""
    base, limits = evidence.base, evidence.settings.kinds
    enquiries, orders = held(base, "enquiries_window"), held(base, "orders_window")
    asked = enquiries + held(base, "visits_window")
    seldom = surely((orders + enquiries > 0) & (orders / (orders + enquiries) <= limits.wandering_orders))
    return (
        at_least(asked, limits.wandering_contacts)
        & seldom
        & at_most(held(base, "revenue"), usual_percentile(evidence, "revenue", 50))
    )


def _by_type(base: pl.DataFrame) -> pl.DataFrame:
    """Count customers, value and profit by primary type, and for how many customers each type holds."""
    sums = {name: pl.col(name).sum() for name in ("value", "customer_profit") if name in base.columns}
    counted = base.group_by("type").agg(customers=pl.len().cast(pl.Int64), **sums)
    holding = base.select(**{name: pl.col(f"is_{name}").sum().cast(pl.Int64) for name in TYPES}).row(0)
    listed = pl.DataFrame({"type": [*TYPES, ORDINARY], "holds": [*holding, None]}, schema_overrides=_HOLDS)
    joined = listed.join(counted, on="type", how="left", maintain_order="left")
    shares = {"customers": "share", "value": "value_share", "customer_profit": "profit_share"}
    whole = {name: joined[name].sum() for name in shares if name in joined.columns}
    return joined.with_columns(pl.col(*whole).fill_null(0)).with_columns(
        **{shares[name]: pl.col(name) / pl.lit(total if total > 0 else None) for name, total in whole.items()}
    )


_HOLDS: Final = {"type": pl.String, "holds": pl.Int64}

_BECAUSE: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "benchmark": {"referrals": ("count", "referrals")},
    "door_opener": {"first": ("date", "first_purchase")},
    "inspiring": {"suggestions": ("count", "suggestions_window")},
    "future_high_value": {"growth": ("growth", "relative_growth"), "expected": ("money", "expected_profit")},
    "loyal": {"orders": ("count", "orders"), "tenure": ("days", "tenure"), "silence": ("times", "silence"),
              "deals": ("percent", "deal_share")},
    "high_volume": {"quantity": ("count", "quantity_window"), "revenue": ("money", "revenue_window")},
    "discount": {"deals": ("percent", "deal_share"), "orders": ("count", "orders")},
    "impulse": {"planned": ("percent", "planned_share"), "variation": ("decimal", "gap_variation"),
                "breadth": ("count", "breadth")},
    "need_based": {"planned": ("percent", "planned_share"), "variation": ("decimal", "gap_variation"),
                   "top": ("percent", "top_category_share")},
    "wandering": {"enquiries": ("count", "enquiries_window"), "visits": ("count", "visits_window"),
                  "orders": ("count", "orders_window")},
}  # fmt: skip
"""Figures named in the reason of each type: placeholder -> unit and measure."""


def explain(found: Report, customer: Customer) -> Explanation | None:
    """Say of which types a customer is, in numbers."""
    row = row_of(found, customer)
    if row is None:
        return None
    held_types = (row["types"] or "").split(";") if row["types"] else []
    label = Phrase("say.type", {"type": Figure("term", f"kinds:type.{row['type']}")}, "kinds")
    return Explanation(
        label, tuple(_reason(name, row) for name in held_types) or (Phrase("say.ordinary", kind="kinds"),)
    )


def _reason(name: str, row: Mapping[str, Any]) -> Phrase:
    if name in (row.get("tags") or "").split(";"):
        return Phrase("because.tagged", {"tag": Figure("term", f"kinds:type.{name}")}, "kinds")
    figures = {key: Figure(unit, row.get(measure)) for key, (unit, measure) in _BECAUSE[name].items()}  # type: ignore[arg-type]
    return Phrase(f"because.{name}", figures, "kinds")


TEN_TYPES: Final = System("ten_types", "S21", (("transactions", "customers.orders"),), report, explain)
