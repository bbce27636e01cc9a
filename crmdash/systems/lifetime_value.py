"""S15 · Lifetime value: what a customer is still expected to bring, beside what it brought last year.

Purchases to come (BG/NBD) × spend of each (Gamma-Gamma) × margin, month by month and discounted. Rules and readings:
``docs/decisions/0009-lifetime-value.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from crmdash.model.lifetime.bg_nbd import NAMES as PURCHASE_PARAMETERS
from crmdash.model.lifetime.fit import Fit
from crmdash.model.lifetime.gamma_gamma import NAMES as SPEND_PARAMETERS
from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.summary import Summary
from crmdash.systems.evidence import Evidence
from crmdash.systems.lifetime_check import Check, Trace, check, trace
from crmdash.systems.lifetime_fit import Fitted, fit_key, fit_lifetime, refusal
from crmdash.systems.lifetime_worth import valued
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, System, Table, row_of

DAYS_A_YEAR: Final = 365
PARAMETERS: Final = (*PURCHASE_PARAMETERS, *SPEND_PARAMETERS)

ROWS: Final = (
    *CUSTOMER,
    TIER,
    Column("lifetime_value", "money"),
    Column("as_last_year", "money"),
    Column("as_last_year_discounted", "money"),
    Column("past_spend", "money"),
    Column("p_alive", "percent"),
    Column("expected_purchases", "decimal"),
    Column("expected_value_each", "money"),
    Column("margin", "percent"),
    Column("rank_lifetime_value", "count"),
    Column("rank_past_spend", "count"),
    Column("repeat_purchases", "count"),
    Column("weeks_active", "decimal"),
    Column("weeks_known", "decimal"),
)
TRACKING: Final = (
    Column("week", "count"),
    Column("date", "date"),
    Column("held_out", "flag"),
    Column("actual", "count"),
    Column("expected", "decimal"),
)
CONDITIONAL: Final = (
    Column("repeat_purchases", "count"),
    Column("customers", "count"),
    Column("actual", "decimal"),
    Column("expected", "decimal"),
)


@dataclass(frozen=True, eq=False)
class _Past:
    """What the data says of the models: how regular its gaps are, and how a fit of a period ago did."""

    regular_share: float | None = None
    check: Check | None = None


def lifetime_value_report(evidence: Evidence) -> Report:
    """Value every customer looked at; the models are fitted to everybody in the base."""
    settings, summary = evidence.settings.lifetime, evidence.summary
    refused = refusal(summary, settings)
    fitted = None if refused else _fitted(evidence, summary)
    past = _past(evidence)
    rows = _rows(evidence, fitted)
    notes = (*([refused] if refused else []), *_notes(evidence, fitted, past))
    return Report(_figures(evidence, fitted, past, rows), Table(rows, ROWS), _tables(past), notes)


def _fitted(evidence: Evidence, summary: Summary) -> Fitted:
    settings = evidence.settings.lifetime
    return evidence.remember_lasting(fit_key(summary, settings), lambda: fit_lifetime(summary, settings))


def _past(evidence: Evidence) -> _Past:
    settings, clock, rows = evidence.settings.lifetime, evidence.clock, evidence.tables.transactions
    if rows is None or clock.as_of is None or clock.comparison is None:
        return _Past()
    as_of, split, width = clock.as_of, clock.as_of - clock.comparison, settings.contract_width / 100
    outside = evidence.summary.customers.filter("internal").select("customer_id")
    found: Trace = evidence.remember_lasting(
        f"lifetime_value trace {split} {width}", lambda: trace(rows, as_of, split, width, outside)
    )
    then = evidence.summary_at(split)
    if refusal(then, settings):
        return _Past(found.regular_share)
    fitted, top = _fitted(evidence, then), settings.top_share / 100
    checked: Check = evidence.remember_lasting(
        f"lifetime_value check {split} {settings.fewest_repeaters} {top}",
        lambda: check(fitted, then, evidence.summary, found.repeats, top),
    )
    return _Past(found.regular_share, checked)


def _rows(evidence: Evidence, fitted: Fitted | None) -> pl.DataFrame:
    held = [name for name in ("name", "tier") if name in evidence.base.columns]
    ranked = evidence.base.select("customer_id", *held).join(
        valued(evidence.base, fitted, evidence.settings), on="customer_id", how="left"
    )
    order = ["lifetime_value" if fitted else "past_spend", "customer_id"]
    ranks = {
        f"rank_{name}": pl.col(name).rank("min", descending=True).cast(pl.Int64)
        for name in ("lifetime_value", "past_spend")
    }
    return ranked.with_columns(**ranks).sort(order, descending=[True, False], nulls_last=True)


def _figures(evidence: Evidence, fitted: Fitted | None, past: _Past, rows: pl.DataFrame) -> Mapping[str, Figure]:
    settings = evidence.settings.lifetime
    totals = ("lifetime_value", "as_last_year", "as_last_year_discounted", "past_spend")
    return {
        "fitted": Figure("flag", fitted is not None),
        "horizon_years": Figure("count", settings.horizon_years),
        "discount": Figure("percent", settings.discount / 100),
        **{name: Figure("money", _sum(rows[name])) for name in totals},
        "in_profit": Figure("flag", "customer_profit" in evidence.base.columns),
        "regular_share": Figure("percent", past.regular_share),
        **_model_figures(fitted),
        **_check_figures(past.check),
    }


def _model_figures(fitted: Fitted | None) -> dict[str, Figure]:
    if fitted is None:
        return {}
    figures = {
        "customers": Figure("count", fitted.purchases.customers),
        "repeaters": Figure("count", fitted.repeaters),
        "correlation": Figure("decimal", fitted.correlation),
        **_fit_figures(fitted.purchases, PURCHASE_PARAMETERS, ""),
    }
    if fitted.spend is None:
        return figures
    spenders = Figure("count", fitted.spend.customers)
    return figures | {"spenders": spenders} | _fit_figures(fitted.spend, SPEND_PARAMETERS, "spend_")


def _sum(values: pl.Series) -> int | None:
    known = values.drop_nulls()
    return int(known.sum()) if len(known) else None


def _fit_figures(fit: Fit, names: tuple[str, ...], prefix: str) -> dict[str, Figure]:
    figures = {}
    for name in names:
        figures[name] = Figure("decimal", fit.parameters[name])
        figures[f"{name}_error"] = Figure("decimal", fit.errors[name])
    return figures | {
        f"{prefix}log_likelihood": Figure("decimal", fit.log_likelihood),
        f"{prefix}converged": Figure("flag", fit.converged),
        f"{prefix}iterations": Figure("count", fit.iterations),
        f"{prefix}gradient": Figure("decimal", fit.gradient),
        f"{prefix}at_boundary": Figure("text", ", ".join(fit.at_boundary) or None),
    }


def _check_figures(found: Check | None) -> dict[str, Figure]:
    if found is None:
        return {}
    whole = found.tracking.filter("held_out")
    before = found.tracking.filter(~pl.col("held_out"))
    actual, expected = (
        whole[name].max() - (before[name].max() if len(before) else 0)  # type: ignore[operator]
        for name in ("actual", "expected")
    )
    return {
        "split": Figure("date", found.split),
        "repeat_purchases_after": Figure("count", actual),
        "repeat_purchases_expected": Figure("decimal", expected),
        "top_by_lifetime_value": Figure("percent", found.by_model),
        "top_by_past_spend": Figure("percent", found.by_past_spend),
        "top_by_hindsight": Figure("percent", found.by_hindsight),
    }


def _tables(past: _Past) -> dict[str, Table]:
    if past.check is None:
        return {}
    return {
        "tracking": Table(past.check.tracking, TRACKING),
        "conditional": Table(past.check.conditional, CONDITIONAL),
    }


def _notes(evidence: Evidence, fitted: Fitted | None, past: _Past) -> list[Phrase]:
    settings, regular = evidence.settings.lifetime, past.regular_share
    notes = []
    if regular is not None and regular > settings.contract_share / 100:
        notes.append(_note("contractual", share=Figure("percent", regular)))
    if fitted is None:
        return notes
    for kind, fit in (("purchases", fitted.purchases), ("spend", fitted.spend)):
        if fit is not None:
            notes += _doubts(fit, kind)
    if fitted.spend is None:
        notes.append(_note("no_spend", needed=Figure("count", settings.fewest_repeaters)))
    elif fitted.spend.parameters["q"] <= 1:
        notes.append(_note("no_mean"))
    if "customer_profit" not in evidence.base.columns:
        notes.append(_note("revenue"))
    if past.check is None:
        notes.append(_note("unchecked"))
    return notes


def _doubts(fit: Fit, kind: str) -> list[Phrase]:
    about = Figure("term", f"lifetime:model.{kind}")
    if fit.at_boundary:
        return [_note("boundary", model=about, parameters=Figure("text", ", ".join(fit.at_boundary)))]
    return [] if fit.converged else [_note("not_converged", model=about, iterations=Figure("count", fit.iterations))]


def _note(key: str, **figures: Figure) -> Phrase:
    return Phrase(f"note.{key}", figures, "lifetime")


def explain(report: Report, customer: Customer) -> Explanation | None:
    """Say what is expected of one customer, and from what."""
    row = row_of(report, customer)
    if row is None or row["p_alive"] is None:
        return None
    figures = report.figures
    history = {
        "repeats": Figure("count", row["repeat_purchases"]),
        "active": Figure("score", row["weeks_active"]),
        "known": Figure("score", row["weeks_known"]),
        "alive": Figure("percent", row["p_alive"]),
    }
    expected = {
        "purchases": Figure("decimal", row["expected_purchases"]),
        "each": Figure("money", row["expected_value_each"]),
        "margin": Figure("percent", row["margin"]),
    }
    beside = {"as_last_year": Figure("money", row["as_last_year"]), "past": Figure("money", row["past_spend"])}
    worth = {"value": Figure("money", row["lifetime_value"]), "years": figures["horizon_years"]}
    because = [
        Phrase("because.history" if row["repeat_purchases"] else "because.first", history, "lifetime"),
        Phrase("because.expected", expected, "lifetime"),
        Phrase("because.beside", beside, "lifetime"),
    ]
    return Explanation(Phrase("worth", worth, "lifetime"), tuple(because))


LIFETIME_VALUE: Final = System(
    "lifetime_value",
    "S15",
    (("transactions", "customers.first_purchase"),),
    lifetime_value_report,
    explain,
)
