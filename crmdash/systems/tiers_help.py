"""Do tiers help here? (S7): four conditions under which treating customers by tier pays, tested on the data."""

from dataclasses import dataclass
from math import ceil
from typing import Final, Literal

import numpy as np
import polars as pl

from crmdash.phrases import Figure, Phrase
from crmdash.rule_settings import TierTestSettings
from crmdash.settings import TierSettings
from crmdash.systems.effect_sizes import Effect, change_of_r2, cramers_v, dummies, eta_squared, holm, times
from crmdash.systems.evidence import Evidence
from crmdash.systems.places import base_places, before_places, by_place
from crmdash.systems.report import Column, Report, System, Table
from crmdash.systems.survey_answers import topic_answers

Outcome = Literal["holds", "does_not", "untested"]
Overall = Literal["help", "not_shown", "no_help", "unknown"]

CONDITIONS: Final = ("profiles", "quality", "drivers", "service")
"""Tiers differ in profile; see quality differently; grow by different drivers; answer better service differently."""

TRAITS: Final = (
    "satisfaction", "expectation", "experience", "recommend", "value_functional", "value_experiential", "value_social",
    "value_convenience", "share_of_wallet", "cooperation", "integrity", "payment_terms", "age", "deal_share",
    "discount_share", "return_share", "planned_share", "price_index", "on_time_share", "days_late",
    "new_product_uptake", "margin",
)  # fmt: skip
"""Measures of a profile. Sums that make up the value itself, such as purchases, breadth and tenure, are none: they
differ between tiers by the way tiers are made."""

KINDS: Final = (
    "nature", "format", "market", "industry", "region", "source", "gender", "occupation", "position",
)  # fmt: skip

MOST_TOPICS: Final = 12
"""So many topics of the survey are looked at, those most often asked."""

DIGITS: Final = 12
"""Decimals of a p-value: what is smaller is nothing."""

DRIVERS: Final = {
    "visits_window": "contacts",
    "deal_share": "transactions.discount",
    "breadth": "transactions.category",
}
"""What growth may come from, and the column that each needs."""

_MEASURES: Final = (
    Column("measure", "code", "what_if:trait"),
    Column("test", "code", "what_if:test"),
    Column("effect", "decimal"),
    Column("effect_needed", "decimal"),
    Column("chance", "decimal"),
    Column("customers", "count"),
    Column("differs", "flag"),
)
_CONDITIONS: Final = (
    Column("condition", "code", "what_if:condition"),
    Column("outcome", "code", "what_if:outcome"),
    Column("effect", "decimal"),
    Column("effect_needed", "decimal"),
    Column("chance", "decimal"),
    Column("cases", "count"),
    Column("reason", "code", "what_if:untested"),
    Column("missing", "text"),
)


@dataclass(frozen=True)
class Finding:
    """One condition: how it came out; for one that could not be tested the reason and the columns missing.

    Attributes
    ----------
    effect, needed : change of R squared; for profiles the number of measures that differ.
    reason : ``columns``, ``cases`` (too few in a tier) or ``periods`` (no earlier period to compare).
    """

    outcome: Outcome
    effect: float | None = None
    needed: float | None = None
    chance: float | None = None
    cases: int | None = None
    reason: str | None = None
    missing: tuple[str, ...] = ()


def report(evidence: Evidence) -> Report:
    """Test the four conditions, and say whether tiers help here.

    They help if profiles differ and one of the other conditions holds. A condition on drivers holds if letting every
    tier answer in its own way explains more by the limit of the settings, and more than chance does.
    """
    limits, measures = evidence.settings.tier_test, profile_effects(evidence)
    found = {
        "profiles": profiles(measures, limits),
        "quality": _quality(evidence, limits),
        "drivers": _drivers(evidence, limits),
        "service": _service(evidence, limits),
    }
    figures = {
        "verdict": Figure("term", f"what_if:verdict.{verdict(found)}"),
        **{name: Figure("term", f"what_if:outcome.{tested.outcome}") for name, tested in found.items()},
        "measures": Figure("count", len(measures)),
        "measures_differing": Figure("count", int(measures["differs"].sum())),
        "same_tier": Figure("percent", same_tier(evidence)),
    }
    conditions = pl.DataFrame([_row(name, tested) for name, tested in found.items()], schema=_SCHEMA)
    note = Phrase("tiers_help.what_counts", {}, "what_if")
    return Report(figures, Table(measures, _MEASURES), {"conditions": Table(conditions, _CONDITIONS)}, (note,))


