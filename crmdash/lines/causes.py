"""Why a customer moved: the cause as a code, and the sentence with the figures behind it."""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from crmdash.evaluate import Evaluation
from crmdash.lines.ladder import LEAD, Ladder, loses_into_lead
from crmdash.phrases import Figure, Phrase

CAUSES: Final = (
    "entered", "left", "scheme_changed", "loss_rule", "profit_changed", "measure_changed", "value_changed",
    "line_moved",
)  # fmt: skip
"""Why a tier changed, in the order in which they are looked for."""

STAGE_CAUSES: Final = ("model_changed", "time_passed", "stage_rule", "time_and_rule")
"""Why a stage changed while the tier did not."""

Move = Mapping[str, Any]
"""One row of `Ledger.moves` or `Ledger.stage_moves`."""


def cause(ladder: Ladder) -> pl.Expr:
    """Return why each customer's tier changed, from tier, value and the `line` crossed.

    Where both value and line changed, the value is the cause if it passes the line where it was drawn before.
    """
    settings, known = ladder.now.settings.tiers, ladder.before.settings.tiers
    by_rule = pl.lit("loss_rule" if ladder.rule_switched else "profit_changed")
    measured = settings.measure != known.measure
    dropped = (pl.col("line") == ladder.codes[-2]) if ladder.rule_switched else pl.lit(False)
    return (
        pl.when(pl.col("tier_before").is_null())
        .then(pl.lit("entered"))
        .when(pl.col("tier_now").is_null())
        .then(pl.lit("left"))
        .when(pl.lit(not ladder.comparable))
        .then(pl.lit("scheme_changed"))
        .when(pl.col("line") == LEAD)
        .then(by_rule)
        .when(pl.lit(measured))
        .then(pl.lit("measure_changed"))
        .when(dropped)
        .then(pl.lit("loss_rule"))
        .when(_passes_the_old_line(ladder))
        .then(pl.lit("value_changed"))
        .otherwise(pl.lit("line_moved"))
    )


def _passes_the_old_line(ladder: Ladder) -> pl.Expr:
    cut, value = ladder.cut_before(pl.col("line")), pl.col("value_now")
    fell = value.is_null() | (value < cut)
    return pl.when(pl.col("up")).then(value >= cut).otherwise(fell & cut.is_not_null())


def stage_cause(before: Evaluation, now: Evaluation) -> str:
    """Return why stages differ: another model, another day, other rules, or both (which cannot be told apart)."""
    if before.settings.lifecycle.model != now.settings.lifecycle.model:
        return "model_changed"
    later = before.clock.as_of != now.clock.as_of
    ruled = (before.settings.lifecycle, before.settings.period) != (now.settings.lifecycle, now.settings.period)
    if later and ruled:
        return "time_and_rule"
    return "time_passed" if later else "stage_rule"


def why_moved(move: Move, before: Evaluation, now: Evaluation) -> Phrase:
    """Explain one row of the ledger: its value, and the line where it was and where it is."""
    code = move["cause"]
    figures = {
        "value_before": Figure("money", move["value_before"]),
        "value_now": Figure("money", move["value_now"]),
        "date_before": Figure("date", before.clock.as_of),
        "date_now": Figure("date", now.clock.as_of),
    }
    if code in STAGE_CAUSES:
        stages = {"before": Figure("stage", move["stage_before"]), "now": Figure("stage", move["stage_now"])}
        return Phrase(f"ledger.{code}", figures | stages)
    if code == "scheme_changed":
        tier = Figure("tier", move["tier_before"])
        return Phrase(f"ledger.{code}.{before.settings.tiers.scheme}", figures | {"tier_before": tier})
    if code in ("entered", "left"):
        return Phrase(f"ledger.{code}", figures)
    line = move["line"]
    figures |= {
        "profit_before": Figure("money", move["profit_before"]),
        "profit_now": Figure("money", move["profit_now"]),
        "line": Figure("tier", line),
        "cut_before": Figure("money", before.cuts.get(line)),
        "cut_now": Figure("money", now.cuts.get(line)),
    }
    return Phrase(f"ledger.{code}{_variant(move, before, now)}", figures)


def _variant(move: Move, before: Evaluation, now: Evaluation) -> str:
    """Return which sentence of a cause fits: a line may move either way, appear or disappear."""
    code, line = move["cause"], move["line"]
    if code == "measure_changed":
        return f".{now.settings.tiers.measure}"
    if code == "loss_rule":
        side = "on" if loses_into_lead(now) else "off"
        return f".{side}" if line == LEAD else f".{side}_line"
    if code != "line_moved":
        return ""
    if before.cuts.get(line) is None:
        return ".drawn"
    if now.cuts.get(line) is None:
        return ".dropped"
    return ".down" if move["up"] else ".up"
