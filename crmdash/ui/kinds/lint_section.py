"""Whether the rules are sound: every rule set, what is wrong with it, and where order decides on purpose."""

from typing import Any, Final

import polars as pl
import streamlit as st

from crmdash.i18n import Wording
from crmdash.model.strategies import TABLE, shown_strategy
from crmdash.phrases import show
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report
from crmdash.ui.concepts import titled
from crmdash.ui.data_words import literal
from crmdash.ui.report_list import report_table
from crmdash.ui.sections import Section, figure_row, reported
from crmdash.ui.words import stage_words, strategy_words

_GRIDS: Final = ("rf_grid", "rfm_grid")
_ROWS: Final = {row.reason: (number, shown_strategy(row)) for number, row in enumerate(TABLE, 1)}
_MOST: Final = 40
"""So many faults of one kind are put into words; there may be as many as cells."""


def draw(_: Wording, evidence: Evidence) -> None:
    """Say which rule sets are clean, and every fault in a sentence."""
    titled(_, _("Are the rules sound?"), "rule_lint")
    report = reported(_, evidence, "rule_lint")
    if report is None:
        return
    figures = report.figures
    figure_row(
        _,
        [
            (_("Rule sets"), show(figures["rule_sets"], _), _("grids, stages, strategies"), None),
            (_("Clean"), show(figures["clean"], _), _("with the present settings"), None),
            (_("Faults"), show(figures["faults"], _), _("gaps, overlaps, never reached"), None),
            (_("Order decides"), show(figures["intended"], _), _("on purpose"), None),
        ],
    )
    report_table(_, report.tables["by_rule_set"], "kinds.lint", _("Rule sets with their findings"))
    _faults(_, report)
    _on_purpose(_, report)


def _faults(_: Wording, report: Report) -> None:
    rows = report.rows.frame.filter(~pl.col("intended").fill_null(True)).rows(named=True)
    if not rows:
        st.success(_("Every rule set is clean: nobody falls through, nobody fits twice, everything can be reached."))
        return
    for row in rows[:_MOST]:
        rules = _.term("kinds", f"rule_set.{row['rule_set']}")
        st.warning(literal(_("{rules}: {finding}", rules=rules, finding=_sentence(_, row))), icon=":material/rule:")
    if len(rows) > _MOST:
        st.caption(_.plural("and {n} more", "and {n} more", len(rows) - _MOST))


def _on_purpose(_: Wording, report: Report) -> None:
    folded = st.expander(_("Where order decides, on purpose"), key="kinds.lint.order", on_change="rerun")
    if not folded.open:
        return
    meant = report.rows.frame.filter(pl.col("intended").fill_null(False)).rows(named=True)
    with folded:
        st.caption(
            _("Several rules hold, and the first in the list wins. That is how these sets are meant to be read.")
        )
        for code in dict.fromkeys(row["rule_set"] for row in meant):
            told = _.joined([_sentence(_, row) for row in meant if row["rule_set"] == code])
            rules = _.term("kinds", f"rule_set.{code}")
            st.caption(literal(_("{rules}: {finding}", rules=rules, finding=told)))


def _sentence(_: Wording, row: dict[str, Any]) -> str:
    """Put one finding into words."""
    words = {name: _rule_words(_, row["rule_set"], row[name]) for name in ("rule", "other") if row[name] is not None}
    finding = row["finding"]
    if finding == "unreachable":
        if _.has_term("kinds", f"class.{row['rule']}"):
            finding = "empty_class"
        elif row["other"] is not None:
            finding = "unreachable_behind"
    return _.term("kinds", f"lint.{finding}", where=row["where"] or "", cases=_.integer(row["cases"]), **words)


def _rule_words(_: Wording, rule_set: str, rule: str) -> str:
    if _.has_term("kinds", f"class.{rule}"):
        return _.term("kinds", f"class.{rule}")
    if rule_set in _GRIDS:
        return _.term("kinds", f"segment.{rule}")
    if rule_set == "strategies":
        number, strategy = _ROWS[rule]
        return _.term("kinds", "lint.row", number=number, strategy=strategy_words(strategy, _, short=True))
    return stage_words(rule, _)


LINT: Final = Section("lint", lambda _: _("Rules"), draw)
