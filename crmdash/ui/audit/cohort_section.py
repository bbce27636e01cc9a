"""One acquisition cohort over time."""

import html
from typing import Final

import polars as pl
import streamlit as st

from crmdash.charts.bars import Bar, bars_figure
from crmdash.charts.lines import Line, lines_figure
from crmdash.charts.palette import TEAL
from crmdash.i18n import Wording
from crmdash.phrases import Figure, show
from crmdash.systems.acquisition_cohorts import cohorts, quarter_name
from crmdash.systems.audit_cohort import cohort_report
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report
from crmdash.ui import state
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, told, written
from crmdash.ui.report_list import download, report_table
from crmdash.ui.sections import FigureTile, Section, figure_row, reported

_SHOWN: Final = 16
"""So many quarters of a cohort are drawn, the first ones."""


def draw(_: Wording, evidence: Evidence) -> None:
    """Let the reader choose a cohort, and follow it from quarter to quarter."""
    titled(_, _("What became of those won in one quarter?"), "cohort")
    usual = reported(_, evidence, "audit_cohort")
    if usual is None:
        return
    report = _chosen(_, evidence, usual)
    if report.figures["may_be_older"].value:
        st.caption(_("This cohort may hold customers who bought before the file begins."))
    figure_row(_, _tiles(_, report))
    active, second = st.columns([1.2, 1], gap="small")
    with active:
        _active(_, report)
    with second:
        _second_orders(_, report)
    report_table(_, report.rows, "audit.cohort.rows", _("The cohort by quarter"))
    download(_, evidence, report.rows, "audit.cohort", _("The cohort by quarter"))


def _chosen(_: Wording, evidence: Evidence, usual: Report) -> Report:
    known = {quarter_name(cohort): cohort for cohort in cohorts(evidence).sizes["cohort"].to_list()}
    if not known:
        return usual
    first = usual.figures["cohort"].value
    current = state.kept("audit.cohort", first)
    given = state.seed_choice("audit.cohort", current if current in known else first)
    st.selectbox(
        _("First purchase in"),
        list(known),
        key="audit.cohort",
        index=state.place_in(list(known), given),
        format_func=lambda quarter: show(Figure("quarter", quarter), _),
        width=200,
        persist_state="session",
    )
    return cohort_report(evidence, known[state.kept("audit.cohort", first)])


def _tiles(_: Wording, report: Report) -> list[FigureTile]:
    figures = {name: figure.value for name, figure in report.figures.items()}
    cohort, quarter = (show(report.figures[name], _) for name in ("cohort", "quarter"))
    return [
        (_("Customers"), _.integer(figures["customers"]), _("first purchase in {quarter}", quarter=cohort), None),
        (_("Bought again"), _.percent(figures["repeat_share"], 0), _("at least once up to now"), None),
        (_("Half had a second order after"),
         _.integer(figures["days_to_second"]),
         _("days") if figures["days_to_second"] is not None
         else _("not reached in {days} days", days=_.integer(figures["watched_days"])),
         _("Of all customers of the cohort. The curve stops where its youngest customer has been watched no longer.")),
        (_("Still active"), _.percent(figures["active_share"], 0), _("in {quarter}", quarter=quarter),
         _("A customer is active in a quarter with a purchase in it.")),
        (_("Revenue each so far"), _.compact_money(figures["revenue_per_customer"]), _("per customer of the cohort"),
         None),
    ]  # fmt: skip


def _active(_: Wording, report: Report) -> None:
    rows = report.rows.frame.filter(pl.col("complete")).head(_SHOWN)
    if not len(rows):
        st.caption(_("No quarter of this cohort is over yet."))
        return
    bars = [
        Bar(
            show(Figure("quarter", row["quarter"]), _),
            row["active_share"] or 0.0,
            _.percent(row["active_share"], 0),
            html.escape(_("{quarter}: {active} of {count} active, {purchases} purchases",
                          quarter=show(Figure("quarter", row["quarter"]), _),
                          active=_.integer(row["active"]), count=_.integer(row["customers"]),
                          purchases=_.integer(row["purchases"]))),
        )
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip
    title = _("Share of the cohort that bought, by quarter")
    words = written(title, _("Share of the cohort"), _("Quarter"))
    shares = [_("{label} {share}", label=bar.label, share=bar.text) for bar in bars]
    picture(bars_figure(bars, words, as_share=True), "audit.picture.active", told(_, title, shares))


def _second_orders(_: Wording, report: Report) -> None:
    curve = report.tables["second_orders"].frame
    if not len(curve):
        st.caption(_("The cohort is too young for its second orders to be counted."))
        return
    title = _("Second orders, by days since the first")
    point = _("within {days} days: {share}", days="%{x}", share="%{y:.1f}%") + "<extra></extra>"
    line = Line(title, TEAL, curve["days"].to_list(), (curve["share"] * 100).to_list(), point)
    figure = lines_figure(
        [line], written(title, _("Days since the first order"), _("Share of the cohort")), percent=False
    )
    figure.update_yaxes(ticksuffix="%", rangemode="tozero")
    last = _("{share} within {days} days", share=_.percent(curve["share"][-1]), days=_.integer(curve["days"][-1]))
    picture(figure, "audit.picture.second_orders", told(_, title, [last]))


COHORT: Final = Section("cohort", lambda _: _("One cohort"), draw)
