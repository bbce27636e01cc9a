"""Cohort against cohort at the same age."""

import html
from typing import Final

import polars as pl
import streamlit as st

from crmdash.charts.lines import Line, lines_figure
from crmdash.charts.palette import SERIES
from crmdash.columns import MONEY_SCALE
from crmdash.i18n import Wording
from crmdash.phrases import Figure, show
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report
from crmdash.ui.choice import one_of
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, told, written
from crmdash.ui.report_list import download, report_table
from crmdash.ui.sections import FigureTile, Section, figure_row, reported


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw the newest cohorts over each other by age, and set all beside each other at one age."""
    titled(_, _("Are newer customers as good as earlier ones?"), "cohort")
    report = reported(_, evidence, "audit_cohorts")
    if report is None:
        return
    if report.figures["age"].value is not None:
        figure_row(_, _tiles(_, report))
    _lines(_, report)
    age = report.figures["age"].value
    if age is not None:
        st.caption(_("All cohorts at the age of {age} quarters", age=_.integer(age)))
        report_table(_, report.tables["at_age"], "audit.cohorts.age", _("Cohorts at the same age"))
    download(_, evidence, report.rows, "audit.cohorts", _("Cohorts by age"))


def _tiles(_: Wording, report: Report) -> list[FigureTile]:
    figures = {name: figure.value for name, figure in report.figures.items()}
    age = _("{age} quarters after the first purchase", age=_.integer(figures["age"]))
    tiles: list[FigureTile] = []
    for name in ("newest", "earlier"):
        cohort = show(report.figures[name], _)
        active, revenue = figures[f"{name}_active_share"], figures[f"{name}_revenue"]
        tiles += [
            (_("{cohort}: still active", cohort=cohort), _.percent(active, 0), age, None),
            (_("{cohort}: revenue each", cohort=cohort), _.compact_money(revenue), _("up to that age"), None),
        ]
    return tiles


def _lines(_: Wording, report: Report) -> None:
    names = {"active_share": _("Active"), "revenue_so_far": _("Revenue so far")}
    measure = one_of(_("Compared by"), "audit.compared", names)
    frame = report.rows.frame
    drawn = _newest(frame)
    if not drawn:
        st.caption(_("No cohort is older than its first quarter yet."))
        return
    active = measure == "active_share"
    scale = 100 if active else 1 / MONEY_SCALE
    lines = []
    for cohort, colour in zip(drawn, SERIES, strict=False):
        # At age 0 everybody is active: that is how a cohort is made.
        rows = frame.filter(pl.col("cohort") == cohort, pl.col("age") >= int(active)).sort("age")
        value = "%{y:.1f}%" if active else "%{y:,.0f}"
        name = show(Figure("quarter", cohort), _)
        point = _("{cohort}, {age} quarters later: {value}", cohort=name, age="%{x}", value=value) + "<extra></extra>"
        lines.append(Line(html.escape(name), colour, rows["age"].to_list(), (rows[measure] * scale).to_list(), point))
    title = _("Share of each cohort that bought") if active else _("Revenue per customer so far")
    words = written(title, _("Quarters since the first purchase"), _("Share") if active else _("Amount"))
    figure = lines_figure(lines, words, percent=False)
    figure.update_traces(mode="lines+markers")
    figure.update_xaxes(dtick=1)
    figure.update_yaxes(ticksuffix="%" if active else "", rangemode="tozero")
    last = [_("{label} {share}", label=line.name, share=_.decimal(line.y[-1], 0)) for line in lines]
    picture(figure, "audit.picture.cohorts", told(_, title, last))


def _newest(frame: pl.DataFrame) -> list[str]:
    """Return the newest cohorts that have an age to be drawn to, those with new customers only where there are any."""
    grown = frame.filter(pl.col("age") > 0)
    fair = grown.filter(~pl.col("may_be_older"))
    kept = fair if len(fair) else grown
    return kept["cohort"].unique(maintain_order=True).to_list()[: len(SERIES)]


COHORTS: Final = Section("cohorts", lambda _: _("Cohort against cohort"), draw)
