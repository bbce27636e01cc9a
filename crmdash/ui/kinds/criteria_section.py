"""Any two criteria as a matrix, with the customers of a cell."""

import html
from typing import Any, Final

import polars as pl
import streamlit as st

from crmdash.charts.kinds import Words
from crmdash.i18n import Wording
from crmdash.settings import Settings
from crmdash.systems.criteria import OFFERED, codes_of, matrix
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report, Table
from crmdash.ui import state
from crmdash.ui.concepts import titled
from crmdash.ui.kinds.shares import cell_map, chosen_kind
from crmdash.ui.report_list import report_list
from crmdash.ui.rule_sliders import rules_expander
from crmdash.ui.sections import Section, reported
from crmdash.ui.theme import ink

RULES: Final = tuple(
    f"kinds.{name}"
    for name in (
        "loyalty_high", "loyalty_middle", "loyalty_orders", "loyalty_silence", "loyalty_wallet", "loyalty_satisfaction",
        "loyalty_awake", "loyalty_silent", "credit_a", "credit_b",
    )
)  # fmt: skip
UNKNOWN: Final = "?"
"""Code of a row or column for customers of whom the criterion is not known."""

_WORDS: Final = {column.name: column.words for column in OFFERED}


def draw(_: Wording, evidence: Evidence) -> None:
    """Let the reader choose two criteria, and draw their matrix."""
    titled(_, _("Any two criteria"), "criteria")
    report = reported(_, evidence, "criteria")
    if report is None:
        return
    known = [column.name for column in OFFERED if report.rows.frame[column.name].count()]
    down, across = _axes(_, known)
    if down == across:
        st.info(_("Choose two different criteria."))
        return
    _matrix(_, report, down, across, evidence.settings)
    rows = report.rows.frame
    left, right = st.columns(2, gap="small")
    for place, criterion in ((left, down), (right, across)):
        with place:
            rows = _narrowed(_, rows, criterion, evidence.settings)
    report_list(_, evidence, "criteria", Table(rows, report.rows.columns), _("Customers by criteria"))
    st.caption(_("The weights of the loyalty index are assumptions."))
    rules_expander(_, "kinds.criteria", RULES)


def _axes(_: Wording, known: list[str]) -> tuple[str, str]:
    """Offer the criteria that are known of anybody in two boxes: value by loyalty unless chosen otherwise."""
    labels = {f"kinds.{place}": _.term("kinds", f"axis.{place}") for place in ("down", "across")}
    usual = {"kinds.down": known[0], "kinds.across": "loyalty" if "loyalty" in known else known[-1]}
    for place, (key, label) in zip(st.columns(2, gap="small"), labels.items(), strict=True):
        current = state.kept(key, usual[key])
        given = state.seed_choice(key, current if current in known else usual[key])
        name = lambda code: _.term("kinds", f"criterion.{code}")  # noqa: E731
        with place:
            st.selectbox(
                label, known, key=key, index=state.place_in(known, given), format_func=name, persist_state="session"
            )
    return state.kept("kinds.down", usual["kinds.down"]), state.kept("kinds.across", usual["kinds.across"])


def _matrix(_: Wording, report: Report, down: str, across: str, settings: Settings) -> None:
    found = matrix(report.rows.frame, down, across, settings).frame.rows(named=True)
    cells = {(row[down] or UNKNOWN, row[across] or UNKNOWN): row for row in found}
    axes = tuple(
        [(code, _code_words(_, name, code)) for code in (*codes_of(name, settings), UNKNOWN)
         if any(cell[place] == code for cell in cells)]
        for place, name in enumerate((down, across))
    )  # fmt: skip
    nothing: dict[str, Any] = {"customers": 0, "value": 0, "value_share": 0.0}
    rows = [
        {**cells.get((row, column), nothing), "row": row, "column": column}
        for row, _words in axes[0] for column, _more in axes[1]
    ]  # fmt: skip
    names = [_.term("kinds", f"criterion.{name}") for name in (down, across)]
    words = Words(
        html.escape(_("Customers and value")), x_axis=html.escape(names[1]), y_axis=html.escape(names[0]), ink=ink()
    )
    cell_map(_, rows, (axes[0], axes[1]), words, "kinds.matrix")


def _code_words(_: Wording, criterion: str, code: str) -> str:
    if code == UNKNOWN:
        return _("Not known")
    kind, _colon, key = (_WORDS[criterion] or "").partition(":")
    return _.term(kind, f"{key}.{code}")


def _narrowed(_: Wording, rows: pl.DataFrame, criterion: str, settings: Settings) -> pl.DataFrame:
    """Offer one of a criterion's codes, and return the customers that have it."""
    codes = [*codes_of(criterion, settings), UNKNOWN]
    label = _("Show only: {criterion}", criterion=_.term("kinds", f"criterion.{criterion}"))
    picked = chosen_kind(_, label, codes, lambda code: _code_words(_, criterion, code), f"kinds.only.{criterion}")
    if picked is None:
        return rows
    return rows.filter(pl.col(criterion).is_null() if picked == UNKNOWN else pl.col(criterion) == picked)


CRITERIA: Final = Section("criteria", lambda _: _("Criteria"), draw)
