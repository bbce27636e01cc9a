"""Prospects by potential, and what the customers of each tier are given."""

import html
from typing import Final

import polars as pl
import streamlit as st

from crmdash.charts.bars import Bar
from crmdash.charts.lifecycle import Words, stage_bars_figure
from crmdash.charts.palette import tier_colour
from crmdash.i18n import Wording
from crmdash.phrases import show
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report, Table
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture
from crmdash.ui.report_list import report_list, report_table
from crmdash.ui.sections import Section, figure_row, reported
from crmdash.ui.theme import ink
from crmdash.ui.words import bold, tier_words


def _draw(_: Wording, evidence: Evidence) -> None:
    titled(_, _("Prospects by potential"), "potential_tiers")
    report = reported(_, evidence, "potential_tiers")
    if report is None:
        return
    if len(report.rows.frame):
        _figures(_, report)
        left, right = st.columns(2, gap="medium")
        with left:
            _bars(_, report, evidence)
        with right:
            advice = report.tables["by_tier"]
            report_table(_, _only(advice, "potential_tier", "prospects", "effort"), "lifecycle.effort",
                         _("Effort by potential"))  # fmt: skip
            st.caption(_("Assumption: starting values of practice, not findings."))
    alt = _("Prospects, largest potential first")
    report_list(_, evidence, "potential_tiers", report.rows, alt, name="lifecycle.prospects")
    st.markdown(bold(_("What existing customers are given")))
    report_table(_, report.tables["given"], "lifecycle.given", _("Deliverables and terms by tier"))
    st.caption(_("Assumption: a starting policy of a distributor. Tiers are there to raise satisfaction and loyalty: "
                 "by what is delivered, and by the terms."))  # fmt: skip


def _only(table: Table, *names: str) -> Table:
    return Table(table.frame, tuple(column for column in table.columns if column.name in names))


def _figures(_: Wording, report: Report) -> None:
    figures = report.figures
    tiles = [
        (_("Prospects"), show(figures["prospects"], _), _("without any purchase"), None),
        (_("Known potential"), _.compact_money(figures["potential_value"].value),
         _.plural("of {n} prospect", "of {n} prospects", figures["potential_known"].value), None),
        (_("Would be in the top tier"), show(figures["top_prospects"], _), _("by the lines of the customers"), None),
        (_("Potential unknown"), show(figures["potential_unknown"], _), _("ask for it first"), None),
    ]  # fmt: skip
    figure_row(_, tiles)


def _bars(_: Wording, report: Report, evidence: Evidence) -> None:
    rows = report.tables["by_tier"].frame
    scheme = evidence.settings.tiers.scheme
    spent = "contacts_share" in rows.columns and rows["contacts_share"].count() > 0
    effort = "contacts_share" if spent else "prospects_share"
    if not spent:
        rows = rows.with_columns(prospects_share=pl.col("prospects") / max(1, int(rows["prospects"].sum())))
    full: list[Bar] = []
    faint: list[Bar] = []
    for row in rows.to_dicts():
        label, colour = html.escape(tier_words(row["potential_tier"], _)), tier_colour(row["potential_tier"], scheme)
        for bars, share in ((full, row["potential_share"] or 0.0), (faint, row[effort] or 0.0)):
            text = html.escape(_.percent(share, 0))
            bars.append(Bar(label, share, text, text, colour))
    first = rows.row(0, named=True)
    title = _("{tier}: {potential} of the potential", tier=tier_words(first["potential_tier"], _),
              potential=_.percent(first["potential_share"], 0))  # fmt: skip
    if spent:
        title = _("{tier}: {potential} of the potential, {contacts} of the contacts",
                  tier=tier_words(first["potential_tier"], _), potential=_.percent(first["potential_share"], 0),
                  contacts=_.percent(first["contacts_share"], 0))  # fmt: skip
    names = (_("Share of the potential"), _("Share of the contacts") if spent else _("Share of the prospects"))
    words = Words(title=html.escape(title), x_axis=_("Share"), y_axis=_("Tier by potential"), ink=ink())
    picture(stage_bars_figure(full, faint, names, words), "lifecycle.potential", title)


PROSPECTS: Final = Section("prospects", lambda _: _("Prospects"), _draw)
