"""What the browser is handed: numbers that change with data and rules, where lines stand, and words.

Money travels as decimal text of ten-thousandths, counts as numbers. Sentences keep their placeholders; the browser
fills them with numbers that it writes as the reader does.
"""

import json
from hashlib import blake2b
from typing import Any, Final

from crmdash.adjusting import Adjustable, adjustables
from crmdash.charts.palette import tier_colour
from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.lines import around_payload, near_lines, rule_payload, rule_steps
from crmdash.model.cells import has
from crmdash.model.concentration import cumulative_curve
from crmdash.model.step_payload import as_payload, curve_payload
from crmdash.model.steps import StepTable
from crmdash.ui import state
from crmdash.ui.changes import before
from crmdash.ui.live.alerted import alerted_payload
from crmdash.ui.words import stage_words, strategy_words, tier_words

Payload = dict[str, Any]

BLOCK: Final = 5
"""Steps of a line between which the accounts around it stay the same bytes and are not sent again."""


def head_payload(_: Wording, evaluation: Evaluation) -> Payload:
    """Return step table, curves, number rules and common words; the same bytes until data, rules or language change.

    `version` stands for all of it.
    """
    settings = evaluation.settings
    table = as_payload(evaluation.steps, settings)
    table["tiers"] = [
        {"code": code, "name": tier_words(code, _), "colour": tier_colour(code, settings.tiers.scheme)}
        for code in table["tiers"]
    ]
    table["setting_words"] = [_setting_words(_, evaluation.steps, step) for step in range(len(table["grid"]))]
    head = {
        "part": "head",
        "table": table,
        "curves": _curves(evaluation),
        "format": _.number_rules(),
        "words": _common_words(_),
        "at_risk": alerted_payload(evaluation) if _colours_by_risk(evaluation) else None,
    }
    return head | {"version": blake2b(json.dumps(head).encode(), digest_size=8).hexdigest()}


def now_payload(_: Wording, evaluation: Evaluation, version: str, revision: int) -> Payload:
    """Return where the lines stand, and what only Python knows of that: strategies, alerts, the baseline, clicks."""
    filters = state.filters()
    return {
        "part": "now",
        "version": version,
        "revision": revision,
        "lines": dict(evaluation.steps.lines),
        "cells": _cells(_, evaluation),
        "earlier_customers": _earlier_customers(evaluation),
        "earlier": _earlier_lines(evaluation),
        "chosen": {"tier": filters.tier, "stage": filters.stage},
        "hint": state.kept("live_hint", True),
    }


def near_payload(evaluation: Evaluation, version: str) -> Payload:
    """Return the accounts around the lines of the step table of a version."""
    return {"part": "near", "version": version, "accounts": around_payload(near_lines(evaluation, block=BLOCK))}


def rule_part(_: Wording, evaluation: Evaluation, path: str) -> Payload:
    """Return tiers and stages at every step of a limit of the lifecycle, and the words of its slider."""
    item = next(item for item in adjustables(evaluation.settings) if item.path == path)
    steps = rule_payload(rule_steps(evaluation, path))
    return steps | {
        "stages": [{"code": stage, "name": stage_words(stage, _)} for stage in steps["stages"]],
        "label": _.term("settings", f"{path}.label"),
        "title": _("Customers by stage"),
        "everybody": _("All tiers"),
        "words": [_limit_words(_, value, item) for value in steps["grid"]],
    }


def _limit_words(_: Wording, value: float, item: Adjustable) -> str:
    number = _.decimal(value, 0 if float(item.step).is_integer() and value.is_integer() else 2)
    if item.unit == "times":
        return _("×{number}", number=_.decimal(value, 1))
    if item.unit == "%":
        return _("{percent}%", percent=number)
    if _.has_term("model", f"unit.{item.unit}"):
        return _("{number} {unit}", number=number, unit=_.term("model", f"unit.{item.unit}"))
    return number


def _setting_words(_: Wording, table: StepTable, step: int) -> str:
    value = table.grid[step]
    if table.mode == "amount":
        return _.compact_money(table.cuts[step])
    return _("{percent}%", percent=_.decimal(value, 0 if value.is_integer() else 2))


def _colours_by_risk(evaluation: Evaluation) -> bool:
    """Say whether the cells are coloured by what is at risk; the switch is offered where anything is."""
    return state.kept("matrix.at_risk", False) and any(has("risk", cell.flags) for cell in evaluation.cells)


def _curves(evaluation: Evaluation) -> Payload:
    values, profits, whale = evaluation.values, evaluation.profits, evaluation.whale
    curves: Payload = {"pareto": None, "whale": None}
    if values.positive_total > 0:
        curves["pareto"] = curve_payload(cumulative_curve(values)) | {
            "size": values.size, "whole": str(values.positive_total),
        }  # fmt: skip
    if profits is not None and whale is not None:
        curves["whale"] = curve_payload(cumulative_curve(profits)) | {
            "size": profits.size, "whole": str(profits.total), "peak": [whale.peak_at, str(profits.positive_total)],
        }  # fmt: skip
    return curves


def _common_words(_: Wording) -> Payload:
    held = {
        name: f"{{{name}}}"
        for name in ("tier", "stage", "customers", "value", "cut", "setting", "cell", "strategy", "count", "amount")
    }
    return {
        "line": _("Tier line: {tier}", **held),
        "label": _("{tier}: {customers}, {value}", **held),
        "valuetext": _("{setting}, from {cut}; {tier}: {customers} customers, {value}", **held),
        "released": _("{tier} from {cut}: {customers} customers, {value}", **held),
        "hint": _("Drag a line"),
        "near_above": _("Just above the line"),
        "near_below": _("Just below the line"),
        "cell": _("{tier} × {stage}: {customers} customers, {value}", **held),
        "cell_strategy": _("{cell}; {strategy}", **held),
        "at_risk": _("{count} at risk", **held),
        "cell_at_risk": _("{cell}; at risk {count}, {amount}", **held),
    }


def _cells(_: Wording, evaluation: Evaluation) -> Payload:
    """Return the commonest strategy of every cell that holds customers, with its share where others are in it too."""
    cells: Payload = {}
    for row in evaluation.matrix.rows(named=True):
        if not row["customers"]:
            continue
        share, strategy = row["strategy_share"], strategy_words(row["strategy"], _, short=True)
        cell: Payload = {"strategy": strategy}
        if share < 1:
            cell["share"] = _.percent(share, 0)
            cell["mostly"] = _("mostly {strategy}, {share}", strategy=strategy, share=cell["share"])
        cells[f"{row['tier']}|{row['stage']}"] = cell
    return cells


def _earlier_customers(evaluation: Evaluation) -> dict[str, int]:
    """Return how many customers each tier had at the baseline, where its scheme has the same tiers."""
    then = before()
    if then.settings.tiers.scheme != evaluation.settings.tiers.scheme:
        return {}
    return dict(then.tiers.select("tier", "customers").iter_rows())


def _earlier_lines(evaluation: Evaluation) -> list[Payload]:
    """Return the baseline's lines, at their amounts on the present curve."""
    then, tiers = before(), evaluation.settings.tiers
    if then.settings.tiers.measure != tiers.measure or then.settings.tiers.scheme != tiers.scheme:
        return []
    return [
        {
            "tier": code, "cut": str(cut), "customers": evaluation.values.count_at_or_above(cut),
            "colour": tier_colour(code, tiers.scheme),
        }
        for code, cut in then.cuts.items() if cut is not None
    ]  # fmt: skip