def verdict(found: dict[str, Finding]) -> Overall:
    """Return what the four outcomes come to."""
    if found["profiles"].outcome == "untested":
        return "unknown"
    if found["profiles"].outcome == "does_not":
        return "no_help"
    used = any(found[name].outcome == "holds" for name in CONDITIONS[1:])
    return "help" if used else "not_shown"


_SCHEMA: Final = {
    "condition": pl.String, "outcome": pl.String, "effect": pl.Float64, "effect_needed": pl.Float64,
    "chance": pl.Float64, "cases": pl.Int64, "reason": pl.String, "missing": pl.String,
}  # fmt: skip


def _row(name: str, tested: Finding) -> dict[str, object]:
    values = (
        name, tested.outcome, tested.effect, tested.needed, tested.chance, tested.cases, tested.reason,
        ";".join(tested.missing) or None,
    )  # fmt: skip
    return dict(zip(_SCHEMA, values, strict=True))


def profile_effects(evidence: Evidence) -> pl.DataFrame:
    """Return the effect of the tiers on every measure of the profile that is known, the strongest first."""
    base, limits = with_margin(evidence.base, evidence.settings.tiers), evidence.settings.tier_test
    traits = [name for name in TRAITS if name in base.columns and base[name].count()]
    kinds = [name for name in KINDS if name in base.columns and base[name].count()]
    numeric = eta_squared(base, "tier", traits)
    nominal = {name: cramers_v(base, "tier", name) for name in kinds}
    sizes = numeric | {name: effect for name, effect in nominal.items() if effect is not None}
    corrected = holm({name: effect.chance for name, effect in sizes.items()})
    rows = [_measured(name, effect, corrected[name], name in numeric, limits) for name, effect in sizes.items()]
    schema = {
        "measure": pl.String, "test": pl.String, "effect": pl.Float64, "effect_needed": pl.Float64,
        "chance": pl.Float64, "customers": pl.Int64, "differs": pl.Boolean, "strength": pl.Float64,
    }  # fmt: skip
    order = ["differs", "strength", "measure"]
    return pl.DataFrame(rows, schema=schema, orient="row").sort(order, descending=[True, True, False])


def _measured(name: str, effect: Effect, chance: float, numeric: bool, limits: TierTestSettings) -> tuple[object, ...]:
    needed = limits.effect if numeric else limits.association
    differs = effect.size >= needed and chance < limits.chance
    test = "eta_squared" if numeric else "cramers_v"
    strength = effect.size / needed if needed else effect.size
    return name, test, effect.size, needed, round(chance, DIGITS), effect.cases, differs, strength


def with_margin(base: pl.DataFrame, tiers: TierSettings) -> pl.DataFrame:
    """Add the gross margin, unless tiers are made by profit: then it differs by the way they are made."""
    if tiers.measure != "revenue" or tiers.lead_if_loss or not {"gross_profit", "revenue"} <= set(base.columns):
        return base
    revenue = pl.col("revenue")
    return base.with_columns(margin=pl.when(revenue > 0).then(pl.col("gross_profit") / revenue))


def profiles(measures: pl.DataFrame, limits: TierTestSettings) -> Finding:
    """Judge the first condition: enough measures differ, or the share of those known that the settings ask for."""
    if not len(measures):
        return Finding("untested", reason="columns", missing=("customers",))
    differing = int(measures["differs"].sum())
    needed = min(limits.fewest_measures, ceil(len(measures) * limits.share_of_measures / 100))
    cases = measures["customers"].max()
    outcome: Outcome = "holds" if differing >= needed else "does_not"
    return Finding(outcome, differing, needed, cases=cases if isinstance(cases, int) else None)


def _quality(evidence: Evidence, limits: TierTestSettings) -> Finding:
    """Test whether topics of the survey make up overall satisfaction differently from tier to tier."""
    wanted = ("contacts.score", "contacts.topic")
    if missing := tuple(name for name in wanted if name not in evidence.held):
        return Finding("untested", reason="columns", missing=missing)
    answers = topic_answers(evidence).join(evidence.base.select("customer_id", "tier"), on="customer_id", how="inner")
    counts = answers.group_by("topic").len().sort("len", "topic", descending=[True, False])
    asked = counts["topic"].head(MOST_TOPICS).to_list()
    days = answers.filter(pl.col("topic").is_in(asked)).pivot(
        "topic", index=["customer_id", "date", "overall", "tier"], values="score"
    )
    kept = enough(days, limits)
    if kept is None:
        return Finding("untested", needed=limits.explained, cases=len(days), reason="cases")
    asked = [topic for topic in asked if kept[topic].count()]
    scores, tiers = kept.select(asked).to_numpy().astype(np.float64), dummies(_codes(kept, "tier"))
    # A topic that was not asked that day stands at its mean, and says so in a column of its own.
    unknown = np.isnan(scores)
    centred = np.where(unknown, 0.0, scores - np.nanmean(scores, axis=0))
    plain = np.column_stack([tiers, centred, unknown.astype(np.float64)])
    return _judged(change_of_r2(kept["overall"].to_numpy(), plain, times(tiers, centred)), limits)


