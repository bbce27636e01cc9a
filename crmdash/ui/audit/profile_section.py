"""Completeness of the customer file: what is missing, with whom it matters, and whose task it is."""

import html
from typing import Final

import streamlit as st

from crmdash.charts.bars import Bar, bars_figure
from crmdash.i18n import Wording
from crmdash.phrases import show
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report, Table
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, told, written
from crmdash.ui.report_list import report_list, report_table
from crmdash.ui.rule_sliders import rules_expander
from crmdash.ui.sections import FigureTile, Section, figure_row, reported

RULES: Final = tuple(
    f"profile.{name}"
    for name in (
        "weight_identity", "weight_decider", "weight_industry", "weight_needs", "weight_source", "weight_introducer",
        "weight_buying_habits", "weight_preferences", "weight_birthday", "factor_top", "factor_upper",
        "factor_middle", "factor_bottom",
    )
)  # fmt: skip

_OWNERS: Final = 6
"""So many account managers are shown."""


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw how far each part of the file is filled, and list whose gaps matter most."""
    titled(_, _("How complete is the customer file?"), "profile")
    report = reported(_, evidence, "profile_completeness")
    if report is None:
        return
    figure_row(_, _tiles(_, report))
    parts, tables = st.columns([1.2, 1], gap="small")
    with parts:
        _parts(_, report)
    with tables:
        report_table(_, report.tables["by_tier"], "audit.profile.tiers", _("Completeness by tier"))
        if "by_owner" in report.tables:
            owners = report.tables["by_owner"]
            first = Table(owners.frame.head(_OWNERS), owners.columns)
            report_table(_, first, "audit.profile.owners", _("Account managers whose gaps matter most"))
    report_list(_, evidence, "profile_completeness", report.rows, _("Customers by the weight of their gaps"))
    rules_expander(_, "audit.profile", RULES)


def _tiles(_: Wording, report: Report) -> list[FigureTile]:
    figures = {name: show(figure, _) for name, figure in report.figures.items()}
    return [
        (_("File complete"), figures["completeness"], _("mean of {count} customers", count=figures["customers"]), None),
        (_("Top class"), figures["completeness_of_top"], _("mean completeness"), None),
        (_("Top class with a gap"), figures["gaps_of_top"], _("customers"), None),
    ]


def _parts(_: Wording, report: Report) -> None:
    rows = report.tables["by_part"].frame
    if not len(rows):
        st.caption(_("No part of the file is asked for."))
        return
    bars = []
    for row in rows.iter_rows(named=True):
        part = _.term("audit", f"part.{row['part']}")
        hover = _("{part}: missing with {count} customers", part=part, count=_.integer(row["lacking"]))
        bars.append(Bar(html.escape(part), row["filled"] or 0.0, _.percent(row["filled"], 0), html.escape(hover)))
    title = _("How far each part of the file is filled")
    figure = bars_figure(bars, written(title, _("Share of customers"), _("Part of the file")), as_share=True)
    shares = [_("{label} {share}", label=html.unescape(bar.label), share=bar.text) for bar in bars]
    picture(figure, "audit.picture.parts", told(_, title, shares))


PROFILE: Final = Section("profile", lambda _: _("Customer file"), draw)
