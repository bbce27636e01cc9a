"""Cross-selling gap: who buys less widely than the leaders of its tier, and what to offer next."""

import html
from typing import Final

import streamlit as st

from crmdash.charts.bars import Bar, bars_figure
from crmdash.charts.literal import literal
from crmdash.i18n import Wording
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, written
from crmdash.ui.report_list import report_list, report_table
from crmdash.ui.rule_sliders import rule_sliders
from crmdash.ui.sections import Section, figure_row, reported

MOST: Final = 10
"""So many categories are drawn."""

_LONGEST: Final = 28


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw the next categories by what they may bring, and the customers with a gap."""
    titled(_, _("What to offer next"), "cross_sell")
    report = reported(_, evidence, "cross_sell")
    if report is None:
        return
    rule_sliders(_, ["economics.cross_sell_spend", "economics.cross_sell_shown"])
    figures, spend = report.figures, evidence.settings.economics.cross_sell_spend
    figure_row(
        _,
        [
            (_("Buy less widely"), _.integer(figures["customers"].value),
             _("{share} of those who bought", share=_.percent(figures["share"].value)),
             _("Fewer categories in the window than the leaders of the own tier.")),
            (_("First offer each"), _.compact_money(figures["next_value"].value), _("if all accept, assumed"), None),
            (_("All offers shown"), _.compact_money(figures["cross_sell_value"].value),
             _("at {share} of the usual spend", share=_.percent(spend / 100, 0)), None),
        ],
    )  # fmt: skip
    _categories(_, report)
    report_list(_, evidence, "cross_sell", report.rows, _("Customers with a cross-selling gap"))
    folded = st.expander(_("What the leaders of each tier buy"), key="what_if.leaders", on_change="rerun")
    if folded.open:
        with folded:
            report_table(_, report.tables["categories"], "what_if.categories", _("What the leaders of each tier buy"))


def _categories(_: Wording, report: Report) -> None:
    """Draw what the first offers may bring, by category."""
    rows = report.tables["next_categories"].frame.head(MOST)
    if not len(rows):
        return
    bars = []
    for category, customers, value in rows.select("category", "customers", "next_value").iter_rows():
        to_whom = _.plural("{n} customer", "{n} customers", customers)
        hover = html.escape(_("{amount}, offered to {customers}", amount=_.money(value), customers=to_whom))
        name = literal(category, _LONGEST)
        bars.append(Bar(name, value, _.compact_money(value), f"{literal(category)}<br>{hover}"))
    title = _("What the next category may bring, assumed")
    figure = bars_figure(bars, written(title, _("Revenue in the window, in the file’s currency"), _("Category")))
    picture(figure.update_xaxes(showticklabels=False), "what_if.next_categories", title)


CROSS_SELL: Final = Section("cross_sell", lambda _: _("Cross-selling"), draw)