def _drivers(evidence: Evidence, limits: TierTestSettings) -> Finding:
    """Test whether visits, deals and breadth go with relative growth differently from tier to tier."""
    base = evidence.base
    if "relative_growth" not in base.columns:
        return Finding("untested", reason="periods")
    held = [name for name in DRIVERS if name in base.columns and base[name].count()]
    missing = tuple(need for name, need in DRIVERS.items() if name not in held)
    if not held:
        return Finding("untested", reason="columns", missing=missing)
    known = base.select("tier", "relative_growth", *held).drop_nulls()
    kept = enough(known, limits)
    if kept is None:
        return Finding("untested", needed=limits.explained, cases=len(known), reason="cases", missing=missing)
    tiers, drivers = dummies(_codes(kept, "tier")), kept.select(held).to_numpy().astype(np.float64)
    outcome = kept["relative_growth"].to_numpy()
    effect = change_of_r2(outcome, np.column_stack([tiers, drivers]), times(tiers, drivers))
    return _judged(effect, limits, missing)


def _service(evidence: Evidence, limits: TierTestSettings) -> Finding:
    """Test whether a change of satisfaction goes with the next period's profit differently from tier to tier."""
    wanted = ("contacts.score",)
    missing = tuple(name for name in wanted if name not in evidence.held)
    profit = "customer_profit_late"
    if profit not in evidence.base.columns:
        missing = (*missing, "transactions.profit")
    if missing:
        return Finding("untested", reason="columns", missing=missing)
    before = evidence.before
    if before is None or "satisfaction_change" not in before.columns:
        return Finding("untested", reason="periods")
    then = before.select("tier", "satisfaction_change", "in_base").with_columns(before_places(evidence))
    known = then.drop_nulls().filter("in_base").drop("in_base")
    profits = by_place(evidence, evidence.base.select(profit), base_places(evidence))[profit]
    known = known.with_columns(profits.gather(known["place"])).drop_nulls()
    kept = enough(known, limits)
    if kept is None:
        return Finding("untested", needed=limits.explained, cases=len(known), reason="cases")
    tiers, change = dummies(_codes(kept, "tier")), kept["satisfaction_change"].to_numpy()[:, None]
    outcome = kept[profit].to_numpy().astype(np.float64)
    return _judged(change_of_r2(outcome, np.column_stack([tiers, change]), times(tiers, change)), limits)


def enough(rows: pl.DataFrame, limits: TierTestSettings) -> pl.DataFrame | None:
    """Return the rows of the tiers that have enough of them; None where fewer than two tiers do."""
    large = rows.group_by("tier").len().filter(pl.col("len") >= limits.fewest_answers)
    return rows.join(large, on="tier", how="semi", maintain_order="left") if len(large) >= 2 else None


def _codes(rows: pl.DataFrame, column: str) -> np.ndarray:
    return rows[column].rank("dense").to_numpy().astype(np.float64)


def _judged(effect: Effect | None, limits: TierTestSettings, missing: tuple[str, ...] = ()) -> Finding:
    if effect is None:
        return Finding("untested", needed=limits.explained, reason="cases", missing=missing)
    holds = effect.size >= limits.explained and effect.chance < limits.chance
    outcome: Outcome = "holds" if holds else "does_not"
    chance = round(effect.chance, DIGITS)
    return Finding(outcome, effect.size, limits.explained, chance, effect.cases, missing=missing)


def same_tier(evidence: Evidence) -> float | None:
    """Return the share of customers of both periods' bases who are in the tier of one comparison length ago."""
    before = evidence.before
    if before is None:
        return None
    then = by_place(evidence, before.select("in_base", then="tier"), before_places(evidence))[base_places(evidence)]
    same = (pl.col("tier") == pl.col("then")).filter("in_base")
    return then.with_columns(evidence.base["tier"]).select(same.mean()).item()


TIERS_HELP: Final = System("tiers_help", "S7", (("transactions", "customers"),), report)
